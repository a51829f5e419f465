"""The backtests of technologies: shares forecast from what was known, held against what came.

    nodes     every technology of the panel: known to an origin, scored up to today
    left out  technologies whose own history is hidden but for its first date: a tenth of them at a
              time is forecast by a posterior of the others

The model is the process of `zizhu.laboratory.pace` with the posterior of what was known at the
origin. Forecasters see series cut at the origin; what is scored is kept apart (`origin.Split`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from zizhu.history.series import Series
from zizhu.laboratory.backtest.forecast import Forecast, from_draws
from zizhu.laboratory.backtest.naive import naive_forecasts
from zizhu.laboratory.backtest.origin import Asked, History, Past, Split, cut
from zizhu.laboratory.pace.estimate import NOW, posterior_at, stored, technologies
from zizhu.laboratory.pace.forecasts import forecast_percents
from zizhu.laboratory.pace.observed import until
from zizhu.parameters import values
from zizhu.parameters.posterior import Joint

MODEL, STILL = "model", "persistence"
ORIGINS = (2015, 2019, 2022)
# Whole years that are scored: to the end of the last.
_END = NOW + 0.99
# A maker's country with less of the world than this stands, percent (judgement, as in `moves`).
STANDS_BELOW = 1.0
FOLDS = 10
# What is a market or its capacity is a node, of the chains or like one.
NODE_KINDS = ("market", "capacity")
CELLS = ("all", "nodes", "nodes CHN", "nodes others", "mineral", "patents", "industry")


def node_split(origin: float, series: Sequence[Series] | None = None) -> Split:
    """The panel of technologies cut at an origin."""
    return cut(technologies() if series is None else series, origin, _END)


def model_forecast(
    split: Split, known: Sequence[Series], posterior: Joint, year: float
) -> Forecast:
    """The model's forecast of a split's cases from series as known, in the order of its past."""
    asked = split.asked
    shares = forecast_percents(known, posterior, asked.row, asked.ahead, values(), year=year)
    return from_draws(shares)


def forecasts_at(
    origin: int, series: Sequence[Series] | None = None, posterior: Joint | None = None
) -> tuple[Split, dict[str, Forecast]]:
    """The split of an origin and what every method says of its cases; the stored posterior."""
    given = technologies() if series is None else series
    at = float(origin)
    split = node_split(at, given)
    known = until(given, at)
    chosen = stored(origin) if posterior is None else posterior
    said = {MODEL: model_forecast(split, known, chosen, at)}
    return split, said | naive_forecasts(split.past, split.asked)


def members(split: Split) -> dict[str, np.ndarray]:
    """Rows of the cases of each cell."""
    kind, region = np.array(split.label("kind")), np.array(split.label("region"))
    node = np.isin(kind, NODE_KINDS)
    industry = np.isin(kind, ("trade", "value_added", "domestic_use", "models"))
    found = {
        "all": np.ones(len(kind), dtype=bool),
        "nodes": node,
        "nodes CHN": node & (region == "CHN"),
        "nodes others": node & (region != "CHN"),
        "mineral": kind == "mineral",
        "patents": kind == "patents",
        "industry": industry,
    }
    return {cell: np.flatnonzero(found[cell]) for cell in CELLS if found[cell].any()}


def chosen(split: Split, rows: np.ndarray) -> Split:
    """Some cases of a split."""
    asked = Asked(split.asked.row[rows], split.asked.ahead[rows])
    return Split(split.past, asked, split.year[rows], split.percent[rows])


def standing(split: Split, said: Forecast) -> pd.DataFrame:
    """Chinese shares of a world market below `STANDS_BELOW`: what was forecast and what came.

    Columns name, subject, before, ahead, forecast_pace, observed_pace (points a year).
    """
    region = np.array(split.label("region"))
    rows = np.flatnonzero((region == "CHN") & (split.before < STANDS_BELOW))
    ahead, before = split.asked.ahead[rows], split.before[rows]
    return pd.DataFrame(
        {
            "name": np.array(split.label("name"))[rows],
            "subject": np.array(split.label("subject"))[rows],
            "before": before,
            "ahead": ahead,
            "forecast_pace": (said.median[rows] - before) / ahead,
            "observed_pace": (split.percent[rows] - before) / ahead,
        }
    )


def folds(series: Sequence[Series]) -> list[list[str]]:
    """Subjects of nodes that have later observations, dealt into `FOLDS` parts."""
    subjects = sorted({s.subject for s in series if s.kind in NODE_KINDS and len(s.years) > 1})
    return [subjects[start::FOLDS] for start in range(FOLDS)]


def left_out(
    progress: Callable[[str], None] = lambda _: None, parts: int = FOLDS
) -> tuple[list[Split], list[dict[str, Forecast]]]:
    """Splits and forecasts of technologies whose history was hidden but for its first date.

    parts  how many of the folds are made
    """
    series = technologies()
    splits, said = [], []
    for number, subjects in enumerate(folds(series)[:parts]):
        progress(f"technologies left out, part {number + 1} of {FOLDS}")
        hidden = [s for s in series if s.subject in subjects and len(s.years) > 1]
        others = [s for s in series if s.subject not in subjects]
        split, known = _hidden(others, [s for s in hidden if s.kind in NODE_KINDS])
        posterior = posterior_at(float(NOW), others)
        found = {MODEL: model_forecast(split, known, posterior, float(NOW))}
        splits.append(split)
        said.append(found | naive_forecasts(split.past, split.asked))
    return splits, said


def _hidden(others: Sequence[Series], hidden: Sequence[Series]) -> tuple[Split, list[Series]]:
    """The others whole, and of the hidden the first date; all their later dates are asked."""
    known = [one.at([0]) for one in hidden] + until(others, _END)
    histories = tuple(
        History(
            one.name, one.subject, one.region, one.kind, np.array(one.years), np.array(one.percents)
        )
        for one in known
    )
    cases = [
        (row, year - one.years[0], year, share)
        for row, one in enumerate(hidden)
        for year, share in zip(one.years[1:], one.percents[1:], strict=True)
    ]
    row, ahead, year, share = (np.array(column) for column in zip(*cases, strict=True))
    past = Past(_END, histories)
    return Split(past, Asked(row.astype(int), ahead), year, share), known
