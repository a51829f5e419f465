"""What moves a node over the years: read as written, refused where it makes no sense."""

from __future__ import annotations

import math
import re

import pytest

from zizhu.chains import load_chain
from zizhu.errors import ChainError

# All values here are made up.
HEAD = """\
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
  BOOK: {authors: A. Author, year: 2024, title: A book, where: https://example.org, kind: page}
  GUESS: {authors: zizhu, year: 2026, title: Our own estimate, where: no document, kind: judgement}
nodes:
  part:
"""
OWN = """\
    name: Part
    stage: input
    input: component
    suppliers:
      - {basis: location, year: 2024, measure: output, shares: {JPN: 100}, source: BOOK,
         confidence: medium}
    years_to_qualify: {value: 1, low: 1, high: 2, source: GUESS, confidence: low}
    sector: C302T309
    market:
      - {year: 2021, value: 4, low: 3, high: 5, measure: sales, source: BOOK, confidence: medium}
      - {year: 2022, value: 5, low: 4, high: 6, measure: sales, source: BOOK, confidence: medium}
    growth:
      times: {value: 10, low: 5, high: 20}
      speed: {value: 0.4, low: 0.2, high: 0.6}
      source: "assumption: made up"
      confidence: low
    research: {value: 8, low: 5, high: 10, source: BOOK, confidence: medium}
    plants: true
    entry: {region: CHN, start: 2023.5, median: 2031, earliest: 2027, spread: 0.4, effort: 3,
      source: BOOK, confidence: medium}
    above:
      measure: finer than a hair
      shares: [{year: 2022, percent: 20}, {year: 2026, percent: 60}]
      source: BOOK
      confidence: medium
"""
TAIL = """\
  widget:
    name: Widget
    stage: final
    input: product
    cost_base: unit cost
    suppliers:
      - {basis: location, year: 2024, measure: output, shares: {CHN: 96}, source: GUESS,
         confidence: low}
    years_to_qualify: {value: 1, low: 1, high: 2, source: GUESS, confidence: low}
edges:
  - input: part
    parent: widget
    share: {value: 20, low: 10, high: 30}
    essential: true
    source: BOOK
    confidence: medium
"""
GOOD = HEAD + OWN + TAIL


@pytest.fixture
def read(tmp_path):
    def chain(text):
        path = tmp_path / "mine.yaml"
        path.write_text(text, encoding="utf-8")
        return load_chain(path)

    return chain


@pytest.fixture
def refused(read):
    def complaint(text):
        with pytest.raises(ChainError) as stop:
            read(text)
        said = str(stop.value)
        assert said.startswith("chain file mine.yaml, ")
        assert "\n" not in said
        assert not re.search(r"[.!?][;]?\s+[A-Z]", said), said  # one sentence
        return said

    return complaint


def test_fields_are_read_as_written(read):
    node = read(GOOD).nodes["part"]
    assert node.sector == "C302T309"
    assert [(one.year, one.value) for one in node.market] == [(2021, 4), (2022, 5)]
    assert node.research.value == 8
    assert node.plants
    assert not node.fabless
    assert node.entry.spread == 0.4
    assert read(GOOD).nodes["widget"].market == ()
    assert read(GOOD).nodes["widget"].sector is None


def test_growth_is_a_logistic_from_one_to_its_end(read):
    growth = read(GOOD).nodes["part"].growth
    assert growth.factor(2022.0) == pytest.approx(1)
    assert growth.factor(2400.0) == pytest.approx(10)
    assert growth.factor(2025.0) == pytest.approx(10 / (1 + 9 * math.exp(-1.2)))
    # Half way to its end after ln(K - 1) / r years.
    assert growth.factor(2022 + math.log(9) / 0.4) == pytest.approx(5)


def test_part_above_a_threshold_is_linear_in_log_odds(read):
    above = read(GOOD).nodes["part"].above
    assert above.part(2022.0) == pytest.approx(0.2)
    assert above.part(2026.0) == pytest.approx(0.6)
    odds = math.sqrt(0.2 / 0.8 * 0.6 / 0.4)
    assert above.part(2024.0) == pytest.approx(odds / (1 + odds))
    # Beyond the two years the same pace goes on: four years more, the same step of log odds.
    assert above.part(2030.0) == pytest.approx(9 / (1 + 9))
    three = GOOD.replace("percent: 60}]", "percent: 60}, {year: 2030, percent: 61}]")
    later = read(three).nodes["part"].above
    assert later.part(2026.0) == pytest.approx(0.6)
    assert later.part(2030.0) == pytest.approx(0.61)
    assert 0.6 < later.part(2028.0) < 0.61
    assert later.part(2024.0) == pytest.approx(above.part(2024.0))


def test_one_year_holds_for_all_of_them(read):
    shares = "[{year: 2022, percent: 20}, {year: 2026, percent: 60}]"
    for percent in (0, 35, 100):
        one = read(GOOD.replace(shares, f"[{{year: 2022, percent: {percent}}}]"))
        above = one.nodes["part"].above
        assert above.part(2010.0) == above.part(2040.0) == percent / 100


@pytest.mark.parametrize(
    "code", ["C26", "C24A", "C301", "C302T309", "J58T60", "J62_63", "K", "M_N"]
)
def test_codes_of_sectors(read, code):
    assert read(GOOD.replace("C302T309", code)).nodes["part"].sector == code


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("C302T309", "chips", ["'chips' is no code of a sector", "C26"]),
        ("C302T309", "c26", ["'c26' is no code of a sector"]),
        ("value: 4, low: 3", "value: 4, low: 0", ["market.0", "0 bn USD", "above 0 is right"]),
        ("year: 2021, value", "year: 2022, value", ["node part, market", "2022 follows 2022"]),
        ("year: 2021, value", "year: 2023, value", ["market", "2022 follows 2023", "oldest first"]),
        ("year: 2026, percent", "year: 2021, percent", ["above", "2021 follows 2022"]),
        ("percent: 60", "percent: 101", ["above.shares.1.percent", "101"]),
        ("percent: 60", "percent: 100", ["field nodes.part.above.shares", "stand alone"]),
        ("percent: 20", "percent: 0", ["field nodes.part.above.shares", "stand alone"]),
        ("plants: true", "plants: true\n    fabless: true", ["node part", "one of both"]),
        ("region: CHN", "region: China", ["node part, entry", "country 'China' is unknown"]),
        ("earliest: 2027", "earliest: 2032", ["node part, entry", "earliest 2032, median 2031"]),
        ("earliest: 2027", "earliest: 2023", ["start 2023.5, earliest 2023", "order in time"]),
        ("spread: 0.4", "spread: 0", ["entry.spread", "greater than 0"]),
        ("effort: 3", "effort: -1", ["entry.effort", "greater than 0"]),
        ("times: {value: 10, low: 5", "times: {value: 10, low: 0", ["growth.times", "0.01"]),
        ("research: {value: 8", "research: {value: 80", ["research", "lies outside its range"]),
        ("speed: {value: 0.4, low: 0.2", "speed: {value: 0.4, low: -1", ["growth.speed", "-1"]),
        ("sales, source: BOOK", "sales, source: BOK", ["market of 2021", "'BOK'", "mean BOOK?"]),
        ("high: 10, source: BOOK", "high: 10, source: GUESS", ["node part, research", "low is"]),
        ('"assumption: made up"\n      confidence: low', "BOK\n      confidence: low", ["growth"]),
        (
            "effort: 3,\n      source: BOOK",
            "effort: 3,\n      source: GUESS",
            ["part, entry", "low"],
        ),
        ("60}]\n      source: BOOK", "60}]\n      source: GUESS", ["node part, above", "low is"]),
        ("    plants: true\n", "    plant: true\n", ["nodes.part.plant: there is no such field"]),
    ],
)
def test_what_makes_no_sense(refused, old, new, words):
    assert old in GOOD
    said = refused(GOOD.replace(old, new, 1))
    assert [word for word in words if word not in said] == [], said


def same(where: str) -> str:
    return f"{HEAD}    same_as: {where}\n{TAIL}"


def test_a_node_of_another_chain_comes_with_its_data_and_sources(read):
    chain, other = read(same("semiconductors/dram")), load_chain("semiconductors")
    node, there = chain.nodes["part"], other.nodes["dram"]
    assert node.same_as == "semiconductors/dram"
    assert node.name == there.name
    assert node.suppliers[0].shares == there.suppliers[0].shares
    assert node.market[0].value == there.market[0].value
    assert node.above.shares == there.above.shares
    assert node.plants
    assert not node.cost_base  # no edge of this file says what its inputs are
    cited = node.suppliers[0].source
    assert cited == f"semiconductors/{there.suppliers[0].source}"
    assert chain.sources[cited] == other.sources[there.suppliers[0].source]
    # Its shares are counted where they are written.
    assert chain.share_counts() == (0, 1)


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ("semiconductors/dram\n    sector: C26", ["node part", "same_as and sector", "alone"]),
        ("dram", ["'dram' found; CHAIN/NODE is right"]),
        ("7", ["'7' found; CHAIN/NODE is right"]),
        ("[a, b]", ["found; CHAIN/NODE is right"]),
        ("semiconductor/dram", ["no other shipped chain", "mean semiconductors?"]),
        ("widgets/widget", ["'widgets' is no other shipped chain"]),
        ("semiconductors/drum", ["semiconductors has no such node", "mean dram?"]),
        ("ai/hbm", ["ai/hbm is itself the same as semiconductors/hbm; name that one"]),
    ],
)
def test_a_node_that_cannot_be_taken(refused, where, words):
    said = refused(same(where).replace("same_as: 7", "same_as: '7'"))
    assert [word for word in words if word not in said] == [], said
