"""Writing a scenario with years to a folder, whole or not at all."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pandas as pd
import xarray as xr

from zizhu.indicators.glossary import term
from zizhu.indicators.path_choke import chokepoints_by_year
from zizhu.laboratory.scenario_path.run import ScenarioPath
from zizhu.netcdf import write_netcdf
from zizhu.report.path import tables as path_tables
from zizhu.report.path.write import finite
from zizhu.report.scenario_path import bands, more_tables, tables
from zizhu.report.scenario_path.html import page_html
from zizhu.report.scenario_path.items import SECTIONS
from zizhu.report.write import write_whole

# Tables that only some outcomes have: those of an earlier run must not stay beside a new one.
_DRAWS = "ensemble.nc"
_SOMETIMES = (
    *("decomposition", "firms", "shocks", "insurance", "doubts"),
    *("bands", "variance", _DRAWS),
)


def write_scenario_path(outcome: ScenarioPath, folder: str | Path) -> list[Path]:
    """Write report.html, path.nc, tables/*.csv and manifest.json into `folder`; returns the files.

    path.nc holds the dataset of the path at its root, and the tables of the scenario as groups.
    With draws also ensemble.nc: headlines by `draw`, and as groups their quantiles (`bands`) and
    those of the path as registered (`registered`).
    Everything is written beside first and moved into place at the end. Raises `OutputError`.
    """
    return write_whole(folder, partial(_write, outcome), sometimes=_SOMETIMES)


def _write(outcome: ScenarioPath, folder: Path) -> None:
    (folder / "report.html").write_text(page_html(outcome), encoding="utf-8")
    write_netcdf(folder / "path.nc", outcome.outcome.dataset, groups(outcome))
    if outcome.bands is not None:
        drawn = outcome.bands
        beside = {"bands": drawn.bands, "registered": drawn.central}
        write_netcdf(folder / _DRAWS, drawn.dataset, beside)
    manifest = {**finite(dict(outcome.outcome.manifest)), "focus": outcome.focus}
    text = json.dumps({**manifest, "remarks": list(outcome.compiled.remarks)}, indent=2)
    (folder / "manifest.json").write_text(text, encoding="utf-8")
    (folder / "tables").mkdir()
    for name, table in csv_tables(outcome).items():
        table.to_csv(folder / "tables" / f"{name}.csv", index=False, float_format="%.8g")


def groups(outcome: ScenarioPath) -> dict[str, xr.Dataset]:
    """Tables of the scenario beside the path's own dataset, by the name of their group.

    Where runs are other ones than the path's own their dimension has another name, so that the file
    opens as a tree.
    """
    threshold = outcome.case.parameters["binding_threshold"]
    found = {
        "battlegrounds": outcome.battlegrounds,
        "tiers": outcome.tiers,
        "chokepoints": chokepoints_by_year(outcome.outcome.dataset, outcome.focus, threshold),
        "partners": outcome.partners,
        "circulation": outcome.circulation,
    }
    if outcome.resilience is not None:
        found["resilience"] = outcome.resilience.rename(run="shocked_run")
    if outcome.attribution is not None:
        found["attribution"] = outcome.attribution.shares.rename(run="left_out")
    return found


def csv_tables(outcome: ScenarioPath) -> dict[str, pd.DataFrame]:
    """Every table as it is written to `tables/`: those of the page, then those of the path."""
    found = {
        "scoreboard": tables.scoreboard(outcome).reset_index(),
        "content": more_tables.contents(outcome).reset_index(),
        "tiers": more_tables.tiers(outcome),
        "targets": tables.targets(outcome),
        "measures": tables.money(outcome).reset_index(),
        "spending": tables.spending(outcome),
        "arrived": more_tables.arrived(outcome).reset_index(),
        "chokepoints": tables.chokes(outcome),
        "abroad": tables.abroad(outcome).reset_index(),
        "circulation": more_tables.circulation(outcome).rename_axis("region").reset_index(),
        "terms": terms(),
    }
    if outcome.resilience is not None:
        found["shocks"] = tables.shocks(outcome)
        found["insurance"] = more_tables.insurance(outcome).rename_axis("year").reset_index()
    if outcome.doubts:
        found["doubts"] = tables.doubts(outcome)
    if outcome.bands is not None:
        found["bands"] = outcome.bands.table()
        found["variance"] = bands.parts(outcome).reset_index()
    return found | path_tables.csv_tables(outcome.outcome, outcome.focus)


def terms() -> pd.DataFrame:
    """What is shown in each section of the page: title, unit, definition, what computes it."""
    rows = []
    for section in SECTIONS:
        for name in section.items:
            one = term(name)
            rows.append(
                {
                    "section": section.title,
                    "item": name,
                    "title": one.title,
                    "unit": one.unit,
                    "definition": one.definition,
                    "computed": one.computed,
                    "parameters": " ".join(one.parameters),
                    "sources": "; ".join(one.sources),
                }
            )
    return pd.DataFrame(rows)
