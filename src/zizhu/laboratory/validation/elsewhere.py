"""Tests that belong to the backtests: they start before 2022 or in steps shorter than a year."""

from __future__ import annotations

from zizhu.laboratory.validation.check import Check, Group, Numbers

_BACK = "it belongs to the backtests"
_LISTED = (
    (
        "V01",
        "Chips made in China, to 2021",
        "China's chip share by location is 15.5 to 18.5 percent in 2021 and misses the target of "
        "40 percent for 2020 (F60).",
        f"{_BACK}: it starts in 2010, paths in 2022; growth since then is under `plants`",
    ),
    (
        "V03",
        "Value added by sector, 2012 on",
        "Fitted to 2012, shares of world value added beat drift and a logistic curve on later "
        "years; aerospace and software stay below 10 percent (F63).",
        f"{_BACK}: paths start in 2022",
    ),
    (
        "V05",
        "Foreign value added in exports, 2008-2018",
        "21.9 to 17.2 percent of all exports, 34.9 to 27.1 of electronics (F6F).",
        f"{_BACK}: paths start in 2022; for 2018 see the check `foreign-value-added`",
    ),
    (
        "V14",
        "January and February 2020",
        "Industry falls by 10 to 17 percent, medicines and high technology less (F57).",
        f"{_BACK}: the path's step is a year, and this is two months",
    ),
)


def _checks(_: Numbers) -> tuple[Check, ...]:
    return tuple(
        Check(name, title, statement, "not computed here", untestable=why)
        for name, title, statement, why in _LISTED
    )


GROUP = Group("elsewhere", tuple(name for name, *_ in _LISTED), checks=_checks)
