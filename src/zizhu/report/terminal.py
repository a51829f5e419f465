"""The verdict in the terminal: readable at 80 columns."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from zizhu.laboratory import Outcome
from zizhu.report import tables, words

# More regions than this are not read; the report and the CSV have them all.
_MOST_REGIONS = 12


def _table(title: str) -> Table:
    return Table(
        title=title,
        title_justify="left",
        title_style="bold",
        box=None,
        pad_edge=False,
        padding=(0, 2, 0, 0),
    )


def _coloured(value: float, digits: int = 2) -> Text:
    text = words.signed(value, digits)
    style = "red" if text.startswith("-") else "green" if text.startswith("+") else ""
    return Text(text, style=style)


def verdict(outcome: Outcome) -> RenderableType:
    """Who gains, who loses, what becomes domestic, what it costs, what it rests on."""
    scenario = outcome.scenario
    currency = outcome.world.currency
    parts: list[RenderableType] = [
        Text.assemble((scenario.name, "bold cyan"), "  ", (scenario.title, "bold")),
        Text(words.options_line(outcome), style="dim"),
        Text(),
        Text(words.headline(outcome)),
    ]
    if words.doubt(outcome):
        parts.append(Text(words.doubt(outcome)))
    parts += [Text(one, style="bold yellow") for one in words.warnings(outcome)]
    regions = _table("\nWho gains, who loses (change)")
    regions.add_column("region", no_wrap=True, max_width=31)
    for column in ("real income\n%", "real wage\n%", "terms of trade\n% of income"):
        regions.add_column(column, justify="right")
    regions.add_column(f"tariffs\nbn {currency}", justify="right")
    regions.add_column(f"public cost\nbn {currency}", justify="right")
    shown = tables.by_region(outcome)
    if len(shown) > _MOST_REGIONS:
        shown = shown.loc[_shown_regions(outcome, _MOST_REGIONS)]
    for _, row in shown.iterrows():
        regions.add_row(
            row.region,
            _coloured(row.real_income),
            _coloured(row.real_wage),
            _coloured(row.terms_of_trade),
            words.signed(row.tariff_revenue / 1e3, 1),
            words.signed(row.fiscal_cost / 1e3, 1),
        )
    parts.append(regions)
    left = [float(outcome.real_income.sel(region=r)) for r in _left_out(outcome)]
    if left:
        parts.append(
            Text(
                f"{len(left)} more regions, real income between "
                f"{words.signed(min(left))} and {words.signed(max(left))} percent: see the report",
                style="dim",
            )
        )
    if scenario.measures:
        domestic = _table(
            f"\nWhat becomes domestic in {outcome.world.region_name(outcome.focus)} (percent, by "
            "location)"
        )
        domestic.add_column("sector", no_wrap=True, max_width=29)
        for column in ("self-\nsufficiency", "\nchange", "share of\nworld output", "\noutput"):
            domestic.add_column(column, justify="right")
        for _, row in tables.becomes_domestic(outcome).iterrows():
            domestic.add_row(
                row.sector,
                words.share(row.self_sufficiency_base, row.self_sufficiency),
                _coloured(row.self_sufficiency_change, 1),
                words.share(row.world_output_share_base, row.world_output_share),
                _coloured(row.output_volume, 1),
            )
        parts.append(domestic)
        if words.not_made(outcome):
            parts.append(Text(words.not_made(outcome), style="dim"))
    if outcome.variants:
        parts.append(_variants(outcome))
        parts += [Text(note, style="dim") for note in words.variant_notes(outcome)]
    if outcome.drivers:
        parts.append(Text("\nWhat drives it", style="bold"))
        parts.append(Text(words.driver_line(outcome)))
    parts.append(Text("\nAudit", style="bold"))
    parts.append(Text(words.audit_line(outcome)))
    parts += [Text(note, style="dim") for note in outcome.notes]
    return Group(*parts)


def _variants(outcome: Outcome) -> Table:
    table = _table("\nReal income under other choices (percent)")
    table.add_column("choice", max_width=46)
    shown = _shown_regions(outcome)
    for region in shown:
        table.add_column(region, justify="right")
    table.add_row(
        "this run",
        *(words.signed(float(outcome.real_income.sel(region=region))) for region in shown),
        style="bold",
    )
    for variant in outcome.variants:
        table.add_row(variant.title, *(words.variant_value(variant, region) for region in shown))
    return table


def _left_out(outcome: Outcome) -> list[str]:
    """Regions that the terminal does not list because they move least."""
    if len(outcome.world.regions) <= _MOST_REGIONS:
        return []
    shown = _shown_regions(outcome, _MOST_REGIONS)
    return [region for region in outcome.world.regions if region not in shown]


def _shown_regions(outcome: Outcome, count: int = 3) -> list[str]:
    """The focus and the regions that move most."""
    income = outcome.real_income
    others = [r for r in outcome.world.regions if r != outcome.focus]
    others.sort(key=lambda region: -abs(float(income.sel(region=region))))
    return [outcome.focus, *others[: count - 1]]


def comparison(outcomes: list[Outcome]) -> RenderableType:
    """Real income and self-sufficiency of several scenarios side by side."""
    first = outcomes[0]
    income = _table("Real income (percent)")
    income.add_column("region", no_wrap=True, max_width=31)
    for outcome in outcomes:
        income.add_column(outcome.scenario.name, justify="right", overflow="fold")
    for region in first.world.regions:
        income.add_row(
            first.world.region_name(region),
            *(_coloured(float(outcome.real_income.sel(region=region))) for outcome in outcomes),
        )
    sufficiency = _table(
        f"\nSelf-sufficiency of {first.world.region_name(first.focus)} (change, percentage points)"
    )
    sufficiency.add_column("sector", no_wrap=True, max_width=31)
    for outcome in outcomes:
        sufficiency.add_column(outcome.scenario.name, justify="right", overflow="fold")
    sectors = list(
        dict.fromkeys(
            code for outcome in outcomes for code in tables.becomes_domestic(outcome, 6).index
        )
    )
    changes = [tables.by_sector(outcome, first.focus) for outcome in outcomes]
    for code in sectors[:12]:
        sufficiency.add_row(
            first.world.sector_name(code),
            *(_coloured(float(table.self_sufficiency_change[code]), 1) for table in changes),
        )
    audits = [
        Text(
            f"{outcome.scenario.name}: {words.options_line(outcome)}; {words.audit_line(outcome)}",
            style="dim",
        )
        for outcome in outcomes
    ]
    warned = [
        Text(f"{outcome.scenario.name}: {one}", style="bold yellow")
        for outcome in outcomes
        for one in words.warnings(outcome)
    ]
    return Group(*warned, income, sufficiency, Text(), *audits)
