"""Production subsidies."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from zizhu.policy.subsidising import PublicPayer
from zizhu.policy.subsidy import Subsidy


class ProductionSubsidy(Subsidy):
    """Pay a share of the production cost of named sectors out of lump-sum taxes.

    A size in percent is the share of cost. Money or a share of GDP is an amount for one year,
    spread over the sectors in proportion to their output; what it costs in the new equilibrium,
    where output is larger, is reported. Of the money A the part x = `production_efficiency` lowers
    unit cost, s = x A / (R + x A) with R the output, and the rest is used without effect. On a path
    A / R is support as well, of which much lowers productivity by misallocation, and the part
    `effort_of_production` of A is spent on ability instead of cost. On nodes x A is
    money at work on their ability, on plants on their capacity. The yearly model has no business
    cycle, so that a subsidy in slumps only (found to do better, F12) cannot be told from others.
    """

    acts_through: ClassVar[str] = (
        "production subsidy: producer price; cost to the region's income; support; effort on the "
        "abilities of the sector's makers; "
        "on nodes, money at work on ability, or on the capacity of plants"
    )
    known: ClassVar[str] = (
        "Chinese industrial firms receive about 4.5 percent of revenue (F07); subsidies move "
        "market shares, not productivity (F09, F10); paid per unit they do better than for "
        "investment or entry (F12)"
    )
    pays: ClassVar[str] = "the central government, unless `payer` says otherwise: the whole amount"
    interacts: ClassVar[str] = (
        "with `investment_subsidy`, `entry_subsidy`, `local_support`, `champion`: support adds up "
        "and the loss by misallocation grows with its square, so that together they lose more than "
        "the sum; with `export_control`: bars make room for who has become abler"
    )
    sizes: ClassVar[tuple[str, ...]] = (
        "targeted_support",
        "production_efficiency",
        "effort_of_production",
    )
    example: ClassVar[str] = (
        "lever: production_subsidy\nlabel: chips\nregions: CHN\nsectors: C26\nsize: 5 %"
    )
    efficiency: ClassVar[str] = "production_efficiency"
    effort: ClassVar[str] = "effort_of_production"

    lever: Literal["production_subsidy"] = "production_subsidy"
    payer: PublicPayer = Field(
        default="central government",
        description="who pays; both: local governments their usual share",
    )
