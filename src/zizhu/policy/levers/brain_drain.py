"""People who leave, and people whom pressure abroad sends home."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from zizhu.errors import ScenarioError
from zizhu.policy.action import Action
from zizhu.policy.measure import Measure, Names, Points, Rate
from zizhu.policy.path_context import PathContext


class BrainDrain(Measure):
    """Lower the share of graduates that stay, put those abroad under pressure, or both.

    `size` is the fall of the share of the region's graduates that stay at home (negative: more
    stay); the share stays between none and all. `abroad` is pressure there, which has the opposite
    sign: the flow of returnees rises by abroad x `pressure_return` of its base, 100 % being the
    pressure of 2021 that sent scientists home.
    """

    acts_through: ClassVar[str] = "stay rate of graduates; returnees"
    known: ClassVar[str] = (
        "of Chinese doctorates in the United States 88 percent were there five years later, 81 "
        "after ten (F23); pressure raised the flow back by 22 percent in 2021 (F25), the pandemic "
        "being part of it"
    )
    interacts: ClassVar[str] = (
        "with `talent_pipeline`: a part of the new graduates leaves too; with "
        "`talent_recruitment`: adds up, and who left earlier can come back; with "
        "`export_control`: pressure and controls come together, and each cuts ideas and sends "
        "people"
    )
    sizes: ClassVar[tuple[str, ...]] = (
        "home_stay_rate",
        "stay_rate",
        "intention_to_stay",
        "base_return",
        "pressure_return",
    )
    example: ClassVar[str] = (
        "lever: brain_drain\nlabel: pressure-abroad\nregions: CHN\nabroad: 100 %\nsource: F25"
    )

    is_pressure: ClassVar[bool] = True
    lever: Literal["brain_drain"] = "brain_drain"
    regions: Names = Field(description="regions whose people move")
    size: Points | None = Field(
        default=None, description="fall of the share of graduates that stay, percentage points"
    )
    abroad: Rate | None = Field(
        default=None, description="pressure there, which sends people home; 100 % is that of 2021"
    )

    @model_validator(mode="after")
    def _any_of(self) -> BrainDrain:
        if self.size is None and self.abroad is None:
            raise ValueError("give size (fewer stay), abroad (pressure there, more return) or both")
        return self

    def on_path(self, context: PathContext) -> Action:
        """Change of the stay rate and of returnees by year."""
        force = context.in_force(self.start, self.end, self.phase_in)
        chosen, none = context.parameters, context.no_path()
        stay, back = np.zeros_like(none.stay_rate), np.zeros_like(none.returnees)
        fall = self.size.fraction if self.size else 0.0
        base = chosen["home_stay_rate"]
        if not 0 <= base - fall <= 1:
            raise ScenarioError(
                f"size: '{self.size}' takes the share that stays, {100 * base:g} %, to "
                f"{100 * (base - fall):g} %; between 0 % and 100 % is right"
            )
        pressure = self.abroad.fraction if self.abroad else 0.0
        for region in context.regions(self.regions, field="regions"):
            stay[:, region] = -fall * force
            back[:, region] = pressure * chosen["pressure_return"] * chosen["base_return"] * force
        return Action(none._replace(stay_rate=stay, returnees=back))
