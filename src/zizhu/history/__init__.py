"""What was observed: shares of technologies by country over years, each with source and definition.

The panel feeds the estimate of the pace and the backtests; nothing here is a model's.
"""

from zizhu.history.panel import chosen, counts, observations, panel, series_of, table_files
from zizhu.history.reader import Row, join, read_table
from zizhu.history.series import Series, logit

__all__ = [
    "Row",
    "Series",
    "chosen",
    "counts",
    "join",
    "logit",
    "observations",
    "panel",
    "read_table",
    "series_of",
    "table_files",
]
