"""Odd arguments of every command: one sentence that names what is wrong, soon, and nothing written.

`/dev/null` and folders that matter are never given as a place to write to.
"""

from __future__ import annotations

import time

import pytest
import typer
from conftest import small_tables

import zizhu
from zizhu.cli import app, arguments
from zizhu.errors import ScenarioError
from zizhu.world import save

HUGE, LONG = "9" * 400, "x" * 3_000
NUMBERS = ("nan", "inf", "-inf", "1e308", "-5", HUGE, "0x1", "one")
NAMES = (
    HUGE,
    LONG,
    "-5",
    "nan",
    "a(1) & 'b",
    "~",
    "*",
    ",",
    "=",
    ":",
    "CHN,",
    "..",
    "é",
    "\u202ea",
)

# A command with X where the odd value goes, and the values that must be refused there.
TABLE: list[tuple[str, tuple[str, ...]]] = [
    ("run X", NAMES),
    ("run baseline --world X", NAMES[:11]),
    ("run baseline --draws X", ("nan", "-5", "1e9", HUGE, "10001", "0.5")),
    ("run baseline --set X", (*NAMES, "measures.a.size=1 %", "a.b.c.d.e.f.g=1", ".=1", "name=")),
    ("run baseline --set name=X", (HUGE, LONG, "..", "a/b", "~", "*", "\u202ea", "a.", "")),
    ("run baseline --set years=X", (*NUMBERS, "10000", "0", "2035.5")),
    ("run lockdown --set measures.lockdown.from=X", (*NUMBERS, "0", "10000-01-01", "0-1-1")),
    ("run lockdown --set measures.lockdown.size=X", (*NUMBERS, "nan %", "1e308 %", "1 pp")),
    ("run lockdown --set measures.lockdown.label=X", (HUGE, LONG, "-5", "é", "a" * 81, "A")),
    ("run decoupling --set parameters.public_funds=X", (*NUMBERS, "", "[]", "{}", "true")),
    ("run decoupling --set elasticities.scale.C26=X", (*NUMBERS, "true")),
    ("run china-2035 --set budget.CHN=X", (*NUMBERS, "nan % of GDP", "5", "")),
    ("compare X baseline", NAMES[:10]),
    ("compare baseline lockdown --world X", NAMES[:10]),
    ("compare baseline lockdown --set X", NAMES[:10]),
    ("simulate X", NAMES),
    ("simulate --world X", NAMES[:11]),
    ("simulate --wedge X", (*NAMES, "tariff from= to=CHN", "tariff", "tariff from=USA to=CHN")),
    ("simulate --wedge 'tariff from=USA to=CHN sector=C26 size=X'", (*NUMBERS, "1e308%", "nan%")),
    ("simulate --wedge 'tariff from=USA to=CHN sector=C26 size=5% years=X'", (*NUMBERS, "0")),
    ("simulate --controls X", (*NUMBERS, "10000-01-01", "2025-13-01", "0000-01-01", "2025-02-30")),
    ("simulate --years X", (*NUMBERS, "0", "10000", "2021", "1899")),
    ("simulate --decompose X", (*NUMBERS, "0", "10000", "2036")),
    ("simulate --structure X", (*NAMES, "ideas=", "ideas=nan", "=off", "scale=0")),
    ("simulate --set X", (*NAMES, "entry_share=nan", "entry_share=inf", "entry_share=", "=1")),
    ("simulate --focus X", NAMES),
    ("simulate --list-wedges X", NAMES),
    ("dependence X --world w.nc", NAMES),
    ("dependence N --world w.nc --sector X", NAMES),
    ("dependence N --world w.nc --on X", (*NAMES, "N")),
    ("dependence N --world w.nc --draws X", ("nan", "-5", "1e9", HUGE, "1001", "0.5")),
    ("dependence N --world X", NAMES[:11]),
    ("chains X", NAMES),
    ("chains get X", NAMES),
    ("chains get eto --from X --output o.yaml", NAMES),
    ("chains solar_pv X", NAMES),
    ("chains solar_pv --node X", NAMES),
    ("history X", NAMES),
    ("history C26 X", NAMES),
    ("history --region X", NAMES),
    ("history --kind X", NAMES),
    ("backtest X", NAMES),
    ("chains solar_pv --cut X", (*NAMES, ":", "USA:", ":module", "USA:module:nan", "USA:module:-1",
                                 "USA:module:2", "USA:module:1:1", "USA:module:x")),
    ("chains solar_pv --buyer X", NAMES),
    ("chains --buyer X", NAMES),
    ("chains solar_pv --at X", (*NUMBERS, "10000", "2024-13", "0000", "2024-12-32", "2024-1")),
    ("chains solar_pv --target X", NAMES),
    ("chains solar_pv --above X", ("nan", "inf", "-inf", "-5", "0", "1e-400", "one", "1e999")),
    ("chains solar_pv --world X", NAMES[:11]),
    ("chains solar_pv --set X", (*NAMES, "entry_share=nan", "chain_home_bias=1e308")),
    ("scenarios X", NAMES),
    ("levers X", NAMES),
    ("parameters X", NAMES),
    ("parameters --room X", NAMES),
    ("equal-outlay X", NAMES),
    ("equal-outlay --region X", NAMES),
    ("equal-outlay --amount X", ("nan", "inf", "-5", "0", "1e308", "1e6", "one")),
    ("equal-outlay --world X", NAMES[:11]),
    ("explain X", NAMES),
    ("facts X", NAMES),
    ("facts --topic X", NAMES),
    ("facts --file X", NAMES),
    ("claims X", NAMES),
    ("claims --verdict X", NAMES),
    ("claims --document X", NAMES),
    ("claims --file X", NAMES),
    ("replicate X", NAMES),
    ("replicate cp2015 --data X", NAMES[:7]),
    ("validate X", NAMES),
    ("world show X", NAMES[:11]),
    ("world check X", NAMES[:11]),
    ("world export X folder", NAMES[:11]),
    ("world aggregate w.nc --out o.nc --merge X", NAMES),
    ("world aggregate w.nc --out o.nc --regions X", (*NAMES[2:11], "x" * 200)),
    ("world update w.nc --to margins.csv --out o.nc --year X", ("nan", "-5", "0", "10000", HUGE)),
    ("world update w.nc --to X --out o.nc", NAMES[2:11]),
]  # fmt: skip
# Commands without a name to be wrong about, and a folder that is looked at by other tests.
UNASKED = ("world list", "world proof", "world import", "world margins")


def split(row: str, odd: str) -> list[str]:
    """The words of a row, those in quotes together, with the odd value in its place."""
    parts = row.split("'")
    words = parts[0].split() + ([parts[1]] if len(parts) > 1 else [])
    return [odd if word == "X" else word.replace("=X", f"={odd}") for word in words]


@pytest.fixture
def place(zz, tmp_path):
    """A folder with a small world and its margins."""
    save(zizhu.World(**small_tables()), tmp_path / "w.nc")
    (tmp_path / "margins.csv").write_text(
        "margin,supplier,sector,user,use,value,weight,source\ngdp,N,,,,90,,\n"
    )
    return tmp_path


# One value of each row by default, another one for each.
SOME = [(row, odds[number % len(odds) :][:1]) for number, (row, odds) in enumerate(TABLE)]


@pytest.mark.parametrize(("row", "odds"), SOME, ids=[row for row, _ in SOME])
def test_an_odd_value_is_refused_in_one_sentence(zz, place, row, odds):
    refused(zz, place, row, odds)


@pytest.mark.long
@pytest.mark.parametrize(("row", "odds"), TABLE, ids=[row for row, _ in TABLE])
def test_every_odd_value_is_refused_in_one_sentence(zz, place, row, odds):
    refused(zz, place, row, odds)


def refused(zz, place, row, odds):
    before = sorted(path for path in place.rglob("*"))
    wrong = {}
    for odd in odds:
        began = time.process_time()
        try:
            said = zz(*split(row, odd)).complaint
        except Exception as error:  # named with its value below
            wrong[odd[:40]] = f"{type(error).__name__}: {error}"[:300]
            continue
        if len(said) > 600 or not said.isprintable():
            wrong[odd[:40]] = f"{len(said)} characters: {said[:200]!r}"
        if time.process_time() - began > 20:
            wrong[odd[:40]] = "it took too long"
    assert not wrong, "\n".join(f"{odd}: {what}" for odd, what in wrong.items())
    assert sorted(path for path in place.rglob("*")) == before, "something was written"


# They name where something is written, or take any words at all.
WRITES, ANY = {"--out", "--output", "-o"}, {"--search", "--data", "--by", "--sectors"}


def test_the_table_has_every_option_that_takes_a_value():
    """A new one needs a row."""
    top = typer.main.get_command(app)
    every = {name: one for name, one in top.commands.items() if name != "world"}
    every |= {f"world {name}": one for name, one in top.commands["world"].commands.items()}
    missing = [
        f"{name} {max(option.opts, key=len)}"
        for name, command in every.items()
        for option in command.params
        if option.opts[0].startswith("-")
        and not option.is_flag
        and not set(option.opts) & (WRITES | ANY)
        and not any(
            f"{name} " in row and f" {spelt} " in row for row, _ in TABLE for spelt in option.opts
        )
    ]
    assert not missing
    assert not [name for name in every if not any(row.startswith(name) for row, _ in TABLE)
                and name not in UNASKED]  # fmt: skip


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (["dependence", "CHN", "--sector", ""], "--sector: it is empty; leave it out"),
        (["dependence", "CHN", "--on="], "--on: it is empty"),
        (["facts", "--search", "  "], "--search: it is empty"),
        (["run", ""], "an argument: it is empty"),
        (["run", "a\0b"], r"'a\x00b' holds a character that cannot be shown"),
        (["run", "a", "--set", "title=\x1b[31m"], r"'title=\x1b[31m' holds"),
        (["levers", "\udcff"], r"'\udcff' holds"),
        (["levers", "x" * 5_000], "longer than 4,000 characters"),
    ],
)
def test_what_no_argument_may_be(zz, given, words):
    with pytest.raises(ScenarioError) as stop:
        arguments.check(given)
    assert words in str(stop.value)
    assert zz(*given).complaint == str(stop.value)


@pytest.mark.parametrize("given", [["--set", "a=b"], ["-5"], ["--", "x"], ["--set=a="], ["a\nb"]])
def test_what_an_argument_may_be(given):
    arguments.check(given)


ODD_FILE = "a(1) & 'b' <i>.yaml"


def test_a_file_with_an_odd_name_runs_and_its_name_is_escaped(zz, place, scenario_file):
    """What a browser calls a second download; brackets of HTML become a dash."""
    text = (
        "title: T <b> & 'q'\nfocus: N\nworld: w.nc\n"
        "measures: [{lever: labour_supply, label: a, regions: N, size: 1 %}]\n"
    )
    answer = zz("run", scenario_file(text, name=ODD_FILE), "--quick")
    assert answer.code == 0, answer
    folder = place / "zizhu-out" / "a(1) & 'b' -i"
    assert sorted(path.name for path in folder.iterdir())
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "T <b> &" not in page
    assert "T &lt;b&gt; &amp; " in page


def test_the_last_day_of_the_calendar_is_a_day(zz, place, scenario_file):
    from lever_contexts import compiled  # noqa: PLC0415 (only here)

    text = "lever: research_spending\nlabel: a\nregions: CHN\nsize: 0.1 % of GDP\nto: "
    last = compiled(text + "9999-12-31").by_measure["a"]
    other = compiled(text + "2100-12-31").by_measure["a"]
    assert all((one == two).all() for one, two in zip(last, other, strict=True))
