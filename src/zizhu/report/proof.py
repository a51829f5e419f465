"""The proof of the shipped worlds as tables: the same for terminal and documentation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

# Largest economies whose GDP is compared.
_LARGEST = 15


@dataclass(frozen=True)
class ProofTable:
    """One table of the proof: what it shows, how to read it, labelled columns, text cells."""

    title: str
    reading: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def proof_tables(proof: Mapping[str, Any]) -> tuple[ProofTable, ...]:
    """Every table of a proof as `zizhu.world.open_proof` returns it."""
    return (
        _full(proof),
        _sources(proof),
        _electronics(proof),
        _figures(proof),
        _cells(proof),
        _gdp(proof),
    )


def proof_page(proof: Mapping[str, Any]) -> RenderableType:
    """The proof in the terminal."""
    parts: list[RenderableType] = []
    for found in proof_tables(proof):
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
        for number, column in enumerate(found.columns):
            table.add_column(column, justify="left" if number == 0 else "right")
        for row in found.rows:
            table.add_row(*row)
        parts += [Text(found.title, style="bold"), Text(found.reading, style="dim"), table, Text()]
    return Group(*parts)


def _full(proof: Mapping[str, Any]) -> ProofTable:
    rows = []
    for one in proof["full"]:
        for name, label in (
            ("known", "value added known"),
            ("unknown", "old value-added shares"),
            ("scaled", "no RAS: old table scaled"),
        ):
            errors = one[name]
            rows.append(
                (
                    f"{one['from']} to {one['to']}, {label}",
                    f"{errors['intermediate']:.3f}",
                    f"{errors['imported']:.3f}",
                    f"{errors['final']:.3f}",
                )
            )
    return ProofTable(
        "With full information: WIOD rebuilt from an older WIOD, 41 regions x 35 sectors",
        "Known are sales between regions by sector and outputs. Errors are sums of absolute "
        "differences over the sum of true cells.",
        ("years and method", "inputs", "imported inputs", "final uses"),
        tuple(rows),
    )


def _sources(proof: Mapping[str, Any]) -> ProofTable:
    years = sorted({one["year"] for one in proof["degraded"]})
    names = list(dict.fromkeys(one["sources"] for one in proof["degraded"]))
    found = {(one["sources"], one["year"]): one for one in proof["degraded"]}
    rows = []
    for name in names:
        every = [found[name, year] for year in years]
        rows.append(
            (
                name,
                *(f"{one['intermediate']:.3f}" for one in every),
                f"{sum(one['imported'] for one in every) / len(every):.3f}",
                f"{sum(one['final'] for one in every) / len(every):.3f}",
            )
        )
    apart = proof["every_country"]
    blank = [""] * len(years)
    blank[years.index(apart["year"])] = f"{apart['intermediate']:.3f}"
    rows.append(
        (
            "the first, 41 countries apart",
            *blank,
            f"{apart['imported']:.3f}",
            f"{apart['final']:.3f}",
        )
    )
    return ProofTable(
        "Under the conditions of use: WIOD rebuilt from what the builder has for 2022",
        "20 regions. Structure in 7 groups of regions 5 years old, services in one flow, official "
        "table in 11 sectors 2 years old, full tables 11 years old in fewer sectors, GDP; and "
        "what is lost without each. The first row has an official table that differs from the "
        "trade data as editions do; errors by class are measured with it.",
        ("sources", *(f"inputs {year}" for year in years), "imported", "final uses"),
        tuple(rows),
    )


def _electronics(proof: Mapping[str, Any]) -> ProofTable:
    years = sorted({one["year"] for one in proof["electronics"]})
    found = {(one["region"], one["year"]): one for one in proof["electronics"]}
    regions = list(dict.fromkeys(one["region"] for one in proof["electronics"]))
    rows = []
    for region in regions:
        cells = []
        for year in years:
            one = found[region, year]
            cells += [f"{100 * one['true']:.1f}", f"{100 * one['rebuilt']:.1f}"]
        rows.append((region, *cells))
    columns = [f"{word} {year}" for year in years for word in ("true", "rebuilt")]
    return ProofTable(
        "Imported share of the inputs of electrical and optical equipment, percent",
        "Rebuilt under the conditions of use, first row above.",
        ("region", *columns),
        tuple(rows),
    )


def _figures(proof: Mapping[str, Any]) -> ProofTable:
    found = {
        (one["figure"], one["kind"], one["structure"], one["partner"]): one["error"]
        for one in proof["figures"]
    }
    partners = list(dict.fromkeys(one["partner"] for one in proof["figures"]))
    rows = []
    for key in dict.fromkeys((f, k, s) for f, k, s, _ in found):
        name = f"{key[0]}, {key[1]}, {key[2]} table"
        rows.append((name, *(f"{found[*key, partner]:.2f}" for partner in partners)))
    return ProofTable(
        "Errors of figures of dependence",
        "Value-weighted root mean square of ln(rebuilt / true), by the partner's share and for "
        "all foreign partners together; `own table`: the region is a country of the old tables. "
        "Figures above 0.3 carry a mark. Sales of goods at face value are published.",
        ("figure", *(partner.replace("share ", "") for partner in partners)),
        tuple(rows),
    )


def _cells(proof: Mapping[str, Any]) -> ProofTable:
    rows = []
    groups: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for one in proof["classes"]:
        groups.setdefault((one["supply"], one["origin"], one["size"]), []).append(one)
    for (supply, origin, size), members in groups.items():
        value = sum(one["value_share"] for one in members)
        row = []
        for structure in ("own", "pooled"):
            chosen = [one for one in members if one["structure"] == structure]
            weight = sum(one["value_share"] for one in chosen)
            square = sum(one["value_share"] * one["error"] ** 2 for one in chosen)
            row.append(f"{(square / weight) ** 0.5:.2f}" if weight > 0 else "")
        rows.append((f"{supply}, {origin}, {size}", *row, f"{100 * value:.1f}"))
    return ProofTable(
        "Errors of cells, by class (uses taken together)",
        "As above, for single cells; large: at least 1 percent of the purchases of the user, "
        "medium: at least 0.1 percent. The world stores them by use as well.",
        ("class", "own table", "pooled", "value, %"),
        tuple(rows),
    )


def _gdp(proof: Mapping[str, Any]) -> ProofTable:
    last = max(one["year"] for one in proof["gdp"])
    known = [one for one in proof["gdp"] if one["year"] == last and one["published"]]
    known.sort(key=lambda one: -one["published"])
    rows = tuple(
        (
            one["region"],
            f"{one['published'] / 1e3:,.0f}",
            f"{one['world'] / 1e3:,.0f}",
            f"{100 * (one['world'] / one['published'] - 1):+.1f}",
        )
        for one in known[:_LARGEST]
    )
    return ProofTable(
        f"GDP of {last} against the World Bank (Taiwan: IMF), bn USD",
        "Fitted with weight 0.5 against value added at its last share of output; the largest "
        "regions of the world.",
        ("region", "published", "this world", "difference, %"),
        rows,
    )
