"""The other bloc sells no chips and no tools: how much that rests on `all` and on elasticities."""

from __future__ import annotations

import numpy as np

from zizhu.laboratory.scenario_path.shocks import BLOC_A, BLOC_B
from zizhu.laboratory.validation.check import Check, Group, Numbers, Part
from zizhu.laboratory.validation.runs import BUYER, Runs
from zizhu.parameters import parameters

SIZES = (100, 99, 90, 70, 50)
# Elasticities of sourcing and of users, and what no price buys; each at both ends of its range.
ENDS = (
    "chain_sourcing_elasticity",
    "chain_elasticity_at_once",
    "feed_elasticity",
    "choke_price",
    "quality_ceiling",
)
_FIRST, _READ = 2024, (2026, 2035)
_NAMES = (
    *(f"size {size} {year}" for size in SIZES for year in _READ),
    *(f"{name} {end} {year}" for name in ENDS for end in ("low", "high") for year in _READ),
)


def other_bloc(size: float) -> str:
    """A part of all sales along the chip chain between the blocs is barred."""
    return f"barred from={BLOC_A} to={BLOC_B} node=semiconductors/* size={size:g}% years={_FIRST}-"


def _measure(runs: Runs) -> Numbers:
    found: dict[str, float] = {}
    for size in SIZES:
        path = runs.run(f"the other bloc sells {100 - size} percent of it", other_bloc(size))
        found |= {f"size {size} {year}": runs.effect(path, year, BUYER) for year in _READ}
    known = parameters()
    for name in ENDS:
        for end, value in (("low", known[name].low), ("high", known[name].high)):
            path = runs.run(
                f"the other bloc sells nothing, {name} {end}",
                other_bloc(100),
                parameters={name: value},
            )
            found |= {f"{name} {end} {y}": runs.effect(path, y, BUYER) for y in _READ}
    return found


def _checks(found: Numbers) -> tuple[Check, ...]:
    early, late = _READ
    by_size = np.array([found[f"size {size} {early}"] for size in SIZES])
    ends = {
        f"{name} {end}": found[f"{name} {end} {early}"] for name in ENDS for end in ("low", "high")
    }
    everything = {
        f"{100 - size} percent sold": value
        for size, value in zip(SIZES[:3], by_size[:3], strict=True)
    }
    everything |= ends
    least, most = (pick(everything, key=everything.__getitem__) for pick in (max, min))
    words = ", ".join(
        f"{100 - size} percent: {value:.1f}" for size, value in zip(SIZES, by_size, strict=True)
    )
    parts = (
        Part(
            "bloc_embargo",
            f"the other bloc sells nothing along the chip chain: real income of China, {early}",
            float(by_size[0]),
            "percent",
            None,
            f"no estimate is known: {everything[most]:.1f} ({most}) to {everything[least]:.1f} "
            f"({least})",
            kind="shown",
            note=f"by what is still sold, {words}; {late}: {found[f'size 100 {late}']:.1f}",
        ),
        Part(
            "bloc_embargo_ends",
            "the same at the ends of parameters: widest less narrowest loss",
            max(ends.values()) - min(ends.values()),
            "percentage point",
            None,
            "each parameter at both ends of its registered range, one at a time",
            kind="shown",
            note=", ".join(f"{name} {value:.1f}" for name, value in ends.items()),
        ),
        Part(
            "bloc_embargo_order",
            "more barred costs more: least step between sizes",
            float(np.diff(by_size).min()),
            "percentage point",
            (0.0, np.inf),
            "identity of the sign",
        ),
        Part(
            "bloc_embargo_edge",
            "part of the loss that goes when a tenth is still sold",
            float(100 * (1 - by_size[2] / by_size[0])),
            "percent",
            (0.0, 25.0),
            "judgement: an answer that changes by more rests on the word `all`",
            missed="what nobody may sell costs the choke price and is lacking at any; a tenth is "
            "enough for the chain to be had at a price, so that the loss rests on the word `all` "
            "and no number of an embargo should be quoted without its range",
        ),
    )
    return (
        Check(
            "bloc-embargo",
            "The other bloc sells nothing",
            "An embargo along the chip chain costs China more the more of it is barred, and does "
            "not rest on the last tenth.",
            f"bars on all nodes of the chip chain between the two blocs from {_FIRST} on, in "
            f"{len(SIZES)} sizes and at the ends of {len(ENDS)} parameters",
            parts,
        ),
    )


GROUP = Group("bloc-embargo", ("bloc-embargo",), _NAMES, _measure, _checks)
