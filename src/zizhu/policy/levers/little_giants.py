"""Small specialised suppliers."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from jaxtyping import Float
from pydantic import Field, model_validator

from zizhu.parameters import parameters
from zizhu.policy.action import Action, Spending
from zizhu.policy.measure import Cost, Count, Measure, Names, Share
from zizhu.policy.path_context import PathContext
from zizhu.policy.subsidising import MILLION_PER_BILLION
from zizhu.policy.units import MONEY, Size


class LittleGiants(Measure):
    """Label small firms that make components, and have them do research on named nodes.

    `firms` are labelled over phase_in on top of those of the base year. The part `part` of them
    works on the nodes, and each spends `research` a year there beyond what it would without the
    label, of which public grants pay the part `grant`. A small firm would do most of its research
    without a label, so that `research` left out is the money that comes with it: the awards of a
    year over the firms that have it, each yuan of which adds one yuan (assumption)

        little_giants_awards / mean(little_giants_2021, little_giants_2025)

    From then on `intake` firms are labelled in each year. At a review every `little_giants_review`
    years the part `little_giants_attrition` loses the label, and its research with it (assumption):
    of n_c firms labelled in year c there are in year t

        n_c (1 - attrition)^floor((t - c) / review)
    """

    acts_through: ClassVar[str] = (
        "money at work on the ability of component nodes (on plants, their capacity)"
    )
    known: ClassVar[str] = (
        "4,762 firms in 2021, about 12,500 in 2023, more than 17,600 in 2025; research above 30 mn "
        "CNY each; more than 30 percent of a batch lost the label at review (F95); awards of at "
        "least 10 bn CNY from 2021 to 2025 for about 1,000 of them (recalled)"
    )
    timing: ClassVar[str] = (
        "`firms` are labelled from `from` over phase_in, `intake` a year after that, and reviewed "
        "every few years; none after `to`"
    )
    pays: ClassVar[str] = (
        "the central government its awards; where `research` is given, the firms, and the central "
        "government the part `grant`"
    )
    interacts: ClassVar[str] = (
        "with `investment_fund` on the same nodes: the effect of money is in logs, so that the "
        "second brings less; with `export_control`: a bar gives suppliers buyers, and experience"
    )
    sizes: ClassVar[tuple[str, ...]] = (
        "little_giants_2021",
        "little_giants_2023",
        "little_giants_2025",
        "little_giants_intake",
        "little_giants_awards",
        "little_giants_attrition",
        "little_giants_review",
    )
    example: ClassVar[str] = (
        "lever: little_giants\nlabel: components\nregion: CHN\nnodes: [robots_cnc/harmonic, "
        "robots_cnc/servo, semiconductors/photoresist]\nfirms: 300\nfrom: 2024-01-01\nphase_in: 3"
    )

    lever: Literal["little_giants"] = "little_giants"
    region: str = Field(description="region of the firms")
    nodes: Names = Field(description="nodes of chains that they work on, `chain/node`")
    firms: Count = Field(gt=0, description="firms labelled on top of those of the base year")
    intake: Count = Field(
        default=0.0, ge=0, description="firms labelled in each year after phase_in, on top of those"
    )
    part: Share | None = Field(
        default=None, description="part of the firms that works on these nodes; all if left out"
    )
    research: Cost | None = Field(
        default=None,
        description="of one firm in a year beyond what it would do without the label, in money; "
        "left out: parameter little_giants_awards over the firms that have the label",
    )
    grant: Share | None = Field(
        default=None,
        description="part of it that public grants pay; left out: none, or all if research is "
        "left out too",
    )
    split: Literal["equal", "purchases"] = Field(
        default="equal", description="how nodes share the firms: alike, or as the region buys them"
    )

    @model_validator(mode="after")
    def _money_of_a_firm(self) -> LittleGiants:
        if self.research is not None and self.research.kind != MONEY:
            raise ValueError(f"research: '{self.research}' is no money; write '30 mn CNY'")
        return self

    def on_path(self, context: PathContext) -> Action:
        """Money at work by year, and who pays."""
        region = context.region(self.region)
        size = self.research or _award(context)
        by = context.purchases if self.split == "purchases" else None
        weights = context.spread(context.nodes(self.nodes), region, by)
        here = self.part.fraction if self.part else 1.0
        paid = here * self._labelled(context) * context.billions(size, region, self.start)
        none = context.no_path()
        money = np.zeros_like(none.node_money)
        money[:, :, region] = paid[:, None] * weights
        public = self.grant.fraction if self.grant else float(self.research is None)
        million = MILLION_PER_BILLION * paid
        spending = (
            Spending("central government", region, public * million),
            Spending("firms", region, (1 - public) * million),
        )
        return Action(
            none._replace(node_money=money), tuple(s for s in spending if s.by_year.any())
        )

    def _labelled(self, context: PathContext) -> Float[np.ndarray, " t"]:
        """Firms with the label in each year."""
        rising = context.in_force(self.start, None, self.phase_in)
        begun = context.in_force(self.start, None)
        open_ = context.in_force(self.start, self.end)
        labelled = self.firms * rising + self.intake * context.gone_by(self.start, self.phase_in)
        new = np.diff(labelled, prepend=0.0)
        review = max(int(context.parameters["little_giants_review"]), 1)
        kept = 1 - context.parameters["little_giants_attrition"]
        since = np.arange(len(context.years))
        alive = np.convolve(new, kept ** (since // review))[: len(since)]
        still = np.divide(open_, begun, out=np.zeros_like(open_), where=begun > 0)
        return np.asarray(alive * still)


def _award(context: PathContext) -> Size:
    """Awards of a year by firm with the label, a mean of the years for which they are known."""
    known = context.parameters
    firms = (known["little_giants_2021"] + known["little_giants_2025"]) / 2
    award = known["little_giants_awards"] * 1e9 / max(firms, 1.0)
    return Size(award, MONEY, parameters()["little_giants_awards"].unit.split()[-1])
