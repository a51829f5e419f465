"""A chain from a user's own copy of the Supply Chain Explorer, whose values zizhu cannot ship."""

from __future__ import annotations

import csv
import math
import os
import re
from collections.abc import Collection
from pathlib import Path
from typing import Any

import yaml

from zizhu.chains.chain import OTHER, Chain
from zizhu.chains.checks import MOST_SUM, check_chain
from zizhu.chains.regions import check_code
from zizhu.errors import ChainError, OutputError, quoted, short

WHERE = "https://github.com/georgetown-cset/eto-chip-explorer"
HOW_TO = f"""\
The Supply Chain Explorer (CSET, Georgetown University) says which countries supply chip making.
Licence: CC BY-NC 4.0, not for commercial use; so fetch your own copy and turn it into a chain:

  git clone --depth 1 {WHERE}
  zizhu chains get eto --from eto-chip-explorer/data --output eto_semiconductors.yaml
  zizhu chains eto_semiconductors.yaml

It reads inputs.csv, stages.csv, sequence.csv, providers.csv and provision.csv and writes a chain
file of your own: nodes, order and supplier shares are the explorer's; cost shares,
years to qualify a substitute and the sectors that use chips are assumptions, marked as such. Keep
the file under the explorer's licence and name the source.
"""

_CAPTION = "market_share_chart_caption"
_COLUMNS = {
    "inputs.csv": ("input_id", "input_name", "type", "stage_id", _CAPTION),
    "stages.csv": ("stage_id", "stage_name", _CAPTION),
    "sequence.csv": ("input_id", "goes_into_id", "is_type_of_id"),
    "providers.csv": ("provider_id", "provider_name", "provider_type"),
    "provision.csv": ("provider_id", "provided_id", "share_provided", "year"),
}
# What the explorer calls countries, where it is not their ISO code.
_NAMES = {"MAL": "MYS", "Various": OTHER, "Various countries": OTHER}
# Entries that say a country supplies, but not how much.
_WORDS = ("", "major", "minor", "negligible")
# Stage and kind of input by the explorer's types (assumption).
_KINDS = {
    "tool_resource": ("tool", "capital"),
    "material_resource": ("input", "consumable"),
    "design_resource": ("input", "service"),
    "process": ("stage", "service"),
    "stage": ("stage", "service"),
    "ultimate_output": ("final", "product"),
}
_COST = "assumption: the explorer has no cost shares; equal parts of {} percent"
_TIME = {"source": "assumption: the explorer has no times", "confidence": "low"}
_HEAD = f"""
chain: eto_semiconductors
title: Integrated circuits by the Supply Chain Explorer
note: From a copy of the explorer's tables (CC BY-NC 4.0, not for commercial use). Shares go by
  headquarters unless a caption says site (assumption); cost shares, times, sectors and what is
  essential are assumptions of zizhu.
attached:
- sectors: [C26]
  cost_share: {{value: 13, low: 8, high: 20}}
  source: "assumption: chips are about an eighth of the unit cost of electronics"
  confidence: low
sources:
  ETO: {{authors: "Emerging Technology Observatory (CSET)", title: "Supply Chain Explorer, tables",
         where: "{WHERE}", kind: repository}}
"""

# Whether an input is a type of its parent, by input and parent.
Edges = dict[tuple[str, str], bool]


def _rows(folder: Path, file: str) -> list[dict[str, str]]:
    path = folder / file
    if not os.path.isfile(path):
        raise ChainError(
            f"explorer folder {short(Path(folder))}: {file} is missing; its folder data has it"
        )
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream, strict=True)
            header = list(reader.fieldnames or ())
            rows = list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ChainError(f"explorer table {path} cannot be read as csv in UTF-8") from error
    for column in [name for name in _COLUMNS[file] if name not in header]:
        raise ChainError(f"explorer table {path}: column {column} is missing; 2025 or later has it")
    for number, row in enumerate(rows, 1):
        if None in row or None in row.values():
            raise ChainError(f"explorer table {path}, row {number}: {len(header)} fields are right")
    return [{key: value.strip() for key, value in row.items()} for row in rows]


def _items(folder: Path) -> dict[str, dict[str, str]]:
    """Stages and inputs by id: name, type, caption, and home, the node that they count as."""
    found: dict[str, dict[str, str]] = {}
    for file, what in (("stages.csv", "stage"), ("inputs.csv", "input")):
        for row in _rows(folder, file):
            key, kind, home = row[f"{what}_id"], row.get("type", "stage"), row["stage_id"]
            if kind not in _KINDS:
                raise ChainError(
                    f"explorer folder {short(Path(folder))}: {key} has the unknown type "
                    f"{quoted(kind)}"
                )
            home = home if kind == "process" and home in found else key
            name = row[f"{what}_name"] or key
            found[key] = {"name": name, "type": kind, "caption": row[_CAPTION], "home": home}
    return found


def _shares(folder: Path) -> dict[str, dict[int, dict[str, float]]]:
    """Numeric shares of countries by provided id and year; firms and words are left out."""
    providers = {row["provider_id"]: row for row in _rows(folder, "providers.csv")}
    found: dict[str, dict[int, dict[str, float]]] = {}
    for row in _rows(folder, "provision.csv"):
        provider, text = providers.get(row["provider_id"]), row["share_provided"]
        place = f"explorer folder {short(Path(folder))}, provision of {row['provided_id']}"
        if provider is None:
            raise ChainError(f"{place}: {quoted(row['provider_id'])} is not in providers.csv")
        if provider["provider_type"] != "country" or text.lower() in _WORDS:
            continue
        code = _NAMES.get(provider["provider_name"], provider["provider_name"])
        check_code(code, place)
        share, year = text.removesuffix("%"), row["year"]
        if not re.fullmatch(r"\d+(\.\d*)?", share) or not re.fullmatch(r"[12]\d{3}", year):
            raise ChainError(
                f"{place}: share {quoted(text)} in year {quoted(year)}; two numbers are right"
            )
        block = found.setdefault(row["provided_id"], {}).setdefault(int(year), {})
        if block.setdefault(code, float(share)) != float(share):
            raise ChainError(f"{place}: {code} has two shares in {year}; one is right")
    return found


def _suppliers(years: dict[int, dict[str, float]], caption: str, place: str) -> dict[str, Any]:
    """The youngest block; what has no number in it goes to the rest of the world."""
    year = max(years)
    shares = {code: share for code, share in years[year].items() if share > 0}
    total = sum(shares.values())
    if total > MOST_SUM:
        raise ChainError(f"{place}: shares of {year} sum to {total:g} percent; near 100 is right")
    unknown = round(max(100 - total, 0), 4)
    rest = round(shares.pop(OTHER, 0) + unknown, 4)
    ordered = sorted(shares, key=lambda code: -shares[code])
    return {
        "basis": "location" if re.search(r"\b(site|locat)", caption, re.I) else "headquarters",
        "year": year,
        "measure": "capacity" if "capacity" in caption.lower() else "market share",
        "shares": {code: shares[code] for code in ordered} | ({OTHER: rest} if rest else {}),
        "confirmed": ordered,
        "source": "ETO",
        "confidence": "medium" if unknown < 20 else "low",
        "note": f"{unknown:g} percent have no number and stand under {OTHER}" if unknown else "",
    }


def _graph(folder: Path, items: dict[str, dict[str, str]]) -> Edges:
    """All edges between the nodes that inputs and stages count as."""
    edges: Edges = {}
    rows = _rows(folder, "sequence.csv")
    for typed, column in enumerate(("goes_into_id", "is_type_of_id")):
        for start, end in [(row["input_id"], row[column]) for row in rows if row[column]]:
            for name in {start, end}.difference(items):
                raise ChainError(
                    f"explorer folder {short(Path(folder))}: sequence.csv has unknown id "
                    f"{quoted(name)}"
                )
            a, b = items[start]["home"], items[end]["home"]
            if start == end or a != b:
                edges.setdefault((a, b), bool(typed))
    classes = [edge for edge, typed in edges.items() if typed]
    # What enters a parent as a type of another input does not enter it a second time.
    twice = {(a, end) for a, b in classes for start, end in edges if start == b}
    return {edge: typed for edge, typed in edges.items() if typed or edge not in twice}


def _kept(edges: Edges, final: str, supplied: Collection[str]) -> Edges:
    """Edges that lead to the final node from something that has suppliers or inputs."""
    while True:
        used, fed = {final, *(a for a, _ in edges)}, {*supplied, *(b for _, b in edges)}
        kept = {(a, b): typed for (a, b), typed in edges.items() if b in used and a in fed}
        if len(kept) == len(edges):
            return kept
        edges = kept


def chain_from_eto(folder: str | Path) -> dict[str, Any]:
    """Turn a folder of the explorer's tables into the mapping of a chain file.

    A process counts as its stage. A node that has types, that has no numeric share or that is a
    tool made of tools is an aggregate; an input with neither shares nor inputs is left out.

    Raises `ChainError`, in one sentence, for a table, column or entry that cannot be used.
    """
    folder = Path(folder)
    items, shares = _items(folder), _shares(folder)
    finals = [key for key, item in items.items() if item["type"] == "ultimate_output"]
    if len(finals) != 1:
        raise ChainError(
            f"explorer folder {short(Path(folder))}: {len(finals)} final products; one is right"
        )
    graph = _kept(_graph(folder, items), finals[0], shares)
    ids: dict[str, str] = {}
    for key in [key for key in items if key in {*finals, *(start for start, _ in graph)}]:
        word = re.sub(r"[^a-z0-9]+", "_", items[key]["name"].lower()).strip("_")
        word = word if word[:1].isalpha() else f"n_{word}"
        ids[key] = f"{word}_{key.lower()}" if word in ids.values() else word
    nodes: dict[str, dict[str, Any]] = {}
    edges: list[dict[str, Any]] = []
    for key, name in ids.items():
        item, into = items[key], [start for start, end in graph if end == key]
        place = f"explorer folder {short(Path(folder))}, {item['name']}"
        tools = bool(into) and {items[one]["type"] for one in (key, *into)} == {"tool_resource"}
        together = tools or key not in shares or any(graph[start, key] for start in into)
        stage, kind = _KINDS[item["type"]]
        licence = re.search("software|intellectual property", item["name"], re.I)
        nodes[name] = {
            "name": item["name"],
            "stage": "aggregate" if together else stage,
            "input": "licence" if licence else kind,
            "cost_base": f"unit cost of {item['name']}" if into else "",
            "suppliers": [_suppliers(shares[key], item["caption"], place)] if key in shares else [],
            "years_to_qualify": {"value": 4, "low": 1, "high": 10} | _TIME,
        }
        # Nobody adds value to an aggregate: its inputs are all of its cost.
        whole = 100 if together else 50
        for start in into:
            part = math.floor(100 * whole / len(into)) / 100
            edges.append({
                "input": ids[start], "parent": name, "essential": not graph[start, key],
                "share": {"value": part, "low": part / 2, "high": min(2 * part, 100)},
                "source": _COST.format(whole), "confidence": "low",
            })  # fmt: skip
    years = [block["year"] for node in nodes.values() for block in node["suppliers"]]
    if not edges or not years:
        raise ChainError(
            f"explorer folder {short(Path(folder))}: no share leads to the final product"
        )
    chain: dict[str, Any] = yaml.safe_load(_HEAD)
    chain["sources"]["ETO"]["year"] = last = max(years)
    chain |= {"final": ids[finals[0]], "as_of": f"{last}-12-31", "nodes": nodes, "edges": edges}
    check_chain(Chain.model_validate(chain))
    return chain


def write_chain(folder: str | Path, target: str | Path, *, replace: bool = False) -> Path:
    """Write the chain of a folder as YAML; an existing file is kept unless `replace` is set.

    Raises `ChainError` for a bad folder, `OutputError` for a file that cannot be written.
    """
    path = Path(target)
    if os.path.exists(path) and not replace:
        raise OutputError(f"chain file {path} exists already; replace=True writes over it")
    text = yaml.safe_dump(chain_from_eto(folder), sort_keys=False, allow_unicode=True, width=100)
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise OutputError(f"chain file {path} cannot be written") from error
    return path
