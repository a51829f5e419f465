"""From the timeline of export controls to barred flows between regions.

Sizes are known for chip-making tools only (assumptions of the registry): what else a control names
is controllable, but nothing says how much of it is barred.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import Float

from zizhu.chains.controls import PAUSE, Control, controls
from zizhu.chains.regions import region_of
from zizhu.world import World
from zizhu.world.classification import EUROPEAN_UNION

_AIM = "on_china"
_EUV, _DUV = "semiconductors/lith_euv", "semiconductors/lith_duv"
# Tools of chip plants other than lithography, whose bars have sizes of their own.
CHIP_TOOLS = tuple(
    f"semiconductors/{name}"
    for name in (
        "track",
        "etch",
        "dep_cvd",
        "dep_pvd",
        "dep_ald",
        "ion_implant",
        "cmp_tool",
        "cleaning",
        "thermal",
        "process_control",
    )
)
# Instruments that keep a class of goods from a country, not only from listed firms.
_LISTS = ("list", "licence refused")
_LEADER = "USA"


def controlled_flows(nodes: Sequence[str], world: World, at: dt.date) -> Float[np.ndarray, "m n n"]:
    """1 where a control of the timeline names node, seller and buyer; `date.max` is any time."""
    found = np.zeros((len(nodes), len(world.regions), len(world.regions)))
    for control in controls().controls.values():
        if control.aim == _AIM and (at == dt.date.max or _binds(control, at)):
            for row, _ in _named(control, nodes):
                for seller, buyer in _pairs(control, world):
                    found[row, buyer, seller] = 1.0
    return found


def barred_flows(
    nodes: Sequence[str], world: World, at: dt.date, parameters: Mapping[str, float]
) -> Float[np.ndarray, "m n n"]:
    """Part of each flow of chip-making tools that lists in force on a day bar.

    EUV and immersion lithography have shares of their own; other tools have one for the United
    States and one for its allies.
    """
    found = np.zeros((len(nodes), len(world.regions), len(world.regions)))
    for control in controls().controls.values():
        if control.aim != _AIM or not _binds(control, at):
            continue
        if not control.instrument.startswith(_LISTS):
            continue
        for row, node in _named(control, nodes):
            for seller, buyer in _pairs(control, world):
                size = _size(node, world.regions[seller], parameters)
                found[row, buyer, seller] = max(found[row, buyer, seller], size)
    return found


def _size(node: str, seller: str, parameters: Mapping[str, float]) -> float:
    if node == _EUV:
        return parameters["barred_euv"]
    if node == _DUV:
        return parameters["barred_duv"]
    if node in CHIP_TOOLS:
        name = "barred_us_tools" if seller == _LEADER else "barred_allied_tools"
        return parameters[name]
    return 0.0


def _binds(control: Control, at: dt.date) -> bool:
    return control.instrument != PAUSE and control.binds(at.isoformat())


def _named(control: Control, nodes: Sequence[str]) -> list[tuple[int, str]]:
    targets = {target.replace(":", "/") for target in control.targets}
    return [(row, node) for row, node in enumerate(nodes) if node in targets]


def _pairs(control: Control, world: World) -> list[tuple[int, int]]:
    """Places of sellers and buyers; groups of countries that have no region are left out."""

    def places(codes: Sequence[str]) -> set[int]:
        members = [c for code in codes for c in (EUROPEAN_UNION if code == "EU27" else (code,))]
        regions = {_region(code, world) for code in members}
        return {world.regions.index(region) for region in regions if region}

    return [(s, b) for s in places(control.by) for b in places(control.on) if s != b]


def _region(code: str, world: World) -> str:
    """Region of a country that stands for itself or its union; none if it is merged with others."""
    if len(code) != len("ISO"):
        return ""
    region = region_of(code, world.regions)
    return "" if region == "ROW" else region
