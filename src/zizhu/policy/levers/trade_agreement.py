"""Trade agreements."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from zizhu.errors import ScenarioError
from zizhu.policy.context import Context
from zizhu.policy.measure import Measure, Names, Share
from zizhu.policy.units import PERCENT, Size
from zizhu.policy.wedges import Wedges


class TradeAgreement(Measure):
    """Cut tariffs, and if wanted trade costs, among members."""

    acts_through: ClassVar[str] = "tariff and iceberg cost of flows between members"
    known: ClassVar[str] = (
        "RCEP removes about 90 percent of tariff lines over up to 20 years; gains of China are "
        "0.3-0.4 percent of real income (F97)"
    )
    timing: ClassVar[str] = (
        "in force from day to day between `from` and `to`; tariffs of RCEP fall over "
        "`phase_in: =rcep_phase`"
    )
    interacts: ClassVar[str] = (
        "with `tariff` between members: an agreement cuts the table's tariffs and not those that "
        "another measure adds; with `decoupling` from others: moves trade further inside; with "
        "`procurement_preference`: it keeps out what lower tariffs let in"
    )
    sizes: ClassVar[tuple[str, ...]] = (
        "rcep_tariff_lines",
        "rcep_phase",
        "rcep_income_tariffs",
        "rcep_income_trade_costs",
        "rcep_income_china",
        "rcep_income_world",
    )
    path_example: ClassVar[str] = (
        "lever: trade_agreement\nlabel: rcep\nmembers: [CHN, JPN, KOR, ANZ, VNM, MYS, THA, IDN]\n"
        "tariff_cut: 90 %\nfrom: 2022-01-01\nphase_in: 20\nsource: F97"
    )
    example: ClassVar[str] = (
        "lever: trade_agreement\nlabel: pact\nmembers: [CHN, JPN]\ntariff_cut: 90 %\n"
        "trade_cost_cut: 2 %"
    )

    lever: Literal["trade_agreement"] = "trade_agreement"
    members: list[str] = Field(description="regions that give each other better terms")
    sectors: Names = Field(default="goods", description="sectors or sector groups")
    tariff_cut: Share = Field(
        default=Size(100.0, PERCENT), description="share of each tariff that is removed"
    )
    trade_cost_cut: Share = Field(
        default=Size(0.0, PERCENT),
        description="fall of the iceberg factor: 10 % means 10 percent less has to be shipped",
    )

    def wedges(self, context: Context) -> Wedges:
        """Lower tariffs and iceberg costs between members."""
        members = context.regions(self.members, field="members")
        if len(members) < 2:
            raise ScenarioError("members: an agreement needs at least two regions")
        if self.trade_cost_cut.fraction >= 1:
            raise ScenarioError("trade_cost_cut: trade cannot become free; it must be below 100 %")
        mask = context.flow_mask(members, context.sectors(self.sectors), members)
        none = context.none()
        cost = mask * np.log1p(-self.trade_cost_cut.fraction)
        return none._replace(
            tariff=-self.tariff_cut.fraction * mask * context.world.tariff,
            log_iceberg=none.log_iceberg + cost[..., None],
        )
