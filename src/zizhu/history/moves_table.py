"""Press and facts two by two: each observation of a Chinese share beside the one before it."""

from __future__ import annotations

import pandas as pd

from zizhu.history.panel import table_files
from zizhu.history.reader import join, read_table

# The table that holds them.
PRESS = "press"


def moves_table() -> pd.DataFrame:
    """Rows from one observation to the next, percent; no first year where only a level is known.

    Columns item, market (world or home), measure, from_year, from_percent, to_year, to_percent,
    node, source, confidence (a recalled figure has low), note.
    """
    (path,) = [path for path in table_files() if path.stem == PRESS]
    rows = []
    for one in join(read_table(path)):
        observed = list(zip(one.years, one.percents, one.confidences, strict=True))
        before = [(None, None, None), *observed][: len(observed)]
        steps = list(zip(before, observed, strict=True))
        # Of several dates the first one is no move.
        for first, last in steps[1:] or steps:
            rows.append(
                {
                    "item": one.subject,
                    "market": one.place,
                    "measure": one.measure,
                    "from_year": first[0],
                    "from_percent": first[1],
                    "to_year": last[0],
                    "to_percent": last[1],
                    "node": one.node,
                    "source": one.source,
                    "confidence": "low" if last[2] == "recalled" else last[2],
                    "note": one.note,
                }
            )
    numbers = ["from_year", "from_percent", "to_year", "to_percent"]
    return pd.DataFrame(rows).astype(dict.fromkeys(numbers, float))
