"""Wedges in one line of text: what they set, and one clear sentence for each that is wrong."""

from __future__ import annotations

import dataclasses
from typing import get_type_hints

import numpy as np
import pytest

from zizhu.chains import chain_names, load_chain
from zizhu.errors import ScenarioError
from zizhu.policy.path_wedges import PathWedges
from zizhu.policy.raw_wedge import WEDGES, PathLabels, describe, raw_wedges
from zizhu.world import open_world

EU = ("DEU", "NLD", "FRA", "ITA", "REU")
FIRST, LAST = 2022, 2035
# What is the same product in two chains is one node, with a name of each.
ALSO = {
    f"{chain}/{node}": own
    for chain in chain_names()
    for node, given in load_chain(chain).nodes.items()
    if (own := given.same_as)
}
NODES = tuple(
    label
    for chain in chain_names()
    for node in load_chain(chain).nodes
    if (label := f"{chain}/{node}") not in ALSO
)


@pytest.fixture(scope="module")
def labels() -> PathLabels:
    """The default world of 2022, all chains, two firms."""
    years = tuple(range(FIRST, LAST + 1))
    return PathLabels(open_world("2022"), years, NODES, ("huawei", "smic"), ALSO)


def touched(labels: PathLabels, name: str, *texts: str) -> set[tuple[object, ...]]:
    """Labels of the places, years first, where the only array that changed is not zero."""
    wedges = raw_wedges(texts, labels)
    changed = [field for field in PathWedges._fields if getattr(wedges, field).any()]
    assert changed == [name]
    axes: dict[str, tuple[object, ...]] = {"i": labels.world.regions, "k": labels.world.sectors}
    axes |= {"m": labels.nodes, "f": labels.firms, "t": labels.years}
    letters = get_type_hints(PathWedges)[name].dim_str.split()
    places = np.argwhere(getattr(wedges, name))
    return {
        tuple(axes[letter][at] for letter, at in zip(letters, place, strict=True))
        for place in places
    }


def refused(labels: PathLabels, *texts: str) -> str:
    with pytest.raises(ScenarioError) as found:
        raw_wedges(texts, labels)
    sentence = str(found.value)
    assert "\n" not in sentence
    assert len(sentence) < 700
    assert sentence.startswith("wedge")
    return sentence


# What is right.


@pytest.mark.parametrize("name", WEDGES)
def test_examples(labels, name):
    kind = WEDGES[name]
    wedges = raw_wedges([kind.example], labels)
    changed = [field for field in PathWedges._fields if getattr(wedges, field).any()]
    assert changed == [kind.field]
    assert all(np.isfinite(values).all() for values in wedges)
    assert kind.title
    assert kind.limits
    assert kind.unit.right
    least, most = kind.range
    assert least < most
    assert {pair.split("=")[0] for pair in kind.example.split()[1:]} <= set(kind.keys)
    said = describe(kind.example, labels)
    assert said.endswith(".")
    assert "{" not in said
    assert said[0].isupper()


def test_every_array_has_one_kind():
    assert sorted(kind.field for kind in WEDGES.values()) == sorted(PathWedges._fields)


def test_no_text_is_no_policy(labels):
    assert raw_wedges([], labels).is_none
    assert raw_wedges(["labour region=CHN size=0%"], labels).is_none


def test_one_text_need_not_be_in_a_list(labels):
    text = WEDGES["tariff"].example
    assert raw_wedges(text, labels).tariff.sum() == raw_wedges([text], labels).tariff.sum() > 0


def test_tariff(labels):
    text = "tariff from=USA to=CHN,USA sector=C24 size=25% years=2025-2026"
    wanted = {(t, "USA", k, "CHN") for t in (2025, 2026) for k in ("C24A", "C24B")}
    assert touched(labels, "tariff", text) == wanted
    assert set(np.unique(raw_wedges([text], labels).tariff)) == {0.0, 0.25}


def test_own_sales_are_never_touched(labels):
    inside = touched(labels, "tariff", "tariff from=EU to=EU sector=C26 size=5% years=2023")
    assert inside == {(2023, i, "C26", n) for i in EU for n in EU if i != n}
    everywhere = touched(labels, "isolation", "isolation of=all from=all size=10% years=2022")
    regions = labels.world.regions
    assert everywhere == {(2022, n, i) for n in regions for i in regions if i != n}


def test_barred_is_by_node_buyer_and_seller(labels):
    text = "barred from=NLD,JPN to=CHN node=lith_duv size=50% years=2034-"
    wanted = {
        (t, "semiconductors/lith_duv", "CHN", i) for t in (2034, 2035) for i in ("NLD", "JPN")
    }
    assert touched(labels, "barred", text) == wanted
    assert raw_wedges([text, text], labels).barred.max() == 0.75


def test_isolation_is_of_one_from_the_other(labels):
    text = "isolation of=CHN from=USA size=1 years=-2022"
    assert touched(labels, "isolation", text) == {(2022, "CHN", "USA")}


def test_nodes(labels):
    def nodes(given: str) -> set[object]:
        text = f"node_money region=CHN node={given} size=1bn years=2022"
        return {node for _, node, _ in touched(labels, "node_money", text)}

    assert nodes("lith_euv") == {"semiconductors/lith_euv"}
    assert nodes("solar_pv/cell,etch") == {"solar_pv/cell", "semiconductors/etch"}
    assert nodes("solar_pv/*") == {node for node in NODES if node.startswith("solar_pv/")}


def test_a_node_of_two_chains_is_found_by_each_of_its_names(labels):
    """And once, by whichever: `ai/hbm`, `semiconductors/hbm` and `hbm` are one product."""

    def places(given: str) -> list[str]:
        return [labels.nodes[place] for place in labels.places("node", given)]

    assert ALSO["ai/hbm"] == "semiconductors/hbm"
    for other, own in ALSO.items():
        assert other not in labels.nodes
        assert own in labels.nodes
        bare = [one.partition("/")[2] for one in (other, own)]
        for given in (other, own, *bare, f"{other},{own}"):
            assert places(given) == [own], given
            assert labels.words("node", given) == " and ".join([own] * len(given.split(",")))
    of_ai = {node for node in NODES if node.startswith("ai/")}
    shared = {own for other, own in ALSO.items() if other.startswith("ai/")}
    assert shared
    assert set(places("ai/*")) == of_ai | shared
    assert set(places("semiconductors/*")) == {n for n in NODES if n.startswith("semiconductors/")}
    assert len(places("ai/*,semiconductors/*")) == len(set(places("ai/*,semiconductors/*")))


def test_a_shared_node_whose_other_chain_is_missing_is_no_name(labels):
    """A label is found only where the node that it stands for is on the path."""
    bare = tuple(node for node in NODES if not node.startswith("semiconductors/"))
    sentence = refused(dataclasses.replace(labels, nodes=bare), f"{NODE} node=ai/hbm")
    assert "chain ai has no node 'hbm'" in sentence


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("", range(FIRST, LAST + 1)),
        ("years=2024", [2024]),
        ("years=2024-2026", [2024, 2025, 2026]),
        ("years=2034-", [2034, 2035]),
        ("years=-2023", [2022, 2023]),
        ("years=2024-2024", [2024]),
    ],
)
def test_years(labels, given, wanted):
    found = touched(labels, "log_labour", f"labour region=CHN size=1% {given}")
    assert {year for year, _ in found} == set(wanted)


def test_a_ramp(labels):
    text = "subsidy region=CHN sector=C26 size=0%..10% years=2024-2028"
    column = labels.world.regions.index("CHN"), labels.world.sectors.index("C26")
    path = raw_wedges([text], labels).subsidy[:, *column]
    np.testing.assert_allclose(path[2:7], [0, 0.025, 0.05, 0.075, 0.1], atol=1e-15)
    assert not path[[0, 1, *range(7, 14)]].any()
    # In logs the size, not its logarithm, runs in equal steps.
    logs = raw_wedges(["labour region=CHN size=0..-10% years=2024-2026"], labels).log_labour
    np.testing.assert_allclose(logs[2:5, column[0]], np.log([1, 0.95, 0.9]), atol=1e-15)


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("tariff from=USA to=CHN sector=C26 size=0.25", "tariff", 0.25),
        ("iceberg from=USA to=CHN sector=C26 size=10%", "log_iceberg", np.log(1.1)),
        ("productivity region=CHN sector=C26 size=+3e0%", "log_productivity", np.log(1.03)),
        ("density region=CHN sector=C26 size=20%", "density", np.log(1.2)),
        ("home_preference region=CHN sector=C26 size=20%", "home_preference", np.log(1.2)),
        ("node_preference region=CHN node=etch size=25%", "node_preference", np.log(1.25)),
        ("outlay region=CHN size=10bn", "outlay", 10_000.0),
        ("research region=CHN size=1.5tnUSD", "research", 1.5e6),
        ("node_money region=CHN node=etch size=500m", "node_money", 0.5),
        ("sector_effort region=CHN sector=C26 size=5bn", "sector_effort", 5000.0),
        ("mandate region=CHN node=database size=30%", "mandate", 0.3),
        ("barred_above from=USA to=CHN node=accelerator size=90%", "barred_above", 0.9),
        ("commitment region=CHN node=etch size=10bn", "commitment", 10.0),
        ("hoarding region=CHN node=etch size=.5y", "hoarding", 0.5),
        ("graduates region=CHN size=10%", "graduates", 0.1),
        ("listed firm=all size=100%", "listed", 1.0),
    ],
)
def test_units(labels, text, field, value):
    found = getattr(raw_wedges([text], labels), field)
    assert found[found != 0] == pytest.approx(value)
    assert found.any()


def test_deficits_sum_to_zero(labels):
    world = labels.world
    deficit = raw_wedges(["deficit region=USA,DEU size=-50bn"], labels).deficit
    assert deficit[:, world.regions.index("USA")] == pytest.approx(-50_000)
    assert deficit[:, world.regions.index("DEU")] == pytest.approx(-50_000)
    np.testing.assert_allclose(deficit.sum(1), 0, atol=1e-8)
    only = raw_wedges(["deficit region=USA against=CHN,JPN size=-50bn"], labels).deficit[0]
    china, japan = (world.regions.index(name) for name in ("CHN", "JPN"))
    assert only[china] / only[japan] == pytest.approx(world.gdp[china] / world.gdp[japan])
    assert only[china] + only[japan] == pytest.approx(50_000)
    assert np.count_nonzero(only) == 3


def test_wedges_go_together_in_any_order(labels):
    texts = [kind.example for kind in WEDGES.values()]
    forward, backward = raw_wedges(texts, labels), raw_wedges(texts[::-1], labels)
    for name, one, two in zip(PathWedges._fields, forward, backward, strict=True):
        np.testing.assert_allclose(one, two, atol=1e-12, err_msg=name)
    shuffled = "years=2025-2030 size=25% sector=C26 to=CHN from=USA"
    assert raw_wedges([f"tariff  {shuffled}"], labels).tariff.sum() == forward.tariff.sum()


def test_opposite_wedges_may_pass_a_limit_on_the_way(labels):
    common = "tariff from=USA to=CHN sector=C26 years=2025"
    wedges = raw_wedges([f"{common} size={size}" for size in ("-60%", "-60%", "50%")], labels)
    assert wedges.tariff.min() == pytest.approx(-0.7)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "tariff from=USA to=CHN sector=C26 size=25% years=2025-2030",
            "The tariff of China on Electronics and optics (C26) from United States changes by +25 "
            "percentage points in each year from 2025 to 2030.",
        ),
        (
            "barred from=NLD,JPN to=CHN node=lith_duv size=0%..50% years=2023-2025",
            "Of the sales of semiconductors/lith_duv from Netherlands and Japan to China that the "
            "base leaves, the part barred is 0 percent in 2023 and, in equal steps, 50 percent "
            "in 2025.",
        ),
        (
            "commitment region=CHN,JPN node=solar_pv/* size=10bn years=2024-2025",
            "Funds of China and Japan announce for every node of solar_pv 10 bn USD a year from "
            "2024 to 2025 for each of 16 targets, 320 bn USD in total.",
        ),
        ("listed firm=huawei size=1 years=2023", "100 percent in 2023."),
        ("labour region=all size=-1% years=2023", "Labour in all regions changes by -1 percent"),
        (
            "labour region=CHN,USA,JPN,KOR,TWN size=1%..2% years=2023-2024",
            "China, United States, Japan and 2 others changes by +1 percent in 2023 and +2",
        ),
        ("deficit region=USA size=-5bn years=2023", "of United States against all others"),
    ],
)
def test_descriptions(labels, text, sentence):
    assert sentence in describe(text, labels)


# What is wrong.

FLOW = "tariff from=USA to=CHN sector=C26"
NODE = "node_money region=CHN size=1bn"
BARRED = "barred from=JPN to=CHN node=etch"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ["wedge ''", "empty", "write for example 'tariff from="]),
        ("   \n ", ["empty", "write for example"]),
        ("tarif from=USA", ["name: 'tarif' is unknown", "did you mean tariff"]),
        ("from=USA to=CHN", ["'from=USA' stands where the name"]),
        ("?", ["'?' is unknown", "known: tariff, export_tax"]),
        ("x" * 5000, ["...'", "longer than any name"]),
        (f"{FLOW} size={'9' * 5000}", ["...'", "longer than any name"]),
        (f"{FLOW} form=USA size=1%", ["tariff has no key 'form'", "did you mean from"]),
        (f"{FLOW} node=etch size=1%", ["tariff has no key 'node'", "known: from, to, sector"]),
        (f"{FLOW} size=1% SIZE=2%", ["no key 'SIZE'", "did you mean size"]),
        (f"{FLOW} size=1% size=2%", ["size appears twice"]),
        (f"{FLOW} from=JPN size=2%", ["from appears twice", "commas"]),
        (f"{FLOW} size=25 %", ["'%' is not key=value", "no spaces"]),
        (f"{FLOW} size 25%", ["'size' is not key=value"]),
        (FLOW, ["size is missing", "write for example 'tariff from=USA"]),
        ("tariff to=CHN sector=C26 size=1%", ["from is missing"]),
        ("subsidy region=CHN size=1%", ["sector is missing", "'subsidy region=CHN"]),
        ("listed size=1", ["firm is missing", "firm=huawei"]),
        (f"{FLOW} size=", ["size: size is empty", "write for example"]),
        (f"{FLOW} size=1% years=", ["years: years is empty"]),
        ("tariff from= to=CHN sector=C26 size=1%", ["from: the target is empty"]),
        ("tariff from=USA, to=CHN sector=C26 size=1%", ["from: 'USA,'", "empty name"]),
        ("tariff from=US to=CHN sector=C26 size=1%", ["from: region 'US'", "did you mean USA"]),
        ("tariff from=usa to=CHN sector=C26 size=1%", ["region 'usa'", "did you mean USA"]),
        ("tariff from=C24 to=CHN sector=C26 size=1%", ["from: region 'C24'", "world 2022"]),
        ("tariff from=USA to=CHN sector=EU size=1%", ["sector: sector 'EU'", "known: A01_02"]),
        ("tariff from=USA to=CHN sector=good size=1%", ["'good'", "did you mean goods"]),
        ("tariff from=CHN to=CHN sector=all size=1%", ["to: the target is empty", "CHN like from"]),
        ("barred from=CHN to=CHN node=etch size=1", ["to: the target is empty", "another region"]),
        ("isolation of=CHN from=CHN size=1", ["from: the target is empty", "CHN like of"]),
        (
            "deficit region=CHN against=CHN size=1bn",
            ["against: the target is empty", "like region"],
        ),
        ("deficit region=all size=1bn", ["against: the target is empty", "all like region"]),
        (f"{FLOW} size=large", ["size: 'large' is not a size", "25% or 0.25"]),
        (f"{FLOW} size=2,5%", ["size: '2,5%'", "25% or 0.25"]),
        (f"{FLOW} size=nan", ["size: 'nan' is not a size"]),
        (f"{FLOW} size=1e999%", ["size: '1e999%' is not a size"]),
        (f"{FLOW} size=25pp", ["size: '25pp' has the unit 'pp'", "a percentage or a fraction"]),
        (f"{FLOW} size=10bn", ["size: '10bn' has the unit 'bn'", "25% or 0.25"]),
        (f"{FLOW} size=25", ["size: 2500 percentage points", "-95 to 1000", "25% may be meant"]),
        (f"{FLOW} size=-96%", ["size: -96 percentage points is out of range", "-95 to 1000"]),
        (f"{BARRED} size=110%", ["size: 110 percent is out of range", "0 to 100 percent"]),
        (f"{BARRED} size=-5%", ["size: -5 percent is out of range", "0 to 100 percent"]),
        (f"{BARRED} size=50", ["size: 5000 percent is out of range", "50% may be meant"]),
        ("labour region=CHN size=-100%", ["-100 percent is out of range", "-90 to 900"]),
        ("outlay region=CHN size=-1bn", ["size: -1 bn USD is out of range", "0 to 10000 bn USD"]),
        ("outlay region=CHN size=10", ["size: '10' has no unit", "10bn, 500m or 1.5tn"]),
        ("outlay region=CHN size=10%", ["size: '10%' has the unit '%'", "money in US dollars"]),
        ("outlay region=CHN size=10bnCNY", ["'10bnCNY' is in CNY", "convert it", "10bn"]),
        ("outlay region=CHN size=10million", ["has the unit 'million'", "500m"]),
        ("hoarding region=CHN node=etch size=6months", ["unit 'months'", "0.5years"]),
        ("hoarding region=CHN node=etch size=50%", ["'50%' has the unit '%'", "0.5years"]),
        ("hoarding region=CHN node=etch size=11", ["11 years is out of range", "0 to 10 years"]),
        (f"{FLOW} size=0%..", ["size: '0%..' is not a size", "0%..25%"]),
        (f"{FLOW} size=0%..5%..9%", ["is not a size", "0%..25%"]),
        (f"{FLOW} size=0...5%", ["size: '0...5%' is not a size"]),
        (f"{FLOW} size=5..25%", ["one end of '5..25%' is in percent", "both ends"]),
        (f"{FLOW} size=0%..5% years=2025", ["'0%..5%' is a ramp", "one year", "name a span"]),
        (f"{FLOW} size=0%..2500%", ["2500 percentage points is out of range"]),
        (f"{FLOW} size=1% years=soon", ["years: 'soon'", "2022, 2022-2035, 2022- or -2035"]),
        (f"{FLOW} size=1% years=-", ["years: '-' is not a span"]),
        (f"{FLOW} size=1% years=20242025", ["years: '20242025' is not a span"]),
        (f"{FLOW} size=1% years=2024,2026", ["years: '2024,2026' is not a span"]),
        (f"{FLOW} size=1% years=24-25", ["years: '24-25' is not a span"]),
        (f"{FLOW} size=1% years=2030-2025", ["2030-2025 runs backwards", "write 2025-2030"]),
        (f"{FLOW} size=1% years=2021", ["years: 2021 lies outside the path, 2022 to 2035"]),
        (f"{FLOW} size=1% years=2030-2036", ["years: 2036 lies outside the path"]),
        (f"{FLOW} size=1% years=-2021", ["years: 2021 lies outside the path"]),
        (
            f"{NODE} node=lith_dvu",
            ["node: no chain has a node 'lith_dvu'", "did you mean lith_duv"],
        ),
        (
            f"{NODE} node=cell",
            ["several chains have 'cell'", "batteries_nev/cell or solar_pv/cell"],
        ),
        (f"{NODE} node=semiconductors", ["'semiconductors' is a chain", "semiconductors/*"]),
        (f"{NODE} node=semiconductor/etch", ["chain 'semiconductor'", "did you mean semicond"]),
        (f"{NODE} node=semiconductors/etsh", ["has no node 'etsh'", "did you mean etch"]),
        (f"{NODE} node=semiconductors/", ["semiconductors has no node ''"]),
        (f"{NODE} node=*", ["no chain has a node '*'"]),
        (f"{NODE} node=/etch", ["chain '' is unknown"]),
        ("listed firm=huawai size=1", ["firm: 'huawai' is unknown", "did you mean huawei"]),
        ("subsidy region=CHN sector=C26 size=90%", ["comes to 90", "less than 90 is right"]),
    ],
)
def test_bad_text(labels, text, words):
    sentence = refused(labels, text)
    missing = [word for word in words if word not in sentence]
    assert not missing, (missing, sentence)
    with pytest.raises(ScenarioError) as found:
        describe(text, labels)
    assert str(found.value) == sentence


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        (
            [f"{FLOW} size=-70% years=2025", f"{FLOW} size=-80% years=2024-"],
            [
                "wedges '",
                "' and '",
                "tariff with the tariff of",
                "from=USA sector=C26 to=CHN in 2025",
            ],
        ),
        (
            ["export_tax from=CHN to=USA sector=C26 size=-50%"] * 2,
            ["export_tax comes to -100", "from=CHN sector=C26 to=USA in 2022", "-95 or more"],
        ),
        (
            ["subsidy region=CHN sector=goods size=45%", "subsidy region=all sector=C26 size=45%"],
            ["wedges 'subsidy region=CHN", "and 'subsidy region=all", "region=CHN sector=C26"],
        ),
        (["subsidy region=CHN sector=C26 size=-50%"] * 2, ["comes to -100", "more than -100"]),
        (["graduates region=CHN size=-60%"] * 2, ["comes to -120", "-100 or more is right"]),
        (["stay_rate region=CHN size=60%"] * 2, ["comes to 120", "-100 to 100 is right"]),
        (["returnees region=CHN size=60%"] * 2, ["comes to 120 percent", "100 or less"]),
    ],
)
def test_too_much_together(labels, texts, words):
    for text in texts:
        raw_wedges([text], labels)
    sentence = refused(labels, *texts, WEDGES["research"].example)
    missing = [word for word in words if word not in sentence]
    assert not missing, (missing, sentence)
    assert "research" not in sentence


def test_the_wedge_that_is_wrong_is_named(labels):
    sentence = refused(labels, WEDGES["research"].example, "labour region=CHX size=1%")
    assert sentence.startswith("wedge 'labour region=CHX size=1%', region: region 'CHX'")


def test_a_path_without_chains_or_firms(labels):
    bare = dataclasses.replace(labels, nodes=(), firms=())
    assert "this path has no chains" in refused(bare, f"{NODE} node=etch")
    assert "this path has no listed firms" in refused(bare, "listed firm=all size=1")
    assert raw_wedges([WEDGES["tariff"].example], bare).shape[3:] == (0, 0)


def test_worlds_that_cannot_hold_a_wedge(tables):
    given = tables(currency="EUR", final_uses=("household", "investment"))
    labels = PathLabels(type(open_world("2022"))(**given), (2017, 2018), (), ())
    sentence = refused(labels, "outlay region=N size=1bn")
    assert "outlay is in USD and world small in EUR" in sentence
    sentence = refused(labels, "home_preference region=N sector=G size=1%")
    assert "no government use; its uses are household, investment" in sentence


@pytest.mark.parametrize("years", [(), (2022, 2024), (2023, 2022)])
def test_years_of_a_path(labels, years):
    with pytest.raises(ScenarioError, match="each the one after the last"):
        dataclasses.replace(labels, years=years)
