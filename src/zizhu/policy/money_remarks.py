"""What a reader should know about an amount of money in a measure."""

from __future__ import annotations

import datetime as dt

from zizhu.errors import ScenarioError
from zizhu.policy.context import Context
from zizhu.policy.units import MONEY, PERCENT, Size

# A source's own conversion further off than this is reported.
LARGEST_CONVERSION_GAP = 0.03
_DAYS_OF_A_YEAR = 366


def vintage(size: Size | None, start: dt.date | None, context: Context) -> tuple[str, ...]:
    """Money of another year than the world's is not deflated."""
    year = context.world.year
    if size is None or size.kind != MONEY or not start or start.year == year:
        return ()
    return (f"money of {start.year} meets output of {year}, not deflated",)


def conversion(
    size: Size, stated: Size | None, start: dt.date | None, context: Context
) -> tuple[str, ...]:
    """A conversion stated by the source that is off by more than 3 percent."""
    if stated is None or stated.currency is None:
        return ()
    date = context.date(start)
    gap = stated.value / size.money(stated.currency, date) - 1
    if abs(gap) <= LARGEST_CONVERSION_GAP:
        return ()
    return (
        f"the stated '{stated}' is {100 * gap:+.1f} percent off '{size}' at the exchange rate of "
        f"{date}",
    )


def check_stated(size: Size, stated: Size | None) -> None:
    """Raises `ValueError` unless both are money."""
    if stated is not None and (stated.kind != MONEY or size.kind != MONEY):
        raise ValueError("stated checks a conversion: it and size must both be money")


def require_one_year(size: Size, start: dt.date | None, end: dt.date | None) -> None:
    """Refuse an amount in force longer than a year in a run that has no years."""
    if size.kind != PERCENT and start and end and (end - start).days > _DAYS_OF_A_YEAR:
        days = (end - start).days
        raise ScenarioError(
            f"size: '{size}' from {start} to {end} is the money of {days / 365:.0f} years; give "
            "the amount of one year"
        )


def every_year(size: Size, start: dt.date | None, end: dt.date | None) -> tuple[str, ...]:
    """On a path an amount is paid in each year, which those who meant a total should see."""
    if size.kind == PERCENT or not (start and end) or (end - start).days <= _DAYS_OF_A_YEAR:
        return ()
    return (f"'{size}' is paid in each year from {start.year} to {end.year}, not in all of them",)
