"""Published results against ours."""

from __future__ import annotations

import gzip
import json
import os
import shutil
from pathlib import Path

import pytest

from zizhu.errors import WorldError, ZizhuError
from zizhu.replications import REPLICATIONS, Replication, Row, replicate
from zizhu.world import locate


@pytest.fixture(scope="module")
def tables() -> Path:
    """Folder that holds the tables of Caliendo and Parro, or a reason to skip."""
    try:
        return locate("cp2015").parent
    except WorldError as error:
        if os.environ.get("CI") and os.environ.get("ZIZHU_DATA"):
            pytest.fail(str(error))
        pytest.skip(str(error))


@pytest.fixture
def copied(tables, tmp_path):
    """A copy of the tables to damage."""
    (tmp_path / "cp2015").mkdir()
    for file in (tables / "cp2015").glob("*.csv.gz"):
        shutil.copyfile(file, tmp_path / "cp2015" / file.name)
    return tmp_path


@pytest.mark.parametrize(
    ("computed", "options", "agrees"),
    [
        (1.314, {}, True),
        (1.316, {}, False),
        (1.305, {}, True),
        (1.3101, {"digits": 4}, False),
        (1.32, {"tolerance": 0.011}, True),
        (1.32, {"tolerance": 0.009}, False),
        (float("nan"), {}, False),
    ],
)
def test_rows_agree_at_the_printed_digits(computed, options, agrees):
    row = Row("x", 1.31, computed, **options)
    assert row.agrees is agrees
    found = Replication("n", "t", "s", (Row("y", 1.0, 1.0), row), {"beside": 2.0}, ("remark",))
    assert found.agrees is agrees
    plain = found.as_json()
    assert plain["published"] == {"y": 1.0, "x": 1.31}
    assert plain["agrees"] == {"y": True, "x": agrees}
    assert json.loads(json.dumps(plain))["beside"] == {"beside": 2.0}


def test_unknown_replication():
    assert set(REPLICATIONS) == {
        "campos2023",
        "cp2015",
        "fgh2022",
        "foreign-value-added",
        "gains-from-trade",
        "idea-diffusion",
        "optimal-subsidy",
    }
    with pytest.raises(ZizhuError, match="replication 'cp2051' is unknown; did you mean cp2015"):
        replicate("cp2051")


def test_caliendo_parro_2015(tables):
    """Table 2, both rules for deficits, every printed digit."""
    found = replicate("cp2015", tables)
    differs = [row for row in found.rows if not row.agrees]
    assert not differs
    assert len(found.rows) == 2 * 3 * 4 + 3
    for rule in ("zero deficits", "fixed deficits"):
        assert found.beside[f"{rule}, largest audit residual"] < 1e-9
    mexico = next(row for row in found.rows if row.quantity.endswith("(4 digits)"))
    assert mexico.published == 1.7153


@pytest.mark.long
def test_optimal_subsidy():
    """The gradient of world welfare is zero at psi/(1+psi)."""
    found = replicate("optimal-subsidy")
    assert found.agrees
    assert len(found.rows) == 4
    assert all(row.tolerance == 1e-8 for row in found.rows)
    # With scale acting on labour only the formula is not the optimum: the check can fail.
    elsewhere = [value for name, value in found.beside.items() if "labour-only" in name]
    assert len(elsewhere) == 2
    assert min(elsewhere) > 1e-3


def test_tables_are_not_there(tmp_path):
    with pytest.raises(WorldError, match="the table cp2015 is not shipped and was not found"):
        replicate("cp2015", tmp_path)


def _truncate(file):
    file.write_bytes(file.read_bytes()[:200])


def _garble(file):
    content = bytearray(file.read_bytes())
    content[20:60] = b"\xff" * 40
    file.write_bytes(bytes(content))


def _rename_a_column(file):
    text = gzip.decompress(file.read_bytes()).decode()
    file.write_bytes(gzip.compress(text.replace("region", "country", 1).encode()))


def _drop_the_last_rows(file):
    lines = gzip.decompress(file.read_bytes()).decode().splitlines()
    file.write_bytes(gzip.compress("\n".join(lines[:-40]).encode()))


def _write_words(file):
    text = gzip.decompress(file.read_bytes()).decode().splitlines()
    text[1] = text[1].rsplit(",", 1)[0] + ",many"
    file.write_bytes(gzip.compress("\n".join(text).encode()))


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (Path.unlink, "cannot be read"),
        (_truncate, "cannot be read"),
        (_garble, "cannot be read"),
        (_rename_a_column, "column region is missing"),
        (_drop_the_last_rows, "cells are missing or not numbers"),
        (_write_words, "cells are missing or not numbers"),
    ],
)
def test_damaged_tables(copied, damage, words):
    damage(copied / "cp2015" / "value_added.csv.gz")
    with pytest.raises(WorldError, match=r"value_added\.csv\.gz") as error:
        replicate("cp2015", copied)
    assert words in str(error.value)
