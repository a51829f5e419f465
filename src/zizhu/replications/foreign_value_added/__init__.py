"""Foreign value added in Chinese exports of 2018 against OECD's own figure (TiVA).

OECD computes it from its full tables of 45 activities; here it comes from a table that was
estimated from a few of their sums. Neither the figure nor the full table is an input.
"""

from __future__ import annotations

from pathlib import Path

from zizhu.indicators import Leontief, value_added_trade
from zizhu.replications.result import Replication, Row
from zizhu.world import locate
from zizhu.world.build.make import make_world

TITLE = "Foreign value added in Chinese exports, 2018, percent of gross exports"
SOURCE = (
    "OECD Trade in Value Added, 2021 edition, via ITIF (2022), Foreign-produced content of "
    "Chinese exports"
)
YEAR = 2018
PUBLISHED = {"all exports": 17.2, "electronics": 27.1}
_BESIDE = ("USA", "DEU", "JPN", "KOR", "TWN", "MEX", "VNM")


def replicate(data: str | Path | None = None) -> Replication:
    """Build the table of 2018 and compare; `data` is the folder with the builder's sources."""
    world = make_world(locate("icio", data).parent, YEAR)
    content = value_added_trade(Leontief(world))
    china = content.sel(region="CHN")
    rows = (
        Row("all exports", PUBLISHED["all exports"], float(china.backward_participation), 1),
        Row(
            "electronics (C26)",
            PUBLISHED["electronics"],
            float(china.sector_backward_participation.sel(sector="C26")),
            1,
        ),
    )
    shares = content.backward_participation
    return Replication(
        "foreign-value-added",
        TITLE,
        SOURCE,
        rows,
        {
            f"{world.region_name(region)}, all exports": float(shares.sel(region=region))
            for region in _BESIDE
        },
        (
            "an estimate from sums of OECD's tables, in another edition: equal digits are not to "
            "be expected; nothing was tuned",
            "processing exports use more imports than sales at home; OECD's tables tell them "
            "apart inside China, the sums that we have do not, which lowers our figure",
        ),
    )
