"""Controls: when each binds, whom it names; a wrong file is one sentence."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from zizhu.chains import Controls, controls, load_controls, shipped_chains
from zizhu.chains.controls import GROUPS, WORLD, first_day, last_day
from zizhu.chains.regions import COUNTRIES
from zizhu.errors import ChainError

RAW = Path(__file__).resolve().parents[3] / "shared" / "evidence" / "chains" / "controls.yaml"
TODAY = "2026-11-21"
# Nodes of ours that the material does not have.
NEW_TARGETS = {"semiconductors:tools_adv", "semiconductors:patterning"}


def targets():
    return {f"{name}:{node}" for name, chain in shipped_chains().items() for node in chain.nodes}


def test_the_shipped_timeline():
    found = controls()
    assert isinstance(found, Controls)
    assert len(found.controls) == 63
    assert found.as_of == dt.date.fromisoformat(TODAY)
    assert Counter(one.aim for one in found.controls.values()) == {
        "on_china": 44,
        "by_china": 15,
        "within_china": 4,
    }
    assert sum(one.binds(TODAY) for one in found.controls.values()) == 49
    assert {one.source for one in found.controls.values()} == set(found.sources)


def test_every_control_is_complete():
    found, known = controls(), COUNTRIES | set(GROUPS)
    assert targets() >= {target for one in found.controls.values() for target in one.targets}
    for name, one in found.controls.items():
        assert one.targets, name
        assert len(set(one.targets)) == len(one.targets), name
        assert set() < set(one.by) <= known, name
        assert set() < set(one.on) <= known | {WORLD}, name
        assert all((one.issuer, one.measure, one.instrument)), name
        assert first_day(one.announced) <= found.as_of, name
        kind = found.sources[one.source].kind
        assert one.confidence == "low" or kind not in ("recalled", "judgement"), name
        if one.aim == "on_china":
            assert set(one.on) & {"CHN", WORLD}, name
        else:
            assert one.by == ("CHN",), name


def test_states_and_periods_agree():
    for name, one in controls().controls.items():
        binds = one.binds(TODAY)
        if one.state == "in force":
            assert binds, name
        elif one.state != "changed":
            assert not binds, name
        assert bool(one.periods) == (one.state not in ("never in force", "proposed")), name
        for period in one.periods:
            assert period.until is None or first_day(period.start) < first_day(period.until), name
            # A date that names only a year or month may begin before the day of the news.
            assert last_day(period.start) >= first_day(one.announced), name


@pytest.mark.parametrize(
    ("name", "date", "binds"),
    [
        ("NL-2023-09", "2023-08", False),
        ("NL-2023-09", "2023-08-31", False),
        ("NL-2023-09", "2023-09-01", True),
        ("NL-2023-09", "2023-09", True),
        ("NL-2023-09", "2023", True),
        ("NL-2023-09", "2022", False),
        ("NL-2023-09", TODAY, True),
        # In force from the middle of a month: the month counts, the day before does not.
        ("US-2022-10", "2022-10", True),
        ("US-2022-10", "2022-10-06", False),
        ("US-2022-10", "2022-10-07", True),
        # Suspended: the day of the end no longer binds.
        ("CN-2024-12", "2024-12-02", False),
        ("CN-2024-12", "2024-12-03", True),
        ("CN-2024-12", "2025-11-08", True),
        ("CN-2024-12", "2025-11-09", False),
        ("CN-2024-12", "2025-11", False),
        ("CN-2024-12", "2025-10", True),
        ("CN-2024-12", "2025", False),
        ("US-2025-09-AFF", "2025-10", True),
        ("US-2025-09-AFF", "2025-11-10", False),
        # Lifted in a month whose day is not known: the whole month is free.
        ("US-2025-04-H20", "2025-06-30", True),
        ("US-2025-04-H20", "2025-07-01", False),
        ("US-2018-04-ZTE", "2018-06", True),
        ("US-2018-04-ZTE", "2018", False),
        # From a year only.
        ("NL-2019-EUV", "2018-12-31", False),
        ("NL-2019-EUV", "2019-01-01", True),
        ("US-AG-2D", "1992", False),
        ("US-AG-2D", "1993", True),
        # Never in force, proposed, and still to come.
        ("US-2025-01-AIDIFF", "2025-05-15", False),
        ("US-2025-01-AIDIFF", "2030", False),
        ("US-MATCH-2026", "2030", False),
        ("US-301-2027", TODAY, False),
        ("US-301-2027", "2027-05-31", False),
        ("US-301-2027", "2027-06", True),
        # Due to end.
        ("CN-2025-11", TODAY, True),
        ("CN-2025-11", "2026-11-26", True),
        ("CN-2025-11", "2026-11-27", False),
    ],
)
def test_when_a_control_binds(name, date, binds):
    assert controls().controls[name].binds(date) is binds


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2023-02", "2023-02-01", "2023-02-28"),
        ("2024-12", "2024-12-01", "2024-12-31"),
        ("2024-02-29", "2024-02-29", "2024-02-29"),
    ],
)
def test_days_of_partial_dates(text, first, last):
    assert first_day(text) == dt.date.fromisoformat(first)
    assert last_day(text) == dt.date.fromisoformat(last)


@given(st.dates(dt.date(1990, 1, 1), dt.date(2035, 12, 31)))
def test_a_year_and_a_month_stand_for_their_last_day(day):
    for one in list(controls().controls.values())[::7]:
        month_end = last_day(f"{day:%Y-%m}")
        assert one.binds(f"{day:%Y-%m}") == one.binds(month_end.isoformat())
        assert one.binds(f"{day:%Y}") == one.binds(f"{day:%Y}-12-31")
        if one.binds(day.isoformat()):
            assert any(first_day(period.start) <= day for period in one.periods)


@pytest.mark.parametrize("text", ["", "soon", "2024-13", "2023-02-29", "2024-1", "24", "0000"])
def test_no_date(text):
    with pytest.raises(ChainError, match=re.escape(f"{text!r} is not a date; write 2024, 2024-12")):
        controls().controls["NL-2023-09"].binds(text)


def test_controls_of_a_node():
    found = controls()
    every = found.at("semiconductors", "lith_duv")
    assert "NL-2023-09" in every
    before, after = (found.at("semiconductors", "lith_duv", d) for d in ("2023-08", "2023-09"))
    assert set(after) - set(before) == {"NL-2023-09"}
    assert set(before) <= set(after) <= set(every)
    assert found.at("semiconductors", "no_such_node") == {}
    assert found.at("quantum", "lith_duv") == {}
    for name, chain in shipped_chains().items():
        for node in chain.nodes:
            assert set(found.at(name, node, TODAY)) <= set(found.at(name, node))


def test_targets_are_those_of_the_material():
    if not RAW.is_file():
        pytest.skip("the material that the controls were made from is not here")
    given = yaml.safe_load(RAW.read_text(encoding="utf-8"))["events"]
    found = controls().controls
    assert set(found) == {event["id"] for event in given}
    for event in given:
        one = found[event["id"]]
        assert set(one.targets) - NEW_TARGETS == set(event["target_nodes"]), event["id"]
        assert one.announced == str(event["date_announced"]), event["id"]


# A file of one control; all values are made up.
GOOD = """\
as_of: 2026-11-21
sources:
  LAW:
    authors: A. Author
    year: 2024
    title: A law
    where: https://example.org
    kind: page
controls:
  AA-2024:
    announced: "2024-05"
    periods: [{from: "2024-06-15", until: "2025-03"}, {from: "2026", until: null}]
    issuer: Somebody
    by: [USA, EU27]
    "on": [CHN]
    aim: on_china
    instrument: list control
    measure: mills need a licence
    state: in force
    source: LAW
    confidence: high
    targets: ["widgets:mill"]
"""
NODES = ("widgets:mill", "widgets:ore")


@pytest.fixture
def controls_file(tmp_path):
    def written(text):
        path = tmp_path / "mine.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return written


def refused(path: Path, words) -> None:
    with pytest.raises(ChainError) as stop:
        load_controls(path, NODES)
    text = str(stop.value)
    assert "\n" not in text
    assert "Traceback" not in text
    assert "validation error" not in text
    assert not re.search(r"[.!?][;]?\s+[A-Z]", text), text
    missing = [word for word in ["controls file", "mine.yaml", *words] if word not in text]
    assert not missing, (missing, text)


def test_a_good_file_with_two_periods(controls_file):
    path = controls_file(GOOD)
    one = load_controls(path, NODES).controls["AA-2024"]
    assert load_controls(path).controls["AA-2024"] == one
    dates = ["2024-06-14", "2024-06", "2025-02-28", "2025-03-01", "2025", "2026-01-01", "2040"]
    assert [one.binds(date) for date in dates] == [False, True, True, False, False, True, True]


def test_a_group_stands_for_its_nodes(controls_file):
    text = GOOD.replace(
        "controls:\n", "groups: {mills: ['widgets:mill', 'widgets:ore']}\ncontrols:\n"
    )
    bars = "    bars: [{size: x, nodes: [mills, 'widgets:mill'], sellers: [JPN], whole: true}]\n"
    found = load_controls(controls_file(text + bars), NODES)
    (bar,) = found.controls["AA-2024"].bars
    assert found.barred_nodes(bar) == ("widgets:mill", "widgets:ore", "widgets:mill")
    assert (bar.size, bar.sellers, bar.whole, bar.replaces) == ("x", ("JPN",), True, ())


def test_a_path_has_controls_of_the_named_aims_in_force(controls_file):
    assert load_controls(controls_file(GOOD)).of_paths() == {}
    for aim, there in (("on_china", ["AA-2024"]), ("by_china", [])):
        found = load_controls(controls_file(f"in_force: [{aim}]\n{GOOD}"))
        assert list(found.of_paths()) == there
    assert {one.aim for one in controls().of_paths().values()} == set(controls().in_force)


def test_a_control_towards_everyone(controls_file):
    path = controls_file(GOOD.replace('"on": [CHN]', f'"on": [{WORLD}]'))
    assert load_controls(path).controls["AA-2024"].on == (WORLD,)


CODES = ["ISO codes", "AUSTRALIA_GROUP, EU27, WASSENAAR", "(under on) WORLD are right"]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        pytest.param("[USA, EU27]", "[USA, EU]", ["AA-2024, field by: 'EU'", *CODES], id="by EU"),
        pytest.param("[USA, EU27]", "[WORLD]", ["field by: 'WORLD'", *CODES], id="by everyone"),
        pytest.param("[CHN]", "[China]", ["AA-2024, field on: 'China'", *CODES], id="on a word"),
        pytest.param("[CHN]", "CHN", ["AA-2024.on: 'CHN' found; a list"], id="on without list"),
        pytest.param('    "on": [CHN]\n', "", ["AA-2024.on: it is missing"], id="on missing"),
        pytest.param(
            "until: null",
            "until: 2025-12",
            ["control AA-2024: it ends 2025-12, before it begins 2026"],
            id="end before start",
        ),
        pytest.param(
            '"2024-06-15"',
            '"2024-06-31"',
            ["periods.0.from: '2024-06-31' is not a date; write 2024, 2024-12 or 2024-12-02"],
            id="no such day",
        ),
        pytest.param(
            '"2025-03"', '"spring"', ["periods.0.until: 'spring' is not a date"], id="no date"
        ),
        pytest.param(
            'from: "2026", ', "", ["AA-2024.periods.1.from: it is missing"], id="no start"
        ),
        pytest.param(
            "source: LAW",
            "source: LAV",
            ["control AA-2024: source 'LAV' is not listed under sources; did you mean LAW?"],
            id="source unlisted",
        ),
        pytest.param(
            "    source: LAW\n", "", ["AA-2024.source: it is missing"], id="source missing"
        ),
        pytest.param(
            "source: LAW",
            'source: ""',
            ["control AA-2024: its source is missing; an id of sources or"],
            id="source empty",
        ),
        pytest.param(
            "kind: page",
            "kind: recalled",
            ["control AA-2024: confidence is high but source LAW is recalled; low is right"],
            id="recalled with high confidence",
        ),
        pytest.param(
            "source: LAW",
            "source: 'assumption: so'",
            ["control AA-2024: an assumption has confidence high; low is right"],
            id="assumption with high confidence",
        ),
        pytest.param(
            "widgets:mill",
            "widgets:mil",
            ["control AA-2024: target widgets:mil is not a node; did you mean widgets:mill?"],
            id="no such target",
        ),
        pytest.param(
            '["widgets:mill"]',
            "[]",
            ["control AA-2024: it has no targets; write them as chain:node"],
            id="no target",
        ),
        pytest.param(
            "state: in force",
            "state: running",
            ["AA-2024.state: 'running' found, 'in force'", "'changed' is right"],
            id="unknown state",
        ),
        pytest.param(
            "aim: on_china", "aim: china", ["AA-2024.aim: 'china' found, 'on_china'"], id="aim"
        ),
        pytest.param(
            "controls:\n",
            "in_force: [on_chin]\ncontrols:\n",
            ["field in_force.0: 'on_chin' found, 'on_china'"],
            id="aim in force",
        ),
        pytest.param(
            "    state:",
            "    stat: x\n    state:",
            ["AA-2024.stat: there is no such field"],
            id="unknown field",
        ),
        pytest.param(
            "controls:\n",
            "controls: []\nmore:\n",
            ["field controls: [] found; a mapping of fields is right"],
            id="controls as a list",
        ),
        pytest.param(
            "    state:",
            "    source: LAW\n    state:",
            ["line 21", "the field source appears twice"],
            id="key twice",
        ),
        pytest.param("by: [USA", "by: [[USA", ["line", "not valid YAML"], id="not YAML"),
        pytest.param(
            "    state:",
            "    bars: [{size: x, nodes: [all_mills]}]\n    state:",
            ["AA-2024, field bars: all_mills is neither a node nor a group"],
            id="bars no node",
        ),
        pytest.param(
            "    state:",
            "    bars: [{size: x, nodes: ['widgets:ore'], sellers: [EU]}]\n    state:",
            ["AA-2024, field bars: seller 'EU' is unknown; ISO codes"],
            id="bars unknown seller",
        ),
        pytest.param(
            "    state:",
            "    bars: [{size: x, nodes: ['widgets:ore'], replaces: [AA-2023]}]\n    state:",
            ["field bars: control 'AA-2023' is unknown; did you mean AA-2024?"],
            id="bars replace nothing",
        ),
        pytest.param(
            "    state:",
            "    unsized: why\n    bars: [{size: x, nodes: ['widgets:ore']}]\n    state:",
            ["AA-2024, unsized: it has bars; one of the two is right"],
            id="bars and none",
        ),
    ],
)
def test_bad_control(controls_file, old, new, words):
    assert old in GOOD, old
    refused(controls_file(GOOD.replace(old, new, 1)), words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ["it is empty", "`as_of:` and `controls:` are right"]),
        ("- a\n", ["it holds a list"]),
        (b"\xff\xfe\xfd", ["it is not UTF-8 text"]),
        (GOOD[: GOOD.index("controls:")], ["field controls: it is missing"]),
        (GOOD + GOOD[GOOD.index("  AA-2024") :], ["the field AA-2024 appears twice"]),
    ],
    ids=["empty", "list", "bytes", "no controls", "control twice"],
)
def test_no_controls_at_all(controls_file, text, words):
    refused(controls_file(text), words)


def test_a_file_that_is_not_there(tmp_path):
    refused(tmp_path / "mine.yaml", ["cannot be read"])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('announced: "2024-05"', 'announced: "May 2024"'),
        ("[USA, EU27]", "[]"),
        ('"on": [CHN]', '"on": []'),
        ("state: in force", "state: never in force"),
    ],
    ids=["announced in words", "by nobody", "on nobody", "never in force with periods"],
)
def test_controls_without_meaning(controls_file, old, new):
    assert old in GOOD
    refused(controls_file(GOOD.replace(old, new)), ["AA-2024"])


def test_a_pause_binds_nobody():
    timeline = controls()
    pause = timeline.controls["CN-2025-11"]
    assert pause.periods
    assert "CN-2025-11" not in timeline.at("rare_earths_magnets", "magnet", "2025-12")
    assert "CN-2025-11" in timeline.at("rare_earths_magnets", "magnet")
