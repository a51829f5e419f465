"""Worlds of the past: small ones, from which paths start whose end has been observed."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from zizhu.world.aggregate import aggregate
from zizhu.world.store import load
from zizhu.world.world import World

PAST_YEARS = (2011,)
FOLDER = "past"
_ALONE = ("CHN", "USA", "JPN", "KOR", "TWN")
_UNION, _REST = "EU", "ROW"


@lru_cache(maxsize=1)
def open_past(year: int) -> World:
    """The world of one of `PAST_YEARS` in seven regions and the sectors of the shipped worlds."""
    return load(Path(str(files("zizhu.world") / "tables")) / FOLDER / f"{year}.nc")


def small(world: World) -> World:
    """A shipped world summed to China, USA, Japan, Korea, Taiwan, the Union and the rest."""
    union = list(world.groups[_UNION])
    rest = [one for one in world.regions if one not in (*_ALONE, *union)]
    return aggregate(world, regions={one: [one] for one in _ALONE} | {_UNION: union, _REST: rest})
