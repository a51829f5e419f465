"""An answer about dependence in the terminal: readable at 80 columns."""

from __future__ import annotations

import pandas as pd
from rich.console import Group, RenderableType
from rich.table import Table as Grid
from rich.text import Text

from zizhu.laboratory import Dependence
from zizhu.laboratory.dependence import Table
from zizhu.report.dependence import words
from zizhu.report.dependence.absent import leading, left_out
from zizhu.report.dependence.grids import columns, grid_of, leader, listing
from zizhu.report.dependence.terminal_pair import pair_tables
from zizhu.report.dependence.verdict import verdict


def answer_page(answer: Dependence) -> RenderableType:
    """The verdict, the leading numbers, the ranked tables, what they rest on."""
    parts: list[RenderableType] = [
        Text(words.title(answer), style="bold"),
        Text(words.subtitle(answer), style="dim"),
        Text(),
        *(Text(sentence) for sentence in verdict(answer)),
    ]
    parts.append(_headlines(answer))
    if left_out(answer):
        parts.append(Text(left_out(answer), style="dim"))
    if answer.on:
        parts += pair_tables(answer)
    elif answer.sector:
        parts += _sector(answer)
    else:
        parts += _region(answer)
    if "history" in answer.tables:
        parts.append(_history(answer))
    parts.append(Text())
    parts += [Text(line, style="dim") for line in words.doubt(answer)]
    if words.model_line(answer):
        parts.append(Text(words.model_line(answer), style="dim"))
    parts += [Text(note, style="yellow") for note in answer.notes]
    parts.append(Text("\nWhat this cannot say", style="bold"))
    parts += [Text(f"- {line}") for line in words.limits(answer)]
    return Group(*parts)


def _headlines(answer: Dependence) -> Grid:
    if not answer.on:
        grid = grid_of("Leading numbers", [""], ["", "80 % range"])
        grid.add_column("unit")
        for one in (answer.headlines[name] for name in leading(answer)):
            digits = words.digits_of(one)
            value = words.number(one.value, digits, marked=one.marked)
            grid.add_row(one.label, value, words.spread(one, digits), words.short(one.column.units))
        return grid
    here, there = answer.region, answer.on
    grid = grid_of(
        "Both ways (percent, and the middle 80 percent of drawn tables)",
        [""],
        [f"{here}\non {there}", "\nrange", f"{there}\non {here}", "\nrange"],
    )
    for name in leading(answer):
        if name.startswith("reverse_"):
            continue
        one, row = answer.headlines[name], []
        for each in (one, answer.headlines[f"reverse_{name}"]):
            digits = words.digits_of(each)
            row.append(words.number(each.value, digits, marked=each.marked))
            row.append(words.spread(each, digits))
        grid.add_row(one.label, *row)
    return grid


def _region(answer: Dependence) -> list[RenderableType]:
    name, sector_name = answer.world.region_name, answer.world.sector_name
    sectors = grid_of(
        "Sectors by weight in foreign exposure (percent of inputs of all tiers)",
        ["sector"],
        [
            "first\ntier",
            "all\ntiers",
            "\nhidden",
            "largest\ncountry",
            "home\nshare",
            "sold\nto",
        ],
    )

    def sector_row(table: Table, row: int) -> list[str]:
        frame = table.frame
        return [
            sector_name(frame.sector[row]),
            *columns(table, row, ("face_value", "look_through", "hidden")),
            leader(table, row),
            *columns(table, row, ("home_share", "final_market")),
        ]

    markets = grid_of(
        "Foreign markets (percent)",
        ["market"],
        ["value added absorbed\n% of value added", "sold directly\n% of output"],
    )
    return [
        listing(
            answer,
            sectors,
            "sectors",
            12,
            sector_row,
            note="bought abroad: direct inputs; made abroad: looking through supply chains; home "
            "share: of use of the product; sold to: output that final demand abroad takes",
        ),
        _suppliers(answer),
        _chokepoints(answer),
        listing(
            answer,
            markets,
            "markets",
            6,
            lambda table, row: [
                name(table.frame.market[row]),
                *columns(table, row, ("value_added_absorbed", "sales")),
            ],
        ),
    ]


def _suppliers(answer: Dependence) -> RenderableType:
    name = answer.world.region_name
    solved = bool(answer.model)
    shares = ["first\ntier", "all\ntiers"]
    chosen = ["face_value", "look_through"]
    if answer.sector:
        shares.append("share of\nimports")
        chosen.append("import_share")
    shares.append("stops at\nonce, max")
    if solved:
        shares += ["loss of\nincome", "its own\nloss"]
    grid = grid_of(
        "Foreign suppliers, and what is lost if they are cut (percent)", ["supplier"], shares
    )

    def supplier_row(table: Table, row: int) -> list[str]:
        cells = [
            name(table.frame.supplier[row]),
            *columns(table, row, chosen),
            words.cell(table, row, "stopped_output"),
        ]
        if solved:
            cells += columns(table, row, ("real_income_loss", "supplier_real_income_loss"), 2)
        return cells

    note = (
        f"cut: {100 * answer.cut:.0f} percent of imports of {words.cut_words(answer)} from it; "
        "stops at once: output, nothing replaced, an upper bound; loss of income: real, when all "
        "adjust (negative is a gain)"
    )
    return listing(answer, grid, "suppliers", 10, supplier_row, note=note)


def _chokepoints(answer: Dependence, count: int = 10) -> RenderableType:
    name, sector_name = answer.world.region_name, answer.world.sector_name
    grid = grid_of(
        "Foreign products that could be missed least",
        ["product", "from"],
        [
            "rank",
            "over\nweights",
            "loss,\n%",
            "concen-\ntration",
            "hard to\nreplace",
        ],
    )

    def row_of(table: Table, row: int) -> list[str]:
        frame = table.frame
        return [
            sector_name(frame.sector[row])[:24],
            name(frame.supplier[row])[:16],
            f"{frame['rank'][row]:.0f}",
            f"{frame.rank_low[row]:.0f}-{frame.rank_high[row]:.0f}",
            words.cell(table, row, "loss", 2),
            *columns(table, row, ("concentration", "substitution"), 2),
        ]

    note = (
        "loss: percent of final use that its production makes up; concentration: its "
        "share of foreign supply; hard to replace: 1 / trade elasticity; over weights: best and "
        "worst rank"
    )
    return listing(answer, grid, "chokepoints", count, row_of, note=note)


def _sector(answer: Dependence) -> list[RenderableType]:
    name, sector_name = answer.world.region_name, answer.world.sector_name
    inputs = grid_of(
        "Which foreign inputs (percent of the sector's output)",
        ["input"],
        ["first\ntier", "all\ntiers", "foreign\nshare", "largest country,\n% of imports"],
    )

    def input_row(table: Table, row: int) -> list[str]:
        frame = table.frame
        return [
            sector_name(frame.input[row]),
            *columns(table, row, ("face_value", "look_through", "foreign_share")),
            leader(table, row),
        ]

    few = grid_of(
        "How few suppliers of the product", ["use", "scope"], ["HHI", "as many as", "largest, %"]
    )
    origin = grid_of("Value added in its exports", ["origin"], ["% of exports"])
    markets = grid_of(
        "Markets of the sector (percent)",
        ["market"],
        ["value added absorbed\n% of value added", "sold directly\n% of output"],
    )
    return [
        _suppliers(answer),
        listing(answer, inputs, "inputs", 8, input_row),
        listing(
            answer,
            few,
            "concentration",
            4,
            lambda table, row: [
                f"{table.frame.use[row]} uses" if table.frame.use[row] == "all" else "inputs",
                {"imports": "imports", "total": "with home"}[table.frame.scope[row]],
                words.cell(table, row, "hhi", 2),
                words.cell(table, row, "effective_number"),
                f"{table.frame.supplier[row]} {words.cell(table, row, 'largest_share')}".strip(),
            ],
        ),
        listing(
            answer,
            origin,
            "value_added",
            6,
            lambda table, row: [name(table.frame.origin[row]), words.cell(table, row, "share")],
        ),
        listing(
            answer,
            markets,
            "markets",
            5,
            lambda table, row: [
                name(table.frame.market[row]),
                *columns(table, row, ("value_added_absorbed", "sales")),
            ],
        ),
        _chokepoints(answer, 5),
    ]


def _history(answer: Dependence) -> RenderableType:
    table = answer.tables["history"]
    frame: pd.DataFrame = table.frame
    supplier = str(frame.supplier.iloc[-1])
    grid = grid_of(
        f"Year by year, {table.title.split(', ', 1)[1]} (published data alone)",
        ["year"],
        ["home share\nof use, %", f"{supplier} in\nimports, %", "HHI of\nsuppliers"],
    )
    grid.add_column("share of world\noutput, %", justify="right")
    reverse = "reverse_import_share" in frame
    if reverse:
        grid.add_column(f"{answer.region} in\n{supplier}'s, %", justify="right")
    chosen = [row for row in range(len(frame)) if (len(frame) - 1 - row) % 3 == 0 or row == 0]
    for row in chosen:
        cells = [
            f"{frame.year.iloc[row]}",
            *columns(table, row, ("home_share", "import_share")),
            words.cell(table, row, "hhi", 3),
            words.cell(table, row, "world_share"),
        ]
        if reverse:
            cells.append(words.cell(table, row, "reverse_import_share"))
        grid.add_row(*cells)
    return grid
