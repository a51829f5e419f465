"""Investment subsidies."""

from __future__ import annotations

from typing import ClassVar, Literal

from zizhu.policy.subsidy import Subsidy


class InvestmentSubsidy(Subsidy):
    """Pay for plant and equipment of named sectors, by grants, tax relief or cheap credit.

    As a production subsidy, but of the money A only the part x = `investment_efficiency` reaches
    unit cost, s = x A / (R + x A) with R the output, since some of the plant would have been built
    anyway or stands idle; the rest is used without effect. On a path the part
    `effort_of_investment` of A is spent on ability instead of cost. The model's capital follows
    income, so that the plant itself is in unit cost and not in capital.
    """

    acts_through: ClassVar[str] = (
        "production subsidy for the part that reaches unit cost; outlay for the rest; support; "
        "effort on the abilities of the sector's makers; "
        "on nodes, money at work on ability, or on the capacity of plants"
    )
    known: ClassVar[str] = (
        "in shipbuilding investment subsidies did worse than production and better than entry "
        "subsidies (F12, a ranking without sizes); tax benefits and cheap credit are 1.5 and 0.4 "
        "percent of GDP in China (F06)"
    )
    pays: ClassVar[str] = (
        "local governments the share `local_share`, the central government the rest"
    )
    interacts: ClassVar[str] = (
        "with every other subsidy: support adds up and the loss by misallocation grows with its "
        "square"
    )
    sizes: ClassVar[tuple[str, ...]] = (
        "investment_efficiency",
        "effort_of_investment",
        "local_share",
    )
    example: ClassVar[str] = (
        "lever: investment_subsidy\nlabel: plants\nregions: CHN\nsectors: [C26, C27]\n"
        "size: 0.1 % of GDP"
    )
    efficiency: ClassVar[str] = "investment_efficiency"
    effort: ClassVar[str] = "effort_of_investment"

    lever: Literal["investment_subsidy"] = "investment_subsidy"
