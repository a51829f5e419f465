"""Bands of headlines as tables and words: what draws of all that is not known leave of them."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from zizhu.indicators.path import BASELINE, SCENARIO
from zizhu.laboratory.ensemble.design import GROUPS
from zizhu.laboratory.ensemble.result import EnsembleResult
from zizhu.laboratory.scenario_path.run import ScenarioPath

# Points and percent below which two ends of a band are told as one number.
_SAME = 0.05
# What a group of draws is called in a table.
CALLED = {
    "pace": "the pace",
    "levers": "the strength of levers",
    "table": "tables of the chains",
    "structure": "the structure of the model",
}


def board(outcome: ScenarioPath) -> pd.DataFrame:
    """Bands by battleground in the last year: share, points against the baseline, cost of a point.

    p10, p90  domestic share in the scenario, percent; `cost10`, `cost90` bn a point, over the draws
              that gain any, which `gains` of all do
    """
    found = _of(outcome)
    last = outcome.case.years[-1]
    draws = found.dataset.isel(draw=np.flatnonzero(found.dataset["solved"].values)).sel(year=last)
    share, cost = draws["domestic_share"], draws["cost_per_point"]
    moved = share.sel(run=SCENARIO) - share.sel(run=BASELINE)
    rows = {}
    for name in draws["battleground"].values:
        at = {"battleground": name}
        low, high = found.band("domestic_share", run=SCENARIO, year=last, **at)
        points, price = moved.sel(at).values, cost.sel(at).values
        price = price[np.isfinite(price)]
        down, up = np.quantile(points, (0.1, 0.9)) if len(points) else (np.nan, np.nan)
        rows[str(name)] = {
            "p10": low,
            "p90": high,
            "points10": float(down),
            "points90": float(up),
            "gains": float(np.mean(points > _SAME)) if len(points) else np.nan,
            "cost10": float(np.quantile(price, 0.1)) if len(price) else np.nan,
            "cost90": float(np.quantile(price, 0.9)) if len(price) else np.nan,
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("battleground")


def chances(outcome: ScenarioPath) -> dict[tuple[str, str], float]:
    """Part of the draws in which a target is reached, by label and run."""
    if outcome.bands is None:
        return {}
    table = outcome.bands.bands["target_reached"]
    return {
        (str(label), str(run)): float(table.sel(target=label, run=run))
        for label in table["target"].values
        for run in table["run"].values
    }


def binding(outcome: ScenarioPath, node: str) -> float:
    """Part of the draws in which a node binds in the last year of the scenario."""
    table = _of(outcome).bands["binds"]
    return float(table.sel(node=node, run=SCENARIO, year=outcome.case.years[-1]))


def income(outcome: ScenarioPath, year: int, region: str | None = None) -> tuple[float, float]:
    """Ends of the band of a region's real income against the baseline, percent."""
    at = {"region": region or outcome.focus, "year": year}
    return _of(outcome).band("real_income_effect", **at)


def said(band: tuple[float, float], digits: int = 1) -> str:
    """A band in figures; nothing where no draw has the number."""
    low, high = band
    if math.isnan(low) or math.isnan(high):
        return ""
    return f"{low:z.{digits}f} to {high:z.{digits}f}"


def short(band: tuple[float, float]) -> str:
    """A band of percent in whole numbers: `12-19`."""
    low, high = band
    return "" if math.isnan(low) or math.isnan(high) else f"{low:z.0f}-{high:z.0f}"


def drawn(outcome: ScenarioPath) -> str:
    """How many pairs were drawn, and how many of them not solved."""
    found = _of(outcome)
    missed = found.number - found.solved
    text = f"{found.number} {'pair' if found.number == 1 else 'pairs'}"
    if missed:
        text += f", {missed} not solved ({'; '.join(dict.fromkeys(found.trouble.values()))})"
    return text


def sure(outcome: ScenarioPath) -> str:
    """How sure the answer is, in one sentence; nothing without draws."""
    if outcome.bands is None or not outcome.bands.solved or not outcome.scenario.measures:
        return ""
    found, last = outcome.bands, outcome.case.years[-1]
    effect = found.dataset["real_income_effect"].sel(region=outcome.focus, year=last).values
    effect = effect[np.isfinite(effect)]
    up, down = int((effect > 0).sum()), int((effect < 0).sum())
    text = f"Of {len(effect)} draws {up} raise real income and {down} lower it in {last}"
    return f"{text}."


def parts_line(outcome: ScenarioPath) -> str:
    """What part of the bands each group is: income, and the mean over battlegrounds; one line."""
    table = _of(outcome).splits(outcome.focus)
    rows = {"income": table.iloc[0]}
    if len(table) > 1:
        rows["shares"] = table.iloc[1:][list(GROUPS)].mean()
    words = [
        f"{name} {', '.join(f'{100 * row[group]:.0f}' for group in GROUPS)}"
        for name, row in rows.items()
        if np.isfinite(row[list(GROUPS)].astype(float)).all()
    ]
    return f"variance by {', '.join(GROUPS)}, percent: {'; '.join(words)}" if words else ""


def parts(outcome: ScenarioPath) -> pd.DataFrame:
    """The variance split: see `EnsembleResult.splits`."""
    return _of(outcome).splits(outcome.focus)


def _of(outcome: ScenarioPath) -> EnsembleResult:
    if outcome.bands is None:
        raise ValueError("this outcome has no draws")
    return outcome.bands
