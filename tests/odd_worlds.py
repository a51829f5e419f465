"""Small worlds at the edge of what a table may be, and what may never be shown of one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from rich.console import Console

from zizhu.world import World

USES = ("household", "government", "investment")
Table = Any


def made(
    regions: Iterable[str],
    sectors: Iterable[str],
    edit: Callable[[Table, Table, Table], None] | None = None,
    uses: tuple[str, ...] = USES,
    seed: int = 5,
) -> World:
    """A balanced world of random flows; `edit` empties cells of inputs, final uses and tariffs."""
    regions, sectors = tuple(regions), tuple(sectors)
    n, k = len(regions), len(sectors)
    rng = np.random.default_rng(seed)
    home = np.eye(n)[:, None, :, None]
    inputs = rng.uniform(50, 150, size=(n, k, n, k)) * (0.2 + 2 * home) / n
    final = rng.uniform(900, 1500, size=(n, k, n, len(uses))) * (0.2 + 2 * home) / n
    tariff = np.where(np.eye(n)[:, None, :] > 0, 0.0, rng.uniform(0, 0.1, size=(n, k, n)))
    if edit is not None:
        edit(inputs, final, tariff)
    taxes = (inputs * tariff[..., None]).sum(axis=(0, 1))
    output = inputs.sum(axis=(2, 3)) + final.sum(axis=(2, 3))
    return World(
        name="odd",
        year=2020,
        currency="USD",
        regions=regions,
        sectors=sectors,
        final_uses=uses,
        intermediate=inputs,
        final=final,
        value_added=output - inputs.sum(axis=(0, 1)) - taxes,
        taxes=taxes,
        tariff=tariff,
        region_names={regions[0]: f"Region {regions[0]}"},
        isic={"C26": (26,), "C28": (28,), "G": (45, 46, 47)},
        source="made up",
    )


def _idle(inputs: Table, final: Table, tariff: Table) -> None:
    """The first region makes no C26, and nobody there has inputs for it."""
    inputs[0, 0], final[0, 0] = 0.0, 0.0
    inputs[:, :, 0, 0] = 0.0


def _unwanted(inputs: Table, final: Table, tariff: Table) -> None:
    """The first region neither makes nor uses C26."""
    _idle(inputs, final, tariff)
    inputs[:, 0, 0], final[:, 0, 0] = 0.0, 0.0


def _nowhere(inputs: Table, final: Table, tariff: Table) -> None:
    """Nobody makes or uses C26."""
    inputs[:, 0], final[:, 0], inputs[:, :, :, 0] = 0.0, 0.0, 0.0


def _no_exports(inputs: Table, final: Table, tariff: Table) -> None:
    inputs[0, :, 1:], final[0, :, 1:] = 0.0, 0.0


def _no_imports(inputs: Table, final: Table, tariff: Table) -> None:
    inputs[1:, :, 0], final[1:, :, 0] = 0.0, 0.0


def _closed(inputs: Table, final: Table, tariff: Table) -> None:
    _no_exports(inputs, final, tariff)
    _no_imports(inputs, final, tariff)


def _no_foreign_inputs(inputs: Table, final: Table, tariff: Table) -> None:
    """C26 of the first region buys nothing abroad, its inputs' makers neither."""
    inputs[1:, :, 0] = 0.0


def _no_inputs(inputs: Table, final: Table, tariff: Table) -> None:
    """C26 of the first region needs nothing."""
    inputs[:, :, 0, 0] = 0.0


def _no_final(inputs: Table, final: Table, tariff: Table) -> None:
    """The first region buys nothing finally: all that it makes is an input elsewhere."""
    final[:, :, 0] = 0.0


def _only_inputs(inputs: Table, final: Table, tariff: Table) -> None:
    """C26 is an input only, nowhere used finally."""
    final[:, 0] = 0.0
    inputs[:, :, :, 0] *= 0.05


def _no_trade(inputs: Table, final: Table, tariff: Table) -> None:
    apart = np.eye(inputs.shape[0])[:, None, :, None] > 0
    inputs *= apart
    final *= apart


def _only_home(inputs: Table, final: Table, tariff: Table) -> None:
    """C26 is bought at home only, everywhere."""
    apart = np.eye(inputs.shape[0])[..., None]
    inputs[:, 0] *= apart
    final[:, 0] *= apart


def _free(inputs: Table, final: Table, tariff: Table) -> None:
    tariff[:] = 0.0


def _tiny(inputs: Table, final: Table, tariff: Table) -> None:
    """C26 of the first region is made, but hardly."""
    inputs[0, 0] *= 1e-9
    final[0, 0] *= 1e-9
    inputs[:, :, 0, 0] *= 1e-9


TWO, THREE = ("C26", "G"), ("C26", "C28", "G")
MAKERS: dict[str, Callable[[], World]] = {
    "one region, one sector": lambda: made(["N"], ["C26"]),
    "one region, three sectors": lambda: made(["N"], THREE),
    "one region, one idle sector": lambda: made(["N"], THREE, _nowhere),
    "two regions, one sector": lambda: made("NS", ["C26"]),
    "an idle sector": lambda: made("NS", TWO, _idle),
    "a sector unknown to one region": lambda: made("NS", TWO, _unwanted),
    "a sector that nobody makes": lambda: made("NS", TWO, _nowhere),
    "a region without exports": lambda: made("NSW", TWO, _no_exports),
    "a region without imports": lambda: made("NSW", TWO, _no_imports),
    "a closed region": lambda: made("NSW", TWO, _closed),
    "no trade at all": lambda: made("NSW", TWO, _no_trade),
    "no foreign inputs": lambda: made("NSW", TWO, _no_foreign_inputs),
    "a sector without inputs": lambda: made("NS", TWO, _no_inputs),
    "a region without final uses": lambda: made("NSW", TWO, _no_final),
    "a product that is input only": lambda: made("NS", TWO, _only_inputs),
    "a product that is not traded": lambda: made("NS", TWO, _only_home),
    "a sector that is hardly made": lambda: made("NS", TWO, _tiny),
    "no tariffs": lambda: made("NS", TWO, _free),
    "households only": lambda: made("NS", TWO, uses=("household",)),
    "services only": lambda: made("NS", ["G"]),
    "labels without a classification": lambda: made(["Z1", "Z2"], ["x", "y"]),
    "many regions, one sector": lambda: made([f"R{at:02d}" for at in range(77)], ["C26"]),
}


def of_the_world(world: World) -> World:
    """The same world with regions that chains and paths know: the first is China, the last ROW."""
    regions = ("CHN", *world.regions[1:-1], "ROW") if len(world.regions) > 1 else ("ROW",)
    return replace(world, regions=regions, region_names={})


# Not a number, infinity, a negative zero, Python's nothing; a change from nothing to nothing.
NEVER = re.compile(
    r"(?<![\w.])[+-]?nan(?!\w)|(?<![\w.])[+-]?inf(?:inity)?(?!\w)|\bNone\b(?! of)|\bNaT\b"
    r"|(?<!\w)- percent|\(-[~ )]|of , "
    r"|(?<![\w.])-0(?:\.0+)?(?![\w.])|(?<![\d.])0(?:\.0+)? (?:>|&gt;) 0(?:\.0+)?(?![\d.])",
)


def clean(text: str, where: str) -> None:
    """Assert that nothing is shown that is not there."""
    found = NEVER.search(text)
    assert not found, f"{where}: {text[max(0, found.start() - 90) : found.end() + 60]!r}"


def printed(page: object) -> str:
    """What the terminal shows at 80 columns."""
    with open("/dev/null", "w") as nowhere:
        console = Console(width=80, file=nowhere, highlight=False)
        with console.capture() as caught:
            console.print(page)
    return caught.get()


def page_text(html: str) -> str:
    """An HTML page without the drawing library and without arrays that are drawn, not read."""
    text = re.sub(r"<script>/\*\*.*?</script>", "", html, count=1, flags=re.DOTALL)
    return re.sub(r'"bdata":"[^"]*"', "", text)


def clean_page(page: object, where: str) -> str:
    """A terminal page that fits, with nothing in it that is not there."""
    text = printed(page)
    clean(text, f"{where}, terminal")
    wide = [line for line in text.splitlines() if len(line.rstrip()) > 80 or "…" in line]
    assert not wide, (where, wide)
    return text


def clean_html(html: str, where: str) -> None:
    """A page with nothing in it that is not there."""
    clean(page_text(html), f"{where}, report")


def clean_folder(folder: Path, where: str) -> None:
    """The text columns of every table of a written report."""
    for file in folder.rglob("*.csv"):
        table = pd.read_csv(file, keep_default_na=False, dtype=str)
        for column in table:
            numbers = pd.to_numeric(table[column], errors="coerce")
            text = table[column][numbers.isna() | table[column].str.lower().str.contains("n")]
            for one in text.unique():
                clean(one, f"{where}, {file.name}, {column}")
