"""Random economies that add up, small enough to solve in milliseconds.

One shape (4 regions, 5 sectors, 2 final uses of which the second is the public buyer; no two axes
of equal length) serves most tests, so that each variant of the solver is compiled once.
"""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from zizhu.model.anderson import Settings
from zizhu.model.economy import Economy
from zizhu.model.elasticities import Elasticities
from zizhu.model.equilibrium import DEFAULT_SETTINGS, Solution, solve_unchecked
from zizhu.model.shock import NoShock

REGIONS, SECTORS, FINAL_USES, PUBLIC_USE = 4, 5, 2, 1


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
    zero. With `zero_deficits` income is value added plus tariff revenue, otherwise some 15
    percent more or less.
    """
    rng = np.random.default_rng(seed)
    # Suppliers of each use: home counts for about half.
    uses = 1 if common_origins else 1 + final_uses
    home = np.eye(regions)[:, None, :, None]
    size = rng.uniform(0.5, 2.0, size=regions)[:, None, None, None]
    weights = rng.gamma(2.0, size=(regions, sectors, regions, uses)) * size
    weights = weights * (1 + 2.0 * (regions - 1) * home)
    # No supplier is dropped where there is none at home.
    supplied = np.ones((sectors, regions, 1), dtype=bool)
    for i, k in absent:
        supplied[k, i] = False
    drop = (home == 0) & supplied & (rng.uniform(size=(*weights.shape[:3], 1)) < untraded)
    weights = np.where(drop, 0.0, weights)
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
    # Output per unit of income of each region, then the incomes that balance trade.
    sales = by_income.sum(axis=3).reshape(cells, regions)
    output_by_income = np.linalg.solve(np.eye(cells) - links_matrix, sales)
    earned = np.zeros((regions, regions))
    per_output = (beta + duty_output).reshape(cells)
    for n in range(regions):
        rows = slice(n * sectors, (n + 1) * sectors)
        earned[n] = per_output[rows] @ output_by_income[rows]
        earned[n, n] += duty_income[n]
    # The columns of `earned` sum to one: income is its Perron vector.
    system = np.vstack([(earned - np.eye(regions))[:-1], np.ones(regions)])
    income = np.linalg.solve(system, np.append(np.zeros(regions - 1), 1000.0))
    if not zero_deficits:
        income = income * np.exp(0.15 * rng.normal(size=regions))
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


def random_limits(economy: Economy, seed: int) -> jax.Array:
    """Flow limits: some foreign flows at most a fifth, some at most fivefold, the rest free."""
    rng = np.random.default_rng([seed, 3])
    kind = rng.choice(3, size=economy.tariff.shape, p=[0.25, 0.15, 0.6])
    limit = np.choose(kind, [np.log(0.2), np.log(5.0), np.inf])
    return jnp.asarray(np.where(np.asarray(foreign(economy)) > 0, limit, np.inf))


def foreign(economy: Economy) -> jax.Array:
    """One where supplier and user region differ [i,1,n]."""
    return (1.0 - jnp.eye(economy.regions))[:, None, :]


def changes(solution: Solution) -> dict[str, np.ndarray]:
    """All logs of changes in a solution, by name."""
    fields = solution._asdict()
    return {name: np.asarray(fields[name]) for name in fields if name.startswith("log_")}


def largest_gap(one: Solution, other: Solution) -> float:
    """Largest difference between the logs of changes of two solutions."""
    first, second = changes(one), changes(other)
    return max(float(np.max(np.abs(first[name] - second[name]))) for name in first)


def unchecked(
    economy: Economy,
    elasticities: Elasticities,
    shock: NoShock,
    *,
    bound_labour: bool = False,
    limits: bool = False,
    settings: Settings = DEFAULT_SETTINGS,
) -> Solution:
    """Call `solve_unchecked` as `solve` does: an option left out would be compiled anew."""
    return solve_unchecked(
        economy, elasticities, shock, bound_labour=bound_labour, limits=limits, settings=settings
    )


def _objective(
    economy: Economy,
    point: tuple[Elasticities, NoShock],
    weights: jax.Array,
    *,
    bound_labour: bool,
    limits: bool,
) -> jax.Array:
    solution = unchecked(economy, *point, bound_labour=bound_labour, limits=limits)
    return weights @ solution.log_real_income


@partial(jax.jit, static_argnames=("bound_labour", "limits"))
def _reverse(economy, point, weights, *, bound_labour, limits):  # type: ignore[no-untyped-def]
    def value(at: tuple[Elasticities, NoShock]) -> jax.Array:
        return _objective(economy, at, weights, bound_labour=bound_labour, limits=limits)

    return jax.grad(value)(point)


@partial(jax.jit, static_argnames=("bound_labour", "limits"))
def _forward(economy, point, direction, weights, *, bound_labour, limits):  # type: ignore[no-untyped-def]
    def value(at: tuple[Elasticities, NoShock]) -> jax.Array:
        return _objective(economy, at, weights, bound_labour=bound_labour, limits=limits)

    return jax.jvp(value, (point,), (direction,))[1]


def reverse(
    economy: Economy,
    elasticities: Elasticities,
    shock: NoShock,
    weights: jax.Array,
    *,
    bound_labour: bool = False,
    limits: bool = False,
) -> tuple[Elasticities, NoShock]:
    """Gradient of sum_n weights_n ln W_n in all elasticities and all wedges (reverse mode)."""
    return _reverse(
        economy, (elasticities, shock), weights, bound_labour=bound_labour, limits=limits
    )


def forward(
    economy: Economy,
    point: tuple[Elasticities, NoShock],
    direction: tuple[Elasticities, NoShock],
    weights: jax.Array,
    *,
    bound_labour: bool = False,
    limits: bool = False,
) -> jax.Array:
    """Derivative of sum_n weights_n ln W_n along `direction` (forward mode)."""
    return _forward(economy, point, direction, weights, bound_labour=bound_labour, limits=limits)


def shifted(point: Any, direction: Any, step: float) -> Any:
    """Return `point + step * direction`, leaf by leaf."""
    return jax.tree.map(lambda a, b: a + step * b, point, direction)
