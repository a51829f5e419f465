"""Who depends on whom: answers of `zizhu.dependence`, as tables, figures and quoted numbers."""

from __future__ import annotations

import math
from typing import Any

import plotly.graph_objects as go

import zizhu as zz
from generate.fresh import write, write_facts
from generate.markdown import figure, table
from zizhu.indicators import LARGE_ERROR
from zizhu.report.dependence import figures, words
from zizhu.report.figures import LOSS, NEW, layout
from zizhu.world import open_history

SECTORS = {"C26": "electronics", "C21": "pharmaceuticals", "C29": "motor vehicles"}
# Definitions that are a share of something, so that they can be compared.
_SHARES = ("home_share", "output_to_use", "value_added_home_share", "input_home_share")
_COUNTED = {
    "home_share": "what China uses of the product that is made in China",
    "output_to_use": "what China makes over what it uses; above 100 it sells more than it buys",
    "trade_balance": "exports less imports over their sum, from -100 to 100",
    "value_added_home_share": "Chinese income in what Chinese final demand buys of the product",
    "input_home_share": "inputs of the sector that are bought in China, first tier",
    "world_share": "Chinese output over world output",
}
# Home shares whose error is that of a foreign share, measured as such.
_BORROWED = {"value_added_home_share": "look_through", "input_home_share": "face_value"}
_INPUTS = {
    "face_value": "bought abroad by the sector itself, percent of inputs of all tiers",
    "look_through": "production abroad behind them, percent of the same",
    "foreign_in_exports": "foreign value added in exports of the sector, percent",
    "final_market": "output that final demand abroad takes in the end, percent",
}
# Many countries each: not suppliers that one could name.
_RESTS = ("ROW", "REU")
# Of a standard normal: 80 percent lie between -z and z.
_Z = 1.2816
_YEARS = (2011, 2014, 2017, 2020, 2022)


def exposure() -> None:
    """Everything on the page `exposure.md`."""
    china = {sector: zz.dependence("CHN", sector=sector) for sector in SECTORS}
    germany = zz.dependence("DEU", on="CHN")
    _definitions(china)
    _inputs(china)
    _suppliers(china)
    _pair(germany)
    _history(china)
    for name, plot in (
        ("definitions", _definitions_figure(china)),
        ("history", _history_figure()),
        ("suppliers", _suppliers_figure(china)),
        ("germany", figures.both_ways(germany)),
    ):
        write(f"figures/exposure-{name}.html", figure(plot))
    _facts(china, germany)


def _spread(value: float, error: float | None, digits: int = 1) -> str:
    """The middle 80 percent of value * exp(error * z), empty where no error was measured."""
    if not error:
        return ""
    low, high = value * math.exp(-_Z * error), value * math.exp(_Z * error)
    return f"{low:.{digits}f} to {high:.{digits}f}"


def _home_spread(home: float, error: float) -> str:
    """The same for a home share, where the error is that of its foreign part."""
    foreign = 100 - home
    low, high = foreign * math.exp(-_Z * error), foreign * math.exp(_Z * error)
    return f"{100 - high:.1f} to {100 - low:.1f}"


def _with(value: str, spread: str) -> str:
    spread = spread.replace(" ", "\N{NO-BREAK SPACE}")
    return f"{value} ({spread})" if spread else value


def _value(one: Any, digits: int = 1) -> str:
    """A number with its mark and the spread of its measured error."""
    text = words.number(one.value, digits, marked=one.marked)
    return _with(text, _spread(one.value, one.error, digits))


def _definitions(china: dict[str, Any]) -> None:
    first = next(iter(china.values()))
    rows = []
    for name, meaning in _COUNTED.items():
        ones = [answer.headlines[name] for answer in china.values()]
        cells = [words.number(one.value, words.digits_of(one)) for one in ones]
        rests_on = "published sales"
        if name in _BORROWED:
            errors = [answer.headlines[_BORROWED[name]].error or 0.0 for answer in china.values()]
            cells = [
                _with(cell, _home_spread(one.value, error))
                for cell, one, error in zip(cells, ones, errors, strict=True)
            ]
            rests_on = f"estimate; error of the foreign part {errors[0]:.2f}"
        rows.append((f"**{first.headlines[name].label}**: {meaning}", *cells, rests_on))
    columns = ("definition", *SECTORS.values(), "rests on")
    write("exposure-definitions.md", table(columns, rows, "lrrrl"))


def _inputs(china: dict[str, Any]) -> None:
    first = next(iter(china.values()))
    rows = []
    for name, meaning in _INPUTS.items():
        ones = [answer.headlines[name] for answer in china.values()]
        label = first.headlines[name].label
        error = f"{ones[0].error or 0:.2f}"
        rows.append((f"**{label}**: {meaning}", *map(_value, ones), error))
    columns = ("figure", *SECTORS.values(), "error")
    write("exposure-inputs.md", table(columns, rows, "lrrrr"))


def _suppliers(china: dict[str, Any]) -> None:
    rows = []
    for sector, answer in china.items():
        found = answer.tables["suppliers"]
        shown = [row for row, code in enumerate(found.frame.supplier) if code not in _RESTS]
        for row in shown[:4]:
            made = found.frame.look_through[row]
            rows.append(
                (
                    SECTORS[sector] if row == shown[0] else "",
                    answer.world.region_name(found.frame.supplier[row]),
                    words.cell(found, row, "face_value"),
                    _with(
                        words.cell(found, row, "look_through"),
                        _spread(made, found.error(row, "look_through")),
                    ),
                    words.cell(found, row, "import_share"),
                    words.cell(found, row, "real_income_loss", 2),
                    words.cell(found, row, "supplier_real_income_loss", 2),
                )
            )
    columns = (
        "Chinese sector",
        "supplier",
        "inputs bought there, %",
        "inputs made there, all tiers, %",
        "imports of the product, %",
        "China's loss, %",
        "its own loss, %",
    )
    write("exposure-suppliers.md", table(columns, rows, "llrrrrr"))


def _pair(germany: Any) -> None:
    names = ("face_value", "look_through", "import_share", "use_share", "value_added")
    rows = []
    for name in names:
        there, back = germany.headlines[name], germany.headlines[f"reverse_{name}"]
        errors = [f"{one.error:.2f}" for one in (there, back) if one.error]
        rows.append(
            (
                f"{there.label}, {words.short(there.column.units)}",
                _value(there, words.digits_of(there)),
                _value(back, words.digits_of(back)),
                " and ".join(dict.fromkeys(errors)) or "published sales",
            )
        )
    columns = ("figure", "Germany on China", "China on Germany", "error")
    write("exposure-germany.md", table(columns, rows, "lrrr"))
    found = germany.tables["products"]
    goods = [row for row in range(len(found.frame)) if not found.error(row, "imports")]
    rows = []
    for row in goods[:7]:
        rows.append(
            (
                germany.world.sector_name(found.frame.sector[row]),
                f"{found.frame.imports[row] / 1e3:,.1f}",
                words.cell(found, row, "import_share"),
                words.cell(found, row, "use_share"),
                f"{found.frame.reverse_imports[row] / 1e3:,.1f}",
            )
        )
    columns = (
        "good",
        "Germany buys from China, bn USD",
        "% of German imports",
        "% of German use",
        "China buys from Germany, bn USD",
    )
    write("exposure-germany-products.md", table(columns, rows, "lrrrr"))
    found = germany.tables["losses"]
    name = germany.world.region_name
    rows = [
        (
            f"{name(user)} loses its imports from {name(supplier)}",
            words.cell(found, row, "real_income_loss", 2),
            words.cell(found, row, "supplier_real_income_loss", 2),
            words.cell(found, row, "stopped_output", 1),
        )
        for row, (user, supplier) in enumerate(
            zip(found.frame.user, found.frame.supplier, strict=True)
        )
    ]
    columns = (
        "cut of 90 percent of goods",
        "buyer's real income lost, %",
        "seller's, %",
        "buyer's output that stops if nothing is replaced, at most, %",
    )
    write("exposure-germany-losses.md", table(columns, rows, "lrrr"))


def _history(china: dict[str, Any]) -> None:
    rows = []
    for sector, answer in china.items():
        frame = answer.tables["history"].frame.set_index("year")
        for column, label in (
            ("home_share", "home share of use, %"),
            ("world_share", "share of world output, %"),
            ("hhi", "concentration of imports, 0 to 1"),
        ):
            digits = 2 if column == "hhi" else 1
            first = SECTORS[sector] if column == "home_share" else ""
            values = (f"{frame[column][year]:.{digits}f}" for year in _YEARS)
            rows.append((first, label, *values))
    write("exposure-history.md", table(("", "", *map(str, _YEARS)), rows, "ll" + "r" * len(_YEARS)))


def _definitions_figure(china: dict[str, Any]) -> Any:
    """Dots by definition, one colour for each sector."""
    plot = go.Figure()
    answers = list(china.items())
    labels = [answers[0][1].headlines[name].label for name in _COUNTED][::-1]
    for at, (sector, answer) in enumerate(answers):
        ones = [answer.headlines[name] for name in _COUNTED][::-1]
        plot.add_trace(
            go.Scatter(
                x=[one.value for one in ones],
                y=labels,
                mode="markers",
                name=f"{SECTORS[sector]} ({sector})",
                marker={
                    "size": 12,
                    "color": (NEW, LOSS, "#333333")[at],
                    "symbol": ("circle", "diamond-open", "square-open")[at],
                    "line": {"width": 2.5},
                },
                hovertemplate="%{y}: %{x:.1f}<extra>" + SECTORS[sector] + "</extra>",
            )
        )
    plot.add_vline(x=100, line_color="#888888", line_dash="dot")
    plot.update_xaxes(title="percent")
    world = answers[0][1].world
    plot = layout(
        plot,
        "Is China self-sufficient? Six definitions",
        f"zizhu, world {world.name}, {world.year}; by location of production",
        430,
    )
    plot.update_layout(margin={"t": 80})
    return plot


def _suppliers_figure(china: dict[str, Any]) -> Any:
    """Bars of who makes the foreign inputs of electronics, bought directly or hidden."""
    answer = china["C26"]
    frame = answer.tables["suppliers"].frame
    frame = frame[~frame.supplier.isin(_RESTS)][:10].iloc[::-1]
    labels = [answer.world.region_name(code) for code in frame.supplier]
    plot = go.Figure()
    for column, name, colour in (
        ("face_value", "bought there directly", NEW),
        ("hidden", "inside what is bought from others", "#9ecae1"),
    ):
        plot.add_trace(
            go.Bar(
                x=frame[column],
                y=labels,
                orientation="h",
                name=name,
                marker_color=colour,
                hovertemplate="%{y}: %{x:.2f} %<extra>" + name + "</extra>",
            )
        )
    plot.update_layout(barmode="stack")
    plot.update_xaxes(title="percent of all inputs of Chinese electronics, all tiers")
    plot = layout(
        plot,
        "Who makes the foreign inputs of Chinese electronics",
        f"zizhu, world {answer.world.name}, {answer.world.year}; countries only",
        430,
    )
    plot.update_layout(margin={"t": 80}, legend={"traceorder": "normal"})
    return plot


def _history_figure() -> Any:
    """China's home share by sector, year by year, from published flows alone."""
    series = open_history()
    plot = go.Figure()
    for at, (sector, text) in enumerate(SECTORS.items()):
        bought = series.flow.sel(sector=sector, user="CHN")
        share = 100 * bought.sel(supplier="CHN") / bought.sum("supplier")
        plot.add_trace(
            go.Scatter(
                x=share.year.values,
                y=share.values,
                mode="lines+markers",
                name=f"{text} ({sector})",
                line={"color": (NEW, LOSS, "#666666")[at], "width": 2.5},
                marker={"symbol": ("circle", "diamond", "square")[at], "size": 7},
                hovertemplate="%{x}: %{y:.1f} %<extra>" + text + "</extra>",
            )
        )
    plot.update_yaxes(title="percent of use", range=[60, 100])
    plot.update_xaxes(dtick=1)
    plot = layout(
        plot,
        "Made in China, percent of what China uses",
        "OECD bilateral sales 2011-2022, summed; published flows alone",
        400,
    )
    plot.update_layout(margin={"t": 80})
    return plot


def _facts(china: dict[str, Any], germany: Any) -> None:
    found = {"large_error": f"{100 * LARGE_ERROR:.0f}", "draws": str(germany.draws)}
    for sector, answer in china.items():
        code = sector.lower()
        for name, one in answer.headlines.items():
            found[f"{code}_{name}"] = words.number(one.value, words.digits_of(one))
            found[f"{code}_{name}_drawn"] = words.spread(one, words.digits_of(one))
            found[f"{code}_{name}_spread"] = _spread(one.value, one.error)
        values = [answer.headlines[name].value for name in _SHARES]
        found[f"{code}_low"], found[f"{code}_high"] = f"{min(values):.1f}", f"{max(values):.1f}"
        found[f"{code}_apart"] = f"{max(values) - min(values):.1f}"
        frame = answer.tables["suppliers"].frame
        named = frame[~frame.supplier.isin(_RESTS)]
        found[f"{code}_first"] = words.the(answer.world.region_name(named.supplier.iloc[0]))
        past = answer.tables["history"].frame
        for column, digits in (("home_share", 1), ("world_share", 1), ("hhi", 2)):
            found[f"{code}_{column}_then"] = f"{past[column].iloc[0]:.{digits}f}"
            found[f"{code}_{column}_now"] = f"{past[column].iloc[-1]:.{digits}f}"
    for name, one in germany.headlines.items():
        found[f"germany_{name}"] = words.number(one.value, words.digits_of(one))
        found[f"germany_{name}_spread"] = _spread(one.value, one.error, words.digits_of(one))
    through = [germany.headlines[f"{way}look_through"].value for way in ("", "reverse_")]
    found["germany_ratio"] = f"{through[0] / through[1]:.0f}"
    world = germany.world
    size = world.output.sum(axis=1)
    found["germany_output_ratio"] = (
        f"{size[world.regions.index('CHN')] / size[world.regions.index('DEU')]:.1f}"
    )
    past = germany.tables["history"].frame
    for column in ("import_share", "reverse_import_share"):
        found[f"germany_{column}_then"] = f"{past[column].iloc[0]:.1f}"
        found[f"germany_{column}_now"] = f"{past[column].iloc[-1]:.1f}"
    losses = germany.tables["losses"].frame
    for row, side in enumerate(("germany", "china")):
        found[f"{side}_cut_off"] = f"{losses.real_income_loss[row]:.2f}"
        found[f"{side}_cut_off_seller"] = f"{losses.supplier_real_income_loss[row]:.2f}"
    found["first_year"], found["last_year"] = str(past.year.iloc[0]), str(past.year.iloc[-1])
    write_facts("exposure", found)
