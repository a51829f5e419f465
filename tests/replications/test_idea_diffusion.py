"""Trade carries ideas: the closed form of Buera and Oberfield, by the functions of the loop."""

import numpy as np
import pytest

from zizhu.replications import REPLICATIONS, replicate
from zizhu.replications.idea_diffusion import CASES, Case, gains


def test_all_rows_agree():
    found = replicate("idea-diffusion")
    assert [row.quantity for row in found.rows if not row.agrees] == []
    assert len(found.rows) == 2 * len(CASES) + 1
    printed = found.rows[0]
    assert printed.published == 2.734
    assert abs(printed.computed - 5 ** (1 / 1.6)) < 1e-9
    assert "idea-diffusion" in REPLICATIONS


@pytest.mark.parametrize("beta", [0.2, 0.6])
def test_ideas_bring_their_part_of_the_gain(beta):
    """Ideas bring the part beta of the log gain, and nothing at once."""
    found = gains(Case(5, 5.0, beta))
    at_once, in_long_run = np.log(found.at_once), np.log(found.in_long_run)
    assert abs(at_once - np.log(5) / 5) < 1e-9
    assert abs(1 - at_once / in_long_run - beta) < 1e-8
