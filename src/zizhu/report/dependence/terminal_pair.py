"""Two regions and how they depend on each other, in the terminal."""

from __future__ import annotations

from rich.console import RenderableType

from zizhu.laboratory import Dependence
from zizhu.report.dependence import words
from zizhu.report.dependence.grids import billions, columns, grid_of, listing


def pair_tables(answer: Dependence) -> list[RenderableType]:
    """Losses, inputs of the sector, sectors and products, both ways."""
    sector_name, here, there = answer.world.sector_name, answer.region, answer.on or ""
    losses = grid_of(
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
    sectors = grid_of(
        "By sector (percent of total inputs)",
        ["sector"],
        [
            f"{here} on {there}\nbought",
            "\nmade there",
            f"{there} on {here}\nbought",
            "\nmade there",
        ],
    )
    products = grid_of(
        f"What they buy from each other (bn {answer.world.currency}; percent of imports)",
        ["product"],
        [f"{here} buys\nbn", "\n%", f"{there} buys\nbn", "\n%"],
    )
    found = [
        listing(
            answer,
            losses,
            "losses",
            2,
            lambda table, row: [
                f"{table.frame.user[row]} from {table.frame.supplier[row]}",
                *columns(table, row, names, 2),
            ],
            note="stops at once: output, nothing replaced, an upper bound; exposed: value added "
            "that hangs on the sales; loss of income: real, when all adjust (negative is a gain)",
        )
    ]
    if "inputs" in answer.tables:
        inputs = grid_of(
            f"Inputs of {answer.sector} bought from each other",
            ["input"],
            [f"{here}\nbn", "% of the\ninput", f"{there}\nbn", "% of the\ninput"],
        )
        found.append(
            listing(
                answer,
                inputs,
                "inputs",
                6,
                lambda table, row: [
                    sector_name(table.frame.input[row]),
                    billions(table, row, "bought"),
                    words.cell(table, row, "share"),
                    billions(table, row, "reverse_bought"),
                    words.cell(table, row, "reverse_share"),
                ],
            )
        )
    shares = ("face_value", "look_through", "reverse_face_value", "reverse_look_through")
    return [
        *found,
        listing(
            answer,
            sectors,
            "by_sector",
            10,
            lambda table, row: [
                sector_name(table.frame.sector[row]),
                *columns(table, row, shares),
            ],
        ),
        listing(
            answer,
            products,
            "products",
            8,
            lambda table, row: [
                sector_name(table.frame.sector[row]),
                billions(table, row, "imports"),
                words.cell(table, row, "import_share"),
                billions(table, row, "reverse_imports"),
                words.cell(table, row, "reverse_import_share"),
            ],
        ),
    ]
