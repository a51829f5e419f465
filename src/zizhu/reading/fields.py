"""Types of fields that several files have."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from zizhu.errors import quoted

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def listed(text: str, known: Collection[str] = ()) -> list[str]:
    """Names between commas, spaces around them left out; a `known` name keeps its own commas."""
    parts = text.split(",")
    most = 1 + max((name.count(",") for name in known), default=0)
    found = []
    while parts:
        together = (",".join(parts[:many]).strip() for many in range(most, 1, -1))
        name = next((one for one in together if one in known), parts[0].strip())
        del parts[: name.count(",") + 1]
        found += [name] if name else []
    return found


def _day(given: object) -> object:
    """Only a day is a date: a number would be taken for seconds since 1970."""
    if isinstance(given, str):
        given = given.strip()
        if _DAY.fullmatch(given):
            return given
    elif isinstance(given, dt.date) and not isinstance(given, dt.datetime):
        return given
    raise ValueError(f"{quoted(given)} is not a date; write 2018-07-06")


# A day, written 2018-07-06.
Day = Annotated[dt.date, BeforeValidator(_day)]


# A year that something is of; one beyond is a slip of a finger.
Year = Annotated[int, Field(ge=1500, le=2200)]


def _names(given: Any) -> Any:
    return listed(given) if isinstance(given, str) else given


# Several names, as a list or in one text.
Listed = Annotated[tuple[str, ...], BeforeValidator(_names)]
