"""The shipped panel: what it holds, and what it leaves out."""

from __future__ import annotations

import numpy as np
import pytest

from zizhu.chains import load_chain
from zizhu.errors import HistoryError
from zizhu.evidence.facts import facts
from zizhu.history import chosen, counts, observations, panel, read_table, series_of, table_files
from zizhu.history.find import find
from zizhu.history.panel import left_out
from zizhu.history.series import KINDS
from zizhu.world.history import open_history


def test_the_panel_is_wide_and_mostly_of_what_did_not_rise():
    every = panel()
    assert len(every) >= 150
    assert sum(not one.rises for one in every) >= len(every) / 3
    # The same without what is computed of sectors, and without China.
    for part in (
        [one for one in every if one.kind != "sector"],
        [one for one in every if one.region != "CHN"],
    ):
        assert len(part) >= 150
        assert sum(not one.rises for one in part) >= len(part) / 3
    for region in ("CHN", "USA", "EU", "JPN", "KOR", "IND"):
        assert len(chosen(region=region)) >= 20
    assert {one.kind for one in every} == set(KINDS)


def test_every_series_is_sourced_and_in_order():
    nodes = {}
    for one in observations():
        assert one.source
        assert list(one.years) == sorted(set(one.years))
        assert len(one.years) == len(one.percents) == len(one.confidences)
        assert all(0 <= percent <= 100 for percent in one.percents)
        assert 1990 <= one.years[0] <= one.years[-1] < 2027
        if "/" in one.node:
            chain, _, node = one.node.partition("/")
            nodes.setdefault(chain, load_chain(chain).nodes)
            assert node in nodes[chain]
    names = [one.name for one in observations()]
    assert len(set(names)) == len(names)
    assert all(len(one.years) > 1 for one in panel())


def test_facts_named_as_sources_are_there():
    known = facts()
    for path in table_files():
        for row in read_table(path):
            if row.source[:1] == "F" and row.source[1:3].isalnum() and len(row.source) == 3:
                assert row.source in known


def test_tables_say_source_and_licence():
    for path in table_files():
        lines = path.read_text(encoding="utf-8").splitlines()
        assert lines[0].startswith("# source: ")
        assert lines[1].startswith("# licence: ")


def test_counts_add_up():
    table = counts(panel(), "kind")
    assert int(table["all"].sum()) == len(panel())
    assert (table[["rises", "stands", "falls"]].sum(axis=1) == table["all"]).all()
    assert (table["first"] <= table["last"]).all()
    assert counts((), "kind").empty


def test_sector_shares_are_those_of_the_flows():
    flow = open_history().flow.sel(year=2022, sector="C26")
    output = flow.sum("user")
    (one,) = [
        o for o in series_of("sector:C26") if (o.region, o.measure[:6]) == ("CHN", "output")
        and o.kind == "sector"
    ]  # fmt: skip
    assert one.years == tuple(float(year) for year in range(2011, 2023))
    assert one.percents[-1] == pytest.approx(
        100 * float(output.sel(supplier="CHN") / output.sum()), rel=1e-5
    )
    (home,) = [
        o for o in series_of("sector:C26") if o.place == "home" and o.region == "EU"
        and o.kind == "sector"
    ]  # fmt: skip
    union = ["DEU", "NLD", "FRA", "ITA", "REU"]
    inside = float(flow.sel(supplier=union, user=union).sum())
    assert home.percents[-1] == pytest.approx(
        100 * inside / float(flow.sel(user=union).sum()), rel=1e-5
    )
    # Exports of all countries are all exports: those of the six are less.
    last = [o.percents[-1] for o in series_of("sector:C26") if o.measure.startswith("exports")]
    assert 50 < np.sum(last) < 100


def test_what_a_chain_shares_with_a_table_stands_once():
    gone = left_out()
    assert any(key.startswith("Solar-grade polysilicon") for key in gone)
    assert all(name in {one.name for one in observations()} for name in gone.values())
    # Two shares of two chains that happen to be alike are no twins.
    assert not [key for key in gone if key.startswith("Mobile operating systems")]
    # Robots stand in two tables: the longer series stays.
    (robots,) = [
        o for o in panel() if o.subject == "industrial robots in China" and o.place == "home"
    ]
    assert len(robots.years) > 3
    solar = [o for o in series_of("solar_pv/polysilicon") if o.region == "CHN"]
    assert len([o for o in solar if o.measure == "output"]) == 1


def test_definitions_of_a_node_are_kept_apart():
    found = [one for one in series_of("batteries_nev/cell") if one.region == "CHN"]
    assert {one.basis for one in found} == {"headquarters", "location"}
    keys = [(one.subject, one.basis, one.measure) for one in found]
    assert len(set(keys)) == len(keys)


def test_what_is_not_observed_is_no_series():
    """Judgements of the chains are none: China had no dilution refrigerator, and 50 is judged."""
    assert not [one for one in panel() if one.node == "quantum/dilution" and one.place == "home"]


@pytest.mark.parametrize(
    ("asked", "node"),
    [
        ("semiconductors/etch", "semiconductors/etch"),
        ("C26", "sector:C26"),
        ("c26", "sector:C26"),
        ("sector:C26", "sector:C26"),
    ],
)
def test_find_by_node_and_sector(asked, node):
    assert {one.node for one in find(asked)} == {node}


def test_find_by_words_and_name():
    found = find("rare earth")
    assert {one.subject for one in found} >= {"rare-earth oxides"}
    (one,) = find(panel()[0].name)
    assert one == panel()[0]
    assert {o.region for o in find("C26", region="EU")} == {"EU"}
    assert {o.kind for o in find("C26", kind="value_added")} == {"value_added"}


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("semiconductors/ech", "is unknown; did you mean semiconductors/etch?"),
        ("semiconductors/lith_euv", "no dated shares are known"),
        ("C99", "sector 'C99' has no observed shares"),
        ("nonsense", "is no node, no sector, no series and in no subject"),
        ("etchh", "is no node"),
        ("...", "is no node"),
    ],
)
def test_what_is_not_there_is_said(asked, words):
    with pytest.raises(HistoryError) as stop:
        find(asked)
    assert words in str(stop.value)


def test_a_filter_that_leaves_nothing_is_said():
    with pytest.raises(HistoryError, match="no series of 'C26' has kind patents; known: sector"):
        find("C26", kind="patents")
    with pytest.raises(HistoryError, match="region 'CHI' is unknown; did you mean CHN"):
        find(None, region="CHI")
