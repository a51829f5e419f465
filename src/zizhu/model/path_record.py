"""What a year inherits, what it is like, and what must be remembered to audit it."""

from __future__ import annotations

from typing import NamedTuple

from jaxtyping import Array, Float

from zizhu.model.chain_state import ChainStocks, ChainYear
from zizhu.model.chain_stocks import ChainBase, ChainFlows
from zizhu.model.equilibrium import Solution
from zizhu.model.firms import FirmAnswer, FirmStocks
from zizhu.model.knowledge import Knowledge
from zizhu.model.money import MoneyStocks
from zizhu.model.reaction import ReactionStocks
from zizhu.model.talent import TalentFlows, TalentStocks


class Stocks(NamedTuple):
    """Everything that a year inherits.

    year         since the base year
    capital      [n] relative to the base year
    price_level  ln price [n] of final spending, last year's
    sector_cost  ln unit cost [n,k], last year's, net of chains and of that year's own changes
    labour       ln change [n] of labour, last year's
    solved       unknowns of the last years' equilibria: where the next search starts
    """

    year: Float[Array, ""]
    knowledge: Knowledge
    capital: Float[Array, " n"]
    talent: TalentStocks
    money: MoneyStocks
    reaction: ReactionStocks
    firms: FirmStocks
    chains: ChainStocks
    price_level: Float[Array, " n"]
    sector_cost: Float[Array, "n k"]
    labour: Float[Array, " n"]
    solved: Float[Array, "r d"]


class Productivity(NamedTuple):
    """Log productivity by where it comes from, since the base year.

    ideas, scale, support, chains, ceiling, firms, other  [n,k]
    research  [n]
    """

    ideas: Float[Array, "n k"]
    research: Float[Array, " n"]
    scale: Float[Array, "n k"]
    support: Float[Array, "n k"]
    chains: Float[Array, "n k"]
    ceiling: Float[Array, "n k"]
    firms: Float[Array, "n k"]
    other: Float[Array, "n k"]

    def total(self) -> Float[Array, "n k"]:
        """Sum over all."""
        return (
            self.ideas
            + self.research[:, None]
            + self.scale
            + self.support
            + self.chains
            + self.ceiling
            + self.firms
            + self.other
        )


class Outlay(NamedTuple):
    """Resources used without welfare, million at prices of the base year, by region.

    policy    of the wedges themselves
    research  added research
    nodes     money at work on nodes, funds with what leaked
    rents     of sellers whose sales are barred
    """

    policy: Float[Array, " n"]
    research: Float[Array, " n"]
    nodes: Float[Array, " n"]
    rents: Float[Array, " n"]


class Record(NamedTuple):
    """What a year was like, and what is needed to audit it.

    stocks        at the start of the year
    productivity  by channel
    factors       [n] log change of the bundle of labour and capital
    outlay        in base prices, by kind
    chains        prices and sourcing
    flows         what was bought, made, started, finished, stored
    talent        who moved
    at_work       [m,n] bn USD net of leakage that funds put to work
    node_money    [m,n] bn USD at work on nodes in all, the base year's included
    firms         of listed firms
    log_insights  [n,k] gain of insights since the base year
    log_size      [n,k] size of sectors that scale follows
    investment    [n] real, relative to the base year
    solution      of the year's equilibrium
    """

    stocks: Stocks
    productivity: Productivity
    factors: Float[Array, " n"]
    outlay: Outlay
    chains: ChainYear
    flows: ChainFlows
    talent: TalentFlows
    at_work: Float[Array, "m n"]
    node_money: Float[Array, "m n"]
    firms: FirmAnswer
    log_insights: Float[Array, "n k"]
    log_size: Float[Array, "n k"]
    investment: Float[Array, " n"]
    solution: Solution


class Fixed(NamedTuple):
    """What is computed once for a path.

    chains    base year of the chains
    insights  ln B0[n,k]
    cost, ceiling  [n,k] what chains cost sectors in the base year, with what was barred then
    rents     [n] bn USD of sales that were barred in the base year already
    """

    chains: ChainBase
    insights: Float[Array, "n k"]
    cost: Float[Array, "n k"]
    ceiling: Float[Array, "n k"]
    rents: Float[Array, " n"]
