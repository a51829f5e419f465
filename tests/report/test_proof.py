"""The proof as tables."""

from __future__ import annotations

from rich.console import Console

from zizhu.report.proof import proof_page, proof_tables
from zizhu.world import open_proof


def test_every_table_has_as_many_cells_as_columns() -> None:
    tables = proof_tables(open_proof())
    assert len(tables) == 6
    for table in tables:
        assert table.rows
        assert {len(row) for row in table.rows} == {len(table.columns)}


def test_it_fits_a_terminal_and_shows_the_figures() -> None:
    console = Console(width=80, record=True)
    with console.capture() as captured:
        console.print(proof_page(open_proof()))
    text = captured.get()
    assert max(map(len, text.splitlines())) <= 80
    first = open_proof()["full"][0]["known"]["intermediate"]
    assert f"{first:.3f}" in text
