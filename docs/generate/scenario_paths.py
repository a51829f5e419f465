"""The page that explains a verdict: figures, tables and numbers of the flagship scenario."""

from __future__ import annotations

import io

from rich.console import Console

from generate.fresh import write, write_facts
from generate.markdown import figure, table
from generate.outcomes import drive
from zizhu.indicators.glossary import glossary
from zizhu.laboratory.scenario_path.run import ScenarioPath
from zizhu.policy import load_scenario, scenario_names
from zizhu.report.scenario_path import figures, risk_figures, tables, words
from zizhu.report.scenario_path.items import SECTIONS
from zizhu.report.scenario_path.terminal import verdict_page

_FIGURES = {
    "scoreboard": figures.scoreboard,
    "income": figures.income,
    "spending": figures.spending,
    "bought": figures.bought,
    "doubts": figures.doubts,
    "chokepoints": risk_figures.chokepoints,
    "sales": risk_figures.sales,
    "shocks": risk_figures.shocks,
}


def scenario_paths() -> None:
    """Everything on the page `scenario_paths.md`."""
    outcome = drive()
    for name, make in _FIGURES.items():
        write(f"figures/scenario-path-{name}.html", figure(make(outcome)))
    write("scenario-path-verdict.md", "{.verdict}\n" + " ".join(words.verdict(outcome)))
    write("scenario-path-terminal.txt", _printed(verdict_page(outcome)))
    known = glossary()
    rows = [
        (section.title, f"`{name}`", known[name].title, known[name].unit)
        for section in SECTIONS
        for name in section.items
    ]
    write("scenario-path-items.md", table(("section", "item", "title", "unit"), rows))
    write("scenario-path-list.md", _scenarios())
    ledger = outcome.compiled.ledger.of(region=outcome.focus).new
    chokes = tables.chokes(outcome)
    write_facts(
        "scenario_paths",
        {
            "drive_first": str(outcome.case.years[0]),
            "drive_last": str(outcome.case.years[-1]),
            "drive_income": f"{_income(outcome):+.2f}",
            "drive_outlay": f"{ledger.total / 1e3:,.0f}",
            "drive_binding": str(int(chokes["stopped"].isna().sum())),
            "drive_choices": str(len(outcome.doubts)),
        },
    )


def _income(outcome: ScenarioPath) -> float:
    effect = outcome.outcome.dataset["real_income_effect"]
    return float(effect.sel(region=outcome.focus).isel(year=-1))


def _scenarios() -> str:
    found = [load_scenario(name) for name in scenario_names()]
    rows = [
        (f"[{one.name}](scenarios.md#{one.name})", one.title, str(one.years), one.focus or "")
        for one in found
        if one.years is not None
    ]
    return table(("scenario", "title", "until", "seen from"), rows)


def _printed(page: object) -> str:
    """What the terminal shows, 100 columns wide."""
    text = io.StringIO()
    Console(file=text, width=100, highlight=False).print(page)
    return "\n".join(line.rstrip() for line in text.getvalue().splitlines())
