"""Production behind dual circulation: rounds over borders against the system written out."""

from __future__ import annotations

import numpy as np
import pytest

from zizhu.errors import NotConverged
from zizhu.indicators.path_circulation import Accounts, production

REGIONS, SECTORS = 4, 3


def accounts(inputs: float) -> Accounts:
    """Made-up accounts with one idle cell; `inputs` is the part of output used up."""
    draw = np.random.default_rng(6)
    flow = draw.uniform(0.2, 1.0, (REGIONS, SECTORS, REGIONS))
    flow[1, 2] = 0.0
    uses = draw.uniform(0.2, 1.0, (SECTORS, REGIONS, SECTORS))
    output = flow.sum(axis=2)
    # What sector j of n spends on product k: every column of A adds up to `inputs`.
    cost = inputs * output
    spent = uses / uses.sum(axis=0) * cost
    bought = spent.sum(axis=2)
    sold = flow * (bought / flow.sum(axis=0))[None]
    return Accounts(sold, spent / bought[..., None], draw.uniform(0, 1, flow.shape), output)


def written_out(given: Accounts) -> np.ndarray:
    scale = np.where(given.output > 0, given.output, 1.0).reshape(-1)
    flows = given.sold[..., None] * given.by_input[None]
    cells = given.output.size
    system = np.eye(cells) - flows.reshape(cells, cells) / scale
    return np.linalg.solve(system, given.final.reshape(cells, -1)).reshape(given.final.shape)


@pytest.mark.parametrize("inputs", [0.1, 0.5, 0.9])
def test_rounds_are_the_system(inputs):
    given = accounts(inputs)
    made = production(given)
    np.testing.assert_allclose(made, written_out(given), rtol=1e-11, atol=1e-12)
    # Any guess leads there.
    np.testing.assert_allclose(production(given, 3 * made + 1), made, rtol=1e-11, atol=1e-12)


def test_accounts_that_use_up_all_they_make_are_refused():
    with pytest.raises(NotConverged, match=r"production still moves by .* a cell adds no value"):
        production(accounts(1.2))
