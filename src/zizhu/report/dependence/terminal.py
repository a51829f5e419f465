"""An answer about dependence in the terminal: readable at 80 columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pandas as pd
from rich.console import Group, RenderableType
from rich.table import Table as Grid
from rich.text import Text

from zizhu.laboratory import Dependence
from zizhu.laboratory.dependence import Table
from zizhu.report.dependence import words

NAME_WIDTH = 33
_Cells = Callable[[Table, int], list[str]]


def answer_page(answer: Dependence) -> RenderableType:
    """The verdict, the leading numbers, the ranked tables, what they rest on."""
    parts: list[RenderableType] = [
        Text(words.title(answer), style="bold"),
        Text(words.subtitle(answer), style="dim"),
        Text(),
        *(Text(sentence) for sentence in words.verdict(answer)),
    ]
    parts.append(_headlines(answer))
    if answer.on:
        parts += _pair(answer)
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


def _grid(title: str, first: list[str], others: list[str]) -> Grid:
    grid = Grid(
        title=f"\n{title}",
        title_justify="left",
        title_style="bold",
        box=None,
        pad_edge=False,
        padding=(0, 2 if len(first) + len(others) < 7 else 1, 0, 0),
    )
    for column in first:
        grid.add_column(column, no_wrap=True, max_width=NAME_WIDTH)
    for column in others:
        grid.add_column(column, justify="right", no_wrap=True)
    return grid


def _headlines(answer: Dependence) -> Grid:
    if not answer.on:
        grid = _grid("Leading numbers", [""], ["", "80 % range"])
        grid.add_column("unit")
        for one in answer.headlines.values():
            digits = words.digits_of(one)
            value = words.number(one.value, digits, marked=one.marked)
            grid.add_row(one.label, value, words.spread(one, digits), words.short(one.column.units))
        return grid
    here, there = answer.region, answer.on
    grid = _grid(
        "Both ways (percent, and the middle 80 percent of drawn tables)",
        [""],
        [f"{here}\non {there}", "\nrange", f"{there}\non {here}", "\nrange"],
    )
    for name, one in answer.headlines.items():
        if name.startswith("reverse_"):
            continue
        row = []
        for each in (one, answer.headlines[f"reverse_{name}"]):
            digits = words.digits_of(each)
            row.append(words.number(each.value, digits, marked=each.marked))
            row.append(words.spread(each, digits))
        grid.add_row(one.label, *row)
    return grid


def _rows(grid: Grid, table: Table, count: int, cells: _Cells) -> Grid:
    for row in range(min(count, len(table.frame))):
        grid.add_row(*cells(table, row))
    return grid


def _columns(table: Table, row: int, names: Iterable[str], digits: int = 1) -> list[str]:
    return [words.cell(table, row, name, digits) for name in names]


def _region(answer: Dependence) -> list[RenderableType]:
    name, sector_name = answer.world.region_name, answer.world.sector_name
    sectors = _grid(
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
            *_columns(table, row, ("face_value", "look_through", "hidden")),
            f"{frame.leader[row]} {words.cell(table, row, 'leader_share')}",
            *_columns(table, row, ("home_share", "final_market")),
        ]

    markets = _grid(
        "Foreign markets (percent)",
        ["market"],
        ["value added absorbed\n% of value added", "sold directly\n% of output"],
    )
    return [
        _rows(sectors, answer.tables["sectors"], 12, sector_row),
        Text(
            "bought abroad: direct inputs; made abroad: looking through supply chains; home share: "
            "of use of the product; sold to: output that final demand abroad takes",
            style="dim",
        ),
        _suppliers(answer),
        _chokepoints(answer),
        _rows(
            markets,
            answer.tables["markets"],
            6,
            lambda table, row: [
                name(table.frame.market[row]),
                *_columns(table, row, ("value_added_absorbed", "sales")),
            ],
        ),
    ]


def _suppliers(answer: Dependence) -> RenderableType:
    name, table = answer.world.region_name, answer.tables["suppliers"]
    solved = bool(answer.model)
    shares = ["first\ntier", "all\ntiers"]
    columns = ["face_value", "look_through"]
    if answer.sector:
        shares.append("share of\nimports")
        columns.append("import_share")
    shares.append("stops at\nonce, max")
    if solved:
        shares += ["loss of\nincome", "its own\nloss"]
    grid = _grid(
        "Foreign suppliers, and what is lost if they are cut (percent)", ["supplier"], shares
    )

    def supplier_row(table: Table, row: int) -> list[str]:
        cells = [
            name(table.frame.supplier[row]),
            *_columns(table, row, columns),
            words.cell(table, row, "stopped_output"),
        ]
        if solved:
            cells += _columns(table, row, ("real_income_loss", "supplier_real_income_loss"), 2)
        return cells

    note = (
        f"cut: {100 * answer.cut:.0f} percent of imports of {words.cut_words(answer)} from it; "
        "stops at once: output, nothing replaced, an upper bound; loss of income: real, when all "
        "adjust (negative is a gain)"
    )
    return Group(_rows(grid, table, 10, supplier_row), Text(note, style="dim"))


def _chokepoints(answer: Dependence, count: int = 10) -> RenderableType:
    name, sector_name = answer.world.region_name, answer.world.sector_name
    grid = _grid(
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
            *_columns(table, row, ("concentration", "substitution"), 2),
        ]

    note = (
        "loss: percent of final use that its production makes up; concentration: its "
        "share of foreign supply; hard to replace: 1 / trade elasticity; over weights: best and "
        "worst rank"
    )
    table = answer.tables["chokepoints"]
    return Group(_rows(grid, table, count, row_of), Text(note, style="dim"))


def _sector(answer: Dependence) -> list[RenderableType]:
    name, sector_name = answer.world.region_name, answer.world.sector_name
    inputs = _grid(
        "Which foreign inputs (percent of the sector's output)",
        ["input"],
        ["first\ntier", "all\ntiers", "foreign\nshare", "largest country,\n% of imports"],
    )

    def input_row(table: Table, row: int) -> list[str]:
        frame = table.frame
        return [
            sector_name(frame.input[row]),
            *_columns(table, row, ("face_value", "look_through", "foreign_share")),
            f"{frame.leader[row]} {words.cell(table, row, 'leader_share')}",
        ]

    few = _grid(
        "How few suppliers of the product", ["use", "scope"], ["HHI", "as many as", "largest, %"]
    )
    origin = _grid("Value added in its exports", ["origin"], ["% of exports"])
    markets = _grid(
        "Markets of the sector (percent)",
        ["market"],
        ["value added absorbed\n% of value added", "sold directly\n% of output"],
    )
    return [
        _suppliers(answer),
        _rows(inputs, answer.tables["inputs"], 8, input_row),
        _rows(
            few,
            answer.tables["concentration"],
            4,
            lambda table, row: [
                f"{table.frame.use[row]} uses" if table.frame.use[row] == "all" else "inputs",
                {"imports": "imports", "total": "with home"}[table.frame.scope[row]],
                words.cell(table, row, "hhi", 2),
                words.cell(table, row, "effective_number"),
                f"{table.frame.supplier[row]} {words.cell(table, row, 'largest_share')}",
            ],
        ),
        _rows(
            origin,
            answer.tables["value_added"],
            6,
            lambda table, row: [name(table.frame.origin[row]), words.cell(table, row, "share")],
        ),
        _rows(
            markets,
            answer.tables["markets"],
            5,
            lambda table, row: [
                name(table.frame.market[row]),
                *_columns(table, row, ("value_added_absorbed", "sales")),
            ],
        ),
        _chokepoints(answer, 5),
    ]


def _pair(answer: Dependence) -> list[RenderableType]:
    sector_name, here, there = answer.world.sector_name, answer.region, answer.on or ""
    losses = _grid(
        f"Losses if imports of {words.cut_words(answer)} fall by {100 * answer.cut:.0f} percent "
        "(percent)",
        ["cut"],
        ["stops at\nonce, max", "final use\nmissing", "seller's income\nexposed"],
    )
    names = ["stopped_output", "missing_final_use", "supplier_income_exposed"]
    if answer.model:
        for column in ("buyer's loss\nof income", "seller's loss\nof income"):
            losses.add_column(column, justify="right", no_wrap=True)
        names += ["real_income_loss", "supplier_real_income_loss"]
    sectors = _grid(
        "By sector (percent of total inputs)",
        ["sector"],
        [
            f"{here} on {there}\nbought",
            "\nmade there",
            f"{there} on {here}\nbought",
            "\nmade there",
        ],
    )
    products = _grid(
        f"What they buy from each other (bn {answer.world.currency}; percent of imports)",
        ["product"],
        [f"{here} buys\nbn", "\n%", f"{there} buys\nbn", "\n%"],
    )
    found: list[RenderableType] = [
        _rows(
            losses,
            answer.tables["losses"],
            2,
            lambda table, row: [
                f"{table.frame.user[row]} from {table.frame.supplier[row]}",
                *_columns(table, row, names, 2),
            ],
        ),
        Text(
            "stops at once: output, nothing replaced, an upper bound; exposed: value added that "
            "hangs on the sales; loss of income: real, when all adjust (negative is a gain)",
            style="dim",
        ),
    ]
    if "inputs" in answer.tables:
        found.append(
            _rows(
                _grid(
                    f"Inputs of {answer.sector} bought from each other",
                    ["input"],
                    [f"{here}\nbn", "% of the\ninput", f"{there}\nbn", "% of the\ninput"],
                ),
                answer.tables["inputs"],
                6,
                lambda table, row: [
                    sector_name(table.frame.input[row]),
                    _billions(table, row, "bought"),
                    words.cell(table, row, "share"),
                    _billions(table, row, "reverse_bought"),
                    words.cell(table, row, "reverse_share"),
                ],
            )
        )
    found.append(
        _rows(
            sectors,
            answer.tables["by_sector"],
            10,
            lambda table, row: [
                sector_name(table.frame.sector[row]),
                *_columns(
                    table,
                    row,
                    ("face_value", "look_through", "reverse_face_value", "reverse_look_through"),
                ),
            ],
        )
    )
    found.append(
        _rows(
            products,
            answer.tables["products"],
            8,
            lambda table, row: [
                sector_name(table.frame.sector[row]),
                _billions(table, row, "imports"),
                words.cell(table, row, "import_share"),
                _billions(table, row, "reverse_imports"),
                words.cell(table, row, "reverse_import_share"),
            ],
        )
    )
    return found


def _billions(table: Table, row: int, column: str) -> str:
    value = float(table.frame[column].iloc[row]) / 1e3
    return words.number(value, marked=table.marked(row, column))


def _history(answer: Dependence) -> RenderableType:
    table = answer.tables["history"]
    frame: pd.DataFrame = table.frame
    supplier = str(frame.supplier.iloc[-1])
    grid = _grid(
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
            *_columns(table, row, ("home_share", "import_share")),
            words.cell(table, row, "hhi", 3),
            words.cell(table, row, "world_share"),
        ]
        if reverse:
            cells.append(words.cell(table, row, "reverse_import_share"))
        grid.add_row(*cells)
    return grid
