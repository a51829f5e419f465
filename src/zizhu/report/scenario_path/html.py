"""The page of a scenario with years: one self-contained HTML file that works offline and prints."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import numpy as np
import pandas as pd

from zizhu.indicators.battlegrounds import battleground_list
from zizhu.indicators.path import BASELINE, SCENARIO
from zizhu.laboratory.scenario_path.run import ScenarioPath
from zizhu.report.html import figure_html, warning_lines
from zizhu.report.path import html as path_html
from zizhu.report.path import picks
from zizhu.report.path.html import coloured, sentence, whole_page
from zizhu.report.path.words import assumptions, settings_line, warnings
from zizhu.report.scenario_path import (
    bands,
    bands_html,
    figures,
    money_html,
    more_tables,
    risk_html,
    tables,
    words,
)
from zizhu.report.scenario_path.cells import columns, plain, quiet, table
from zizhu.report.scenario_path.glossary_html import definitions
from zizhu.report.scenario_path.items import SECTIONS, known_item

_STYLE = """<style>
nav{font-size:.85rem;margin:.8rem 0;display:flex;flex-wrap:wrap;gap:.1rem 1rem}
a{color:#0072B2;text-decoration:none}th a{color:inherit;border-bottom:1px dotted #888}
h3{font-size:1rem;margin:1.4rem 0 .3rem}details{margin:.5rem 0;font-size:.88rem}
.yes{color:#005a8c;font-weight:600}.no{color:#b34700;font-weight:600}
td .quiet,dd.quiet{font-size:inherit;color:#777}
.sources td:last-child,.sources th:last-child{text-align:left;min-width:15rem;font-size:.78rem}
dl{font-size:.84rem}dt{font-weight:600;margin-top:.7rem}dd{margin:.1rem 0 .1rem 1.2rem;color:#444}
@media print{nav{display:none}a{color:inherit}}
</style>"""


def page_html(outcome: ScenarioPath) -> str:
    """The whole report as one HTML text."""
    scenario = outcome.scenario
    links = "".join(f'<a href="#{one.anchor}">{escape(one.title)}</a>' for one in SECTIONS)
    sections = [
        _STYLE,
        f"<h1>{escape(scenario.title)}</h1>",
        f'<p class="quiet">{escape(scenario.name)}: {escape(settings_line(outcome.outcome))}</p>',
        f"<p>{escape(scenario.context)}</p>" if scenario.context else "",
        f'<div class="verdict">{escape(" ".join(words.verdict(outcome)))}</div>',
        *warning_lines(warnings(outcome.outcome)),
        f'<nav>{links}<a href="#terms">Definitions</a></nav>',
    ]
    parts: dict[str, Callable[[ScenarioPath], list[str]]] = {
        "scoreboard": _scoreboard,
        "targets": _targets,
        "income": _income,
        "sure": bands_html.section,
        "money": money_html.money,
        "arrived": money_html.arrived,
        "bought": money_html.bought,
        "chokes": risk_html.chokes,
        "abroad": risk_html.abroad,
        "resilience": risk_html.resilience,
        "doubts": risk_html.doubts,
        "rests": _rests_on,
    }
    for one in SECTIONS:
        heading = f'<h2 id="{one.anchor}">{escape(one.title)}</h2>'
        sections += [heading, *parts[one.anchor](outcome)]
    sections += ['<h2 id="terms">Definitions</h2>', *definitions(outcome)]
    return whole_page(scenario.title, sections)


def _scoreboard(outcome: ScenarioPath) -> list[str]:
    board = tables.scoreboard(outcome)
    years = [str(year) for year in tables.years_shown(outcome)]
    last = years[-1]
    drawn = None
    if outcome.bands is not None:
        ends = bands.board(outcome)
        drawn = {name: (row.p10, row.p90) for name, row in ends.iterrows()}
    heads = [
        ("percent of value", ""),
        *columns([*years, f"{last} baseline"], "chain_share"),
        ("of it by headquarters", "headquarters_part"),
        *([(f"10 to 90 in {last}", "band")] if drawn is not None else []),
        (f"end of chain {last}", "final_share"),
        (f"plants {last}", "plants_at_home"),
        (f"sector {last}", "sector_share"),
        ("weakest node", "weakest"),
        ("its share", "weakest_share"),
    ]
    rows = [
        [
            escape(row.title) + ("" if row.market else " *"),
            *(plain(row[year]) for year in years),
            plain(row.baseline),
            plain(row.headquarters, 0),
            *([bands.said(drawn[name])] if drawn is not None else []),
            plain(row["final"]),
            plain(row.plants),
            plain(row.sector),
            escape(picks.node_name(outcome.outcome, row.weakest)) if row.weakest else "",
            plain(row.weakest_share),
        ]
        for name, row in board.iterrows()
    ]
    contents = more_tables.contents(outcome)
    content_heads = [("percent of value", ""), *columns(contents.columns, "content_share")]
    known = battleground_list()
    notes = "".join(
        f"<li>{escape(known[name].title)}: {escape(known[name].measures)}; "
        f"{escape(known[name].caveat)}</li>"
        for name in board.index
        if name in known
    )
    return [
        figure_html(figures.scoreboard(outcome)),
        table("scoreboard", heads, rows),
        quiet(
            "Years: value added at home in what users buy at the end of the chain, all tiers, each "
            "product once; the domestic share of the sector where the field has no chain. Value is "
            "added at the seat of the firm for the part that is counted by headquarters, and where "
            "the plant stands for the rest. End of chain and plants are other shares: of the "
            "product that users buy, as it is counted, and of the work of plants in it, by "
            "location. * no market to be self-sufficient in, for direction only."
        ),
        "<h3>Tiers: what makers and users at home buy at home</h3>",
        table("scoreboard", *_tiers(outcome)),
        quiet(
            "Each row is counted in one way, and a product that goes into another of its tier "
            "counts once. Final products are in the table above."
        ),
        "<h3>The share along the chain, chain by chain</h3>",
        table(
            "scoreboard",
            content_heads,
            [[escape(str(name)), *map(plain, row)] for name, row in contents.iterrows()],
        ),
        "<details><summary>what each field counts and leaves out</summary>"
        f'<ul class="quiet">{notes}</ul></details>',
    ]


def _tiers(outcome: ScenarioPath) -> tuple[list[tuple[str, str]], list[list[str]]]:
    """Heads and rows of the table of tiers."""
    found = more_tables.tiers(outcome)
    told = [name for name in found.columns if name[-4:].isdigit()]
    heads = [
        ("percent of purchases", ""),
        ("by", ""),
        *columns(told, "tier_share"),
        ("bought, bn USD", "tier_bought"),
    ]
    rows = [
        [
            escape(f"{row.title}: {row.tier}"),
            escape(row.counts),
            *(plain(row[name]) for name in told),
            plain(row.bought),
        ]
        for _, row in found.iterrows()
    ]
    return heads, rows


def _targets(outcome: ScenarioPath) -> list[str]:
    found = tables.targets(outcome)
    if found.empty:
        return ["<p>The scenario names no target.</p>"]
    odds = bands.chances(outcome)
    heads = [
        ("target", ""),
        ("year", ""),
        ("asked, %", ""),
        ("value, %", "target_value"),
        ("baseline, %", "target_value"),
        ("reached", "target_reached"),
        ("in the baseline", "target_reached"),
        *([("with probability", "band_chance")] if odds else []),
        ("first year", "target_reached"),
        ("source", ""),
    ]
    rows = []
    for label, pair in found.groupby("label", sort=False):
        ours, theirs = (pair[pair["run"] == run].iloc[0] for run in (SCENARIO, BASELINE))
        rows.append(
            [
                escape(str(ours.title or label)),
                str(ours.year),
                plain(ours.at_least, 0),
                plain(ours.value),
                plain(theirs.value),
                _met(ours.reached),
                _met(theirs.reached),
                *([_odds(odds, str(label))] if odds else []),
                "never" if pd.isna(ours.first_year) else f"{ours.first_year:.0f}",
                escape(str(ours.source)),
            ]
        )
    notes = dict.fromkeys(str(note) for note in found["note"] if note)
    return [
        table("targets", heads, rows),
        *(quiet(sentence(note)) for note in notes),
        quiet(
            f"With probability: part of {bands.drawn(outcome)} that reach it, in brackets without "
            "the scenario's measures."
            if odds
            else "A path has one value a year: how likely a target is reached needs many paths "
            "with parameters drawn."
        ),
    ]


def _odds(odds: dict[tuple[str, str], float], label: str) -> str:
    """Part of the draws that reach a target, and of the baselines."""
    ours, theirs = (odds.get((label, run), float("nan")) for run in (SCENARIO, BASELINE))
    return f"{ours:.2f} ({theirs:.2f})" if np.isfinite(ours) else ""


def _met(reached: bool | None) -> str:
    if reached is None:
        return "outside the path"
    return '<span class="yes">yes</span>' if reached else '<span class="no">no</span>'


def _income(outcome: ScenarioPath) -> list[str]:
    found = more_tables.incomes(outcome)
    heads = [("percent of the baseline's", ""), *columns(found.columns, "real_income_effect")]
    rows = [[escape(str(name)), *map(coloured, row)] for name, row in found.iterrows()]
    if outcome.bands is not None:
        heads.append((f"10 to 90 in {outcome.case.years[-1]}", "band"))
        named = {outcome.case.world.region_name(one): one for one in outcome.case.world.regions}
        for name, row in zip(found.index, rows, strict=True):
            band = bands.income(outcome, outcome.case.years[-1], named[str(name)])
            row.append(bands.said(band, 2))
    why = path_html.why(outcome.outcome, outcome.focus, lambda item: known_item("income", item))
    # The heading of the path's own page becomes one of this section.
    why = [part.replace("<h2>", "<h3>").replace("</h2>", "</h3>") for part in why]
    return [
        figure_html(figures.income(outcome)),
        table(
            "income",
            heads,
            rows,
        ),
        *why,
    ]


def _rests_on(outcome: ScenarioPath) -> list[str]:
    # The first sentence of the path's own page is among those of the scenario.
    said = [*words.rests_on(outcome), *assumptions(outcome.outcome)[1:]]
    _, *parts = path_html.rests_on(outcome.outcome, said)
    listed = "".join(f"<li>{escape(one)}</li>" for one in outcome.scenario.sources)
    return [f"<p>Sources of the scenario:</p><ul>{listed}</ul>" if listed else "", *parts]
