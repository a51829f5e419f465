"""Groups of regions or sectors, read from a file or given in one line."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from zizhu.errors import WorldError, did_you_mean, quoted
from zizhu.reading import listed
from zizhu.world.aggregate import with_the_rest
from zizhu.world.sheets.rows import read_rows, read_yaml
from zizhu.world.world import World

Members = dict[str, list[str]]


def read_groups(path: str | Path) -> Members:
    """Groups `{new: [old, ...]}` from a csv file with columns old, new, or from a yaml mapping.

    Raises `WorldError` naming the file and line.
    """
    file = Path(os.path.expanduser(path))
    groups: Members = {}
    if file.suffix in (".yaml", ".yml"):
        for new, old in read_yaml(file).items():
            members = listed(old) if isinstance(old, str) else old
            if not isinstance(members, list) or not all(isinstance(m, str) for m in members):
                raise WorldError(f"{file}, {new}: a list such as {new}: [A, B] is right")
            groups[new] = [member.strip() for member in members]
    else:
        for line, (old, new) in read_rows(file, ("old", "new")):
            if not old or not new:
                column = "new" if old else "old"
                raise WorldError(f"{file}, line {line}: field {column} is empty")
            groups.setdefault(new, []).append(old)
    if not groups:
        raise WorldError(f"{file}: it names no group")
    return groups


def merge(world: World, merges: Iterable[str]) -> tuple[Members | None, Members | None]:
    """Groups of regions and of sectors from texts such as `EU=DEU,FRA,ITA`.

    Labels that are not named stay as they are. A group takes the place of its first member. None
    where nothing of the kind is merged. Raises `WorldError` for what cannot be read.
    """
    wanted: dict[str, Members] = {"region": {}, "sector": {}}
    for text in merges:
        new, equals, old = (part.strip() for part in text.partition("="))
        members = listed(old, {*world.regions, *world.sectors, *world.groups})
        if not (new and equals and members):
            raise WorldError(
                f"--merge {quoted(text)}: write NEW=OLD,OLD, for example EU=DEU,FRA,ITA"
            )
        # Groups that the world has a name for stand for their members.
        members = [one for member in members for one in world.groups.get(member, (member,))]
        kind = _kind(world, text, members)
        if new in wanted[kind]:
            raise WorldError(
                f"--merge {quoted(text)}: {new} is there already; name all its members once"
            )
        wanted[kind][new] = members
    return (
        with_the_rest("region", world.regions, wanted["region"], "--merge"),
        with_the_rest("sector", world.sectors, wanted["sector"], "--merge"),
    )


def _kind(world: World, text: str, members: Sequence[str]) -> str:
    regions = [member for member in members if member in world.regions]
    sectors = [member for member in members if member in world.sectors]
    if len(regions) == len(members) and len(sectors) == len(members):
        raise WorldError(
            f"--merge {quoted(text)}: {members[0]} is a region and a sector; say which with a "
            "file after "
            "--regions or --sectors"
        )
    if len(regions) == len(members):
        return "region"
    if len(sectors) == len(members):
        return "sector"
    kind, known = (
        ("sector", world.sectors) if len(sectors) > len(regions) else ("region", world.regions)
    )
    wrong = next(member for member in members if member not in known)
    if not regions and not sectors:
        known = (*world.regions, *world.sectors)
        kind = "region or sector"
    raise WorldError(
        f"--merge {quoted(text)}: {kind} {quoted(wrong)} is not in the world"
        f"{did_you_mean(wrong, known)}"
    )
