"""The page's part on how sure the answer is: bands, cost of a point, what the bands are made of."""

from __future__ import annotations

from html import escape

import numpy as np
import pandas as pd

from zizhu.laboratory.ensemble.design import GROUPS
from zizhu.laboratory.scenario_path.run import ScenarioPath
from zizhu.report.scenario_path import bands, tables
from zizhu.report.scenario_path.cells import plain, quiet, table

NO_DRAWS = "No draws were asked for. Run with --draws 64 to see bands."


def section(outcome: ScenarioPath) -> list[str]:
    """Bands of battlegrounds, and the variance split."""
    if outcome.bands is None or not outcome.bands.solved:
        return [f"<p>{NO_DRAWS}</p>" if outcome.bands is None else "<p>No draw was solved.</p>"]
    last = outcome.case.years[-1]
    currency = outcome.case.world.currency
    heads = [
        (f"{last}", ""),
        ("as registered, %", "chain_share"),
        ("10 to 90, %", "band"),
        ("against the baseline, points", "band"),
        ("draws that gain", "band_chance"),
        (f"bn {currency} a point", "band_cost"),
    ]
    central, found = tables.scoreboard(outcome), bands.board(outcome)
    rows = [
        [
            escape(str(central.title[str(name)])),
            plain(float(central[str(last)][str(name)])),
            bands.said((row.p10, row.p90)),
            bands.said((row.points10, row.points90)),
            _percent(row.gains),
            bands.said((row.cost10, row.cost90), 0),
        ]
        for name, row in found.iterrows()
    ]
    split = bands.parts(outcome)
    split_heads = [
        (f"answer in {last}", ""),
        ("standard deviation", "band"),
        *((bands.CALLED[group], "variance_part") for group in GROUPS),
    ]
    split_rows = [
        [escape(str(name)), plain(row.spread, 2), *(_part(row, group) for group in GROUPS)]
        for name, row in split.iterrows()
    ]
    structures = ", ".join(outcome.bands.dataset.attrs["structures"])
    return [
        f"<p>{escape(bands.sure(outcome))} Drawn: {escape(bands.drawn(outcome))}.</p>",
        table("sure", heads, rows),
        quiet(
            "Ten of a hundred draws lie below a band and ten above it. Scenario and baseline are "
            "drawn in pairs: the same pace, levers, tables and structure. Points and cost: of the "
            "whole scenario; the cost over the draws that gain."
        ),
        "<h3>What the bands are made of</h3>",
        table("sure", split_heads, split_rows),
        quiet(
            "Percent of the variance that the draws of a group alone explain, with its standard "
            "error; what is left is what groups do together, and chance. Pace: momentum of the "
            "base year, catch-up, innovations of sectors. Levers: their parameters and sizes that "
            f"are assumptions. Tables: figures of the chains. Structures: {structures}. The "
            "input-output table is not drawn. Past momentum and past policy cannot be told apart."
        ),
    ]


def _part(row: pd.Series[float], group: str) -> str:
    share, error = float(row[group]), float(row[f"{group} error"])
    if not np.isfinite(share):
        return ""
    return f"{100 * share:.0f}" + (f" &plusmn; {100 * error:.0f}" if np.isfinite(error) else "")


def _percent(part: float) -> str:
    return f"{100 * part:.0f} %" if np.isfinite(part) else ""
