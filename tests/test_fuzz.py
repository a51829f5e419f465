"""Spoiled scenarios, chains, worlds and settings: an answer or one sentence, and soon.

Every case is made from its number alone, so that a failure names what to run again:
`pytest tests/test_fuzz.py -k "chain and 7"`. Each goes through the door of the command line, up to
and with the wedges; nothing is solved.
"""

from __future__ import annotations

import gc
import random
import re
import resource
import time
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
import yaml
from lever_contexts import context
from odd_texts import VALUES, fitting, odd_scalar, spoiled, spoiled_table

import zizhu
from zizhu.chains import chain_names, load_chain
from zizhu.chains.catalogue import _folder as chain_folder
from zizhu.errors import ZizhuError
from zizhu.laboratory.bottleneck.case import chain_case
from zizhu.parameters import parameters
from zizhu.policy import (
    Scenario,
    compile_wedges,
    context_of,
    focus_of,
    load_scenario,
    remarks,
    scenario_names,
)
from zizhu.policy.compile_path import compile_path
from zizhu.policy.library import _folder as scenario_folder
from zizhu.world import open_world, read_csv, write_csv

# What a case does, once its files are made.
Door = Callable[[], object]
# Seconds of the processor, MB, and characters that one case may take.
MOST_TIME, MOST_MEMORY, LONGEST = 2.0, 300, 600
# Cases of a block by default, and with --all.
BLOCK, LONG_BLOCK = 25, 250


@cache
def shipped(kind: str) -> dict[str, str]:
    """Texts to spoil."""
    folder = {"scenario": scenario_folder, "chain": chain_folder}[kind]()
    return {file.stem: file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.yaml"))}


def compiled(found: Scenario) -> None:
    """What `zizhu run` does with a scenario before it solves anything."""
    world = open_world(found.world)
    focus_of(found, world)
    if found.years is None:
        remarks(found, world)
        compile_wedges(found, world)
    else:
        known = context()
        compile_path(found, replace(known, groups=context_of(found, known.world).groups))


def scenario(rng: random.Random, folder: Path) -> Door:
    """A spoiled scenario file."""
    name, text = rng.choice(list(shipped("scenario").items()))
    file = folder / rng.choice(("mine.yaml", "a(1) & b's.yaml", f"{name}.yaml", "no.yml"))
    _write(file, spoiled(text, rng))
    return lambda: compiled(load_scenario(str(file)))


def setting(rng: random.Random, folder: Path) -> Door:
    """A shipped scenario with one to three odd settings."""
    name = rng.choice(scenario_names())
    texts = [_setting(load_scenario(name), rng) for _ in range(rng.choice((1, 1, 1, 2, 3)))]
    return lambda: compiled(load_scenario(name, texts))


def _setting(found: Scenario, rng: random.Random) -> str:
    """A way to a field, and a value that may fit; one of ten is no way."""
    ways: dict[str, object] = {
        **{field: getattr(found, field) for field in Scenario.model_fields},
        **{f"options.{field}": value for field, value in found.options},
        **{f"parameters.{one}": parameter.value for one, parameter in parameters().items()},
        "elasticities.trade.C26": 5.0,
        "elasticities.scale.C26": 0.1,
        "groups.west": "USA",
        "budget.CHN": "1 % of GDP",
    }
    for measure in found.measures:
        for field, value in measure.model_dump(mode="json", by_alias=True).items():
            ways[f"measures.{measure.label}.{field}"] = value
    for variant in found.variants:
        ways[f"variants.{variant.name}.parameters.scale_strength"] = 1.0
    measures = [way for way in ways if way.startswith("measures.")]
    way = rng.choice(measures if measures and rng.random() < 0.6 else list(ways))
    value = rng.choices((fitting(str(ways[way]), rng), odd_scalar(rng), _flow(rng)), (5, 3, 2))[0]
    if rng.random() < 0.1:
        no_ways = ("", ".", "a..b", "measures", f"{way}.x", f"{way}.", way[:-1], odd_scalar(rng))
        way = rng.choice(no_ways)
    return f"{way}{rng.choice(('=',) * 9 + ('', ' = ', '=='))}{value}"


def _flow(rng: random.Random) -> str:
    """A value of another kind, as YAML on one line."""
    return yaml.safe_dump(rng.choice(VALUES), default_flow_style=True, width=10**9).split("\n")[0]


def chain(rng: random.Random, folder: Path) -> Door:
    """A spoiled chain file."""
    text = shipped("chain")[rng.choice(chain_names())]
    file = folder / "mine.yaml"
    _write(file, spoiled(text, rng))
    return lambda: chain_case(load_chain(str(file)), open_world("2022"))


@cache
def sheets(folder: Path) -> dict[str, str]:
    """A small world as files."""
    world = zizhu.World(**conftest_tables())
    place = write_csv(world, folder / "good")
    return {file.name: file.read_text(encoding="utf-8") for file in place.iterdir()}


def conftest_tables():
    from conftest import small_tables  # noqa: PLC0415 (conftest switches the shape checks on)

    return small_tables(groups={"NORTHS": ("N",)})


def world(rng: random.Random, folder: Path) -> Door:
    """A spoiled folder of csv files with its world.yaml."""
    texts = sheets(folder.parent)
    place = folder / rng.choice(("mine", "a(1) & b's", "no"))
    place.mkdir(exist_ok=True)
    broken = "world.yaml" if rng.random() < 0.6 else rng.choice(sorted(texts))
    for name, text in texts.items():
        spoil = spoiled if name.endswith("yaml") else spoiled_table
        _write(place / name, spoil(text, rng) if name == broken else text)
    return lambda: read_csv(place)


def _write(file: Path, text: str | bytes) -> None:
    file.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))


DOORS: dict[str, tuple[Callable[[random.Random, Path], Door], int]] = {
    "scenario": (scenario, 6),
    "setting": (setting, 6),
    "chain": (chain, 4),
    "world": (world, 4),
}


def fault(made: Callable[[random.Random, Path], Door], case: str, folder: Path) -> str:
    """What is wrong with how a case ended, in words; empty if nothing is."""
    door = made(random.Random(case), folder)
    # What other tests left is not searched for garbage in a case's time.
    gc.freeze()
    began, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        door()
        said = ""
    except ZizhuError as error:
        said = str(error)
    except Exception as error:  # any other is what this test is there to find
        return f"{type(error).__name__}: {str(error)[:200]}"
    finally:
        gc.unfreeze()
    spent = time.process_time() - began
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    if spent > MOST_TIME:
        return f"{spent:.1f} s"
    if grown > MOST_MEMORY:
        return f"{grown:.0f} MB"
    if len(said) > LONGEST:
        return f"{len(said)} characters: {said[:200]}"
    if re.search(r"[\0-\x1f\x7f-\x9f\ud800-\udfff]", said) or re.search(r"[.!?][;]?\s+[A-Z]", said):
        return f"not one plain sentence: {said!r}"
    return ""


def check(kind: str, numbers: range, folder: Path) -> None:
    door, _ = DOORS[kind]
    # Reading what is shipped for the first time takes longer than any case.
    context()
    chain_case(load_chain(chain_names()[0]), open_world("2022"))
    found = {}
    for number in numbers:
        place = folder / str(number)
        place.mkdir()
        wrong = fault(door, f"{kind} {number}", place)
        if wrong:
            found[f"{kind} {number}"] = wrong
    assert not found, "\n".join(f"{case}: {wrong}" for case, wrong in found.items())


BLOCKS = [(kind, block) for kind, (_, blocks) in DOORS.items() for block in range(blocks)]


@pytest.mark.parametrize(("kind", "block"), BLOCKS)
def test_an_answer_or_one_sentence(kind, block, tmp_path):
    check(kind, range(block * BLOCK, (block + 1) * BLOCK), tmp_path)


@pytest.mark.long
@pytest.mark.parametrize(("kind", "block"), BLOCKS)
def test_the_same_for_thousands(kind, block, tmp_path):
    first = 10_000 + block * LONG_BLOCK
    check(kind, range(first, first + LONG_BLOCK), tmp_path)
