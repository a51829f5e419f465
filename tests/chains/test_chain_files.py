"""The shipped chains: complete, honest about what was read, and as many as is said."""

from __future__ import annotations

import re
from collections import Counter
from importlib.resources import files
from pathlib import Path

import pytest
import yaml

from zizhu.chains import chain_names, load_chain, shipped_chains
from zizhu.chains.chain import OTHER
from zizhu.chains.regions import EUROPE
from zizhu.world import open_world

LIBRARY = Path(str(files("zizhu.chains") / "library"))
RAW = Path(__file__).resolve().parents[3] / "shared" / "evidence" / "chains"

# Nodes and edges.
COUNTS = {
    "ai": (11, 11),
    "batteries_nev": (17, 16),
    "biotech_pharma": (10, 10),
    "commercial_aircraft": (9, 8),
    "high_speed_rail": (8, 7),
    "quantum": (10, 10),
    "rare_earths_magnets": (6, 6),
    "robots_cnc": (10, 12),
    "semiconductors": (35, 66),
    "shipbuilding": (9, 10),
    "software_stack": (10, 9),
    "solar_pv": (8, 9),
    "uhv_transmission": (8, 7),
}
TOTAL = (151, 181)

# Chains whose nodes say what moves them, and the year from which they move.
MOVING = ("ai", "quantum", "semiconductors", "software_stack")
BASE = 2022

# Where the shares are not those of the material that the chains were made from: a value whose
# licence does not allow it is in OTHER, and two that were computed are no longer called confirmed.
LEFT_OUT = {("semiconductors", "cmp_tool"): "CHN"}
NOT_CONFIRMED = {("batteries_nev", "gr_ref"): "CHN", ("solar_pv", "wafer"): "CHN"}
OURS = {"semiconductors": {"patterning", "tools_adv"}}
# Recalled shares of the material that a survey has replaced.
REPLACED = {
    ("batteries_nev", "co_mine"),
    ("batteries_nev", "gr_mine"),
    ("batteries_nev", "ni_mine"),
    ("solar_pv", "mg_si"),
}


def cited(part, place=""):
    """Every mapping of a file that claims a confidence, with its place."""
    if isinstance(part, dict):
        if "confidence" in part:
            yield place, part
        for key, value in part.items():
            yield from cited(value, f"{place}.{key}")
    elif isinstance(part, list):
        for number, value in enumerate(part):
            yield from cited(value, f"{place}.{number}")


def numbers(part, place="", sourced=False):
    """Every number of a file that says something about the world: its place, whether sourced.

    A source holds for all that is written beside it or below it.
    """
    if isinstance(part, dict):
        sourced = sourced or {"source", "confidence"} <= set(part)
        for key, value in part.items():
            said = sourced
            if key == "of_part":
                said = bool(part.get("of_source"))
            if key == "inputs_elasticity":
                said = bool(part.get("inputs_elasticity_source"))
            yield from numbers(value, f"{place}.{key}", said)
    elif isinstance(part, list):
        for number, value in enumerate(part):
            yield from numbers(value, f"{place}.{number}", sourced)
    elif isinstance(part, int | float) and not isinstance(part, bool):
        yield place, sourced


def raw_file(name: str):
    return yaml.safe_load((LIBRARY / f"{name}.yaml").read_text(encoding="utf-8"))


def test_all_chains_are_there():
    assert chain_names() == sorted(COUNTS)
    assert len(chain_names()) == 13
    assert list(shipped_chains()) == chain_names()
    for name, chain in shipped_chains().items():
        assert chain.chain == name
        assert load_chain(name) is chain  # read once
        assert load_chain(LIBRARY / f"{name}.yaml") == chain


@pytest.mark.parametrize("name", sorted(COUNTS))
def test_counts(name):
    chain = load_chain(name)
    assert (len(chain.nodes), len(chain.edges)) == COUNTS[name]
    written = [b for n in raw_file(name)["nodes"].values() for b in n.get("suppliers", ())]
    named = [code for block in written for code in block["shares"] if code != OTHER]
    read = [code for block in written for code in block.get("confirmed", ()) if code != OTHER]
    assert chain.share_counts() == (len(read), len(named))


def test_totals():
    """151 nodes and 181 edges; more than half of the shares of countries were read."""
    assert tuple(map(sum, zip(*COUNTS.values(), strict=True))) == TOTAL
    assert TOTAL[1] == sum(len(chain.edges) for chain in shipped_chains().values())
    for name, chain in shipped_chains().items():
        read, named = chain.share_counts()
        assert chain.recalled_part == pytest.approx(1 - read / named), name


@pytest.mark.parametrize("name", sorted(COUNTS))
def test_every_number_has_source_and_confidence(name):
    raw = raw_file(name)
    parts = {key: raw[key] for key in ("attached", "nodes", "edges")}
    found = list(numbers(parts))
    assert len(found) > 50
    assert [place for place, sourced in found if not sourced] == []
    for place, part in cited(parts):
        source = part["source"]
        assert part["confidence"] in ("high", "medium", "low"), place
        if source.startswith("assumption"):
            assert len(source) > len("assumption: "), place
        else:
            assert source in raw["sources"], place


@pytest.mark.parametrize("name", sorted(COUNTS))
def test_what_was_not_read_has_low_confidence(name):
    raw = raw_file(name)
    weak = {key for key, one in raw["sources"].items() if one["kind"] in ("recalled", "judgement")}
    for place, part in cited(raw):
        if part["source"] in weak or part["source"].startswith("assumption"):
            assert part["confidence"] == "low", place
    for node, block in load_chain(name).blocks():
        assert block.confidence != "high" or block.confirmed, node
        assert not set(block.confirmed) - set(block.shares), node
        assert not block.confirmed or block.source not in weak, node
        assert len(set(block.confirmed)) == len(block.confirmed), node


@pytest.mark.parametrize("name", sorted(COUNTS))
def test_order_puts_inputs_first(name):
    chain = load_chain(name)
    order = chain.order()
    assert sorted(order) == sorted(chain.nodes)
    place = {node: number for number, node in enumerate(order)}
    for edge in chain.edges:
        assert place[edge.input] < place[edge.parent], edge
    assert order[-1] == chain.final
    assert chain.nodes[chain.final].stage == "final" or not chain.parents(chain.final)
    for node in chain.nodes:
        shares = [edge.cost_share for edge in chain.inputs(node)]
        assert shares == sorted(shares, reverse=True)
        assert sum(shares) <= 1 + 1e-9


@pytest.mark.parametrize("name", sorted(COUNTS))
def test_sizes_make_sense(name):
    """What the loader does not ask, the shipped files keep: no size beyond its meaning."""
    chain = load_chain(name)
    for part in chain.attached:
        assert 0 <= part.cost_share.low <= part.cost_share.high <= 100
    for edge in chain.edges:
        assert 0 <= edge.share.low <= edge.share.high <= 100, edge
        assert not edge.of_part or 0 <= edge.of_part.low <= edge.of_part.high <= 100, edge
    for node, one in chain.nodes.items():
        years, learning = one.years_to_qualify, one.learning
        assert 0 <= years.low <= years.high <= 30, node
        assert not learning or -0.2 < learning.low <= learning.high < 1, node
        assert all(home.low >= 0 for home in one.home_shares), node
        assert one.home_share("CHN") or one.home_shares or one.assembled or not one.suppliers, node
    for node, block in chain.blocks():
        assert 2000 < block.year <= chain.as_of.year, node
        assert block.measure, node


def test_each_chain_has_its_sources():
    kinds = Counter(s.kind for chain in shipped_chains().values() for s in chain.sources.values())
    assert set(kinds) == {"page", "repository", "fact", "recalled", "judgement"}
    for name, chain in shipped_chains().items():
        for key, source in chain.sources.items():
            where = source.where
            assert 1950 < source.year <= 2026, (name, key)
            assert source.kind != "fact" or re.search(r"\bfacts? F[0-9][0-9A-Z]\b", where), key
            assert source.kind != "judgement" or where == "no document", (name, key)
            if source.kind == "repository":
                assert "github.com/" in where or where.startswith("manuscript in a public"), key
            if source.kind == "page":
                assert where.startswith("https://") or where.startswith("http://"), (name, key)


def test_facts_that_chains_cite_exist():
    known = yaml.safe_load((LIBRARY.parents[1] / "evidence" / "facts.yaml").read_text("utf-8"))
    for name in chain_names():
        text = (LIBRARY / f"{name}.yaml").read_text(encoding="utf-8")
        assert set(re.findall(r"\bF[0-9][0-9A-Z]\b", text)) <= set(known), name


SHIPPED = sorted(
    path
    for room in ("chains", "evidence")
    for path in Path(str(files(f"zizhu.{room}"))).rglob("*.yaml")
)


def test_the_explorer_with_a_licence_is_not_in_the_chains():
    """Data of the CSET explorer are CC BY-NC: one fact quotes single values and says so."""
    for path in SHIPPED:
        text = path.read_text(encoding="utf-8")
        if path.stem == "semiconductors":
            note = yaml.safe_load(text)["note"]
            assert "CSET" in note
            assert "left out for licence reasons" in " ".join(note.split())
            assert text.count("CSET") == note.count("CSET")
        elif path.stem != "facts":
            assert "CSET" not in text, path
    facts = yaml.safe_load((LIBRARY.parents[1] / "evidence" / "facts.yaml").read_text("utf-8"))
    mentions = {name for name, one in facts.items() if "CSET" in str(one)}
    # The others are reports of CSET, which anybody may cite.
    assert mentions == {"F04", "F22", "F64", "F6G"}
    explorer = re.compile("chain explorer|chip-explorer", re.IGNORECASE)
    assert {name for name, one in facts.items() if explorer.search(str(one))} == {"F64"}
    assert "CC BY-NC" in facts["F64"]["licence"]


def as_written(values):
    return {OTHER if code == "OTH" else code: value for code, value in values.items()}


def expected(chain: str, node: str, block):
    """Shares and confirmed countries of a raw block, after the differences that are meant."""
    shares = as_written(block["values"])
    left = LEFT_OUT.get((chain, node))
    if left:
        shares[OTHER] = shares.get(OTHER, 0) + shares.pop(left)
    confirmed = {OTHER if code == "OTH" else code for code in block["confirmed"]}
    confirmed -= {left, NOT_CONFIRMED.get((chain, node))}
    return block["basis"], block["year"], sorted(shares.items()), sorted(confirmed)


@pytest.mark.parametrize("name", sorted(COUNTS))
def test_the_material_stands_among_younger_and_older_shares(name):
    if not RAW.is_dir():
        pytest.skip("the material that the chains were made from is not here")
    raw = yaml.safe_load((RAW / f"{name}.yaml").read_text(encoding="utf-8"))
    chain = load_chain(name)
    given = {node["id"]: node for node in raw["nodes"]}
    assert set(chain.nodes) - set(given) == OURS.get(name, set())
    assert set(given) <= set(chain.nodes)
    for node, one in given.items():
        found = [
            (b.basis, b.year, sorted(b.shares.items()), sorted(b.confirmed))
            for b in chain.nodes[node].suppliers
        ]
        meant = [expected(name, node, b) for b in one["shares"]]
        # Other vintages, and which of them sourcing uses, are ours.
        missing = [one for one in meant if one not in found]
        assert bool(missing) == ((name, node) in REPLACED), node
        years, kept = one["substitution"]["years_to_qualify"], chain.nodes[node].years_to_qualify
        assert (kept.low, kept.value, kept.high) == (years["low"], years["central"], years["high"])
        home = {(h.year, h.low, h.value, h.high) for h in chain.nodes[node].home_shares}
        china = one["china"]["self_sufficiency"]
        assert home >= {(h["year"], h["low"], h["value"], h["high"]) for h in china}, node


def test_differences_are_written_down():
    """Whoever reads a file sees where it departs from the material."""
    chains = shipped_chains()
    assert "patterning and tools_adv are ours" in " ".join(chains["semiconductors"].note.split())
    for (name, node), code in {**LEFT_OUT, **NOT_CONFIRMED}.items():
        block = chains[name].nodes[node].suppliers[0]
        assert block.note, node
        assert code not in block.confirmed
    assert "CHN" not in chains["semiconductors"].nodes["cmp_tool"].suppliers[0].shares


@pytest.mark.parametrize("name", MOVING)
def test_what_moves_a_node_is_known(name):
    """Every node that is bought has a sector of the world, the size of its market and research."""
    sectors = open_world("2022").sectors
    for node, one in load_chain(name).nodes.items():
        if one.assembled:
            continue
        assert one.sector in sectors, node
        assert one.research, node
        assert one.market, node
        assert abs(one.market[0].year - BASE) <= 1, node


def test_thresholds_stand_where_controls_name_generations():
    nodes = load_chain("semiconductors").nodes
    assert nodes["fab_adv"].above.part(2022.0) == 1
    assert nodes["fab_mature"].above.part(2030.0) == 0
    for one in ("dram", "nand", "hbm", "etch", "lith_duv", "lith_euv"):
        assert 0.1 < nodes[one].above.part(2022.0) <= 1, one
    assert load_chain("ai").nodes["accelerator"].above.part(2022.0) == pytest.approx(0.6)


def test_plants_fabless_and_clocks_are_those_of_chips():
    nodes = load_chain("semiconductors").nodes
    assert {n for n, one in nodes.items() if one.plants} == {
        "fab_adv",
        "fab_mature",
        "dram",
        "nand",
    }
    assert {n for n, one in nodes.items() if one.fabless} == {"ic", "adv_chip"}
    assert {n for n, one in nodes.items() if one.entry} == {"lith_euv", "hbm"}
    clock = nodes["lith_euv"].entry
    assert (clock.region, clock.start, clock.earliest, clock.median) == ("CHN", 2023.5, 2027, 2031)


def test_growth_of_accelerators_gives_the_sales_that_were_seen():
    """With the growth of cloud, sales of 2023 to 2025 lie in the ranges of their markets."""
    nodes = load_chain("ai").nodes
    first, *later = nodes["accelerator"].market
    for market in later:
        factor = nodes["accelerator"].growth.factor(float(market.year))
        sales = first.value * factor * nodes["cloud"].growth.factor(float(market.year))
        assert market.low <= sales <= market.high, market.year


def test_the_same_product_in_two_chains_is_one_node():
    chips, ai = load_chain("semiconductors").nodes, load_chain("ai")
    for here, there in (("adv_fab", "fab_adv"), ("hbm", "hbm"), ("cowos", "adv_pack")):
        one, other = ai.nodes[here], chips[there]
        assert one.same_as == f"semiconductors/{there}"
        assert one.name == other.name
        assert one.market[0].value == other.market[0].value
        assert [b.shares for b in one.suppliers] == [b.shares for b in other.suppliers]
        assert not one.cost_base  # its inputs stay in the other chain
        for block in one.suppliers:
            assert block.source in ai.sources


def test_europe_and_the_rest_are_never_alone():
    for name, chain in shipped_chains().items():
        for node, block in chain.blocks():
            assert set(block.shares) - {EUROPE, OTHER}, (name, node)
