"""Controls as they were made, up to a date."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field, model_validator

from zizhu.policy.action import Action
from zizhu.policy.measure import Measure
from zizhu.policy.path_context import PathContext
from zizhu.reading import Day


class ControlsTimeline(Measure):
    """Put the sourced timeline of controls on China in force, up to a date.

    Controls of the base year are in every baseline; this adds those made later, `until` a day, with
    the sizes registered for tools, accelerators, memory, design software, foundries and quantum
    computers. They bar what is above the threshold that they name; only letters that stop all
    deliveries for some weeks bar the rest too. With `hoarding` buyers lay in stores in the year
    before a bar rises. What is in force on the last day stays in force.
    """

    acts_through: ClassVar[str] = (
        "barred sales of nodes above the threshold of controls by date, stops of all sales, "
        "hoarding"
    )
    known: ClassVar[str] = (
        "rules and dates (F59); the sizes of the bars are assumptions, but for EUV, of which no "
        "delivery is known (F6H), and foundries, whose sales at stake were estimated; purchases "
        "rose before controls bound (F56)"
    )
    timing: ClassVar[str] = "each control from its own date; `until` says which count"
    interacts: ClassVar[str] = (
        "with `export_control`: bars on the same sales multiply what they leave; with "
        "`lift_controls`: lifts what it put in force; with `entity_list`: goods and firms"
    )
    sizes: ClassVar[tuple[str, ...]] = (
        "barred_ai_chips",
        "barred_ai_chips_2022",
        "barred_ai_chips_2026",
        "barred_allied_tools",
        "barred_duv",
        "barred_eda",
        "barred_entity",
        "barred_euv",
        "barred_foundry",
        "barred_hbm",
        "barred_quantum",
        "barred_stop",
        "barred_us_tools",
        "hoarding_cover",
    )
    phases: ClassVar[bool] = False
    example: ClassVar[str] = (
        "lever: controls_timeline\nlabel: controls\nuntil: 2025-12-31\nsource: F59"
    )

    is_pressure: ClassVar[bool] = True
    lever: Literal["controls_timeline"] = "controls_timeline"
    until: Day = Field(description="last day of which a control counts")
    hoarding: bool = Field(default=True, description="buyers lay in stores in the year before")

    @model_validator(mode="after")
    def _dated_by_itself(self) -> ControlsTimeline:
        if self.start or self.end:
            name = "from" if self.start else "to"
            raise ValueError(f"{name}: controls have their own dates; leave it out, until is right")
        return self

    def on_path(self, context: PathContext) -> Action:
        """Bars beyond those of the base year, and stores."""
        wedges = context.timeline(self.until, self.hoarding)
        if not wedges.is_none:
            return Action(wedges)
        remark = f"no control later than the base year is in force by {self.until}"
        return Action(wedges, (), (remark,))
