"""Who is asked about: labels, groups and names of a world, groups summed to one label."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from zizhu.errors import WorldError, did_you_mean, quoted
from zizhu.world import World
from zizhu.world.sheets.groups import merge


@dataclass(frozen=True)
class Question:
    """The region, its sector and the other region in the labels of `world`.

    members  labels of the world as it was opened, of each label that stands for several
    """

    world: World
    region: str
    sector: str | None
    on: str | None
    members: Mapping[str, tuple[str, ...]]


def ask(world: World, region: str, sector: str | None, on: str | None) -> Question:
    """Find what is meant and sum groups, so that each is one label of a world.

    A name is a label, a group of the world such as EU, or a long name such as China, capitals or
    not. Raises `WorldError` with the nearest name for one that is unknown, and if the two regions
    overlap.
    """
    regions: dict[str, tuple[str, ...]] = {label: (label,) for label in world.regions}
    sectors: dict[str, tuple[str, ...]] = {label: (label,) for label in world.sectors}
    for group, members in world.groups.items():
        (regions if set(members) <= set(world.regions) else sectors)[group] = members
    here = _resolve(world, "region", region, regions, world.region_names)
    product = sector and _resolve(world, "sector", sector, sectors, world.sector_names)
    there = on and _resolve(world, "on", on, regions, world.region_names)
    if there and set(regions[here]) & set(regions[there]):
        raise WorldError(
            f"on: {there} and {here} overlap in {sorted(set(regions[here]) & set(regions[there]))};"
            " name two regions that are apart"
        )
    summed: dict[str, tuple[str, ...]] = {}
    for label, known in ((here, regions), (there, regions), (product, sectors)):
        if label and known[label] != (label,):
            summed[label] = known[label]
    merged = merge(world, [f"{label}={','.join(old)}" for label, old in summed.items()])
    small = world
    if summed:
        small = world.aggregate(regions=merged[0], sectors=merged[1])
    return Question(small, here, product or None, there or None, summed)


def _resolve(
    world: World,
    field: str,
    word: str,
    known: Mapping[str, tuple[str, ...]],
    names: Mapping[str, str],
) -> str:
    if word in known:
        return word
    meant = {label.lower(): label for label in known}
    by_name = {names[label].lower(): label for label in known if label in names}
    found = meant.get(word.lower()) or by_name.get(word.lower())
    if found:
        return found
    long = [names[label] for label in known if label in names]
    raise WorldError(
        f"{field}: {quoted(word)} is not in world {world.name}{did_you_mean(word, [*known, *long])}"
    )
