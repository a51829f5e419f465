"""The tables of an answer as they are written: long, one number a line."""

from __future__ import annotations

import pandas as pd

from zizhu.laboratory import Dependence
from zizhu.laboratory.dependence import Headline, Table


def csv_tables(answer: Dependence) -> dict[str, pd.DataFrame]:
    """Every table as it is written to `tables/`, the leading numbers first."""
    year = answer.world.year
    found = {"headlines": headlines(answer)}
    return found | {name: long(table, year) for name, table in answer.tables.items()}


def headlines(answer: Dependence) -> pd.DataFrame:
    """The leading numbers with ranges."""
    return pd.DataFrame([_line(one, answer.world.year) for one in answer.headlines.values()])


def _line(one: Headline, year: int) -> dict[str, object]:
    return {
        "measure": one.name,
        "label": one.label,
        "value": one.value,
        "low": one.low,
        "high": one.high,
        "unit": one.column.units,
        "definition": one.column.definition,
        "year": year,
        "source": one.column.source,
        "error": one.error,
        "marked": one.marked,
    }


def long(table: Table, year: int) -> pd.DataFrame:
    """One line per number: keys, place in the ranking, value, unit, definition, source, mark."""
    keys = [key for key in table.keys if key != "year"]
    parts = []
    for name, column in table.columns.items():
        part = table.frame[keys].copy()
        part.insert(0, "row", range(1, len(part) + 1))
        part["measure"] = name
        part["value"] = table.frame[name].to_numpy()
        part["unit"], part["definition"] = column.units, column.definition
        part["year"] = table.frame["year"].to_numpy() if "year" in table.keys else year
        part["source"] = column.source
        part["error"] = table.errors[name].to_numpy() if name in table.errors else float("nan")
        part["marked"] = [table.marked(row, name) for row in range(len(part))]
        parts.append(part)
    return pd.concat(parts, ignore_index=True)
