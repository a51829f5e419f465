"""`zizhu dependence` from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def table(small, tmp_path) -> Path:
    return small.save(tmp_path / "small.nc")


def test_answer_and_files(zz, table):
    answer = zz("dependence", "N", "--world", table, "--quick")
    assert answer.code == 0, answer.err
    assert "Where North is exposed" in answer.out
    assert max(map(len, answer.out.splitlines()[:-1])) <= 80
    folder = Path("zizhu-out/dependence-N")
    assert (folder / "report.html").stat().st_size > 1e6
    assert {"headlines.csv", "sectors.csv", "suppliers.csv"} <= {
        file.name for file in (folder / "tables").iterdir()
    }


def test_pair_goes_where_it_is_told(zz, table, tmp_path):
    out = tmp_path / "mine"
    answer = zz("dependence", "N", "--on", "S", "-w", table, "--quick", "--out", out)
    assert answer.code == 0, answer.err
    assert "How North and South depend on each other" in answer.out
    assert (out / "tables" / "losses.csv").is_file()


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["NN"], "region: 'NN' is not in world small"),
        (["N", "--sector", "C10T13"], "did you mean C10T12?"),
        (["N", "--on", "N"], "overlap"),
        (["N", "--draws", "-3"], "-3"),
        (["N", "--world", "2033"], "2033"),
    ],
)
def test_wrong_input_is_one_sentence(zz, table, tmp_path, arguments, expected):
    given = arguments if "--world" in arguments else [*arguments, "--world", str(table)]
    assert expected in zz("dependence", *given).complaint
    assert not (tmp_path / "zizhu-out").exists()


def test_a_folder_that_cannot_be_written_is_refused_first(zz, table, tmp_path):
    (tmp_path / "file").write_text("")
    complaint = zz("dependence", "N", "-w", table, "--out", tmp_path / "file" / "x").complaint
    assert "cannot be written" in complaint
