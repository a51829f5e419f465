"""How chains are shown: every number has its definition, every page says what is recalled."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from typing import get_args

import pandas as pd
import pytest
from rich.console import Console

from zizhu.chains import HomeShare, load_chain, shipped_chains
from zizhu.errors import OutputError
from zizhu.laboratory.bottleneck import look_at_chain, rank_chains, read_cut
from zizhu.laboratory.path.node_base import base_of
from zizhu.laboratory.path.technology import chains_on
from zizhu.parameters import values
from zizhu.report.chains import (
    chain_list,
    chain_page,
    figures,
    look_json,
    node_page,
    page_html,
    ranking_page,
    tables,
    words,
    write_look,
    write_ranking,
)
from zizhu.report.chains.drawing import drawing_of
from zizhu.report.chains.tree import branches


def shown(content: object) -> str:
    printed = io.StringIO()
    Console(file=printed, width=80, highlight=False).print(content)
    return printed.getvalue()


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture(scope="module")
def magnets(world):
    return look_at_chain(
        "rare_earths_magnets",
        buyer="EU",
        world=world,
        node="separation",
        cuts=[read_cut("CHN:magnet")],
        at="2025-05",
    )


@pytest.fixture(scope="module")
def robots(world):
    return look_at_chain("robots_cnc", world=world, doubt=False)


@pytest.fixture(scope="module")
def ranked(world):
    names = ("rare_earths_magnets", "solar_pv")
    return rank_chains("EU", chains={name: load_chain(name) for name in names}, world=world)


@pytest.fixture(scope="module")
def separation(world):
    return base_of(
        chains_on(world, values(), ["rare_earths_magnets"]),
        "rare_earths_magnets/separation",
        world,
    )


def test_a_node_page_shows_what_is_measured_and_what_is_used(magnets, separation, tmp_path):
    worst = separation.figures[0]
    page = shown(node_page(magnets, separation))
    assert max(map(len, page.splitlines())) <= 80
    for text in (flat(page), flat(re.sub(r"<[^>]+>", " ", page_html(magnets, separation)))):
        assert f"Base year {separation.base_year} of the yearly loop" in text
        assert f"{worst.what} {worst.region}" in text
        assert f"{words.number(separation.size)} bn USD a year" in text
    source = words.cited(magnets.chain, worst.given.source, worst.given.confidence)
    assert "".join(source.split()) in "".join(page.split())  # addresses are folded
    assert "Base year" not in shown(node_page(magnets))
    files = write_look(magnets, tmp_path / "node", separation)
    written = {file.stem: file for file in files if file.suffix == ".csv"}
    table = pd.read_csv(written["base"])
    assert len(table) == len(separation.figures)
    assert table.used_less_measured_standard_errors.abs().is_monotonic_decreasing
    assert len(pd.read_csv(written["base_buyers"])) == len(separation.buyers)
    write_look(magnets, tmp_path / "node")
    assert not (tmp_path / "node" / "tables" / "base.csv").exists()


@pytest.mark.parametrize(("miss", "words_"), [(2.0, "contradict"), (0.1, "No figure is missed")])
def test_the_largest_contradiction_is_named_or_there_is_none(magnets, separation, miss, words_):
    first = replace(separation.figures[0], miss=miss)
    quiet = replace(separation, figures=(first,))
    assert words_ in flat(shown(node_page(magnets, quiet)))
    assert "the same node as" not in flat(shown(node_page(magnets, quiet)))
    shared = replace(quiet, also="other/node")
    assert "the same node as other/node" in flat(shown(node_page(magnets, shared)))


def test_every_page_says_how_much_is_recalled(magnets):
    chain = magnets.chain
    confirmed, every = chain.share_counts()
    line = f"{every - confirmed} of {every} supplier shares recalled"
    for page in (shown(chain_page(magnets)), shown(node_page(magnets)), page_html(magnets)):
        assert line in flat(page)


def test_pages_fit_80_columns(magnets, robots, ranked):
    chains = {name: load_chain(name) for name in ranked.by_chain}
    for page in (
        chain_page(magnets),
        node_page(magnets),
        chain_page(robots),
        ranking_page(ranked, chains),
        chain_list(shipped_chains()),
    ):
        text = shown(page)
        assert max(map(len, text.splitlines())) <= 80
        assert "nan" not in text.replace("nand", "")
        assert "…" not in text


@pytest.mark.long
def test_the_largest_chain_fits_80_columns(world):
    look = look_at_chain("semiconductors", world=world, cuts=[read_cut("ALL:etch")], at="2024-12")
    text = shown(chain_page(look))
    assert max(map(len, text.splitlines())) <= 80
    line = next(line for line in text.splitlines() if "(wfe)" in line and "above" not in line)
    assert line.rstrip().endswith("45"), "cost share only"
    assert look.chain.nodes["lith_euv"].name in page_html(look)


@pytest.mark.parametrize("name", shipped_chains())
def test_the_tree_shows_every_node_once_and_every_edge(name):
    chain = load_chain(name)
    tree = branches(chain)
    first = [one.node for one in tree if not one.repeated]
    assert sorted(first) == sorted(chain.nodes)
    assert sum(one.edge is not None for one in tree) == len(chain.edges)
    assert tree[0].node == chain.final


@pytest.mark.parametrize("name", shipped_chains())
def test_boxes_do_not_touch_and_lines_run_right(name):
    chain = load_chain(name)
    drawn = drawing_of(chain)
    places = list(drawn.place.values())
    for number, (column, height) in enumerate(places):
        for other, level in places[number + 1 :]:
            assert other != column or abs(level - height) > 0.99
    for (start, end), points in drawn.lines.items():
        assert points[0] == drawn.place[start]
        assert points[-1] == drawn.place[end]
        columns = [column for column, _ in points]
        assert columns == sorted(set(columns))
    assert drawn.place[chain.final][0] == drawn.columns - 1


def test_the_figure_shows_home_shares_controls_and_what_is_recalled(magnets):
    figure = figures.graph(magnets)
    boxes = next(one for one in figure.data if one.type == "bar" and one.text is not None)
    rows = [magnets.nodes.index(name) for name in magnets.nodes]
    assert list(boxes.marker.color) == pytest.approx([100 * magnets.home[row] for row in rows])
    thick = [width == 3 for width in boxes.marker.line.width]
    assert thick == [bool(magnets.controls[name]) for name in magnets.nodes]
    hatched = [shape == "/" for shape in boxes.marker.pattern.shape]
    assert hatched == [words.recalled(magnets.chain.nodes[name]) for name in magnets.nodes]
    lines = [one for one in figure.data if one.type == "scatter" and one.mode == "lines"]
    assert len(lines) == len(magnets.chain.edges)


def test_what_is_put_together_by_its_buyer_is_grey_and_has_no_home_share(robots):
    figure = figures.graph(robots)
    boxes = [one for one in figure.data if one.type == "bar" and one.text is not None]
    assert len(boxes) == 2
    grey = next(one for one in boxes if isinstance(one.marker.color, str))
    assembled = [name for name, node in robots.chain.nodes.items() if node.assembled]
    assert len(grey.text) == len(assembled)
    page = shown(chain_page(robots))
    line = next(line for line in page.splitlines() if "(smart_factory)" in line)
    assert line.rstrip().endswith("&"), "neither home share nor leader"
    home = tables.nodes(robots).set_index("node").home_share_percent
    assert home[assembled].isna().all()


def test_a_cut_is_told_before_and_after(magnets):
    page = flat(shown(chain_page(magnets)))
    first, later = magnets.cut_at_once, magnets.cut_in_time
    row = first.nodes.index("magnet")
    assert first.buying[row] > later.buying[row] > 0
    assert words.rise(first.buying[row]) in page
    assert words.rise(later.buying[row]) in page
    assert words.moving(first, later) == [row]


def test_a_cut_that_does_nothing_says_so(world):
    look = look_at_chain(
        "rare_earths_magnets", world=world, doubt=False, cuts=[read_cut("BRA:magnet")]
    )
    assert "Nothing moves by more than 0.05 percent" in shown(chain_page(look))
    assert "Nothing moves by more than 0.05 percent" in page_html(look)


def test_a_node_page_has_definitions_sources_and_what_is_known(magnets):
    page = flat(shown(node_page(magnets)))
    assert "plants by location, magnet rare earths, 2024; used in the model" in page
    assert "CHN 91 read in the source" in page
    assert "USA 1.5 recalled" in page
    assert "8 (4 to 10)" in page
    assert "share of its own market, 2024" in page
    assert "of cost of NdPr oxide, which is 80 percent" in page
    assert "a judgement of ours" in page
    assert "CN-2025-04" in page
    assert "CN-2025-10" not in page, "not yet in force in May 2025"
    assert "Who is exposed" in page


def test_a_supplier_of_nothing_is_no_leader(magnets):
    assert all(one.leader_part > 0 for one in words.exposed(magnets))
    assert words.leader("CHN", 0.0) == "none"
    rises = [round(one.rise, 3) for one in words.exposed(magnets)]
    assert rises == sorted(rises, reverse=True)


def test_controls_without_a_date_are_the_whole_timeline(robots):
    page = flat(shown(chain_page(robots)))
    assert f"{len(words.controls_of(robots))} in the whole timeline" in page


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (1e-9, "0"), (0.01, "<0.1"), (0.93, "0.9"), (9.96, "10"), (1234.4, "1,234")],
)
def test_numbers_have_the_digits_that_they_deserve(value, text):
    assert words.number(value) == text


def test_rises_have_signs():
    assert [words.rise(one) for one in (0.0, 0.008, 5.0, -0.2)] == ["0", "+0.8", "+500", "-20"]


def test_page_is_whole_and_loads_nothing(magnets):
    page = page_html(magnets)
    assert page.count("<html") == page.count("</html>") == 1
    body = re.sub(r"<script.*?</script>", "", page[page.index("<body>") :], flags=re.DOTALL)
    assert "src=" not in body
    assert "href=" not in body
    assert ">nan<" not in body
    assert body.count("<details") == body.count("</details>")
    assert body.count("<div") == body.count("</div>")
    for node in magnets.chain.nodes.values():
        assert node.name in body


def test_files_say_units_and_sources(magnets, tmp_path):
    files = write_look(magnets, tmp_path / "out")
    names = {file.stem for file in files}
    assert names == {"report", "manifest", *tables.csv_tables(magnets)}
    suppliers = pd.read_csv(tmp_path / "out" / "tables" / "suppliers.csv", keep_default_na=False)
    assert suppliers["source"].str.len().min() > 10
    assert set(suppliers.known) == {"read in the source", "recalled", "the rest"}
    counted = magnets.chain.share_counts()[1]
    assert (suppliers.known != "the rest").sum() == counted
    one = ["node", "basis", "measure", "year"]
    totals = suppliers.groupby(one).share_of_world_market_percent.sum()
    assert totals.between(95, 105).all()
    edges = pd.read_csv(tmp_path / "out" / "tables" / "edges.csv")
    assert (edges.cost_share_of_parent_percent > 0).all()
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert manifest["parameters"]["choke_price"] == 25
    assert manifest["cuts"] == ["CHN:magnet"]
    assert {"zizhu", "jax", "python"} <= set(manifest["versions"])


def test_an_earlier_answer_leaves_nothing_behind(magnets, ranked, tmp_path):
    write_look(magnets, tmp_path)
    chains = {name: load_chain(name) for name in ranked.by_chain}
    write_ranking(ranked, chains, tmp_path)
    assert [file.name for file in (tmp_path / "tables").iterdir()] == ["joint_ranking.csv"]


def test_nothing_is_left_half_written(magnets, tmp_path, monkeypatch):
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pd.DataFrame, "to_csv", full)
    with pytest.raises(OutputError, match="No space left"):
        write_look(magnets, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_json_is_strict_and_whole(magnets):
    text = json.dumps(look_json(magnets), allow_nan=False)
    found = json.loads(text)
    assert found["shares"]["all"] == magnets.chain.share_counts()[1]
    assert len(found["tables"]["ranking"]) == len(magnets.ranking.nodes)
    assert found["tables"]["cut"][0]["cuts"] == "CHN:magnet"


def test_the_joint_ranking_names_chain_place_and_stage(ranked):
    table = tables.joint_ranking(ranked)
    assert list(table.place) == list(range(1, len(ranked.rows) + 1))
    assert table.score_0_to_1.is_monotonic_decreasing
    chains = {name: load_chain(name) for name in ranked.by_chain}
    page = flat(shown(ranking_page(ranked, chains, every=True)))
    for name in table.node:
        assert name in page
    assert f"the first {ranked.top_size} of {len(ranked.rows)} nodes" in page


def test_every_definition_has_words():
    """Each way to measure self-supply that a file may use is written out on pages."""
    allowed = get_args(HomeShare.model_fields["definition"].annotation)
    assert set(allowed) == set(words.DEFINITIONS)


@pytest.mark.parametrize("name", ["robots_cnc", "semiconductors"])
def test_every_home_share_can_be_said(name):
    for node in load_chain(name).nodes.values():
        for home in node.home_shares:
            text = words.home_text(home)
            assert str(home.year) in text
            assert home.scope in text
