"""`zizhu history` from the command line."""

from __future__ import annotations

import io
import json

import pytest
from rich.console import Console

from zizhu.history import observations, panel, series_of
from zizhu.history.find import find
from zizhu.report.history import history_json, history_page, overview_json


def test_without_a_name_series_are_counted(zz):
    answer = zz("history")
    assert answer.code == 0, answer.err
    for kind in ("patents", "mineral", "value added", "sector"):
        assert f"\n{kind} " in f"\n{answer.out}"
    for region in ("CHN", "USA", "EU", "JPN", "KOR", "IND"):
        assert f"\n{region} " in answer.out
    assert f"{len(panel())} series" in answer.out
    assert max(map(len, answer.out.splitlines())) <= 80
    counted = json.loads(zz("history", "--json").out)
    assert counted == overview_json(panel())
    assert counted["series"] == len(panel())


@pytest.mark.parametrize("asked", ["batteries_nev/cell", "C26", "batteries_nev/co_mine"])
def test_a_page_has_every_share_within_80_columns(zz, asked):
    answer = zz("history", asked)
    assert answer.code == 0, answer.err
    assert max(len(line.rstrip()) for line in answer.out.splitlines()) <= 80
    assert "…" not in answer.out
    plain = " ".join(answer.out.split())
    for one in find(asked):
        assert one.region in plain
        assert one.source in plain
        for percent in one.percents:
            assert f"{percent:.1f}" in plain or f"{percent:.2f}" in plain


def test_words_of_a_subject_and_filters(zz):
    answer = zz("history", "rare", "earth", "--region", "CHN")
    assert answer.code == 0, answer.err
    assert "rare-earth oxides" in answer.out
    assert "USA" not in answer.out.partition("source")[0]
    found = json.loads(zz("history", "C26", "--kind", "value_added", "--json").out)
    assert {one["region"] for one in found} == {"CHN", "USA"}
    assert {one["direction"] for one in found} == {"rises", "falls"}
    only = json.loads(zz("history", "--kind", "models", "--json").out)
    assert {one["kind"] for one in only} == {"models"}


def test_a_level_is_no_move(zz):
    answer = zz("history", "semiconductors/process_control", "--region", "CHN")
    assert "level" in answer.out


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (("semiconductors/ech",), "did you mean semiconductors/etch?"),
        (("C99",), "sector 'C99' has no observed shares"),
        (("nonsense",), "is no node, no sector"),
        (("--region", "CHI"), "did you mean CHN?"),
        (("--kind", "patent"), "did you mean patents?"),
    ],
)
def test_bad_names_get_one_sentence(zz, given, words):
    assert words in zz("history", *given).complaint


def test_a_model_s_path_stands_beside():
    """The seam for the estimate of the pace: shares of a run by the name of the series."""
    (one,) = [o for o in series_of("solar_pv/cell") if (o.region, o.measure) == ("CHN", "output")]
    beside = {one.name: {2021.0: 77.7, 2025.0: 80.12}}
    console = Console(width=80, record=True, highlight=False, file=io.StringIO())
    console.print(history_page([one], beside))
    page = console.export_text()
    assert "model" in page
    row = next(line for line in page.splitlines() if line.startswith("2021"))
    assert row.split() == ["2021", "78.2m", "77.7"]
    assert next(line for line in page.splitlines() if line.startswith("2025")).split()[-1] == "80.1"
    (found,) = history_json([one], beside)
    assert found["model"] == {"2021": 77.7, "2025": 80.12}
    assert "model" not in history_json([one])[0]


def test_every_page_fits_80_columns():
    console = Console(width=80, record=True, highlight=False, file=io.StringIO())
    every = observations()
    console.print(history_page(every, {one.name: {2022.0: 50.0} for one in every}))
    lines = console.export_text().splitlines()
    assert max(len(line.rstrip()) for line in lines) <= 80
    assert not [line for line in lines if "\u2026" in line]
