"""What levers may know about a path: read from its case and its baseline."""

from __future__ import annotations

import datetime as dt

import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from zizhu.laboratory.path.case import PathCase
from zizhu.laboratory.path.controls import controlled_flows
from zizhu.laboratory.path.made_of import above_threshold, node_sectors, traded_nodes
from zizhu.laboratory.path.standing import barred_in_baseline, control_wedges
from zizhu.model.path_record import Record
from zizhu.policy import context_of
from zizhu.policy.path_context import PathContext
from zizhu.policy.path_wedges import PathWedges
from zizhu.policy.scenario import Scenario


def path_context(scenario: Scenario, case: PathCase, baseline: Record) -> PathContext:
    """A scenario's context on a path.

    GDP and output are those of the baseline, in the currency's purchasing power of the base year:
    values over the price of the region's final spending.
    """
    plain = context_of(scenario, case.world)
    solution = baseline.solution
    deflated = np.exp(-np.asarray(solution.log_final_price))
    bought, made = (
        np.asarray(values)[0, case.chains.places]
        for values in (baseline.flows.demand.bought, baseline.flows.demand.made)
    )

    def timeline(until: dt.date, hoarding: bool) -> PathWedges:
        return control_wedges(case, until, hoarding=hoarding)

    return PathContext(
        world=plain.world,
        groups=plain.groups,
        parameters=plain.parameters,
        labels=case.labels,
        gdp=case.world.gdp
        * np.asarray(solution.wage_bill)
        / np.asarray(solution.wage_bill)[0]
        * deflated,
        cost=np.asarray(solution.cost) * deflated[:, :, None],
        purchases=bought,
        made=made,
        sourcing=case.sourcing,
        barred=_barred(case),
        controlled=controlled_flows(case.chains.nodes, case.world, dt.date.max),
        research=np.asarray(case.growth.research_spending),
        timeline=timeline,
        above=above_threshold(case.chains, case.years),
        traded=traded_nodes(case.chains),
        node_sectors=node_sectors(case.chains, case.world),
    )


def _barred(case: PathCase) -> Float[np.ndarray, "t m n n"]:
    """Part of each flow that the baseline bars, at the part above the threshold of each year."""
    bars, ladder = barred_in_baseline(case), case.chains.technology.ladder
    years = np.arange(len(case.years), dtype=float)
    above = np.array([np.asarray(ladder.above(jnp.asarray(year))) for year in years])
    part = above[:, case.chains.places, None, None]
    return np.asarray(bars.every + (1 - bars.every) * bars.above * part)
