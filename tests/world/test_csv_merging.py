"""Regions and sectors of csv tables merged before anything is checked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from zizhu.errors import WorldError
from zizhu.world import World, read_csv, write_csv

MERGE = {"regions": {"CHN": ["CHN", "IND"]}, "sectors": {"GOODS": ["C26", "C27", "C28"]}}
SETTING = "merge: {CHN: [CHN, IND], GOODS: [C26, C27, C28]}\n"


@pytest.fixture(scope="module")
def small(world: World) -> World:
    """Four regions, five sectors, with tariffs."""
    named = {"CHN", "IND", "USA"}
    held = ("C26", "C27", "C28", "A01_02")
    return world.aggregate(
        regions={**{r: [r] for r in sorted(named)}, "REST": [
            r for r in world.regions if r not in named
        ]},
        sectors={**{s: [s] for s in held}, "G": [s for s in world.sectors if s not in held]},
    )  # fmt: skip


def whole(kind: str, world: World) -> dict[str, list[str]]:
    """All labels in their groups, a group in the place of its first member."""
    group_of = {old: new for new, members in MERGE[kind].items() for old in members}
    found: dict[str, list[str]] = {}
    for label in getattr(world, kind):
        found.setdefault(group_of.get(label, label), []).append(label)
    return found


def written(world: World, place: Path, setting: str, **files: str | None) -> Path:
    """The csv folder with a setting added and files changed or left out."""
    folder = write_csv(world, place)
    path = folder / "world.yaml"
    text = path.read_text(encoding="utf-8")
    kept = [line for line in text.splitlines(keepends=True) if not line.startswith("doubt:")]
    path.write_text("".join(kept) + setting, encoding="utf-8")
    for name, change in files.items():
        if change is None:
            (folder / f"{name}.csv").unlink()
    return folder


def test_it_is_what_summing_afterwards_gives(small: World, tmp_path: Path) -> None:
    small = replace(small, doubt=None, groups={})
    expected = small.aggregate(regions=whole("regions", small), sectors=whole("sectors", small))
    found = read_csv(written(small, tmp_path / "mine", SETTING))
    assert found.regions == expected.regions
    assert found.sectors == expected.sectors
    assert found.isic == expected.isic
    for name in ("intermediate", "final", "value_added", "taxes", "tariff"):
        np.testing.assert_allclose(
            getattr(found, name), getattr(expected, name), rtol=1e-12, atol=1e-9, err_msg=name
        )
    assert "merged from 4 regions and 5 sectors before it was checked" in found.notes


def test_what_fails_alone_may_hold_together(small: World, tmp_path: Path) -> None:
    """Value added of one part is negative, that of the whole is not."""
    small = replace(small, doubt=None, groups={}, tariff=np.zeros_like(small.tariff))
    folder = written(small, tmp_path / "mine", "", value_added=None)
    region, sector = small.regions.index("IND"), "C26"
    extra = 2 * small.value_added[region, small.sectors.index(sector)]
    flows = folder / "flows.csv"
    lines = flows.read_text(encoding="utf-8").splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith("CHN,C26,IND,C26,"))
    head, _, value = lines[at].rpartition(",")
    lines[at] = f"{head},{float(value) + float(extra)!r}"
    flows.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(WorldError, match="IND C26"):
        read_csv(folder)
    settings = folder / "world.yaml"
    settings.write_text(settings.read_text(encoding="utf-8") + SETTING, encoding="utf-8")
    assert "IND" not in read_csv(folder).regions


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("merge: {CHN: [CHN, INDIA]}", "merge: 'INDIA' is no region and no sector; did you mean"),
        ("merge: {X: [CHN, C26]}", "merge: CHN, C26 are regions and sectors; one kind is right"),
        ("merge: {X: [CHN, IND], Y: [IND, USA]}", "region IND is in two groups, X and Y"),
        ("merge: {USA: [CHN, IND]}", "USA is a region of the world already"),
        ("merge: [CHN, IND]", "a mapping such as"),
    ],
)
def test_what_cannot_be_merged(small: World, tmp_path: Path, setting: str, words: str) -> None:
    folder = written(replace(small, doubt=None), tmp_path / "mine", setting + "\n")
    with pytest.raises(WorldError, match=words):
        read_csv(folder)


def test_a_tariff_on_own_sales_is_refused_after_merging_as_before(
    small: World, tmp_path: Path
) -> None:
    """Between merged regions a tariff goes; on a region's own sales it was wrong from the start."""
    folder = written(replace(small, doubt=None, groups={}), tmp_path / "mine", SETTING)
    with (folder / "tariffs.csv").open("a", encoding="utf-8") as file:
        file.write("USA,A01_02,USA,0.1\n")
    with pytest.raises(WorldError, match="is on own sales, which carry none"):
        read_csv(folder)
