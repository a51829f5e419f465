"""Summing a world over regions and sectors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from jaxtyping import Float

from zizhu.errors import WorldError, did_you_mean, quoted
from zizhu.world.doubt import Doubt
from zizhu.world.world import World

Groups = Mapping[str, Sequence[str]]


def _membership(kind: str, labels: Sequence[str], groups: Groups) -> Float[np.ndarray, "old new"]:
    """Return a 0/1 matrix [old, new]; every label must be in exactly one group."""
    matrix = np.zeros((len(labels), len(groups)))
    seen: dict[str, str] = {}
    for column, (group, members) in enumerate(groups.items()):
        for member in members:
            if member not in labels:
                raise WorldError(
                    f"aggregation: {kind} {quoted(member)} in group {group} is not in the world"
                    f"{did_you_mean(member, labels)}"
                )
            if member in seen:
                raise WorldError(
                    f"aggregation: {kind} {member} is in two groups, {seen[member]} and {group}"
                )
            seen[member] = group
            matrix[labels.index(member), column] = 1.0
    left = [label for label in labels if label not in seen]
    if left:
        raise WorldError(
            f"aggregation: {kind} {left[0]} is in no group"
            + (f" (nor are {len(left) - 1} others)" if len(left) > 1 else "")
        )
    return matrix


def with_the_rest(
    kind: str, labels: Sequence[str], merged: Groups, place: str
) -> dict[str, list[str]] | None:
    """Groups of all labels when only those that are merged are named; None if none are.

    Labels that are not named stay as they are; a group takes the place of its first member. Raises
    `WorldError` for a label that is unknown, in two groups, or the name of a group of others.
    """
    group_of: dict[str, str] = {}
    for new, members in merged.items():
        for member in members:
            if member not in labels:
                raise WorldError(
                    f"{place}: {kind} {quoted(member)} of {new} is not in the table"
                    f"{did_you_mean(member, labels)}"
                )
            if member in group_of:
                raise WorldError(
                    f"{place}: {kind} {member} is in two groups, {group_of[member]} and {new}"
                )
            group_of[member] = new
    found: dict[str, list[str]] = {}
    for label in labels:
        if label in merged and label not in group_of:
            raise WorldError(
                f"{place} {label}=...: {label} is a {kind} of the world already; name it among "
                "the members or choose another name"
            )
        found.setdefault(group_of.get(label, label), []).append(label)
    return found if merged else None


def aggregate(
    world: World, *, regions: Groups | None = None, sectors: Groups | None = None
) -> World:
    """Sum a world to groups of regions and sectors: `{new label: [old labels]}`.

    Every old label belongs to exactly one group. Tariffs are averaged with flows as weights;
    flows between merged regions become own sales, their duties stay in `taxes`. Raises
    `WorldError` for a label that is unknown, missing or in two groups.
    """
    region_groups = regions or {label: [label] for label in world.regions}
    sector_groups = sectors or {label: [label] for label in world.sectors}
    r = _membership("region", world.regions, region_groups)
    s = _membership("sector", world.sectors, sector_groups)
    flows = np.einsum("ikn,ia,kb,nc->abc", world.flows, r, s, r, optimize=True)
    duties = np.einsum("ikn,ia,kb,nc->abc", world.tariff * world.flows, r, s, r, optimize=True)
    tariff = np.divide(duties, flows, out=np.zeros_like(duties), where=flows > 0)
    tariff[np.arange(len(region_groups)), :, np.arange(len(region_groups))] = 0.0
    return replace(
        world,
        regions=tuple(region_groups),
        sectors=tuple(sector_groups),
        intermediate=np.einsum(
            "iknj,ia,kb,nc,jd->abcd", world.intermediate, r, s, r, s, optimize=True
        ),
        final=np.einsum("iknu,ia,kb,nc->abcu", world.final, r, s, r, optimize=True),
        value_added=r.T @ world.value_added @ s,
        taxes=r.T @ world.taxes @ s,
        tariff=tariff,
        region_names=_names(region_groups, world.region_names),
        sector_names=_names(sector_groups, world.sector_names),
        isic={
            group: tuple(sorted({d for member in members for d in world.isic.get(member, ())}))
            for group, members in sector_groups.items()
        },
        notes=(*world.notes, f"aggregated to {r.shape[1]} regions and {s.shape[1]} sectors"),
        # Summing regions or sectors with different input mixes makes origins differ by use.
        pooled_origins=False,
        groups=_groups(world, region_groups, sector_groups),
        doubt=_doubt(world, region_groups),
    )


def _groups(world: World, regions: Groups, sectors: Groups) -> dict[str, tuple[str, ...]]:
    """The world's groups in new labels; one that cuts through a new label is lost."""
    found = {}
    for name, members in world.groups.items():
        new = regions if set(members) <= set(world.regions) else sectors
        inside = tuple(label for label, old in new.items() if set(old) <= set(members))
        covered = {one for label in inside for one in new[label]}
        if covered == set(members) and name not in (*regions, *sectors):
            found[name] = inside
    return found


def _doubt(world: World, groups: Groups) -> Doubt | None:
    """A group has a structure of its own if all its members have."""
    if world.doubt is None:
        return None
    own = set(world.doubt.own_structure)
    known = tuple(group for group, members in groups.items() if own.issuperset(members))
    return replace(world.doubt, own_structure=known)


def _names(groups: Groups, known: Mapping[str, str]) -> dict[str, str]:
    return {
        group: known.get(group, known.get(members[0], group) if len(members) == 1 else group)
        for group, members in groups.items()
    }
