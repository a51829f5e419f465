"""Ways to spoil a text that was fine: slips of people, breaks of tools, tricks of attackers."""

from __future__ import annotations

import copy
import random
import re
from collections.abc import Callable
from typing import Any

import yaml

from zizhu.reading import Complaint, tree_of

# Scalars as they may stand in a YAML file, each odd in its own way.
SCALARS: tuple[str, ...] = (
    # What YAML 1.1 reads as something else, and what only looks like a number.
    "NO", "no", "on", "y", "004", "0o17", "10:12", "0x", "0x1F", "0b", "1_000", "1e5", "1.", ".5",
    "+", "-", "=", "~", "null", "true", "''", '""', "١٢", "½", "1,5", "1.234,5", "12 %", "1e999",
    # Numbers without end, and ends of the number line.
    ".nan", ".inf", "-.inf", "nan", "inf", "Infinity", "-0", "0", "-1", "1e308", "-1e308", "1e-320",
    "9" * 400, "9" * 5000, "-" + "9" * 5000, "1" + "0" * 30, "0." + "0" * 400 + "1",
    # Sizes.
    "1e308 %", "-1e308 bn USD", "nan %", "1e300 tn CNY", "999999999999 % of GDP", "0 %", "10 pp",
    "5 years", "=public_funds", "=nope", "=", "10 % of", "% 10",
    # Dates.
    "2018-02-30", "2018-07-06", "0000-01-01", "0001-01-01", "9999-12-31", "10000-01-01", "-5",
    "2018-07-06T25:00:00", "2018-07-06 12:00:00", "20180706", "1530835200", "10000", "99999999",
    # Tags, aliases, references.
    "!!int abc", "!!float x", "!!timestamp x", "!!bool x", "!!null x", "!!binary '*'", "!!set {a}",
    "!!python/object/apply:os.getpid []", "!!python/name:os.system", "!foo bar", "!<x> y", "!",
    "*nobody", "&a [*a]", "&a {b: *a}", "&x", "<<", "{<<: 5}", "{<<: [1, {a: 2}]}", "!!str 5",
    # Brackets, quotes, comments.
    "[", "]", "{", "[a, b", "{a: }", "{a, b}", "[[]]", "[{}]", "{}", "[]", "'", '"', "|", ">", "#",
    "%", "@", "`", "? x", "- x", ": ", "a: b: c", "---", "...", "[null]", "[~, 1]", "{1: 2}",
    "{[a]: b}", "{null: 1}", "{true: 1}",
    # Characters.
    '"\\0"', '"a\\0b"', '"\\ud800"', '"\\e[31m"', '"\\a"', '"\\x85"', '"\\u202e"', '"\\U0001F4A9"',
    '"\\n\\n"', '"\\t"', "é", "中国", "a\u0301", "\u202eabc", "\ufeff", "\u2028", "💥",
    # Words of the house, in the wrong place.
    "CHN", "chn", "CHN USA", "CHN,USA", "CHN, USA", "all", "goods", "OTHER", "C26", "c26", "EU",
    "semiconductors/euv", "semiconductors/*", "/", "*", "../../etc/passwd", "a(1)&'b", "lever",
    # Length and depth.
    "a" * 1000, "a" * 100_000, "x " * 20_000, "[" * 50 + "]" * 50, "[" * 3000, "{a: " * 400,
    "[" * 1500 + "]" * 1500, "- " * 300 + "x",
)  # fmt: skip

BOMB = (
    "{a: &a [x,x,x,x,x,x,x,x,x], b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a],"
    " c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b], d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c],"
    " e: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d], f: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e],"
    " g: &g [*f,*f,*f,*f,*f,*f,*f,*f,*f]}"
)
TEXT_BOMB = (
    "{a: &a '" + "x" * 2000 + "', b: &b {p: *a, q: *a, r: *a}, c: ["
    + ", ".join(["*b"] * 2000) + "]}"
)  # fmt: skip

# Values that a loader may hand over, for whole branches of a file.
VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2022, 10**30, -(10**300), 0.1, 1e308, float("nan"), float("inf"),
    "", " ", "x", "CHN", "x" * 5000, [], {}, [[]], [{}],
    {"": ""}, {"a": None}, [None], ["CHN", "CHN"],
    [1, 2, 3], {"value": 1}, {"value": 1, "low": 2, "high": 0}, ["CHN", 5], {"CHN": "5 %"},
    [["CHN"]], {"x" * 500: 1}, list(range(2000)), {f"k{n}": n for n in range(2000)},
)  # fmt: skip


# What looks like what it replaces, and is at an end of what can be.
ENDS: dict[str, tuple[str, ...]] = {
    r"[-+]?[\d.]+ *(%|percent.*|pp|.*GDP|.*[A-Z]{3})": (
        "0 %", "-0 %", "100 %", "-100 %", "99.999999 %", "101 %", "-99.9 %", "1e-300 %", "1e300 %",
        "95 percentage points", "-95 percentage points", "1e300 percentage points", "0 pp",
        "0 % of GDP", "-5 % of GDP", "100 % of GDP", "1e12 % of GDP", "1e-30 bn CNY", "0 bn CNY",
        "-1 bn CNY", "1e200 bn CNY", "1e290 tn USD", "5 bn RUB", "5 bn XXX", "1 mn KRW", "7 USD",
    ),
    r"\d{4}-\d{2}-\d{2}": (
        "0001-01-01", "1899-12-31", "1900-01-01", "2005-01-01", "2022-01-01", "2035-12-31",
        "2036-01-01", "2100-12-31", "9999-12-31", "2024-02-29", "2023-02-29", "2022-13-01",
    ),
    r"[-+]?\d+(\.\d+)?": (
        "0", "-1", "1", "100", "101", "1e-300", "1e300", "-1e300", "2021", "2022", "2035", "2101",
        "0.5", "1e15", "99", "1.0000000001", "nan", "inf", "-inf", "4611686018427387904", "50.1",
    ),
    r"[A-Z][A-Z0-9_]{1,6}": (
        "CHN", "USA", "HKG", "C26", "C10T12", "all", "EU", "ROW", "OTHER", "goods", "XXX", "N",
        "manufacturing", "[CHN, USA]", "[all, CHN]", "[]", "[CHN, CHN]", "CHN, USA", "[C26, C27]",
    ),
    r"[a-z_0-9-]+(/[a-z_*0-9]+)?": (
        "semiconductors/*", "semiconductors/euv", "semiconductors/lith_euv", "ai/*", "true", "no",
        "tariff", "subsidy", "high", "low", "medium", "judgement", "aggregate", "final", "location",
        "BOOK", "assumption", "[semiconductors/*, ai/*]", "firms", "central government", "all",
    ),
}  # fmt: skip


def fitting(found: str, rng: random.Random) -> str:
    """Something at the end of what may stand where `found` does, else any odd scalar."""
    kinds = [ends for look, ends in ENDS.items() if re.fullmatch(look, found.strip())]
    return rng.choice(rng.choice(kinds)) if kinds else odd_scalar(rng)


def spoiled(text: str, rng: random.Random) -> str | bytes:
    """A text with one to three faults."""
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        kinds = rng.choices((_TEXTS, _TREES, (_fitting,)), (3, 3, 4))[0]
        text = rng.choice(kinds)(text, rng)
    return _bytes(text, rng) if rng.random() < 0.06 else text


def odd_scalar(rng: random.Random) -> str:
    """One odd scalar, or rarely a bomb."""
    if rng.random() < 0.04:
        return rng.choice((BOMB, TEXT_BOMB))
    return rng.choice(SCALARS)


def _bytes(text: str, rng: random.Random) -> bytes:
    raw = text.encode("utf-8", "surrogatepass")
    at = rng.randrange(len(raw) + 1)
    kind = rng.randrange(5)
    if kind == 0:
        return raw[:at]
    if kind == 1:
        return raw[:at] + bytes(rng.randrange(256) for _ in range(rng.randrange(1, 9))) + raw[at:]
    if kind == 2:
        return raw[:at] + b"\x00" + raw[at:]
    return b"\xef\xbb\xbf" + raw if kind == 3 else text.encode("utf-16")


def _lines(change: Callable[[list[str], int, random.Random], None]) -> Callable[..., str]:
    def spoil(text: str, rng: random.Random) -> str:
        lines = text.split("\n")
        change(lines, rng.randrange(len(lines)), rng)
        return "\n".join(lines)

    return spoil


@_lines
def _delete(lines: list[str], at: int, rng: random.Random) -> None:
    del lines[at : at + rng.choice((1, 1, 3, 20))]


@_lines
def _duplicate(lines: list[str], at: int, rng: random.Random) -> None:
    lines[at:at] = lines[at : at + rng.choice((1, 2, 6))] * rng.choice((1, 1, 50))


@_lines
def _swap(lines: list[str], at: int, rng: random.Random) -> None:
    other = rng.randrange(len(lines))
    lines[at], lines[other] = lines[other], lines[at]


@_lines
def _indent(lines: list[str], at: int, rng: random.Random) -> None:
    lines[at] = rng.choice((" ", "  ", "\t", "", "- ", "-")) + lines[at].lstrip(
        rng.choice((" ", ""))
    )


@_lines
def _new_line(lines: list[str], at: int, rng: random.Random) -> None:
    space = re.match(r" *", lines[at])[0]
    lines.insert(at, f"{space}{rng.choice(('x', 'title', '<<', 'on', '5'))}: {odd_scalar(rng)}")


def _scalar(text: str, rng: random.Random) -> str:
    """An odd scalar where a value or an entry of a list was."""
    return _leaf(text, rng, lambda _: odd_scalar(rng))


def _fitting(text: str, rng: random.Random) -> str:
    """An end of what can be where a value or an entry of a list was."""
    return _leaf(text, rng, lambda found: fitting(found, rng))


_LEAF = re.compile(r"(?<=: )[^\n{}\[\],]+|(?<=- )[^\n{}\[\]:,]+|(?<=[\[,] )\w+")


def _leaf(text: str, rng: random.Random, made: Callable[[str], str]) -> str:
    places = list(_LEAF.finditer(text))
    if not places:
        return made("")
    place = rng.choice(places)
    return text[: place.start()] + made(place[0]) + text[place.end() :]


def _key(text: str, rng: random.Random) -> str:
    """An odd key where a field was named."""
    places = list(re.finditer(r"\w+(?=:)", text))
    if not places:
        return text
    place = rng.choice(places)
    word = place[0]
    new = rng.choice(
        (word + word[-1], word[:-1], word.upper(), odd_scalar(rng), rng.choice(places)[0])
    )
    return text[: place.start()] + new + text[place.end() :]


def _character(text: str, rng: random.Random) -> str:
    at = rng.randrange(len(text) + 1)
    if rng.random() < 0.4:
        return text[:at] + text[at + rng.choice((1, 1, 5, 100)) :]
    odd = rng.choice(
        ("\0", "\x1b[31m", "\t", ":", "'", '"', "\u202e", "é", "-", ",", "{", "]", "&", "*")
    )
    return text[:at] + odd + text[at:]


def _cut(text: str, rng: random.Random) -> str:
    return text[: rng.randrange(len(text) + 1)]


def _places(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    inner = (
        node.items()
        if isinstance(node, dict)
        else enumerate(node)
        if isinstance(node, list)
        else ()
    )
    for key, value in inner:
        found += _places(value, (*path, key))
    return found


def _tree(change: Callable[[Any, Any, random.Random], None]) -> Callable[..., str]:
    """A change of the tree behind a text; the text as it is where there is none."""

    def spoil(text: str, rng: random.Random) -> str:
        try:
            tree = tree_of(text)
            places = _places(tree)
            if not places or len(places) > 20_000:
                return text
            holder = tree
            *way, last = rng.choice(places)
            for key in way:
                holder = holder[key]
            change(holder, last, rng)
            return yaml.safe_dump(tree, sort_keys=False, allow_unicode=True)
        except Complaint:
            return text  # spoiled already

    return spoil


@_tree
def _drop(holder: Any, key: Any, rng: random.Random) -> None:
    del holder[key]


@_tree
def _replace(holder: Any, key: Any, rng: random.Random) -> None:
    holder[key] = copy.deepcopy(rng.choice(VALUES))


@_tree
def _wrap(holder: Any, key: Any, rng: random.Random) -> None:
    value = holder[key]
    holder[key] = rng.choice(
        ([value], {"value": value}, [value, value], str(value), {str(value): 1})
    )


@_tree
def _rename(holder: Any, key: Any, rng: random.Random) -> None:
    if isinstance(holder, dict):
        holder[rng.choice(("x", f"{key}s", str(key)[:-1], None, 5, True, ""))] = holder.pop(key)


@_tree
def _number(holder: Any, key: Any, rng: random.Random) -> None:
    value = holder[key]
    if not isinstance(value, str):
        return
    try:
        number = float(value)
        holder[key] = rng.choice((-number, number * 1e6, number / 1e6, 0, number * 1e300))
    except ValueError:
        holder[key] = rng.choice((value[::-1], value.lower(), value * 50, value[:1], f" {value} "))


@_tree
def _repeat(holder: Any, key: Any, rng: random.Random) -> None:
    if isinstance(holder, list):
        holder += [copy.deepcopy(holder[key])] * rng.choice((1, 1, 200))


_TEXTS = (
    _delete,
    _duplicate,
    _swap,
    _indent,
    _new_line,
    _scalar,
    _scalar,
    _scalar,
    _key,
    _key,
    _character,
    _cut,
)
_TREES = (_drop, _replace, _replace, _wrap, _rename, _number, _number, _repeat)


def spoiled_table(text: str, rng: random.Random) -> str | bytes:
    """A csv file with one to three faults."""
    for _ in range(rng.choice((1, 1, 2, 3))):
        if rng.random() < 0.5:
            rows = [line.split(",") for line in text.split("\n")]
            row = rng.choice(rows)
            row[rng.randrange(len(row))] = odd_scalar(rng)
            text = "\n".join(",".join(one) for one in rows)
        else:
            text = rng.choice((_delete, _duplicate, _swap, _character, _cut))(text, rng)
    return _bytes(text, rng) if rng.random() < 0.06 else text
