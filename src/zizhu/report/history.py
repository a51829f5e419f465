"""The panel of observed shares in the terminal and as JSON. Nothing is computed here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from zizhu.history import Series, counts
from zizhu.laboratory.backtest.foreseen import Foreseen

# A model's shares in percent by year, beside the series of each name.
Beside = Mapping[str, Mapping[float, float]]

# What the model would have said of the series of each name.
Forecasts = Mapping[str, Sequence[Foreseen]]

# Regions of fewer series stand in one row.
_FEW = 5
# Columns of shares that fit 80 characters beside the years.
_MOST_COLUMNS = 9
_MARKS = {"read": "", "medium": "m", "low": "l", "recalled": "r"}
_STYLES = {"rises": "green", "falls": "red", "stands": ""}
_PLACES = {"world": "part of the world's, percent", "home": "part of purchases at home, percent"}
_BASES = {
    "headquarters": "makers by headquarters",
    "location": "makers by place of the plant",
    "brand": "makers by brand",
}
_LEGEND = (
    "m medium: second-hand; l low: definitions differ; r recalled, not found again; all else read. "
    "A series rises or falls where it moves by more than 2 points or, below 10 percent, by more "
    "than 0.3 in log odds (judgement)."
)
_FORESEEN = (
    "known to: what the model would have said then, 10-50-90 percent; ! what came lies outside. "
    "`zizhu backtest nodes` shows how good such forecasts were."
)


def _table(*columns: str, left: int = 1) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for number, column in enumerate(columns):
        table.add_column(column, justify="left" if number < left else "right", no_wrap=True)
    return table


def year_text(year: float) -> str:
    """A year without needless digits: 2020, 2020.5."""
    return f"{year:.2f}".rstrip("0").rstrip(".")


def share_text(percent: float) -> str:
    """A share in percent: one digit, two where one would hide most of it."""
    return f"{percent:.2f}" if 0 < percent < 0.995 else f"{percent:.1f}"


def _moved_text(one: Series) -> str:
    digits = 1 if abs(one.moved) >= 1 else 2
    text = f"{one.moved:+.{digits}f}"
    return text if float(text) else "0.0"


def overview(series: Sequence[Series]) -> RenderableType:
    """How many series there are, by kind and region, and where they went."""
    parts: list[RenderableType] = []
    for by in ("kind", "region", "confidence"):
        table = _table(by, "rises", "stands", "falls", "all", "years")
        for name, row in _few_as_one(counts(series, by), _FEW if by == "region" else 0).iterrows():
            years = f"{int(row['first'])}-{int(row['last'])}"
            numbers = (str(int(row[c])) for c in ("rises", "stands", "falls", "all"))
            table.add_row(str(name).replace("_", " "), *numbers, years)
        parts += [table, Text()]
    rises = sum(one.rises for one in series)
    subjects = len({one.subject for one in series})
    said = (
        f"{len(series)} series of {subjects} subjects; {rises} rise, {len(series) - rises} do not"
    )
    how = "`zizhu history NODE` shows the series of a node; a sector or words of a subject do too"
    return Group(*parts, Text(said, style="bold"), Text(how, style="dim"))


def _few_as_one(found: pd.DataFrame, least: int) -> pd.DataFrame:
    """Counts with those of fewer series than `least` summed in a last row."""
    few = found[found["all"] < least]
    if few.empty:
        return found
    rest = few.sum()
    rest["first"], rest["last"] = few["first"].min(), few["last"].max()
    return pd.concat([found[found["all"] >= least], rest.to_frame(f"{len(few)} others").T])


def history_page(
    series: Sequence[Series], beside: Beside | None = None, forecasts: Forecasts | None = None
) -> RenderableType:
    """Every series with its years, shares, definition, sources and confidence.

    `beside` has a model's shares by year for the series of some names; they stand in a column of
    their own. `forecasts` has what a model would have said; they stand below.
    """
    groups: dict[tuple[str, ...], list[Series]] = {}
    for one in series:
        place = (one.subject, one.node, one.place, one.basis, one.measure, one.kind)
        groups.setdefault(place, []).append(one)
    parts: list[RenderableType] = []
    for found in groups.values():
        parts += [*_group(found, beside or {}, forecasts or {}), Text()]
    if any(one.name in (forecasts or {}) for one in series):
        parts.append(Text(_FORESEEN, style="dim"))
    return Group(*parts, Text(_LEGEND, style="dim"))


def _group(
    found: Sequence[Series], beside: Beside, forecasts: Forecasts
) -> Iterable[RenderableType]:
    """Series of one subject and definition: regions side by side."""
    first = found[0]
    head = Text(first.subject, style="bold cyan")
    if first.node:
        head.append(f"  {first.node}", style="")
    yield head
    yield Text(
        f"{_PLACES[first.place]}; {_BASES[first.basis]}; {first.measure}; "
        f"kind {first.kind.replace('_', ' ')}"
    )
    tables: list[list[tuple[Series, bool]]] = [[]]
    for one in found:
        pair = [(one, False), (one, True)] if one.name in beside else [(one, False)]
        # A series and what stands beside it are not parted.
        if len(tables[-1]) + len(pair) > _MOST_COLUMNS:
            tables.append([])
        tables[-1] += pair
    for columns in tables:
        yield _years(columns, beside)
    if any(one.name in forecasts for one in found):
        yield _foreseen(found, forecasts)
    sources: dict[str, list[str]] = {}
    for one in found:
        sources.setdefault(one.source, []).append(one.region)
    for source, regions in sources.items():
        of = f" ({', '.join(regions)})" if len(sources) > 1 else ""
        yield Text(f"source{of}: {source}", style="dim")
    for note, regions in _notes(found).items():
        of = f" ({', '.join(regions)})" if len(found) > 1 else ""
        yield Text(f"note{of}: {note}", style="dim")


def _foreseen(found: Sequence[Series], forecasts: Forecasts) -> Table:
    """What came beside what would have been said, by origin."""
    said = [(one.region, case) for one in found for case in forecasts.get(one.name, ())]
    origins = sorted({case.origin for _, case in said})
    table = _table("of", "year", "came", *(f"known to {origin}" for origin in origins))
    rows: dict[tuple[str, float], dict[int, Foreseen]] = {}
    for region, case in said:
        rows.setdefault((region, case.year), {})[case.origin] = case
    before = ""
    for (region, year), by in rows.items():
        came = share_text(next(iter(by.values())).truth)
        cells = (_band(by[origin]) if origin in by else Text() for origin in origins)
        table.add_row("" if region == before else region, year_text(year), came, *cells)
        before = region
    return table


def _band(case: Foreseen) -> Text:
    band = " - ".join(share_text(value) for value in (case.p10, case.p50, case.p90))
    return Text(f"{band}  " if case.inside else f"{band} !", style="" if case.inside else "red")


def _notes(found: Sequence[Series]) -> dict[str, list[str]]:
    notes: dict[str, list[str]] = {}
    for one in found:
        if one.note:
            notes.setdefault(one.note, []).append(one.region)
    return notes


def _years(columns: Sequence[tuple[Series, bool]], beside: Beside) -> Table:
    heads = [f"{one.region}\nmodel" if model else one.region for one, model in columns]
    table = _table("year", *heads)
    shown: list[dict[float, str]] = []
    for one, model in columns:
        if model:
            shown.append({year: share_text(v) for year, v in beside[one.name].items()})
        else:
            observed = zip(one.years, one.percents, one.confidences, strict=True)
            shown.append({y: f"{share_text(p)}{_MARKS[sure]}" for y, p, sure in observed})
    for year in sorted({year for column in shown for year in column}):
        table.add_row(year_text(year), *(column.get(year, "") for column in shown))
    table.add_row("moved", *("" if model else _moved(one) for one, model in columns))
    table.add_row("", *(Text() if model else _direction(one) for one, model in columns))
    return table


def _moved(one: Series) -> str:
    return _moved_text(one) if one.span else "-"


def _direction(one: Series) -> Text:
    if not one.span:
        return Text("level")
    return Text(one.direction, style=_STYLES[one.direction])


def history_json(
    series: Iterable[Series], beside: Beside | None = None, forecasts: Forecasts | None = None
) -> list[dict[str, Any]]:
    """Series as plain data; `model` has the shares of a model by year where there are some.

    `forecasts` has what a model would have said of later observations.
    """
    rows = []
    for one in series:
        row = {
            "name": one.name,
            "subject": one.subject,
            "node": one.node,
            "region": one.region,
            "place": one.place,
            "basis": one.basis,
            "measure": one.measure,
            "kind": one.kind,
            "confidence": one.confidence,
            "direction": one.direction if one.span else "level",
            "moved_points": one.moved,
            "logit_a_year": one.pace,
            "years": list(one.years),
            "percents": list(one.percents),
            "confidences": list(one.confidences),
            "source": one.source,
            "note": one.note,
        }
        if beside is not None and one.name in beside:
            row["model"] = {year_text(year): v for year, v in beside[one.name].items()}
        if forecasts is not None:
            row["forecasts"] = [vars(case) for case in forecasts.get(one.name, ())]
        rows.append(row)
    return rows


def overview_json(series: Sequence[Series]) -> dict[str, Any]:
    """The counts of `overview` as plain data."""
    found: dict[str, Any] = {"series": len(series), "rises": sum(one.rises for one in series)}
    for by in ("kind", "region", "confidence", "direction"):
        table = counts(series, by)
        found[by] = {
            str(name): {str(column): float(row[column]) for column in table.columns}
            for name, row in table.iterrows()
        }
    return found
