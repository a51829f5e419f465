"""Protection of ideas."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from zizhu.policy.action import Action
from zizhu.policy.measure import Change, Measure, Names
from zizhu.policy.openness import isolation
from zizhu.policy.path_context import PathContext


class IntellectualProperty(Measure):
    """Protect ideas more, or less: research at home works better, ideas from abroad come or stay.

    `size` is the change of research effort at unchanged money and talent. Effort being money^a
    talent^b, it is the same as (1 + size)^(1/a) times the money, which is what the wedge says; no
    money is used (the outlay wedge takes the cost of it off again). `openness` is the change of the
    region's openness to people, patents and licences of `partners`: above zero if owners license
    more where they are protected, below zero if copying is what ends. Sizes are assumptions.
    """

    acts_through: ClassVar[str] = "research (effort at no cost); isolation, of either sign"
    known: ClassVar[str] = (
        "nothing on sizes, which are assumptions; subsidies for patents raised counts by more than "
        "30 percent and lowered quality, which another study disputes (F29)"
    )
    interacts: ClassVar[str] = (
        "with `research_spending` and `research_tax_credit`: the second brings less, the effect "
        "being in logs; with `technology_transfer`: openness multiplies; with `export_control` "
        "that cuts ideas: what protection opens is cut again"
    )
    sizes: ClassVar[tuple[str, ...]] = (
        "research_money_exponent",
        "catch_up",
        "idea_diffusion",
    )
    example: ClassVar[str] = (
        "lever: intellectual_property\nlabel: patents\nregions: CHN\nsize: 5 %\nopenness: 2 %\n"
        "partners: [USA, EU, JPN]"
    )

    lever: Literal["intellectual_property"] = "intellectual_property"
    regions: Names = Field(description="regions whose law changes")
    size: Change | None = Field(default=None, description="change of research effort at home")
    openness: Change | None = Field(
        default=None, description="change of openness to ideas of partners, up to 100 %"
    )
    partners: Names = Field(default="all", description="regions whose ideas they are")

    @model_validator(mode="after")
    def _any_of(self) -> IntellectualProperty:
        if self.size is None and self.openness is None:
            raise ValueError("give size (research at home), openness (ideas from abroad) or both")
        if self.openness is not None and self.openness.fraction > 1:
            raise ValueError(
                f"openness: '{self.openness}' more than doubles it; at most 100 % is right"
            )
        return self

    def on_path(self, context: PathContext) -> Action:
        """Research that costs nothing, and isolation, by year."""
        force = context.in_force(self.start, self.end, self.phase_in)
        regions = context.regions(self.regions, field="regions")
        wedges = context.no_path()
        if self.size is not None:
            power = 1 / context.parameters["research_money_exponent"]
            research = np.zeros_like(context.gdp)
            research[:, regions] = ((1 + self.size.fraction * force) ** power - 1)[:, None]
            research = research * context.research
            wedges = wedges._replace(research=research, outlay=-research)
        if self.openness is not None:
            partners = context.regions(self.partners, field="partners")
            cut = isolation(context, regions, partners, -self.openness.fraction, force)
            wedges = wedges._replace(isolation=cut)
        return Action(wedges)
