"""Trade carries ideas: from autarky to free trade between equals (Buera and Oberfield 2020)."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from zizhu.model import Economy, Elasticities
from zizhu.model.equilibrium import Solution, solve
from zizhu.model.knowledge import KnowledgeRates, idea_growth, log_insights
from zizhu.model.shock import NoShock
from zizhu.replications.result import Replication, Row

TITLE = "Idea diffusion: long-run gain from autarky to free trade, n^(1/(theta(1-beta)))"
SOURCE = "Buera and Oberfield (2020), Econometrica 88(1), 83-114; symmetric countries"
# Printed to three digits in the design of this test, from the closed form.
PRINTED = 2.734
# Log trade cost at which nothing is bought abroad: a share of exp(-4 x 60) at the lowest theta.
_CLOSED = 60.0
# Growth of the frontier (a year) and years of iteration. The long-run gain depends on neither;
# what is left of the distance shrinks by 1 - (1-beta) theta growth a year.
_GROWTH = 0.05
_YEARS = 3000


class Case(NamedTuple):
    """A symmetric world: n regions, trade elasticity theta, diffusion beta."""

    regions: int
    theta: float
    beta: float

    @property
    def closed_form(self) -> float:
        """Long-run real income under free trade relative to autarky."""
        return float(self.regions ** (1 / (self.theta * (1 - self.beta))))

    @property
    def words(self) -> str:
        """For tables."""
        return f"n = {self.regions}, theta = {self.theta:g}, beta = {self.beta:g}"


CASES = (
    Case(5, 4.0, 0.6),
    Case(2, 4.0, 0.4),
    Case(5, 4.0, 0.0),
    Case(5, 8.0, 0.5),
    Case(10, 5.0, 0.7),
)


class Found(NamedTuple):
    """Real income under free trade relative to autarky.

    at_once      before ideas have moved
    in_long_run  with the ideas of each steady state
    """

    at_once: float
    in_long_run: float


def replicate(data: str | Path | None = None) -> Replication:
    """Solve both worlds and iterate ideas to their steady states. `data` is not needed."""
    del data
    rows: list[Row] = []
    beside: dict[str, float] = {}
    for case in CASES:
        found = gains(case)
        if case == CASES[0]:
            rows.append(Row(f"{case.words}, as printed", PRINTED, found.in_long_run, 3))
        rows.append(Row(case.words, case.closed_form, found.in_long_run, tolerance=1e-9))
        static = case.regions ** (1 / case.theta)
        rows.append(Row(f"{case.words}, before ideas move", static, found.at_once, tolerance=1e-9))
        beside[f"{case.words}, part of the log gain that ideas bring"] = case.beta
    return Replication(
        "idea-diffusion",
        TITLE,
        SOURCE,
        tuple(rows),
        beside,
        (
            "factors by which real income is multiplied; one sector, all insight comes from "
            "purchases (no value-added term), the shape of ideas equals the trade elasticity",
            "trade shares and incomes come from the equilibrium solver, insights and their growth "
            "from the functions that the yearly loop uses",
        ),
    )


def gains(case: Case) -> Found:
    """Free trade over autarky, at once and in the long run."""
    economy, elasticities = _free_trade(case), Elasticities.of([case.theta])
    apart = (1.0 - jnp.eye(case.regions))[:, None, :, None]
    neutral = NoShock.of(economy)
    autarky = solve(economy, elasticities, neutral._replace(log_iceberg=_CLOSED * apart))
    free = solve(economy, elasticities, neutral)
    ideas = _steady_state(free, case) - _steady_state(autarky, case)
    known = solve(economy, elasticities, neutral._replace(log_productivity=ideas))
    base = np.asarray(autarky.log_real_income)
    return Found(
        at_once=float(np.exp(np.asarray(free.log_real_income) - base).mean()),
        in_long_run=float(np.exp(np.asarray(known.log_real_income) - base).mean()),
    )


def _free_trade(case: Case) -> Economy:
    """Equal regions that make one good with labour alone and buy from all alike."""
    regions = case.regions
    final = np.full((regions, 1, regions, 1), 1.0 / regions)
    intermediate = np.zeros((regions, 1, regions, 1))
    return Economy.from_flows(intermediate, final, np.zeros((regions, 1, regions)), pooled=True)


def _steady_state(solution: Solution, case: Case) -> Float[Array, "n 1"]:
    """Log productivity from ideas, less the growth of the frontier, where it no longer moves."""
    shape = (case.regions, 1)
    nothing, growth = jnp.zeros(shape), jnp.full(shape, _GROWTH)
    number = {name: jnp.zeros(()) for name in KnowledgeRates._fields}
    number |= {
        "diffusion": jnp.asarray(case.beta),
        "shape": jnp.asarray(case.theta),
        "frontier_growth": jnp.asarray(_GROWTH),
    }
    rates = KnowledgeRates(**number)

    def year(ideas: Float[Array, "n k"], now: Float[Array, ""]) -> tuple[Array, None]:
        insights = log_insights(
            ideas,
            value_added_share=nothing,
            input_shares=jnp.ones((1, *shape)),
            origin_shares=solution.origin_shares[..., 0],
            openness=jnp.ones((case.regions, case.regions)),
            rates=rates,
        )
        grown = idea_growth(
            ideas, growth, insights, year=now, rates=rates, diffusion_on=jnp.ones(())
        )
        return ideas + grown, None

    ideas, _ = jax.lax.scan(year, nothing, jnp.arange(float(_YEARS)))
    return ideas - _GROWTH * _YEARS
