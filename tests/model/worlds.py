"""Random economies that add up, small enough to solve in milliseconds.

One shape (3 regions, 3 sectors, 2 final uses of which the second is the public buyer) serves most
tests, so that each variant of the solver is compiled once.
"""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from zizhu.model.anderson import Settings
from zizhu.model.economy import Economy
from zizhu.model.elasticities import Elasticities
from zizhu.model.shock import NoShock

REGIONS, SECTORS, FINAL_USES, PUBLIC_USE = 3, 3, 2, 1

# Tighter than the default, for comparisons at the limit of double precision.
TIGHT = Settings(tolerance=1e-13)


class Flows(NamedTuple):
    """A balanced table: Z[i,k,n,j] and F[i,k,n,f] before tariffs, tariffs [i,k,n]."""

    intermediate: np.ndarray
    final: np.ndarray
    tariff: np.ndarray


def random_flows(
    seed: int,
    *,
    regions: int = REGIONS,
    sectors: int = SECTORS,
    final_uses: int = FINAL_USES,
    tariffs: bool = True,
    zero_deficits: bool = False,
    common_origins: bool = False,
    links: bool = True,
    absent: tuple[tuple[int, int], ...] = (),
    untraded: float = 0.0,
) -> Flows:
    """Draw shares, then solve the linear accounts for the outputs that they imply.

    `common_origins`: every use buys from the same mix of suppliers. `links`: sectors buy inputs.
    `absent`: (region, sector) pairs without output. `untraded`: share of foreign flows that are
    zero. With `zero_deficits` income is value added plus tariff revenue, otherwise it is drawn.
    """
    rng = np.random.default_rng(seed)
    # Suppliers of each use: home counts for about half.
    uses = 1 if common_origins else 1 + final_uses
    home = np.eye(regions)[:, None, :, None]
    weights = rng.gamma(2.0, size=(regions, sectors, regions, uses))
    weights = weights * (1 + 2.0 * (regions - 1) * home)
    weights = np.where((home == 0) & (rng.uniform(size=weights.shape) < untraded), 0.0, weights)
    inputs = rng.gamma(2.0, size=(sectors, regions, sectors))
    for i, k in absent:
        weights[i, k] = 0.0
    origin = weights / weights.sum(axis=0)
    origin = np.broadcast_to(origin, (regions, sectors, regions, 1 + final_uses))
    gamma = inputs / inputs.sum(axis=0)
    beta = rng.uniform(0.3, 0.7, size=(regions, sectors)) if links else np.ones((regions, sectors))
    for i, k in absent:
        beta[i, k] = 1.0
    alpha = rng.gamma(2.0, size=(sectors, regions, final_uses))
    alpha = alpha / alpha.sum(axis=0)
    mu = rng.gamma(2.0, size=(regions, final_uses))
    mu = mu / mu.sum(axis=1, keepdims=True)
    tariff = rng.uniform(0.0, 0.3, size=(regions, sectors, regions)) * float(tariffs)
    tariff = tariff * (1 - np.eye(regions))[:, None, :]

    # Spending at user prices per unit of output of (n,j), or of income of n; flows before duties.
    before_duty = origin / (1 + tariff)[..., None]
    by_output = before_duty[..., 0][..., None] * (gamma * (1 - beta)[None])[None]  # i k n j
    by_income = before_duty[..., 1:] * (alpha * mu[None])[None]  # i k n f
    duty_output = np.einsum("ikn,iknj->nj", tariff, by_output)
    duty_income = np.einsum("ikn,iknf->n", tariff, by_income)
    cells = regions * sectors
    links_matrix = by_output.reshape(cells, cells)
    size = rng.gamma(3.0, size=regions) * 100.0
    # Output per unit of income of each region, then incomes: drawn, or those that balance trade.
    sales = by_income.sum(axis=3).reshape(cells, regions)
    output_by_income = np.linalg.solve(np.eye(cells) - links_matrix, sales)
    if zero_deficits:
        earned = np.zeros((regions, regions))
        per_output = (beta + duty_output).reshape(cells)
        for n in range(regions):
            rows = slice(n * sectors, (n + 1) * sectors)
            earned[n] = per_output[rows] @ output_by_income[rows]
            earned[n, n] += duty_income[n]
        # The columns of `earned` sum to one: income is its Perron vector.
        system = np.vstack([(earned - np.eye(regions))[:-1], np.ones(regions)])
        income = np.linalg.solve(system, np.append(np.zeros(regions - 1), size.sum()))
    else:
        income = size
    output = output_by_income @ income
    final = by_income * income[:, None]
    intermediate = by_output * output.reshape(regions, sectors)
    return Flows(intermediate, final, tariff)


def random_economy(
    seed: int, *, pooled: bool = False, scale: float = 1.0, **options: object
) -> Economy:
    """Return the economy of `random_flows`, in a unit of account of 1 / `scale`."""
    flows = random_flows(seed, **options)  # type: ignore[arg-type]
    return Economy.from_flows(
        flows.intermediate * scale,
        flows.final * scale,
        flows.tariff,
        public_use=PUBLIC_USE,
        pooled=pooled,
    )


def random_elasticities(
    seed: int, *, scale: bool = True, sectors: int = SECTORS, **options: object
) -> Elasticities:
    """Trade elasticities of 3 to 8 and, with `scale`, psi with psi * theta of 0.1 to 0.6."""
    rng = np.random.default_rng([seed, 1])
    theta = rng.uniform(3.0, 8.0, size=sectors)
    psi = rng.uniform(0.1, 0.6, size=sectors) / theta * float(scale)
    return Elasticities.of(theta, psi, **options)  # type: ignore[arg-type]


def random_shock(economy: Economy, seed: int, size: float = 1.0) -> NoShock:
    """Every wedge at once, none so large that the equilibrium is in doubt (no flow limits)."""
    rng = np.random.default_rng([seed, 2])
    flow, cell = economy.tariff.shape, economy.cost.shape
    deficit = rng.normal(size=economy.regions) * 0.02 * np.asarray(economy.income)
    draw = {
        "tariff": rng.uniform(0.0, 0.3, size=flow),
        "export_tax": rng.uniform(0.0, 0.2, size=flow),
        "subsidy": rng.uniform(0.0, 0.1, size=cell),
        "log_iceberg": rng.uniform(-0.1, 0.2, size=economy.origin_shares.shape),
        "log_productivity": rng.normal(size=cell) * 0.1,
        "log_labour": rng.normal(size=economy.regions) * 0.1,
        "home_preference": rng.uniform(0.0, 0.3, size=cell),
        "deficit": deficit - deficit.mean(),
        "outlay": rng.uniform(0.0, 0.02, size=economy.regions) * np.asarray(economy.income),
    }
    values = {name: jnp.asarray(size * value) for name, value in draw.items()}
    return NoShock.of(economy)._replace(**values)


def changes(solution: object) -> dict[str, np.ndarray]:
    """All logs of changes in a solution, by name."""
    fields = vars(solution)
    return {name: np.asarray(fields[name]) for name in fields if name.startswith("log_")}


def foreign(economy: Economy) -> jax.Array:
    """One where supplier and user region differ [i,1,n]."""
    return (1.0 - jnp.eye(economy.regions))[:, None, :]
