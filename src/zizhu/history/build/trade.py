"""World exports of chip tools and testers by country."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from zizhu.history.build.rows import REGIONS, frame, share_rows
from zizhu.history.reader import Row
from zizhu.history.series import LEAST
from zizhu.world.classification import EUROPEAN_UNION

_GOODS = {
    848620: "machines to make chips (HS 848620)",
    903082: "electrical testers of wafers and chips (HS 903082)",
    903141: "optical inspection of wafers and chips (HS 903141)",
}
# Countries that make or finish such tools, beside those of every table.
_MORE = ("TWN", "SGP", "MYS", "ISR")
_TAIWAN = "Other Asia, nes"


def tools_trade(data: Path) -> pd.DataFrame:
    """Shares of the exports of all reporting countries, 2016-2020.

    Sales within the European Union are counted.
    """
    raw = pd.read_csv(data / "trade" / "sme_world_trade_by_reporter_2016_2020.csv.gz")
    raw = raw[raw.flow == "Export"]
    region = raw.iso3.mask(raw.reporter == _TAIWAN, "TWN")
    raw = raw.assign(region=region.mask(region.isin(EUROPEAN_UNION), "EU"))
    rows: list[Row] = []
    for code, subject in _GOODS.items():
        table = raw[raw.hs6 == code].pivot_table(
            index="year", columns="region", values="value_usd", aggfunc="sum"
        )
        world = table.sum(axis=1)
        shown = [r for r in (*REGIONS, *_MORE) if 100 * (table[r] / world).max() >= LEAST]
        fields = {
            "subject": subject,
            "node": "",
            "place": "world",
            "basis": "location",
            "measure": "exports in US dollars",
            "kind": "trade",
            "source": "UN Comtrade",
            "confidence": "read",
            "note": "goods of foreign firms and parts of machines included",
        }
        rows += share_rows(table, world, shown, fields)
    return frame(rows)
