"""From registered parameters to the model's rates: one line each, nothing computed."""

from __future__ import annotations

from collections.abc import Mapping

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from zizhu.laboratory.path.growth import Growth
from zizhu.model.capability import AbilityRates
from zizhu.model.chain_state import ChainRates
from zizhu.model.factors import Factors
from zizhu.model.knowledge import KnowledgeRates
from zizhu.model.path_inputs import Rates
from zizhu.model.reaction import Responses
from zizhu.model.talent import TalentRates, stationary_places

_KNOWLEDGE = {
    "diffusion": "idea_diffusion",
    "shape": "idea_shape",
    "frontier_growth": "idea_growth",
    "research_speed": "research_speed",
    "research_money": "research_money_exponent",
    "research_talent": "research_talent_exponent",
    "scale_speed": "scale_speed",
    "misallocation": "misallocation_strength",
    "support_base": "misallocation_base",
    "density": "cluster_elasticity",
}
_ABILITY = {
    "effort": "effort_productivity",
    "catch_up": "catch_up",
    "widest": "widest_gap",
    "fade": "momentum_fade",
    "cover_years": "experience_years",
    "reach": "reach_gap",
    "reach_width": "reach_width",
    "clock_exponent": "effort_clock_exponent",
    "entry_time": "entry_time",
    "entry_gap": "entry_gap",
}
_CHAINS = {
    "at_once": "chain_elasticity_at_once",
    "in_time": "chain_sourcing_elasticity",
    "choke": "choke_price",
    "renewed": "capital_new_share",
    "depreciation": "capital_new_share",
    "plant_capital": "plant_capital",
    "young_yield": "young_yield",
    "scarcity": "scarcity_price",
    "discount": "idle_discount",
    "catching_up": "plant_response",
    "rent": "lost_rent",
    "ceiling": "quality_ceiling",
    "feed": "feed_elasticity",
}
_RESPONSES = {
    "control": "control_response",
    "push": "push_response",
    "persistence": "reaction_persistence",
    "felt_weight": "felt_cost_weight",
    "control_cap": "control_cap",
    "push_cap": "push_cap",
}


def rates_of(
    parameters: Mapping[str, float],
    growth: Growth,
    domar: Float[np.ndarray, " n"],
) -> Rates:
    """Rates of a world's regions.

    domar  output over value added: elasticities of research are of value added, and the model's
           productivity is of output
    """

    def number(value: float) -> Float[Array, ""]:
        return jnp.asarray(float(value))

    def by_name(names: Mapping[str, str]) -> dict[str, Float[Array, ""]]:
        return {field: number(parameters[name]) for field, name in names.items()}

    regions = len(growth.regions)
    stay = jnp.full(regions, float(parameters["home_stay_rate"]))
    back = jnp.full(regions, float(parameters["base_return"]))
    retention = number(parameters["talent_retention"])
    return Rates(
        knowledge=KnowledgeRates(
            **by_name(_KNOWLEDGE),
            research_elasticity=jnp.asarray(parameters["research_elasticity"] / domar),
        ),
        ability=AbilityRates(
            **by_name(_ABILITY),
            foreign=number(
                parameters["foreign_experience"]
                * parameters["cross_border_spillover"]
                * parameters["absorptive_capacity"]
            ),
        ),
        chains=ChainRates(**by_name(_CHAINS)),
        talent=TalentRates(
            retention=retention,
            stay=stay,
            places=stationary_places(jnp.ones(regions), retention, stay, back),
            base_return=back,
            premium=number(parameters["returnee_premium"]),
        ),
        responses=Responses(**by_name(_RESPONSES), on=number(0.0)),
        factors=Factors(
            labour_share=jnp.asarray(growth.labour_share),
            depreciation=jnp.asarray(growth.depreciation),
            # Investment that replaces what wears out and lets capital grow as it did.
            investment_rate=jnp.asarray(growth.depreciation + growth.capital_growth),
            labour_growth=jnp.asarray(growth.labour_growth),
        ),
        paid_in=number(parameters["paid_in_ratio"]),
        leakage=number(parameters["leakage"]),
    )
