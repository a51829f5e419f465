"""Tables from the registries: levers and parameters."""

from __future__ import annotations

import inspect

from generate.fresh import write
from generate.markdown import anchor, number, shown_default, table
from zizhu.parameters import ROOMS, of_room, regimes
from zizhu.parameters import parameters as all_parameters
from zizhu.parameters.registry import _rates
from zizhu.policy import levers as all_levers
from zizhu.policy.measure import Measure
from zizhu.report.levers import COMMON, examples_of, fields_of, sizes_of, value_of


def levers() -> None:
    """One section for every lever, from its schema, and how levers meet."""
    parts, shared = [], ""
    for name, schema in all_levers().items():
        rows = fields_of(schema)
        if schema.phases:
            shared = table(
                ("field", "value", "default", "meaning"),
                [_field(r) for r in rows if r[0] in COMMON],
            )
        own = table(
            ("field", "value", "default", "meaning"),
            [_field(r) for r in rows if r[0] not in COMMON],
        )
        examples = "\n\n".join(f"```yaml\n{text}\n```" for text in examples_of(schema))
        parts.append(
            f"## {name}\n\n{_paragraphs(schema.__doc__ or '')}\n\n"
            f"**Acts through** {schema.acts_through}.\n\n**When:** {schema.timing}.\n\n"
            f"**Who pays:** {schema.pays}.\n\n**What is known:** {schema.known}.\n\n"
            f"{own}\n\n{_sizes(schema)}{examples}"
        )
    overview = table(
        ("lever", "acts through", "in static runs too"),
        [
            (f"[{name}](#{anchor(name)})", schema.acts_through, _static(schema))
            for name, schema in all_levers().items()
        ],
    )
    meeting = table(
        ("lever", "meets others"),
        [(f"[{name}](#{anchor(name)})", schema.interacts) for name, schema in all_levers().items()],
    )
    write("lever-overview.md", overview)
    write("lever-interactions.md", meeting)
    write("lever-common.md", shared)
    write("levers.md", "\n\n".join(parts))


def _static(schema: type[Measure]) -> str:
    """Whether a lever acts in a static run as well as on a path."""
    return "yes" if schema.wedges is not Measure.wedges else ""


def _paragraphs(docstring: str) -> str:
    """A docstring as Markdown: what is indented in it is a formula."""
    blocks = inspect.cleandoc(docstring).split("\n\n")
    return "\n\n".join(
        f"```text\n{inspect.cleandoc(block)}\n```" if block.startswith("    ") else block
        for block in blocks
    )


def _sizes(schema: type[Measure]) -> str:
    """The registered sizes of a lever, with their sources."""
    if not schema.sizes:
        return ""
    rows = [
        (
            f"`{one.name}`",
            one.title,
            value_of(one),
            f"{number(one.low)} to {number(one.high)}",
            one.source,
        )
        for one in sizes_of(schema)
    ]
    return table(("size", "what", "value", "range", "source"), rows) + "\n\n"


def _field(row: tuple[str, str, str, str]) -> tuple[str, ...]:
    name, kind, default, meaning = row
    return f"`{name}`", kind.replace("'", "`"), shown_default(default), meaning


def parameters_by_room() -> str:
    """One table for every room that uses parameters, and how many rest on an assumption."""
    parts = []
    for room, meaning in ROOMS.items():
        members = of_room(room).values()
        assumed = sum(p.assumed for p in members)
        rows = [
            (
                f"`{p.name}`",
                p.title,
                number(p.value),
                f"{number(p.low)} to {number(p.high)}",
                "" if p.unit == "1" else p.unit,
                p.distribution.words(),
                f"{p.source}{'; calibrated' if p.calibrated else ''}",
            )
            for p in members
        ]
        heading = f"### {room.capitalize()}"
        about = f"{meaning[0].upper()}{meaning[1:]}."
        count = f"{about} {len(rows)} parameters, {assumed} of them on an assumption."
        columns = ("name", "what", "value", "range", "unit", "drawn", "source")
        parts.append(f"{heading}\n\n{count}\n\n{table(columns, rows)}")
    everything = all_parameters().values()
    assumed = sum(p.assumed for p in everything)
    parts.append(
        f"Of all {len(everything)} parameters {assumed} rest on an assumption "
        f"({100 * assumed / len(everything):.0f} percent)."
    )
    return "\n\n".join(parts)


def parameters() -> None:
    """Scalar parameters, elasticity regimes, exchange rates."""
    write("parameters.md", parameters_by_room())
    parts = []
    for regime in regimes().values():
        rows = []
        for row in regime.rows:
            low, high = row.isic
            span = f"{low:02d}" if low == high else f"{low:02d} to {high:02d}"
            product = f"{row.trade * row.scale:.2f}"
            rows.append((span, row.name, f"{row.trade:g}", f"{row.scale:g}", product))
        parts.append(
            f"### {regime.name}\n\n{regime.title}.\n\nSource: {regime.source}. Services: "
            f"{regime.services}.\n\n"
            + table(("ISIC divisions", "sector", "θ", "ψ", "ψθ"), rows, "llrrr")
        )
    write("regimes.md", "\n\n".join(parts))
    rates = _rates()
    rows = []
    for currency, known in rates.per_usd.items():
        recalled = rates.recalled.get(currency, {})
        years = {**recalled, **known}
        rows.append(
            (
                currency,
                f"{min(known)} to {max(known)}",
                f"{min(recalled)} to {max(recalled)}" if recalled else "",
                f"{years[max(years)]:g}",
            )
        )
    days = [
        f"- {day.currency} on {day.day}: {day.rate:g} per dollar ({day.source})"
        for day in rates.days
    ]
    write(
        "rates.md",
        f"Source: {rates.source}. Recalled years: {rates.recalled_source}. After the last "
        "year its rate goes on, which is an assumption.\n\n"
        + table(("currency", "years", "recalled", "units per dollar, last year"), rows, "lllr")
        + "\n\nSingle days, used within half a year around them:\n\n"
        + "\n".join(days),
    )
