"""Every command on worlds at the edge: nothing is made, bought, sold or traded somewhere.

No exception but a refusal in one sentence, and nothing shown that is not there: see
`odd_worlds.py`. The whole loop runs with `--all`; by default a few worlds stand for it.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from odd_worlds import MAKERS, clean, clean_folder, clean_html, clean_page, made, of_the_world

import zizhu.report.dependence.html
import zizhu.report.html
from zizhu.chains import load_chain
from zizhu.errors import ChainError, WorldError, ZizhuError
from zizhu.laboratory import dependence_of
from zizhu.laboratory.bottleneck import look_at_chain, rank_chains
from zizhu.laboratory.experiment import run
from zizhu.laboratory.scenario_path.run import run_path
from zizhu.policy import Scenario, load_scenario
from zizhu.policy.scenario import validate
from zizhu.report import comparison, verdict, words, write
from zizhu.report.chains import chain_page, ranking_page, write_look, write_ranking
from zizhu.report.dependence import answer_page, page_html, write_dependence
from zizhu.report.scenario_path.terminal import verdict_page
from zizhu.report.scenario_path.write import write_scenario_path
from zizhu.report.world import identity_table, world_page, world_summary
from zizhu.world import World, open_world


@pytest.fixture(autouse=True)
def _without_the_drawing_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages without four megabytes that are the same in each."""
    for module in (zizhu.report.dependence.html, zizhu.report.html):
        monkeypatch.setattr(module, "get_plotlyjs", lambda: "/** left out")


def some(*few: str) -> pytest.MarkDecorator:
    """All worlds, those that are not named only with --all."""
    return pytest.mark.parametrize(
        "name",
        [one if one in few else pytest.param(one, marks=pytest.mark.long) for one in MAKERS],
    )


def clean_files(writer: Callable[[Path], object], folder: Path, where: str) -> None:
    """What a report writes, read and removed."""
    writer(folder)
    for page in folder.rglob("*.html"):
        clean_html(page.read_text(encoding="utf-8"), where)
    clean_folder(folder, where)


def ask(world: World, region: str, folder: Path, **question: str) -> None:
    """One question about dependence, as it is printed and written."""
    where = " ".join([world.name, region, *question.values()])
    answer = dependence_of(region, world=world, equilibrium=False, draws=0, **question)
    clean_page(answer_page(answer), where)
    clean_files(lambda target: write_dependence(answer, target), folder / "out", where)


def scenarios(world: World, **more: object) -> list[Scenario]:
    """A tariff where there is somebody to levy it on, and a subsidy of the first sector."""
    here, sector = world.regions[0], world.sectors[0]
    tariff = {
        "lever": "tariff",
        "label": "one",
        "importers": here,
        "exporters": world.regions[-1],
        "sectors": sector,
        "size": "10 percentage points",
    }
    subsidy = {"lever": "production_subsidy", "label": "one", "regions": here, "sectors": sector}
    measures = [tariff] if len(world.regions) > 1 else []
    return [
        validate(
            {"name": one["lever"], "title": "odd", "focus": here, "measures": [one], **more}, "odd"
        )
        for one in (*measures, {**subsidy, "size": "2 %"})
    ]


@some("an idle sector", "a region without final uses")
def test_dependence_shows_what_is_there(name, tmp_path, request):
    world = MAKERS[name]()
    if len(world.regions) < 2:
        with pytest.raises(WorldError, match="one region"):
            dependence_of(world.regions[0], world=world)
        return
    for region in world.regions[: 2 if request.config.getoption("--all") else 1]:
        ask(world, region, tmp_path)
        for sector in world.sectors:
            ask(world, region, tmp_path, sector=sector)
        ask(world, region, tmp_path, on=world.regions[-1 if region == world.regions[0] else 0])
    ask(world, world.regions[0], tmp_path, on=world.regions[-1], sector=world.sectors[0])


@pytest.mark.parametrize("name", MAKERS)
def test_a_world_is_shown_and_checked(name):
    world = MAKERS[name]()
    clean_page(world_page(world), f"{name}, show")
    clean_page(world_summary(world), f"{name}, check")
    clean_page(identity_table(world), f"{name}, check")


@some("an idle sector")
def test_static_runs_show_what_is_there(name, tmp_path, request):
    world = MAKERS[name]()
    whole = request.config.getoption("--all")
    base = load_scenario("baseline").model_copy(update={"focus": world.regions[0]})
    outcomes = []
    for scenario in ([base] if whole else []) + scenarios(world):
        where = f"{name}, {scenario.name}"
        try:
            found = run(scenario, world=world, variants=whole, drivers=whole)
        except ZizhuError as refusal:
            clean(str(refusal), where)
            assert name in ("a region without final uses", "labels without a classification")
            continue
        outcomes.append(found)
        clean_page(verdict(found), where)
        clean_files(lambda folder, of=found: write(of, folder), tmp_path / "out", where)
    if len(outcomes) > 1:
        clean_page(comparison(outcomes), f"{name}, compare")


@pytest.mark.long
@pytest.mark.parametrize(
    "name", ["one region, one sector", "an idle sector", "a closed region", "no trade at all"]
)
def test_paths_and_chains_show_what_is_there(name, tmp_path):
    world = of_the_world(MAKERS[name]())
    for scenario in scenarios(world, years=2024):
        found = run_path(scenario, world=world, quick=True)
        clean_page(verdict_page(found), f"{name}, path")
        clean_files(lambda to, of=found: write_scenario_path(of, to), tmp_path / "path", name)
    known = {"semiconductors": load_chain("semiconductors")}
    ranked = rank_chains(world.regions[0], chains=known, world=world)
    clean_page(ranking_page(ranked, known), f"{name}, ranking")
    clean_files(lambda to: write_ranking(ranked, known, to, {}), tmp_path / "rank", name)
    seen = look_at_chain(
        load_chain("semiconductors"), buyer=world.regions[0], world=world, doubt=False
    )
    clean_page(chain_page(seen), f"{name}, chain")
    clean_files(lambda to: write_look(seen, to), tmp_path / "look", name)


def test_a_chain_of_what_nobody_makes_is_refused():
    world = of_the_world(MAKERS["a sector that nobody makes"]())
    chain = load_chain("semiconductors")
    with pytest.raises(ChainError, match="C26, of which nobody in world odd makes anything"):
        look_at_chain(chain, buyer="CHN", world=world, doubt=False)
    with pytest.raises(ChainError, match="no chain is attached"):
        run_path(scenarios(world, years=2024)[0], world=world, quick=True)


@pytest.fixture(scope="module")
def shipped() -> World:
    return open_world("2022")


def cells(world: World) -> list[tuple[str, str]]:
    """Cells that make, import, export, use or need none of it from abroad."""
    abroad = 1 - np.eye(len(world.regions))
    flows = world.flows
    inputs = (world.intermediate * abroad[:, None, :, None]).sum(axis=(0, 1))
    amounts = (
        world.output,
        (flows * abroad[:, None, :]).sum(axis=0).T,
        (flows * abroad[:, None, :]).sum(axis=2),
        world.final.sum(axis=(0, 3)).T,
        flows.sum(axis=0).T,
        inputs,
    )
    empty = np.logical_or.reduce([amount <= 0 for amount in amounts])
    return [(world.regions[n], world.sectors[k]) for n, k in np.argwhere(empty)]


def test_singapore_makes_no_mining_support(shipped, tmp_path):
    assert ("SGP", "B09") in cells(shipped)
    answer = dependence_of("SGP", sector="B09", world=shipped, equilibrium=False, draws=2)
    text = " ".join(clean_page(answer_page(answer), "SGP B09").split())
    assert "Mining support services: Singapore makes none" in text
    assert "Singapore makes none and exports none." in text
    assert "not shown, shares of nothing: foreign, of inputs bought;" in text
    # What is there is there still: who sells it to Singapore, in that order.
    place = shipped.sectors.index("B09")
    here = shipped.regions.index("SGP")
    bought = shipped.flows[:, place, here]
    sellers = answer.tables["suppliers"].frame
    assert list(sellers.supplier[:3]) == [
        shipped.regions[n] for n in np.argsort(-bought, kind="stable")[:3]
    ]
    assert sellers.import_share[0] == pytest.approx(100 * bought.max() / bought.sum())
    assert set(answer.tables["inputs"].frame.leader) == {""}, "the largest of no suppliers"
    page = page_html(answer)
    clean_html(page, "SGP B09")
    assert "What is made abroad for" not in page, "a figure of nothing"
    assert "Self-sufficiency of Mining support services" in page


@pytest.mark.long
def test_shipped_cells_with_nothing_in_them_and_a_sample_of_the_others(shipped, tmp_path):
    odd, draw = cells(shipped), random.Random(7)
    every = [(region, sector) for region in shipped.regions for sector in shipped.sectors]
    for region, sector in [*odd, *draw.sample(every, 30)]:
        ask(shipped, region, tmp_path, sector=sector)
    for region in shipped.regions:
        ask(shipped, region, tmp_path)
        other = draw.choice([one for one in shipped.regions if one != region])
        ask(shipped, region, tmp_path, on=other)
    for region, sector in odd:
        other = draw.choice([one for one in shipped.regions if one != region])
        ask(shipped, region, tmp_path, on=other, sector=sector)


def test_one_region_runs_and_is_alone(tmp_path):
    world = MAKERS["one region, one sector"]()
    found = run(scenarios(world)[0], world=world, variants=False, drivers=False)
    clean_page(verdict(found), "one region")
    clean_files(lambda folder: write(found, folder), tmp_path / "out", "one region")
    income = float(found.real_income.sel(region="N"))
    verb = "gains" if income > 0 else "loses"
    assert words.headline(found) in (
        f"Region N {verb} {abs(income):.2f} percent of real income.",
        f"Real income of Region N hardly moves ({words.signed(income, 4)} percent).",
    )


def test_what_is_not_made_is_named_not_shown():
    world = MAKERS["an idle sector"]()
    found = run(scenarios(world)[0], world=world, variants=False, drivers=False)
    text = clean_page(verdict(found), "an idle sector")
    assert "not made in Region N: C26" in text
    table = text[text.index("What becomes domestic") : text.index("not made in")]
    assert "C26" not in table


def test_shares_too_small_for_a_digit():
    assert words.share(91.94, 91.64) == "91.9 > 91.6"
    assert words.share(0.02, 0.04) == "0.02 > 0.04"
    assert words.share(3e-6, 4e-6) == "< 0.01"
    assert words.share(0.0, 0.0) == "none"
    assert words.signed(float("nan")) == "-"


def test_a_region_without_final_use_is_refused_before_solving():
    world = MAKERS["a region without final uses"]()
    with pytest.raises(WorldError, match="region N has no final use"):
        run(scenarios(world)[0], world=world)


def test_dependence_needs_no_trade_elasticities(tmp_path):
    world = made(["Z1", "Z2"], ["x", "y"])
    answer = dependence_of("Z1", world=world, equilibrium=False)
    assert "chokepoints" not in answer.tables
    assert any("no ranking of products" in note for note in answer.notes)
    assert "No ranking of products; a note says why." in clean_page(answer_page(answer), "x")


def test_the_watch_sees_what_may_not_be_shown():
    for text in ("+nan", "a nan b", "0.0 > 0.0", "-0.00 to", "inf", "is None", "- percent"):
        with pytest.raises(AssertionError):
            clean(text, "watched")
    clean("0.00 percent, 10.0 > 10.0, information, 100-0.5, nano, 1-8, none found", "watched")
