"""Series that say the same under two names: an observation counts once."""

from __future__ import annotations

from collections.abc import Sequence

from zizhu.history.series import Series

# Two shares are one observation where they lie as close as sources print, a year apart at most.
_SAME_PERCENT, _SAME_YEARS = 0.06, 1.0
# Farther apart in one year they are two definitions.
_OTHER_PERCENT = 0.6
# Fewer alike may be chance.
_FEWEST = 2
# Long series of their own kind of thing: what is alike in them is chance.
_NEVER = ("patents", "trade", "sector")


def repeated(tables: Sequence[Series], of_chains: Sequence[Series]) -> dict[Series, Series]:
    """Series that are left out, with the one that stays.

    A series of a table stays but where a longer one of the same thing has all of it. One of a
    chain gives way to a table that has half of its observations or more; of two nodes of a chain
    that say the same the input's gives way to the product's. Both are of one region and place,
    not of two chains, and no year of both is at odds.
    """
    gone: dict[Series, Series] = {}
    for one in tables:
        for other in tables:
            longer = len(other.years) > len(one.years)
            if longer and _of_one_thing(one, other) and _alike(one, other, len(one.years)):
                gone[one] = other
                break
    kept: dict[tuple[object, ...], Series] = {}
    # Inputs stand before what they go into.
    for one in reversed(of_chains):
        what = (one.node.partition("/")[0], one.region, one.place, one.years, one.percents)
        needed = (len(one.years) + 1) // 2
        known = (two for two in tables if two not in gone and _alike(one, two, needed))
        twin = next(known, kept.get(what))
        if twin is not None:
            gone[one] = twin
        else:
            kept[what] = one
    return gone


def _of_one_thing(one: Series, other: Series) -> bool:
    return one.subject == other.subject or (one.node != "" and one.node == other.node)


def _alike(one: Series, other: Series, needed: int) -> bool:
    """Whether so many observations of `one`, two at least, stand in the other."""
    if (one.region, one.place) != (other.region, other.place) or other.kind in _NEVER:
        return False
    chains = {node.partition("/")[0] for node in (one.node, other.node) if "/" in node}
    if len(chains) > 1 or _at_odds(one, other):
        return False
    return _same(one, other) >= max(needed, _FEWEST)


def _pairs(one: Series) -> list[tuple[float, float]]:
    return list(zip(one.years, one.percents, strict=True))


def _same(one: Series, other: Series) -> int:
    theirs = _pairs(other)
    return sum(
        any(
            abs(percent - value) <= _SAME_PERCENT and abs(year - when) <= _SAME_YEARS
            for when, value in theirs
        )
        for year, percent in _pairs(one)
    )


def _at_odds(one: Series, other: Series) -> bool:
    theirs = dict(_pairs(other))
    return any(
        year in theirs and abs(percent - theirs[year]) > _OTHER_PERCENT
        for year, percent in _pairs(one)
    )
