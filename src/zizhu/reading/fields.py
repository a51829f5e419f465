"""Types of fields that several files have."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated

from pydantic import BeforeValidator

from zizhu.errors import quoted

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


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
