"""Two published models with data and results: Campos and others, Felbermayr and others."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from zizhu.errors import NotConverged, WorldError
from zizhu.model import Elasticities
from zizhu.model.anderson import Settings
from zizhu.model.shock import NoShock
from zizhu.replications import replicate
from zizhu.replications.campos_2023 import economy_of_trade, solved
from zizhu.replications.campos_2023.paper import fixed_point
from zizhu.replications.following import Implied, settle
from zizhu.world import locate

PHI, PSI = 3.8, (0.31 / 0.69 + 0.67 / 0.33) / 2


def archive(name: str) -> Path:
    """Folder of an archive, or a reason to skip."""
    try:
        return locate(name)
    except WorldError as error:
        if os.environ.get("CI") and os.environ.get("ZIZHU_DATA"):
            pytest.fail(str(error))
        pytest.skip(str(error))


@pytest.mark.long
def test_campos_2023():
    """All scenarios: 1e-9 points, and autarky as close as the archive's own leftover trade."""
    archive("campos2023")
    found = replicate("campos2023")
    assert [row.quantity for row in found.rows if not row.agrees] == []
    exact = [row for row in found.rows if row.tolerance == 1e-9]
    assert len(exact) == 21
    loose = [row for row in found.rows if row.tolerance != 1e-9]
    assert {row.quantity for row in loose} == {
        "scenario 0, others, output",
        "scenario 0, others, welfare",
        "scenario 0, others, trade but for one factor",
    }
    assert all(row.tolerance < 3e-6 for row in loose)


def test_our_model_is_theirs_on_any_trade():
    """Random trade and costs: the outer loop around our solver meets the paper's iteration."""
    rng = np.random.default_rng(4)
    trade = rng.gamma(1.0, size=(6, 6)) + 8 * np.eye(6)
    cost = rng.uniform(0, 0.4, size=(6, 6)) * (1 - np.eye(6))
    theirs = fixed_point(trade, cost, PHI, PSI)
    ours = solved(trade, cost).solution
    price = np.asarray(ours.log_price)[:, 0] - np.asarray(ours.log_final_price)
    np.testing.assert_allclose(np.exp(price), theirs.relative_price, rtol=1e-11)
    assert np.abs(price).max() > 1e-3


def test_what_goes_on_moving_is_an_error():
    trade = np.ones((6, 6)) + 8 * np.eye(6)
    economy = economy_of_trade(trade)
    swing = iter(range(1000))

    def implied(_):
        return Implied(np.zeros(6), np.full(6, 0.1 * ((1 + next(swing)) % 2)))

    with pytest.raises(NotConverged, match=r"still move by 1\.0e-01 after 200 rounds"):
        settle(
            economy,
            Elasticities.of([PHI]),
            NoShock.of(economy),
            implied,
            settings=Settings(tolerance=1e-14, most_iterations=3000),
            tolerance=1e-13,
        )


@pytest.mark.long
def test_felbermayr_2022_is_close():
    """Means over draws against the means: near everywhere, exact nowhere."""
    archive("fgh2022")
    found = replicate("fgh2022")
    assert len(found.rows) == 44
    beside = dict(found.beside)
    assert beside["mean absolute difference, points"] < 0.02
    assert beside["correlation"] > 0.98
    assert beside["correlation among members of the EU"] > 0.99
    assert beside["largest audit residual"] < 1e-9
    worst = next(name for name in beside if name.startswith("largest difference"))
    assert "NOR" in worst
    assert beside[worst] < 0.1


@pytest.mark.parametrize(
    ("name", "file", "words"),
    [
        ("campos2023", "tau_hat.csv.gz", "cannot be read"),
        ("fgh2022", "wiod2014_44x50.npz", "cannot be read"),
        ("fgh2022", "tableA2_trade_elasticity.csv", "column minus_inv_theta is missing"),
    ],
)
def test_damaged_archives(tmp_path, name, file, words):
    copied = tmp_path / "oracles" / name
    shutil.copytree(archive(name), copied)
    for path in (copied, *copied.iterdir()):
        path.chmod(0o755)
    (copied / file).write_text("a,b\n1,2\n")
    with pytest.raises(WorldError, match=words) as error:
        replicate(name, tmp_path)
    assert file in str(error.value)
