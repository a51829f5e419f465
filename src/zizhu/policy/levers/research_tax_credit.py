"""Extra deduction of research outlays from taxed profit."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from zizhu.errors import ScenarioError
from zizhu.policy.action import Action, Spending
from zizhu.policy.defaults import fraction
from zizhu.policy.measure import Measure, Names, Rate, Share
from zizhu.policy.path_context import PathContext
from zizhu.policy.researching import baseline_research, research_wedges


class ResearchTaxCredit(Measure):
    """Let firms deduct more than their research outlays from taxed profit.

    With tax tau and extra deduction d the user cost of research is c = (1 - tau (1 + d)) / (1 -
    tau), and business research B moves with it:

        real      B ((c0/c1)^e - 1)     e = `user_cost_elasticity_real`, the wedge `research`
        reported  B ((c0/c1)^E)         E = `user_cost_elasticity_reported`, what tax is deducted on
        revenue lost  tau (d1 reported1 - d0 B)

    What is reported and not real is relabelling: it costs revenue and moves nothing. B is the part
    `business_research_share` of the region's research, and of it the part `covered` of firms whose
    deduction changes. The revenue lost is a transfer to firms; the resources used are those of the
    real research, of which firms pay what the transfer does not.
    """

    acts_through: ClassVar[str] = "research: real money, net of relabelling"
    known: ClassVar[str] = (
        "24.2 percent of reported research is relabelled; draft elasticities are 2.0 reported and "
        "1.14 real (F11); deductions of 50, 75, 100 and 120 percent by year and sector (F18)"
    )
    timing: ClassVar[str] = (
        "from day to day between `from` and `to`, rising over phase_in; productivity follows by a "
        "quarter of the distance a year"
    )
    pays: ClassVar[str] = (
        "the central government the revenue lost, firms what of their new research it does not "
        "cover"
    )
    interacts: ClassVar[str] = (
        "with `research_spending` and `intellectual_property`: the second brings less, the effect "
        "being in logs; with `talent_pipeline` and `talent_recruitment`: money and talent multiply"
    )
    sizes: ClassVar[tuple[str, ...]] = (
        "super_deduction_base",
        "super_deduction_small",
        "super_deduction_manufacturing",
        "super_deduction_chips",
        "profit_tax",
        "profit_tax_high_technology",
        "user_cost_elasticity_real",
        "user_cost_elasticity_reported",
        "business_research_share",
    )
    example: ClassVar[str] = (
        "lever: research_tax_credit\nlabel: super-deduction\nregions: CHN\ndeduction: 120 %\n"
        "before: 100 %\ncovered: 20 %\nfrom: 2023-01-01\nto: 2027-12-31\nsource: F18"
    )

    lever: Literal["research_tax_credit"] = "research_tax_credit"
    regions: Names = Field(description="regions that change the deduction")
    deduction: Rate = Field(description="extra deduction from now on, percent of the outlay")
    before: Rate | None = Field(
        default=None, description="extra deduction so far; left out: parameter super_deduction_base"
    )
    tax: Share | None = Field(
        default=None, description="tax rate on profit; left out: parameter profit_tax"
    )
    covered: Share | None = Field(
        default=None,
        description="part of business research whose deduction changes; all if left out",
    )

    @model_validator(mode="after")
    def _one_size(self) -> ResearchTaxCredit:
        if self.before is not None and self.before.fraction == self.deduction.fraction:
            raise ValueError(
                f"deduction: '{self.deduction}' is what it was before; nothing would change"
            )
        return self

    def on_path(self, context: PathContext) -> Action:
        """Real research by year, and the revenue lost."""
        force = context.in_force(self.start, self.end, self.phase_in)
        chosen = context.parameters
        old = fraction(context, self.before, "super_deduction_base")
        tax = fraction(context, self.tax, "profit_tax")
        new = old + force * (self.deduction.fraction - old)
        cheapest = 1 - tax * (1 + max(old, self.deduction.fraction))
        if cheapest <= 0:
            raise ScenarioError(
                f"deduction: at a tax of {100 * tax:g} % it would make research free; it must be "
                f"below {100 * (1 / tax - 1):g} %"
            )
        cheaper = (1 - tax * (1 + old)) / (1 - tax * (1 + new))
        real = cheaper ** chosen["user_cost_elasticity_real"] - 1
        reported = cheaper ** chosen["user_cost_elasticity_reported"]
        part = chosen["business_research_share"]
        part *= self.covered.fraction if self.covered else 1.0
        business = part * baseline_research(context)
        money = np.zeros_like(business)
        spending = []
        for region in context.regions(self.regions, field="regions"):
            money[:, region] = real * business[:, region]
            lost = tax * (new * reported - old) * business[:, region]
            spending.append(Spending("central government", region, lost))
            own = money[:, region] - lost
            spending.append(Spending("firms", region, np.maximum(own, 0.0)))
        return Action(research_wedges(context, money), tuple(spending))
