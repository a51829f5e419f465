"""Import, localise, absorb."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from zizhu.errors import ScenarioError
from zizhu.policy import borrowing, subsidising
from zizhu.policy.action import Action, Payer, Spending
from zizhu.policy.measure import Cost, Measure, Names, Share
from zizhu.policy.openness import isolation
from zizhu.policy.path_context import PathContext
from zizhu.policy.researching import research_wedges


class TechnologyTransfer(Measure):
    """Take in technology from abroad: licences, joint ventures, foreign plants, and absorb it.

    `size` is what is added to the users' openness to ideas and people of the suppliers, 1 being
    that of the base year (the wedge `isolation` below zero): insights from trade, spillovers of
    experience between makers, and catching up of who is behind all rise with it. `fees` for it go
    to the suppliers, in proportion to their GDP, so that users spend less and suppliers more.
    `absorb` is money for taking it in at home: research of the region, or, where `sectors` are
    named, effort on the abilities of their makers. Sizes are assumptions.
    """

    acts_through: ClassVar[str] = (
        "isolation below zero (more openness); deficit for fees; research, or effort on abilities "
        "in named sectors, for what is absorbed"
    )
    known: ClassVar[str] = (
        "others' sales are worth a third of own ones for learning, across borders as well as "
        "within (F40); spillovers across borders are large in chips and firms can withhold them "
        "(F41); no source has how much a policy opens"
    )
    timing: ClassVar[str] = (
        "openness from day to day between `from` and `to`, rising over phase_in; fees and "
        "absorption while it is in force"
    )
    pays: ClassVar[str] = "firms, or `payer`, the fees and the absorption"
    interacts: ClassVar[str] = (
        "with `export_control` that cuts ideas: suppliers close what users open, parts multiply; "
        "with `research_spending`: absorption adds to it; with `investment_fund`: openness and "
        "effort multiply where makers catch up"
    )
    sizes: ClassVar[tuple[str, ...]] = (
        "foreign_experience",
        "cross_border_spillover",
        "absorptive_capacity",
        "catch_up",
        "idea_diffusion",
    )
    example: ClassVar[str] = (
        "lever: technology_transfer\nlabel: joint-ventures\nusers: CHN\nsuppliers: [DEU, JPN]\n"
        "size: 10 %\nfees: 5 bn USD\nabsorb: 10 bn USD\nphase_in: 3"
    )

    lever: Literal["technology_transfer"] = "technology_transfer"
    users: Names = Field(description="regions that learn")
    suppliers: Names = Field(description="regions whose technology it is")
    size: Share = Field(description="what is added to openness, 100 % doubles it")
    fees: Cost | None = Field(default=None, description="paid to suppliers in a year")
    absorb: Cost | None = Field(default=None, description="money a year to take it in")
    sectors: Names | None = Field(
        default=None, description="whose makers absorb; left out: research of all the region"
    )
    payer: Payer = Field(default="firms", description="who pays fees and absorption")

    @model_validator(mode="after")
    def _sectors_absorb(self) -> TechnologyTransfer:
        if self.sectors is not None and self.absorb is None:
            raise ValueError("sectors: they say who absorbs; give absorb too")
        return self

    def on_path(self, context: PathContext) -> Action:
        """Openness, fees and research by year, and who pays."""
        users = context.regions(self.users, field="users")
        suppliers = context.regions(self.suppliers, field="suppliers")
        force = context.in_force(self.start, self.end, self.phase_in)
        begun = context.in_force(self.start, self.end)
        opened = isolation(context, users, suppliers, -self.size.fraction, force)
        fees, absorbed = np.zeros_like(context.gdp), np.zeros_like(context.gdp)
        for region in users:
            if self.fees is not None:
                fees[:, region] = begun * context.by_year(self.fees, region, self.start)
            if self.absorb is not None:
                absorbed[:, region] = begun * context.by_year(self.absorb, region, self.start)
        if self.sectors is None:
            wedges = research_wedges(context, absorbed)
        else:
            effort = subsidising.effort_in(context, users, context.sectors(self.sectors), absorbed)
            wedges = context.no_path()._replace(sector_effort=effort)
        wedges = wedges._replace(isolation=opened)
        if self.fees is not None:
            sellers = [region for region in suppliers if region not in users]
            if not sellers:
                raise ScenarioError("fees: every supplier is a user too, so that nobody is paid")
            paid = -borrowing.in_unit_of_deficits(context, fees)
            wedges = wedges._replace(
                deficit=borrowing.transferred(context, users, sellers, np.asarray(paid))
            )
        spent = fees + absorbed
        spending = tuple(
            Spending(self.payer, region, spent[:, region]) for region in users if spent.any()
        )
        payers = tuple(users) if self.fees is not None else ()
        return Action(wedges, spending, borrowers=payers)
