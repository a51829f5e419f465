"""A path in the terminal: readable at 80 columns."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from rich.console import Group, RenderableType
from rich.text import Text

from zizhu.laboratory.path.outcome import PathOutcome
from zizhu.policy.wedge_kinds import WEDGES, WedgeKind
from zizhu.report.chains.terminal import grid, heading, meanings, quiet
from zizhu.report.path import picks, tables, words
from zizhu.report.words import signed

_NAME_WIDTH = 26
_GROWTH_ROWS = 14


def path_page(outcome: PathOutcome, focus: str) -> RenderableType:
    """Everything about a path seen from one region."""
    parts: list[RenderableType] = [
        Text(words.title(outcome, focus), style="bold cyan"),
        Text(words.settings_line(outcome), style="dim"),
        _listed(words.done(outcome)),
        Text(),
        Text(" ".join(words.verdict(outcome, focus))),
        *(Text(one, style="bold yellow") for one in words.warnings(outcome)),
    ]
    if picks.moves(outcome):
        parts += _income(outcome, focus)
        parts += _channels(outcome, focus)
        parts += _nodes(outcome, focus)
        parts += _firms(outcome)
        parts += _stocks(outcome, focus)
    else:
        parts += _growth(outcome, focus)
        parts += _drift(outcome, focus)
    parts += [heading("Audit and assumptions"), Text(words.audit_line(outcome))]
    return Group(*parts, *quiet(*words.assumptions(outcome)))


def _listed(sentences: list[str]) -> RenderableType:
    """Sentences with a dash, wrapped under their beginning."""
    made = grid("", " ", left=(" ",), space=1)
    made.show_header = False
    for sentence in sentences:
        made.add_row("-", sentence)
    return made


def coloured(value: float, digits: int = 2) -> Text:
    """A number with its sign, red below zero and green above."""
    text = signed(value, digits)
    return Text(text, style="red" if text[0] == "-" else "green" if text[0] == "+" else "")


def _income(outcome: PathOutcome, focus: str) -> list[RenderableType]:
    regions, years = picks.moved_regions(outcome, focus), picks.some_years(outcome)
    made = grid("region", *map(str, years), left=("region",))
    made.columns[0].max_width, made.columns[0].no_wrap = _NAME_WIDTH, True
    for code, row in picks.effects(outcome, regions, years).iterrows():
        made.add_row(words.region_name(outcome, str(code)), *(coloured(one) for one in row))
    parts: list[RenderableType] = [
        heading("Real income against the baseline (percent)"),
        made,
    ]
    left = [region for region in picks.world_regions(outcome) if region not in regions]
    if left:
        last = years[-1]
        found = [picks.effect(outcome, region, last) for region in left]
        parts += quiet(
            f"{len(left)} more regions, between {signed(min(found))} and {signed(max(found))} in "
            f"{last}: --output has them"
        )
    return parts


def _channels(outcome: PathOutcome, focus: str) -> list[RenderableType]:
    table = tables.channels(outcome, focus)
    if table.shape[1] == 0:
        return []
    name = words.region_name(outcome, focus)
    made = grid("channel", "", *map(str, table.columns), left=("channel", ""))
    made.columns[0].no_wrap = True
    for channel, row in table.iterrows():
        made.add_row(
            str(channel),
            Text(words.CHANNELS[str(channel)], style="dim"),
            *(coloured(one, 3) for one in row),
        )
    total = picks.decomposed(outcome, focus).sum()
    made.add_row("together", "", *(signed(one, 3) for one in total), style="bold")
    percent = (signed(picks.effect(outcome, focus, int(year)), 3) for year in table.columns)
    made.add_row("in percent", "", *percent)
    return [
        heading(f"Why: real income of {name} by channel (log points x 100)"),
        made,
        *quiet("Shapley values: the order of channels plays no part, and they add up exactly"),
    ]


def _nodes(outcome: PathOutcome, focus: str) -> list[RenderableType]:
    table = tables.nodes(outcome, focus)
    name = words.region_name(outcome, focus)
    parts: list[RenderableType] = [heading(f"Nodes of technology chains that move most in {name}")]
    if table.empty:
        text = f"None: no home share and no lack moves by {picks.SMALL_SHARE:g} points or more."
        return [*parts, Text(text)]
    first, last = picks.years_of(outcome)[0], picks.years_of(outcome)[-1]
    head = (f"home\n{first}", f"\n{last}", "\nbase", f"price\n{last}", "\nbase", "lack\nmost")
    made = grid("node", *head, f"\n{last}", left=("node",))
    made.columns[0].no_wrap = True
    for node, row in table.iterrows():
        better = row.home_last - row.home_last_baseline
        style = "green" if better > 0.05 else "red" if better < -0.05 else ""
        made.add_row(
            str(node),
            f"{row.home_first:.1f}",
            Text(f"{row.home_last:.1f}", style=style),
            f"{row.home_last_baseline:.1f}",
            f"{row.price_last:.2f}",
            f"{row.price_last_baseline:.2f}",
            f"{row.lack_most:.1f}",
            f"{row.lack_last:.1f}",
        )
    return [*parts, made, meanings(_MEANINGS)]


_MEANINGS = {
    "home": "percent of what its users ask for that is supplied from home",
    "price": "1 is base sourcing with nothing barred; for tools, of their services",
    "lack": "percent that cannot be had at any price: the most in any year, the last",
    "base": "the same year of the baseline",
}


def _firms(outcome: PathOutcome) -> list[RenderableType]:
    table = picks.listed_firms(outcome)
    if table.empty:
        return []
    years = picks.years_of_listing(outcome)
    return [
        heading("Revenue of listed firms (percent of revenue unlisted)"),
        _by_year("firm", table[years], 1),
    ]


def _by_year(name: str, table: pd.DataFrame, digits: int) -> RenderableType:
    made = grid(name, *map(str, table.columns), left=(name,))
    made.columns[0].no_wrap = True
    for label, row in table.iterrows():
        made.add_row(str(label), *(f"{one:.{digits}f}" for one in row))
    return made


def _stocks(outcome: PathOutcome, focus: str) -> list[RenderableType]:
    years = picks.some_years(outcome, 5)
    rows = tables.stock_rows(outcome, focus, years)
    if not rows:
        return []
    made = grid("", *map(str, years), "base", left=("",), space=1)
    for row in rows:
        made.add_row(*row)
    return [
        heading("Stocks and flows that move"),
        made,
        *quiet(f"base: the baseline in {years[-1]}; {focus} where no region is named"),
    ]


def _growth(outcome: PathOutcome, focus: str) -> list[RenderableType]:
    if len(picks.years_of(outcome)) == 1:
        return []
    table = tables.growth(outcome, focus, _GROWTH_ROWS)
    made = grid("region", *table.columns, left=("region",))
    made.columns[0].max_width, made.columns[0].no_wrap = _NAME_WIDTH, True
    for code, row in table.iterrows():
        cells = ("none" if pd.isna(one) else f"{one:.1f}" for one in row)
        made.add_row(words.region_name(outcome, str(code)), *cells)
    left = len(picks.world_regions(outcome)) - len(table)
    remarks = [
        "real income: final spending over its price; outlook: real GDP around 2030 (IMF, recalled, "
        "low confidence), which sets nothing here",
    ]
    remarks += [f"the largest economies; {left} more regions: --output has them"] if left else []
    return [heading("Growth of real income (percent a year)"), made, *quiet(*remarks)]


def _drift(outcome: PathOutcome, focus: str) -> list[RenderableType]:
    years, name = picks.some_years(outcome), words.region_name(outcome, focus)
    table = tables.nodes_over_time(outcome, focus, years)
    parts: list[RenderableType] = [heading(f"Nodes over time in {name} (home share, percent)")]
    if table.empty:
        return [*parts, Text(f"No home share moves by {picks.SMALL_SHARE:g} points or more.")]
    return [*parts, _by_year("node", table, 1), *quiet(f"home: {_MEANINGS['home']}")]


def wedge_list(kinds: Mapping[str, WedgeKind] = WEDGES) -> RenderableType:
    """Every kind of wedge with its keys and unit."""
    made = grid("name", "what it changes", "keys", left=("name", "what it changes", "keys"))
    made.columns[0].no_wrap = True
    for name, kind in kinds.items():
        made.add_row(
            Text(name, style="cyan"),
            kind.title,
            Text(" ".join(key for key in kind.keys if key not in ("size", "years")), style="dim"),
        )
    return Group(
        made,
        Text(),
        *quiet(
            "written in one text: --wedge 'tariff from=USA to=CHN sector=C26 size=25% "
            "years=2025-2030'",
            "every kind has a size and years; several names are separated by commas, years may be "
            "left out, a size may run (0%..25%); `zizhu simulate --list-wedges NAME` says more",
        ),
    )


def wedge_page(name: str) -> RenderableType:
    """One kind of wedge: what it does, its keys, unit, limits and an example."""
    kind = WEDGES[name]
    made = grid("", " ", left=("", " "))
    made.show_header = False
    made.columns[0].no_wrap = True
    keys = [
        f"{key} (if left out: {kind.defaults[key]})" if key in kind.defaults else key
        for key in kind.keys
        if key != "years"
    ]
    for label, text in {
        "keys": f"{', '.join(keys)}, years (if left out: all)",
        "size": f"{kind.unit.name}, written {kind.unit.right}; {kind.limits}",
        "does": f"{kind.sentence.format(**{key: f'<{key}>' for key in kind.keys})} <size>",
        "example": f"--wedge '{kind.example}'",
    }.items():
        made.add_row(Text(label, style="dim"), text)
    return Group(Text.assemble((name, "bold cyan"), "  ", (kind.title, "bold")), made)
