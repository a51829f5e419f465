"""What a path is given: economy, chains, what policy does each year, what is switched on."""

from __future__ import annotations

from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Float

from zizhu.model.capability import AbilityRates
from zizhu.model.chain_state import ChainRates
from zizhu.model.economy import Economy
from zizhu.model.elasticities import Elasticities
from zizhu.model.factors import Factors
from zizhu.model.firms import Firms
from zizhu.model.knowledge import KnowledgeRates
from zizhu.model.money import MoneyStocks
from zizhu.model.reaction import Responses
from zizhu.model.talent import TalentRates
from zizhu.model.technology import Technology


class YearWedges(NamedTuple):
    """What policy does in a year; with a leading axis of years, on a path. Zeros are no policy.

    tariff, export_tax  [i,k,n] change of ad valorem rates
    subsidy             [n,k] change of the production subsidy, share of cost
    log_iceberg         [i,k,n]
    log_productivity    [n,k]
    log_labour          [n]
    home_preference     [n,k] of the public buyer, log price
    deficit             [n] change, million
    outlay              [n] resources used without welfare, million at prices of the base year
    barred              [m,n,i] part of i's sales of node m to n that is barred
    barred_above        [m,n,i] part of that flow above the threshold of controls that is barred
    lifted              [m,n,i] part of all bars on that flow, the base year's too, that is lifted
    node_money          [m,n] bn USD a year at work on a node
    commitment          [m,n] bn USD that funds announce
    node_preference     [m,n] log price preference for home supplies of a node
    mandate             [m,n] part of the buyers of a node that must buy at home
    node_ability        [m,n] log ability of makers that comes from elsewhere
    hoarding            [m,n] years of normal purchases bought in advance
    isolation           [n,i] part of n's openness to i that is cut
    research            [n] million a year of added real research
    sector_effort       [n,k] million USD a year at work on abilities of makers in a sector
    graduates, stay_rate, returnees  [n] see `talent`
    density             [n,k] log density of clusters
    support             [n,k] effective support, share of output
    listed              [f] part of a firm's inputs that is barred
    """

    tariff: Float[Array, "*t i k i"]
    export_tax: Float[Array, "*t i k i"]
    subsidy: Float[Array, "*t i k"]
    log_iceberg: Float[Array, "*t i k i"]
    log_productivity: Float[Array, "*t i k"]
    log_labour: Float[Array, "*t i"]
    home_preference: Float[Array, "*t i k"]
    deficit: Float[Array, "*t i"]
    outlay: Float[Array, "*t i"]
    barred: Float[Array, "*t m i i"]
    barred_above: Float[Array, "*t m i i"]
    lifted: Float[Array, "*t m i i"]
    node_money: Float[Array, "*t m i"]
    commitment: Float[Array, "*t m i"]
    node_preference: Float[Array, "*t m i"]
    mandate: Float[Array, "*t m i"]
    node_ability: Float[Array, "*t m i"]
    hoarding: Float[Array, "*t m i"]
    isolation: Float[Array, "*t i i"]
    research: Float[Array, "*t i"]
    sector_effort: Float[Array, "*t i k"]
    graduates: Float[Array, "*t i"]
    stay_rate: Float[Array, "*t i"]
    returnees: Float[Array, "*t i"]
    density: Float[Array, "*t i k"]
    support: Float[Array, "*t i k"]
    listed: Float[Array, "*t f"]


class Structure(NamedTuple):
    """What is switched on: 1, or 0. All zeros and one year is the static equilibrium.

    ideas         insight from those one buys from (off: from the own sector alone)
    growth        knowledge grows at all (off: productivity is that of the base year)
    research      research and talent move productivity
    learning      nodes learn by doing, sectors by scale (dynamic regime)
    chains        chains reach the sectors
    firms         listed firms are a segment of their sector
    reaction      controls and the push answer each other
    accumulation  investment builds capital, labour follows its outlook
    """

    ideas: Float[Array, ""]
    growth: Float[Array, ""]
    research: Float[Array, ""]
    learning: Float[Array, ""]
    chains: Float[Array, ""]
    firms: Float[Array, ""]
    reaction: Float[Array, ""]
    accumulation: Float[Array, ""]

    @classmethod
    def of(cls, **switches: bool) -> Structure:
        """Everything on but the reaction, changed by name."""
        chosen = {name: name != "reaction" for name in cls._fields} | switches
        return cls(**{name: jnp.asarray(float(on)) for name, on in chosen.items()})


class Rates(NamedTuple):
    """Parameters of everything that moves."""

    knowledge: KnowledgeRates
    ability: AbilityRates
    chains: ChainRates
    talent: TalentRates
    responses: Responses
    factors: Factors
    paid_in: Float[Array, ""]
    leakage: Float[Array, ""]


class PathBase(NamedTuple):
    """Where a path starts.

    economy        base of every year's equilibrium
    elasticities   with scale inside (static regime) or zero
    dynamic_scale  psi[k] of the dynamic regime; zero where scale is inside
    levels         A0[n,k], log technology level
    growth         g[n,k], log productivity that ideas add in the base year
    talent         people at the start, 1 is the base
    research       [n] million of research in the base year
    technology     the chains
    barred         [m,n,i] what was barred in the base year already and stays so unless lifted
    barred_above   [m,n,i] the same of what is above the threshold of controls
    node_money     [m,n] bn USD a year at work in the base year already, which goes on
    money          funds announced before the base year
    firms          that may be listed
    """

    economy: Economy
    elasticities: Elasticities
    dynamic_scale: Float[Array, " k"]
    levels: Float[Array, "i k"]
    growth: Float[Array, "i k"]
    talent: Float[Array, " i"]
    research: Float[Array, " i"]
    technology: Technology
    barred: Float[Array, "m i i"]
    barred_above: Float[Array, "m i i"]
    node_money: Float[Array, "m i"]
    money: MoneyStocks
    firms: Firms
