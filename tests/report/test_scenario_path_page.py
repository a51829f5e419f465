"""The page of a scenario with years: whole, self-contained, every number explained and right."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import numpy as np
import pytest
from drives import FOCUS, drive, no_drive, quick_drive
from small_paths import LAST

from zizhu.indicators.glossary import glossary
from zizhu.indicators.path import BASELINE, SCENARIO
from zizhu.indicators.tiers import TIER_TITLES
from zizhu.parameters import parameters
from zizhu.report.scenario_path import figures, more_tables, risk_figures, tables, words
from zizhu.report.scenario_path.cells import table
from zizhu.report.scenario_path.html import page_html
from zizhu.report.scenario_path.items import SECTIONS, anchor_of, shown_items

# Heads that name rows, repeat what a scenario says, or give a source.
_NAMES = [
    "percent of purchases",
    "percent of value",
    "percent of value added",
    "percent of the baseline's",
    "target",
    "year",
    "asked, %",
    "source",
    "channel",
    "log points x 100",
    "bn USD, prices of 2022",
    "measure",
    "lever",
    "payer",
    "node",
    "region",
    "shock",
    "bn USD a year, prices of 2022",
    "choice",
    "set to",
    "variable",
    "by",
    "unit",
    "definition",
    "parameter",
    "what it is",
    "value",
    "may be set to",
    "bn USD over all years",
    "directed money is for",
]


def body_of(page: str) -> str:
    """The page without scripts and styles."""
    body = page[page.index("<body>") :]
    return re.sub(r"<(script|style).*?</\1>", "", body, flags=re.DOTALL)


@pytest.fixture(scope="module")
def page():
    return page_html(drive())


def row_of(page: str, section: str, name: str) -> list[str]:
    """Texts of the cells of the first row that starts with a name, after a section's heading."""
    part = page[page.index(f'<h2 id="{section}">') :]
    row = re.search(rf"<tr><td>{re.escape(name)}(.*?)</tr>", part)
    assert row, f"{section} has no row {name}"
    cells = re.findall(r"<td>(.*?)</td>", row[1])
    return [re.sub(r"<[^>]+>", "", cell) for cell in cells]


@pytest.mark.parametrize("made", [drive, quick_drive, no_drive])
def test_page_is_whole_and_loads_nothing(made):
    page = page_html(made())
    assert page.count("<html") == page.count("</html>") == 1
    body = body_of(page)
    for section in SECTIONS:
        assert f'<h2 id="{section.anchor}">' in body
    assert "src=" not in body
    links = re.findall(r'href="([^"]*)"', body)
    assert all(link.startswith("#") for link in links)
    for link in links:
        assert f'id="{link[1:]}"' in body, f"{link} leads nowhere"
    # Texts alone: words such as nand hold nan.
    said = re.sub(r"<[^>]+>", " ", body)
    assert not re.search(r"(?<![\w-])(nan|None|NaT|inf)(?![\w-])", said)
    assert "<pressures>" not in body
    assert body.count("<div") == body.count("</div>")
    assert body.count("<table") == body.count("</table>")


@pytest.mark.parametrize("made", [drive, quick_drive, no_drive])
def test_every_column_is_explained(made):
    body = body_of(page_html(made()))
    heads = re.findall(r"<th>(.*?)</th>", body)
    assert len(heads) > 50
    for head in heads:
        assert "href=" in head or head.replace("&#x27;", "'") in _NAMES, f"{head} has no definition"


def test_shown_items_are_known_and_rest_on_known_parameters():
    known = glossary()
    for name in shown_items():
        assert set(known[name].parameters) <= set(parameters())
    with pytest.raises(KeyError, match="names no item"):
        table("targets", [("a head", "chain_share")], [])


def test_parameters_are_those_of_the_run(page):
    for name in {one for item in shown_items() for one in glossary()[item].parameters}:
        part = page[page.index(f'id="parameter-{name}"') :]
        cells = re.findall(r"<td>(.*?)</td>", part[: part.index("</tr>")])
        assert cells[1].split()[0] == f"{drive().case.parameters[name]:g}"
    for name in shown_items():
        assert f'id="{anchor_of(name)}"' in page


def test_the_verdict_is_on_the_page(page):
    said = unescape(" ".join(re.sub(r"<[^>]+>", " ", body_of(page)).split()))
    for sentence in words.verdict(drive()):
        assert " ".join(sentence.split()) in said


def test_scoreboard_is_the_dataset(page):
    found = drive().battlegrounds.sel(battleground="semiconductors")
    cells = row_of(page, "scoreboard", "Semiconductors")
    years = tables.years_shown(drive())
    for cell, year in zip(cells, years, strict=False):
        assert cell == f"{float(found.chain_share.sel(run=SCENARIO, year=year)):.1f}"
    assert cells[len(years)] == f"{float(found.chain_share.sel(run=BASELINE, year=LAST)):.1f}"
    now = found.sel(run=SCENARIO, year=LAST)
    shown = cells[len(years) + 1 : len(years) + 4]
    assert shown == [
        f"{float(now.headquarters_part):.0f}",
        f"{float(now.final_share):.1f}",
        f"{float(now.plants_at_home):.1f}",
    ]


def test_tiers_are_shown_apart_and_never_mixed(page):
    now = drive().tiers.sel(run=SCENARIO, year=LAST, battleground="semiconductors")
    table = more_tables.tiers(drive())
    chips = table[table.battleground == "semiconductors"].set_index(["tier", "counts"])
    assert set(chips.index.get_level_values("counts")) == {"location", "headquarters"}
    for tier, title in TIER_TITLES.items():
        for way in ("location", "headquarters"):
            here = now.sel(tier=tier, counts=way)
            assert ((title, way) in chips.index) == (float(here.tier_bought) > 0)
            if float(here.tier_bought) > 0:
                assert chips.loc[(title, way), str(LAST)] == float(here.tier_share)
    cells = row_of(page, "scoreboard", "Semiconductors: tools")
    assert cells[0] == "headquarters"
    assert cells[-1] == f"{float(now.tier_bought.sel(tier='tools', counts='headquarters')):.1f}"


def test_targets_say_what_the_path_gives(page):
    found = drive().battlegrounds.sel(battleground="semiconductors", year=2025)
    cells = row_of(page, "targets", "seventy percent of chips")
    assert cells[2] == f"{float(found.final_share.sel(run=SCENARIO)):.1f}"
    assert cells[4] == ("yes" if float(found.final_share.sel(run=SCENARIO)) >= 70 else "no")
    assert "2040 lies outside the path" in page
    assert "outside the path" in row_of(page, "targets", "Electronics and optics")


def test_targets_whose_source_counts_otherwise_are_marked():
    """By the seat of firms in the source, where plants are in the model: one mark, explained."""
    assert "~" not in words.targets(drive())
    first = drive().targets[0]
    changed = first._replace(otherwise=True, note="counts by headquarters")
    other = replace(drive(), targets=(changed, *drive().targets[1:]))
    said = words.targets(other)
    asked = f"{first.value:.0f} of {first.at_least:.0f}"
    assert f"({asked}~)" in said
    assert said.endswith("~ the source counts otherwise")
    assert "Counts by headquarters." in page_html(other)


def test_money_is_the_ledger(page):
    ledger = drive().compiled.ledger.new
    cells = row_of(page, "money", "<b>together</b>")
    assert cells[-1] == f"{ledger.total / 1e3:,.1f}"
    fund = row_of(page, "bought", "fund")
    assert fund[2] == f"{ledger.of(measure='fund').total / 1e3:,.1f}"
    found = drive().attribution
    place = drive().case.world.regions.index(FOCUS)
    missing = float(found.income(found.measures["fund"])[-1, place])
    assert fund[3] == f"{missing:+.3f}" or abs(missing) < 5e-4


def test_sales_add_up():
    sold = more_tables.sales(drive())
    by_sector = drive().partners.sales_change.sel(year=LAST).sum("sector").to_series() / 1e3
    np.testing.assert_allclose(sold.money, by_sector.loc[sold.money.index], atol=1e-9)


def test_bars_are_the_chokepoints():
    now = more_tables.bars(drive())
    lack = drive().outcome.dataset.node_lack.sel(run=SCENARIO, region=FOCUS, year=LAST)
    np.testing.assert_allclose(now["lack", SCENARIO], lack.to_series().loc[now.index])


def test_a_quick_page_says_what_it_leaves_out():
    page = page_html(quick_drive())
    assert page.count("Left out of a quick run") == 2
    assert "What each measure does to" not in body_of(page)
    assert "The scenario has no measure" in page_html(no_drive())
    assert "names no target" in page_html(no_drive())


def test_figures_show_the_numbers():
    board = tables.scoreboard(drive())
    dots = {one.name: one for one in figures.scoreboard(drive()).data if one.mode == "markers"}
    assert sorted(dots) == sorted(
        ["2022", f"{LAST}, baseline", f"{LAST}, scenario", f"end of the chain {LAST}, scenario"]
    )
    shown = board[board.baseline.notna()]
    assert sorted(dots[f"{LAST}, scenario"].x) == pytest.approx(sorted(shown[str(LAST)]))
    lines = {one.name: one.y for one in figures.income(drive()).data}
    effect = drive().outcome.dataset.real_income_effect.sel(region=FOCUS).values
    assert list(lines["scenario"]) == pytest.approx(list(effect))
    # Without pressures the levers are left, and the other way round; in logs nearly a sum.
    both = lines["levers alone"][-1] + lines["pressures alone"][-1]
    assert both == pytest.approx(effect[-1], abs=0.05 * np.abs([both, effect[-1]]).max() + 1e-3)
    bars = figures.spending(drive()).data
    total = drive().compiled.ledger.new.by_year / 1e3
    np.testing.assert_allclose(np.sum([one.y for one in bars], axis=0), total)
    money = tables.money(drive())
    assert sorted(figures.bought(drive()).data[0].x) == pytest.approx(sorted(money.income))


def test_risk_figures_show_the_numbers():
    heat = risk_figures.chokepoints(drive()).data
    assert len(heat) == 2
    lack = drive().outcome.dataset.node_lack.sel(region=FOCUS, run=SCENARIO)
    assert np.max(heat[0].z) == pytest.approx(
        float(lack.sel(node=[spell.node for spell in drive().spells]).max())
    )
    bars = risk_figures.abroad(drive()).data[0]
    effect = drive().outcome.dataset.real_income_effect.sel(year=LAST).drop_sel(region=FOCUS)
    assert sorted(bars.x) == pytest.approx(sorted(effect.values))
    cells = risk_figures.sales(drive()).data[0]
    assert FOCUS not in cells.y
    change = drive().partners.sales_change.sel(year=LAST).drop_sel(partner=FOCUS) / 1e3
    assert np.abs(cells.z).max() == pytest.approx(float(abs(change).max()))
    losses = risk_figures.shocks(drive()).data
    assert {one.name for one in losses} == {"with the scenario", "without its levers"}
    assert losses[0].x[-1] == pytest.approx(tables.shocks(drive()).without.iloc[0])


def test_the_tornado_shows_each_choice_once():
    figure = figures.doubts(drive())
    ends = [one for one in figure.data if one.mode == "markers+text"]
    table_ = tables.doubts(drive())
    shown = [value for one in ends for value in one.x]
    most = table_.moved.abs().max()
    wanted = table_[table_.moved.abs() >= 0.02 * most].income
    assert sorted(shown) == pytest.approx(sorted(wanted))
    assert len(figure.layout.yaxis.ticktext) == len(ends)
