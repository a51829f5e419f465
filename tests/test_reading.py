"""One loader for all YAML: text stays text, and what is too deep or too large is refused."""

from __future__ import annotations

import gc
import time
import tracemalloc
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from odd_texts import BOMB, TEXT_BOMB

import zizhu
import zizhu.reading.tree as loader
from zizhu.chains import load_chain
from zizhu.errors import (
    ChainError,
    EvidenceError,
    ParameterError,
    ScenarioError,
    WorldError,
    ZizhuError,
    did_you_mean,
    quoted,
    short,
)
from zizhu.evidence import load_claims, load_facts
from zizhu.parameters import load_parameters
from zizhu.policy import compile_wedges, load_scenario
from zizhu.reading import Complaint, listed, tree_of
from zizhu.world import read_csv
from zizhu.world.sheets.groups import read_groups

PACKAGE = Path(zizhu.__file__).parent
SHIPPED = sorted(PACKAGE.rglob("*.yaml"))


@pytest.mark.parametrize(
    "code",
    ["NO", "no", "on", "y", "004", "010", "10:12", "0x1F", "1_000", "1e5", "2018-07-06", "="],
)
def test_a_code_stays_what_was_written(code):
    """YAML 1.1 makes False, 4, 8, 612, 31, 1000 and a date of them."""
    assert tree_of(f"{code}: [{code}]") == {code: [code]}


def test_nothing_is_none_and_what_is_in_quotes_is_text():
    assert tree_of("{a: , b: ~, c: null, d: '', e: '~', f: \"null\"}") == {
        "a": None, "b": None, "c": None, "d": "", "e": "~", "f": "null",
    }  # fmt: skip
    assert tree_of("{a: ~, b: null}", nulls=False) == {"a": "~", "b": "null"}


def test_infinity_is_written_as_numbers_are_read():
    assert [float(one) for one in tree_of("[.inf, -.inf, +.INF]")] == [
        float("inf"), float("-inf"), float("inf"),
    ]  # fmt: skip


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_shipped_files_are_read_as_yaml_reads_their_text(path):
    """The same tree as PyYAML's loader that leaves everything text, but for None and infinity."""
    text = path.read_text(encoding="utf-8")

    def same(ours, theirs):
        if isinstance(theirs, dict):
            return list(ours) == list(theirs) and all(same(ours[k], theirs[k]) for k in theirs)
        if isinstance(theirs, list):
            return len(ours) == len(theirs) and all(map(same, ours, theirs))
        return ours == {".inf": "inf", "": ours, "null": None, "~": None}.get(theirs, theirs)

    assert same(tree_of(text), yaml.load(text, Loader=yaml.BaseLoader))


PLAIN = st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), max_size=12)


@given(
    st.recursive(
        PLAIN,
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(PLAIN.filter(str.strip), inner, max_size=4)
        ),
        max_leaves=20,
    )
)
def test_what_pyyaml_writes_is_read_again(tree):
    assert tree_of(yaml.safe_dump(tree, default_flow_style=False)) == tree


def test_an_alias_is_a_copy_and_a_merge_key_takes_over():
    found = tree_of("a: &a {x: 1, y: 2}\nb: *a\nc: {<<: *a, y: 3}\nd: {<<: [{x: 9}, *a]}")
    assert found["b"] == {"x": "1", "y": "2"}
    assert found["b"] is not found["a"]
    assert found["c"] == {"x": "1", "y": "3"}
    assert found["d"] == {"x": "9", "y": "2"}


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: !!int abc", 1, "'!!int' says nothing here"),
        ("x: 1\na: !!timestamp x", 2, "'!!timestamp'"),
        ("a: !!bool x", 1, "'!!bool'"),
        ("a: !!python/object/apply:os.getpid []", 1, "'!!python/object/apply:os.getpid'"),
        ("a: !mine {b: 1}", 1, "'!mine'"),
        ("&a [*a]", 1, "*a stands inside"),
        ("b: *a", 1, "*a stands for nothing"),
        ("<<: 5", 1, "takes over the fields of a mapping"),
        ("[a]: 1", 1, "cannot name a field"),
        ("{a: 1}: 1", 1, "cannot name a field"),
        ("'': 1", 1, "'' cannot name a field"),
        ('"a\\nb": 1', 1, "cannot name a field"),
        ("a: 1\na: 2", 2, "the field a appears twice"),
        ('a: "b\\0"', 1, "cannot be shown"),
        ('a: "\\e[31m"', 1, "cannot be shown"),
        ("a: 1\n---\nb: 1", 2, "a second document"),
        ("[" * 41 + "]" * 41, 1, "nested too deeply"),
        ("[" * 100_000, 1, "nested too deeply"),
        ("- " * 5_000 + "x", 1, "nested too deeply"),
        ("\n".join(f"a{n}: &a{n} [{f'*a{n - 1}' if n else ''}]" for n in range(100)), 40, "deeply"),
        ("a: [b", 2, "not valid YAML"),
        ("a: b\n\tc: d", 2, "not valid YAML"),
        ("a: \x00", None, "not valid YAML"),
        ("a: '\ud800'", None, "characters that no text has"),
    ],
)
def test_what_is_no_plain_yaml_is_named_with_its_line(text, line, words):
    with pytest.raises(Complaint) as stop:
        tree_of(text)
    assert words in str(stop.value)
    assert line in (stop.value.line, None)
    assert len(str(stop.value)) < 200


def test_the_deepest_and_the_largest_are_read(monkeypatch):
    monkeypatch.setattr(loader, "MOST_NODES", 1_000)
    assert tree_of("[" * 40 + "]" * 40)
    assert len(tree_of("[" + "x," * 999 + "]")) == 999
    with pytest.raises(Complaint, match="more than 1,000 entries"):
        tree_of("[" + "x," * 1_000 + "]")


BILLION = "a: &a 'lol'\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 10)}]\n"
    for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    "text",
    [BOMB, BILLION, TEXT_BOMB.replace("x" * 2000, "x" * 20_000)],
    ids=["nine", "ten", "text"],
)
def test_a_billion_laughs_are_counted_not_written_out(text):
    def refused():
        with pytest.raises(Complaint, match="too many to read"):
            tree_of(text)

    # What other tests left is not searched for garbage, nor their threads counted, in this time.
    gc.freeze()
    try:
        began = time.thread_time()
        refused()
        assert time.thread_time() - began < 1.0
    finally:
        gc.unfreeze()
    tracemalloc.start()
    try:
        refused()
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    # Written out they would be gigabytes.
    assert most < 10e6


def test_without_the_parser_in_c_the_same_is_read(monkeypatch):
    texts = ["a: {b: [1, 'x', ~]}", "&a [*a]", "[" * 5_000, BOMB, "a: !!int x", 'a: "\\0"']
    found = [_told(text) for text in texts]
    monkeypatch.setattr(loader, "_PARSER", yaml.SafeLoader)
    assert [_told(text) for text in texts] == found


def _told(text: str) -> object:
    try:
        return tree_of(text)
    except Complaint as said:
        return said.line, str(said)


DOORS = {
    "scenario": (lambda file: load_scenario(str(file)), ScenarioError),
    "chain": (load_chain, ChainError),
    "parameters": (load_parameters, ParameterError),
    "facts": (load_facts, EvidenceError),
    "claims": (load_claims, EvidenceError),
    "groups": (read_groups, WorldError),
}


@pytest.mark.parametrize(
    "text", [BOMB, "a: !!int abc", "a: &a [*a]", "a: " + "[" * 9_000, "a: 0x: 1"]
)
@pytest.mark.parametrize("door", DOORS)
def test_every_file_goes_through_the_one_loader(tmp_path, door, text):
    file = tmp_path / "mine.yaml"
    file.write_text(text)
    read, kind = DOORS[door]
    with pytest.raises(kind) as stop:
        read(file)
    assert f"{file}, line 1: " in str(stop.value)
    assert len(str(stop.value)) < 300


@pytest.mark.parametrize("text", [BOMB, "a: &a [*a]", "[" * 9_000])
def test_so_do_a_world_and_a_setting(tmp_path, text):
    (tmp_path / "flows.csv").write_text("supplier,sector,user,use,value\n")
    (tmp_path / "world.yaml").write_text(text)
    with pytest.raises(WorldError, match=r"world\.yaml, line 1: "):
        read_csv(tmp_path)
    with pytest.raises(ScenarioError, match=r"^--set .*: the value cannot be read, "):
        load_scenario("decoupling", [f"title={text}"])


def test_codes_that_yaml_would_change_name_the_regions_of_a_world(tmp_path):
    """Norway, a sector 004 and one 10:12, in every file of a world, a scenario and a grouping."""
    rows = [
        f"{i},{k},{n},household,{10 if i == n else 2}"
        for i in ("NO", "y") for n in ("NO", "y") for k in ("004", "10:12")
    ]  # fmt: skip
    rows += [f"{i},{k},{i},{k},1" for i in ("NO", "y") for k in ("004", "10:12")]
    (tmp_path / "flows.csv").write_text("supplier,sector,user,use,value\n" + "\n".join(rows) + "\n")
    (tmp_path / "world.yaml").write_text(
        "year: 2020\ncurrency: USD\nregions: [NO, y]\nsectors: [004, 10:12]\n"
        "isic: {004: [1], 10:12: [26]}\ngroups: {on: [NO, y]}\n"
    )
    world = read_csv(tmp_path)
    assert (world.regions, world.sectors) == (("NO", "y"), ("004", "10:12"))
    assert world.groups == {"on": ("NO", "y")}
    groups = tmp_path / "groups.yaml"
    groups.write_text("off: [NO]\nyes: y\n")
    assert read_groups(groups) == {"off": ["NO"], "yes": ["y"]}
    file = tmp_path / "mine.yaml"
    file.write_text(
        "title: 5\nfocus: NO\ngroups: {north: NO}\nmeasures:\n- {lever: tariff, label: 007, "
        "importers: NO, exporters: y, sectors: [004, 10:12], size: 5 pp, adds: yes}\n"
    )
    found = load_scenario(str(file), ["groups.more=[NO, y]"])
    assert (found.title, found.focus) == ("5", "NO")
    assert found.groups == {"north": ("NO",), "more": ("NO", "y")}
    (measure,) = found.measures
    assert measure.label == "007"
    assert measure.adds is True
    assert compile_wedges(found, world).tariff[1, :, 0] == pytest.approx([0.05, 0.05])


@pytest.mark.parametrize(
    ("text", "known", "names"),
    [
        ("DEU, FRA", (), ["DEU", "FRA"]),
        ("Rest of World,CHN", (), ["Rest of World", "CHN"]),
        ("Rest of World", (), ["Rest of World"]),
        (" , ", (), []),
        ("Farms, fish, steel", ("Farms, fish", "steel"), ["Farms, fish", "steel"]),
        ("steel,Farms, fish", ("Farms, fish", "steel"), ["steel", "Farms, fish"]),
        ("a,b,c,d", ("a,b", "a,b,c"), ["a,b,c", "d"]),
    ],
)
def test_names_in_one_text(text, known, names):
    assert listed(text, known) == names


@pytest.mark.parametrize(
    "found",
    ["x" * 10**6, ["x" * 10**6] * 1000, {"a" * 10**5: "b"}, 10**5000, -(10**400), [[[[[[1]]]]]],
     {n: n for n in range(10**5)}, Path("x" * 5000), b"x" * 5000, range(10**9), float("nan")],
    ids=lambda found: type(found).__name__,
)  # fmt: skip
def test_what_a_message_quotes_is_short(found):
    assert len(quoted(found)) <= 80
    assert len(short(found)) <= (260 if isinstance(found, Path) else 80)


def test_text_is_quoted_whole_where_it_is_short():
    assert quoted("it's") == '"it\'s"'
    assert quoted("a" * 78) == repr("a" * 78)
    assert quoted("a" * 79) == "'" + "a" * 75 + "...'"
    assert quoted("a\n\x1b") == "'a\\n\\x1b'"


def test_names_that_are_offered_are_few_and_short():
    said = did_you_mean("b" * 10**6, [f"{n}" + "a" * 10**5 for n in range(100)])
    assert len(said) < 400
    assert said.startswith("; known: 0aaa")


def test_no_error_is_longer_than_a_screen():
    said = str(ZizhuError("start " + "x" * 10**6 + " end"))
    assert len(said) == 1000
    assert said.startswith("start ")
    assert said.endswith(" end")
