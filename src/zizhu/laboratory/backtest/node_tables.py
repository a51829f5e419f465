"""What the backtests of technologies gave: `python -m zizhu.laboratory.backtest.node_tables`.

With a folder the tables are written there. They are

    nodes       scores by origin, cell, horizon and method
    left_out    scores of technologies whose own history was hidden but for its first date
    node_cases  every case of the later origins: what was forecast and what came
    standing    Chinese shares of almost nothing: how fast they were forecast to rise

A cell with fewer than `FEW` cases, or of fewer than `FEW_SUBJECTS` technologies, says little, and
is marked `few`. Fits never saw what is scored. But the form of the process (drift by group of
makers, catching up, growth of economies, difficulty) was chosen while scores of the origins were
looked at, so that they are no blind test of the form.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from zizhu.errors import ZizhuError
from zizhu.laboratory.backtest.forecast import Forecast
from zizhu.laboratory.backtest.naive import METHODS
from zizhu.laboratory.backtest.nodes import (
    MODEL,
    ORIGINS,
    STILL,
    chosen,
    forecasts_at,
    left_out,
    members,
    standing,
)
from zizhu.laboratory.backtest.origin import Asked, History, Past, Split
from zizhu.laboratory.backtest.score import MOVE, crps, score_cells
from zizhu.laboratory.backtest.sector_tables import table_path
from zizhu.laboratory.pace.estimate import technologies

TABLES = ("nodes", "left_out", "node_cases", "standing")
# Origins of which every case is kept.
KEPT = (2019, 2022)
# Below so many cases or technologies scores of a cell are a matter of luck (judgement).
FEW, FEW_SUBJECTS = 30, 10
# Years ahead that are scored together where every series has its own first date.
AHEAD = ((0, 3), (3, 7), (7, 15), (15, np.inf))
_SOURCE = (
    "forecasts by zizhu of shares of its own panel (zizhu.history, each figure with its source "
    "there) and their scores; python -m zizhu.laboratory.backtest.node_tables"
)
_LICENCE = "Apache-2.0; the figures of the panel keep their own licences"

Said = Mapping[str, Forecast]
Progress = Callable[[str], None]


def scores_of(split: Split, said: Said, *, by_year: bool) -> pd.DataFrame:
    """Scores by method, cell and horizon.

    Columns method, cell, horizon (`all` or years), those of `Scores`, and

    subjects    technologies of the cell
    won         part of them whose CRPS is below that of persistence
    won_all     the same against every naive method
    still       cases whose truth lies less than `MOVE` points from the last value
    still_pace  mean points a year by which they were forecast to move
    few         1 where cases or technologies are few

    by_year  horizons are whole years from the origin, else groups of `AHEAD` from the first date
    """
    tables, cells = [], members(split)
    if len(cells["all"]) == len(cells.get("nodes", ())):
        del cells["all"]
    for cell, rows in cells.items():
        tables.append(_cell(split, said, rows).assign(cell=cell, horizon="all"))
        if cell in ("all", "nodes"):
            for name, some in _horizons(split, rows, by_year=by_year).items():
                tables.append(_cell(split, said, some).assign(cell=cell, horizon=name))
    return pd.concat(tables, ignore_index=True)


def _horizons(split: Split, rows: np.ndarray, *, by_year: bool) -> dict[str, np.ndarray]:
    if by_year:
        years = np.rint(split.horizon[rows]).astype(int)
        return {str(year): rows[years == year] for year in np.unique(years)}
    ahead, found = split.asked.ahead[rows], {}
    for low, high in AHEAD:
        name = f"over {low:g}" if np.isinf(high) else f"{low:g} to {high:g}"
        found[name] = rows[(ahead > low) & (ahead <= high)]
    return {name: some for name, some in found.items() if len(some)}


def _cell(split: Split, said: Said, rows: np.ndarray) -> pd.DataFrame:
    """Scores of some cases, a row for each method."""
    part, of = chosen(split, rows), {name: one.take(rows) for name, one in said.items()}
    table = score_cells(of, part, by=(), still=STILL)
    subject = np.array(part.label("subject"))
    each = pd.DataFrame({name: crps(one, part.percent) for name, one in of.items()})
    mean = each.groupby(subject).mean()
    naive = mean[[one.name for one in METHODS]].min(axis=1)
    stood = np.abs(part.percent - part.before) < MOVE
    paces = {name: (one.median - part.before) / part.asked.ahead for name, one in of.items()}
    table["subjects"] = len(mean)
    table["won"] = [float((mean[name] < mean[STILL]).mean()) for name in table["method"]]
    table["won_all"] = [float((mean[name] < naive).mean()) for name in table["method"]]
    table["still"] = int(stood.sum())
    table["still_pace"] = [
        float(paces[name][stood].mean()) if stood.any() else float("nan")
        for name in table["method"]
    ]
    few = len(rows) < FEW or len(mean) < FEW_SUBJECTS
    return table.assign(few=int(few))


def cases_of(origin: int, split: Split, said: Said) -> pd.DataFrame:
    """One row for every case: who, when, and what the model and persistence said, percent."""
    low, high = said[MODEL].band(0.8)
    row = split.asked.row
    return pd.DataFrame(
        {
            "name": split.label("name"),
            "subject": split.label("subject"),
            "region": split.label("region"),
            "kind": split.label("kind"),
            "origin": origin,
            "last": [split.past.histories[one].years[-1] for one in row],
            "year": split.year,
            "before": split.before,
            "truth": split.percent,
            "p10": low,
            "p50": said[MODEL].median,
            "p90": high,
            "persistence": said[STILL].median,
        }
    )


def joined(splits: Sequence[Split], said: Sequence[Said]) -> tuple[Split, dict[str, Forecast]]:
    """The cases of several splits as one; of pasts only what is asked about is kept."""
    histories: list[History] = []
    rows: list[np.ndarray] = []
    for split in splits:
        used, place = np.unique(split.asked.row, return_inverse=True)
        rows.append(place + len(histories))
        histories += [split.past.histories[row] for row in used]
    asked = Asked(np.concatenate(rows), np.concatenate([one.asked.ahead for one in splits]))
    whole = Split(
        Past(splits[0].past.origin, tuple(histories)),
        asked,
        np.concatenate([one.year for one in splits]),
        np.concatenate([one.percent for one in splits]),
    )
    forecasts = {
        name: Forecast(np.concatenate([one[name].quantiles for one in said])) for name in said[0]
    }
    return whole, forecasts


def node_tables(progress: Progress = lambda _: None) -> dict[str, pd.DataFrame]:
    """All tables that rest on stored posteriors: `nodes`, `node_cases`, `standing`."""
    scores, cases, stood = [], [], []
    nodes = _nodes_by_name()
    for origin in ORIGINS:
        progress(f"technologies known to {origin}")
        split, said = forecasts_at(origin)
        scores.append(scores_of(split, said, by_year=True).assign(origin=origin))
        stood.append(standing(split, said[MODEL]).assign(origin=origin))
        if origin in KEPT:
            found = cases_of(origin, split, said)
            found.insert(2, "node", [nodes[name] for name in found["name"]])
            cases.append(found)
    return {
        "nodes": _ordered(pd.concat(scores, ignore_index=True), "origin"),
        "node_cases": pd.concat(cases, ignore_index=True),
        "standing": _ordered(pd.concat(stood, ignore_index=True), "origin"),
    }


def left_out_table(progress: Progress = lambda _: None) -> pd.DataFrame:
    """Scores of technologies left out; a posterior of the others is estimated for each tenth."""
    return _ordered(scores_of(*joined(*left_out(progress)), by_year=False))


def _nodes_by_name() -> dict[str, str]:
    return {one.name: one.node for one in technologies()}


def _ordered(table: pd.DataFrame, *first: str) -> pd.DataFrame:
    """With these columns in front, of scores also cell, horizon and method."""
    front = [*first, *(one for one in ("cell", "horizon", "method") if one in table)]
    return table[[*front, *(one for one in table.columns if one not in front)]]


def text_of(table: pd.DataFrame) -> str:
    """A table as csv, with source and licence."""
    body = table.to_csv(index=False, float_format="%.4f", lineterminator="\n")
    return f"# source: {_SOURCE}\n# licence: {_LICENCE}\n{body}"


def build(
    folder: str | Path | None = None,
    progress: Progress = lambda _: None,
) -> list[Path]:
    """Forecast, score and write all tables; returns the files."""
    tables = node_tables(progress) | {"left_out": left_out_table(progress)}
    written = []
    for name in TABLES:
        path = table_path(name) if folder is None else Path(folder) / f"{name}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text_of(tables[name]), encoding="utf-8")
        written.append(path)
    return written


def _said(what: str) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    if len(sys.argv) > 2:
        sys.exit("usage: python -m zizhu.laboratory.backtest.node_tables [FOLDER]")
    try:
        build(sys.argv[1] if sys.argv[1:] else None, progress=_said)
    except ZizhuError as error:
        sys.exit(str(error))
