"""Whatever is wrong with a chain: one sentence names file, place and what is right."""

from __future__ import annotations

import re

import pytest

from zizhu.chains import Chain, load_chain
from zizhu.errors import ChainError

# All values here are made up.
GOOD = """\
chain: widgets
title: Widgets
final: widget
as_of: 2026-11-21
attached:
  - sectors: [C28]
    cost_share: {value: 5, low: 2, high: 9}
    source: "assumption: made up for a test"
    confidence: low
sources:
  BOOK:
    authors: A. Author
    year: 2024
    title: A book of widgets
    where: https://example.org
    kind: page
  GUESS:
    authors: zizhu
    year: 2026
    title: Our own estimate
    where: no document
    kind: judgement
nodes:
  ore:
    name: Ore
    stage: raw_material
    input: consumable
    suppliers:
      - basis: location
        year: 2024
        measure: tonnes
        shares: {AUS: 60, CHN: 30, OTHER: 10}
        confirmed: [AUS]
        source: BOOK
        confidence: high
      - basis: headquarters
        year: 2024
        measure: revenue
        shares: {GBR: 50, EUR: 50}
        confirmed: []
        source: BOOK
        confidence: medium
    years_to_qualify: {value: 3, low: 1, high: 5, source: GUESS, confidence: low}
  mill:
    name: Mill
    stage: tool
    input: capital
    cost_base: cost of a mill
    suppliers:
      - basis: headquarters
        year: 2023
        measure: units
        shares: {DEU: 70, OTHER: 30}
        confirmed: []
        source: GUESS
        confidence: low
    years_to_qualify: {value: 4, low: 2, high: 6, source: GUESS, confidence: low}
    learning: {value: 0.2, low: 0.1, high: 0.3, source: BOOK, confidence: medium}
    home_shares:
      - region: CHN
        value: 40
        low: 30
        high: 50
        definition: home_market
        means: mills made in China among those bought there
        year: 2023
        source: BOOK
        confidence: medium
  widget:
    name: Widget
    stage: final
    input: product
    cost_base: unit cost
    suppliers:
      - basis: location
        year: 2024
        measure: output
        shares: {CHN: 96}
        confirmed: []
        source: GUESS
        confidence: low
    years_to_qualify: {value: 1, low: 1, high: 2, source: GUESS, confidence: low}
edges:
  - input: ore
    parent: mill
    share: {value: 20, low: 10, high: 30}
    essential: true
    source: BOOK
    confidence: medium
  - input: ore
    parent: widget
    share: {value: 30, low: 20, high: 40}
    essential: true
    source: BOOK
    confidence: medium
  - input: mill
    parent: widget
    share: {value: 80, low: 60, high: 90}
    of: cost of the plant
    of_part: {value: 50, low: 40, high: 60}
    of_source: "assumption: made up for a test"
    essential: false
    source: BOOK
    confidence: medium
"""
HOME = GOOD[GOOD.index("      - region: CHN") : GOOD.index("  widget:\n")]
ORE_BLOCKS = GOOD[GOOD.index("    suppliers:") : GOOD.index("    years_to_qualify")]
FIRST, SECOND, THIRD = (
    "  - input:" + one for one in GOOD.split("edges:\n")[1].split("  - input:")[1:]
)
LONE = """\
  lone:
    name: Lone
    stage: input
    input: component
    suppliers:
      - {basis: location, year: 2024, measure: output, shares: {JPN: 100}, source: GUESS,
         confidence: low}
    years_to_qualify: {value: 1, low: 1, high: 2, source: GUESS, confidence: low}
edges:
"""
BACK = FIRST.replace("input: ore", "input: X").replace("parent: mill", "parent: ore")
OF_LINES = THIRD[THIRD.index("    of:") : THIRD.index("    essential")]


@pytest.fixture
def chain_file(tmp_path):
    def written(text):
        path = tmp_path / "mine.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return written


def complaint(name) -> str:
    with pytest.raises(ChainError) as stop:
        load_chain(name)
    text = str(stop.value)
    assert "\n" not in text
    assert "Traceback" not in text
    assert "validation error" not in text
    # One sentence: no full stop, question or exclamation mark that another one follows.
    assert not re.search(r"[.!?][;]?\s+[A-Z]", text), text
    return text


def check(text: str, words) -> None:
    assert "mine.yaml" in text
    missing = [word for word in words if word not in text]
    assert not missing, (missing, text)


def test_the_good_chain_is_read(chain_file):
    found = load_chain(chain_file(GOOD))
    assert isinstance(found, Chain)
    assert found == load_chain(str(chain_file(GOOD)))
    assert found.order() == ["ore", "mill", "widget"]
    assert [edge.input for edge in found.inputs("widget")] == ["mill", "ore"]
    assert [edge.parent for edge in found.parents("ore")] == ["mill", "widget"]
    assert [edge.cost_share for edge in found.edges] == pytest.approx([0.2, 0.3, 0.4])
    assert found.share_counts() == (1, 6)
    assert found.recalled_part == pytest.approx(5 / 6)
    ore, mill = found.nodes["ore"], found.nodes["mill"]
    assert ore.suppliers[0].recalled == ("CHN",)
    assert "plants by location, tonnes, 2024" in ore.suppliers[0].definition
    assert "firms by headquarters" in ore.suppliers[1].definition
    assert mill.home_share("CHN").value == 40
    assert mill.home_share("CHN", "home_capacity") is None
    assert mill.home_share("USA") is None
    assert not mill.assembled


def test_the_youngest_home_share_of_one_definition(chain_file):
    older = HOME.replace("year: 2023", "year: 2019").replace("value: 40", "value: 35")
    other = HOME.replace("home_market", "home_capacity").replace("year: 2023", "year: 2025")
    mill = load_chain(chain_file(GOOD.replace(HOME, older + HOME + other))).nodes["mill"]
    assert mill.home_share("CHN").year == 2023
    assert mill.home_share("CHN", "home_capacity").year == 2025


BOTH = "so that definitions are not mixed"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        # The graph.
        pytest.param(
            "edges:\n",
            "edges:\n" + BACK.replace("X", "mill"),
            ["node ore: it has inputs but no cost_base"],
            id="inputs without cost_base",
        ),
        pytest.param(
            "    input: consumable\n",
            "    input: consumable\n    cost_base: c\n",
            ["node ore", "it has a cost_base but no inputs; leave it out"],
            id="cost_base without inputs",
        ),
        pytest.param(
            "edges:\n",
            LONE,
            ["node lone", "no path leads from it to widget; add an edge or remove it"],
            id="orphan node",
        ),
        pytest.param(
            "final: widget",
            "final: wigdet",
            ["field final", "'wigdet' is not a node; did you mean widget?"],
            id="unknown final",
        ),
        pytest.param(FIRST, FIRST + FIRST, ["edge ore -> mill", "twice"], id="edge twice"),
        pytest.param(
            "parent: mill",
            "parent: mil",
            ["edge ore -> mil: 'mil' is not a node; did you mean mill?"],
            id="edge to an unknown node",
        ),
        pytest.param(
            "- input: mill",
            "- input: zinc",
            ["edge zinc -> widget: 'zinc' is not a node; known: ore, mill, widget"],
            id="edge from an unknown node",
        ),
        # Suppliers.
        pytest.param(
            "CHN: 30, OTHER: 10",
            "CHN: 90, OTHER: 10",
            ["node ore, suppliers of 2024", "160 percent", "near 100 is right", "OTHER"],
            id="shares of 160",
        ),
        pytest.param(
            "{CHN: 96}",
            "{CHN: 90}",
            ["node widget, suppliers of 2024", "sum to 90 percent", "under OTHER"],
            id="shares of 90",
        ),
        pytest.param(
            "{CHN: 96}",
            "{}",
            ["node widget, suppliers of 2024", "sum to 0 percent"],
            id="no shares",
        ),
        pytest.param(
            "{AUS: 60, CHN: 30, OTHER: 10}",
            "{AUS: 110, CHN: -10}",
            ["nodes.ore.suppliers.0.shares.CHN", "-10", "greater than or equal to 0"],
            id="negative share",
        ),
        pytest.param(
            "{CHN: 96}",
            "{CHN: .nan}",
            ["nodes.widget.suppliers.0.shares.CHN", "nan"],
            id="share not a number",
        ),
        pytest.param(
            "{CHN: 96}",
            "{CHN: most}",
            ["nodes.widget.suppliers.0.shares.CHN: 'most' found; a number is right"],
            id="share in words",
        ),
        pytest.param(
            "CHN: 30",
            "CHM: 30",
            ["node ore, suppliers of 2024", "country 'CHM' is unknown", "ISO", "EUR and OTHER"],
            id="unknown country",
        ),
        pytest.param(
            "CHN: 30",
            "China: 30",
            ["node ore, suppliers of 2024", "country 'China' is unknown", "three-letter"],
            id="country in words",
        ),
        pytest.param(
            "region: CHN",
            "region: REU",
            ["node mill, home_shares", "country 'REU' is unknown"],
            id="unknown country of a home share",
        ),
        pytest.param(
            "confirmed: [AUS]",
            "confirmed: [AUT]",
            ["node ore, suppliers of 2024", "AUT is confirmed but has no share", "mean AUS?"],
            id="confirmed without share",
        ),
        pytest.param(
            "confirmed: [AUS]",
            "confirmed: []",
            ["node ore", "confidence is high but no share is confirmed", "or lower"],
            id="high without confirmed",
        ),
        pytest.param(
            ORE_BLOCKS,
            "",
            ["node ore", "it has no suppliers", "one block of shares", "stage aggregate"],
            id="no suppliers",
        ),
        pytest.param(
            "stage: raw_material",
            "stage: aggregate",
            ["node ore", "an aggregate without inputs"],
            id="aggregate without inputs",
        ),
        pytest.param(
            "    input: consumable\n",
            "    input: consumable\n    assembled_by_buyer: true\n",
            ["node ore", "without inputs"],
            id="assembled from nothing",
        ),
        # Sources.
        pytest.param(
            "        source: BOOK\n        confidence: high\n",
            "        confidence: high\n",
            ["nodes.ore.suppliers.0.source: it is missing"],
            id="source missing",
        ),
        pytest.param(
            "low: 0.1, high: 0.3, source: BOOK",
            "low: 0.1, high: 0.3, source: ''",
            ["node mill, learning", "its source is missing", "or `assumption: why`"],
            id="source empty",
        ),
        pytest.param(
            FIRST,
            FIRST.replace("BOOK", "BOK"),
            ["edge ore -> mill", "source 'BOK' is not listed under sources", "mean BOOK?"],
            id="source unlisted",
        ),
        pytest.param(
            "nodes:\n",
            "  MORE: {authors: B, year: 2020, title: M, where: not seen, kind: recalled}\nnodes:\n",
            ["source MORE is listed but nothing cites it; remove it"],
            id="source unused",
        ),
        pytest.param(
            "kind: judgement",
            "kind: hearsay",
            ["sources.GUESS.kind: 'hearsay' found", "'recalled' or 'judgement' is right"],
            id="unknown kind of source",
        ),
        pytest.param(
            "high: 5, source: GUESS, confidence: low",
            "high: 5, source: GUESS, confidence: high",
            ["node ore, years_to_qualify", "high", "source GUESS is judgement; low is right"],
            id="weak source with high confidence",
        ),
        pytest.param(
            "kind: page",
            "kind: recalled",
            ["node ore, suppliers of 2024", "high", "source BOOK is recalled; low is right"],
            id="recalled source with high confidence",
        ),
        pytest.param(
            FIRST,
            FIRST.replace("BOOK", "'assumption: so'"),
            ["edge ore -> mill", "an assumption has confidence medium; low is right"],
            id="assumption with more confidence",
        ),
        pytest.param(
            '    source: "assumption: made up for a test"\n    confidence: low',
            '    source: "assumption: made up for a test"\n    confidence: high',
            ["attached 1", "an assumption has confidence high; low is right"],
            id="attached by assumption with high confidence",
        ),
        pytest.param(
            "    cost_base: cost of a mill\n",
            "    cost_base: cost of a mill\n    inputs_elasticity: 0.4\n",
            ["node mill, inputs_elasticity", "its source is missing"],
            id="elasticity without source",
        ),
        pytest.param(
            "confidence: high",
            "confidence: sure",
            ["nodes.ore.suppliers.0.confidence: 'sure' found, 'high', 'medium' or 'low' is right"],
            id="unknown confidence",
        ),
        # Definitions.
        pytest.param(
            "    of_part: {value: 50, low: 40, high: 60}\n",
            "",
            ["edge mill -> widget", "'unit cost'", "needs of, of_part and of_source", BOTH],
            id="of without of_part",
        ),
        pytest.param(
            '    of_source: "assumption: made up for a test"\n',
            "",
            ["edge mill -> widget", "needs of, of_part and of_source together", BOTH],
            id="of without source",
        ),
        pytest.param(
            "    of: cost of the plant\n",
            "",
            ["edge mill -> widget", "needs of, of_part and of_source together", BOTH],
            id="of_part without of",
        ),
        pytest.param(
            "of: cost of the plant",
            "of: unit cost",
            ["edge mill -> widget", "of repeats the cost_base of widget; leave it out"],
            id="of repeats cost_base",
        ),
        pytest.param(
            "basis: headquarters\n        year: 2024\n        measure: revenue",
            "basis: location\n        year: 2024\n        measure: tonnes",
            ["node ore", "two blocks of suppliers by location, tonnes, 2024", "one set"],
            id="one definition in two blocks",
        ),
        pytest.param(
            HOME,
            HOME + HOME.replace("value: 40", "value: 45"),
            ["node mill, home_shares", "CHN has two values of home_market in 2023"],
            id="home share with two values",
        ),
        pytest.param(
            "definition: home_market",
            "definition: self_sufficiency",
            ["nodes.mill.home_shares.0.definition", "'self_sufficiency' found", "'home_market'"],
            id="unknown definition",
        ),
        # Sizes.
        pytest.param(
            "{value: 30, low: 20, high: 40}",
            "{value: 61, low: 20, high: 70}",
            ["node widget", "101 percent of its cost; at most 100 is right"],
            id="inputs beyond 100 percent",
        ),
        pytest.param(
            "{value: 3, low: 1, high: 5, source",
            "{value: 6, low: 1, high: 5, source",
            ["nodes.ore.years_to_qualify", "value 6 lies outside its range 1 to 5"],
            id="value outside its range",
        ),
        pytest.param(
            "{value: 20, low: 10, high: 30}",
            "{value: 20, low: 30, high: 10}",
            ["edge ore -> mill.share", "value 20 lies outside its range 30 to 10"],
            id="range upside down",
        ),
        pytest.param(
            "{value: 20, low: 10, high: 30}",
            "{value: 20, low: -10, high: 30}",
            ["edge ore -> mill", "-10 lies outside 0 to 100"],
            id="negative cost share",
        ),
        pytest.param(
            "{value: 20, low: 10, high: 30}",
            "20",
            ["edge ore -> mill.share: '20' found; a mapping of fields is right"],
            id="share without range",
        ),
        # Fields.
        pytest.param(
            "  mill:\n", "  Mill:\n", ["'Mill' is not an id", "small letters"], id="bad id"
        ),
        pytest.param(
            "chain: widgets",
            "chain: my widgets",
            ["'my widgets' is not an id", "digits and underscores are right"],
            id="bad id of the chain",
        ),
        pytest.param(
            "title: Widgets",
            "title: Widgets\ntilte: x",
            ["field tilte: there is no such field; did you mean title?"],
            id="unknown field",
        ),
        pytest.param(
            "    stage: tool\n",
            "    stage: tool\n    cost_bas: x\n",
            ["nodes.mill.cost_bas: there is no such field"],
            id="unknown field of a node",
        ),
        pytest.param("title: Widgets\n", "", ["field title: it is missing"], id="missing field"),
        pytest.param(
            "    stage: tool\n",
            "",
            ["nodes.mill.stage: it is missing"],
            id="missing field of a node",
        ),
        pytest.param(
            "stage: tool",
            "stage: machine",
            ["nodes.mill.stage: 'machine' found", "'tool'", "'final' is right"],
            id="unknown stage",
        ),
        pytest.param(
            "input: capital",
            "input: money",
            ["nodes.mill.input: 'money' found", "'capital'"],
            id="unknown kind of input",
        ),
        pytest.param(
            "as_of: 2026-11-21",
            "as_of: late 2026",
            ["as_of: 'late 2026' is not a date; write 2018-07-06"],
            id="not a date",
        ),
        pytest.param(
            "as_of: 2026-11-21",
            "as_of: 2026-11-31",
            ["as_of: '2026-11-31' is not a date; write 2018-07-06"],
            id="no such date",
        ),
        pytest.param(
            "sectors: [C28]", "sectors: []", ["attached.0.sectors", "at least 1"], id="no sector"
        ),
        pytest.param(
            "basis: location",
            "basis: ownership",
            ["suppliers.0.basis: 'ownership' found", "'headquarters' or 'location' is right"],
            id="unknown basis",
        ),
        # The file.
        pytest.param(
            "title: Widgets",
            "title: Widgets\ntitle: More",
            ["line 3", "the field title appears twice"],
            id="key twice",
        ),
        pytest.param(
            "  mill:\n", "  ore:\n", ["line 44", "the field ore appears twice"], id="node twice"
        ),
        pytest.param("final: widget", "final: [widget", ["line", "not valid YAML"], id="not YAML"),
        pytest.param("title: Widgets", "\ttitle: Widgets", ["line", "not valid YAML"], id="tab"),
    ],
)
def test_bad_chain(chain_file, old, new, words):
    assert GOOD.count(old), old
    check(complaint(chain_file(GOOD.replace(old, new, 1))), words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ["it is empty", "`nodes:` and `edges:` are right"]),
        ("# nothing\n", ["it is empty"]),
        ("- a\n- b\n", ["it holds a list", "`nodes:`"]),
        ("just words\n", ["it holds words only", "`nodes:`"]),
        (b"chain: \xff\xfe\n", ["it is not UTF-8 text"]),
        ("[" * 5000, ["nested too deeply"]),
        ("nodes: []\n", ["is missing"]),
    ],
    ids=["empty", "comment", "list", "words", "bytes", "nested", "nearly empty"],
)
def test_no_chain_at_all(chain_file, text, words):
    check(complaint(chain_file(text)), words)


@pytest.mark.parametrize(
    ("edges", "words"),
    [
        (
            [BACK.replace("X", "mill"), FIRST],
            ["nodes go in a circle", "ore -> mill -> ore", "a chain has none"],
        ),
        ([BACK.replace("X", "ore")], ["nodes go in a circle", "ore -> ore"]),
        (
            [BACK.replace("X", "widget"), FIRST, THIRD],
            ["nodes go in a circle", "ore -> mill -> widget -> ore"],
        ),
    ],
    ids=["two", "itself", "three"],
)
def test_circles(chain_file, edges, words):
    text = GOOD.replace("    input: consumable\n", "    input: consumable\n    cost_base: c\n")
    rest = [edge for edge in (FIRST, SECOND, THIRD) if edge not in edges]
    text = text[: text.index("edges:\n")] + "edges:\n" + "".join([*edges, *rest])
    check(complaint(chain_file(text)), words)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("semiconductor", ["chain 'semiconductor'", "did you mean semiconductors?"]),
        ("none.yaml", ["chain 'none.yaml' is neither shipped nor a file", "quantum"]),
        ("", ["chain '' is neither shipped nor a file"]),
        (".", ["chain '.' is neither shipped nor a file"]),
        ("~nobody-here/x.yaml", ["neither shipped nor a file"]),
        ("x" * 5000, ["neither shipped nor a file"]),
    ],
    ids=["typo", "no file", "nothing", "folder", "nobody", "5000 letters"],
)
def test_unknown_chain(name, words):
    text = complaint(name)
    missing = [word for word in words if word not in text]
    assert not missing, (missing, text)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("of_part: {value: 50, low: 40", "of_part: {value: -50, low: -60"),
        ("of_part: {value: 50, low: 40, high: 60}", "of_part: {value: 110, low: 40, high: 120}"),
        ("{value: 5, low: 2, high: 9}", "{value: -5, low: -9, high: 9}"),
        ("{value: 5, low: 2, high: 9}", "{value: 500, low: 2, high: 900}"),
        ("{value: 3, low: 1, high: 5", "{value: -3, low: -4, high: 5"),
        ("{value: 3, low: 1, high: 5", "{value: .inf, low: 1, high: .inf"),
        ("{value: 0.2, low: 0.1, high: 0.3", "{value: 3, low: 0.1, high: 9"),
        ("value: 40\n        low: 30", "value: -40\n        low: -50"),
        ("confirmed: [AUS]", "confirmed: [AUS, AUS]"),
    ],
    ids=[
        "negative part",
        "part of 110",
        "negative cost of sectors",
        "cost of sectors of 500",
        "negative years",
        "infinite years",
        "learning of 3",
        "negative home share",
        "confirmed twice",
    ],
)
def test_sizes_without_meaning(chain_file, old, new):
    text = GOOD.replace(old, new, 1).replace("{value: 80, low: 60,", "{value: 60, low: 60,")
    assert text != GOOD
    complaint(chain_file(text))
