"""State investment funds."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from jaxtyping import Float
from pydantic import Field, model_validator

from zizhu.errors import ScenarioError
from zizhu.policy import money_remarks, subsidising
from zizhu.policy.action import Action, Payer, Spending
from zizhu.policy.context import Context
from zizhu.policy.measure import Cost, Measure, Names, Share
from zizhu.policy.path_context import PathContext
from zizhu.policy.path_wedges import PathWedges
from zizhu.policy.paying_in import Schedule, schedule
from zizhu.policy.units import MONEY

_PAYER: Payer = "state funds and banks"
_ROUNDING = 1e-6


class InvestmentFund(Measure):
    """Announce money that is paid into a fund over years and invested in nodes or sectors.

    Of a commitment C announced on `from` the part x is paid in over `pay_in_life` years: of a
    national fund's registered capital x is `national_fund_paid_in`, of the target of a guidance
    fund (`guidance`) the smaller `paid_in_ratio`, and all of it where the size is money `raised`.
    It is deployed `deployment_lag` years later, and the part `leakage` of that moves nothing: P_t =
    x C / life, D_t = P_(t - lag), at work (1 - leakage) D_t. On nodes of a chain it works by the
    kind of node (the model pays it in by the same rule): on tools, materials, designs and products
    it is effort on their ability; on plants, such as those for memory and advanced logic, it builds
    capacity and no ability, which comes with making. On sectors the part `investment_efficiency` of
    it lowers unit cost as an investment subsidy does, and the rest is used without effect. A fund
    announced before the base year is in the baseline, in the momentum that it gave and the plants
    that it began: what of it falls into the path is listed and changes nothing. `parts` say how
    much of the fund each node gets; without them nodes share alike, or as `split` says.
    """

    acts_through: ClassVar[str] = (
        "commitment of named nodes (effort on ability; on plants, capacity), or production "
        "subsidy, support, effort and outlay of named sectors"
    )
    known: ClassVar[str] = (
        "three chip funds of 138.7, 204.15 and 344 bn CNY (F01, F02, F03); of what guidance funds "
        "announced 0.43 was raised (F04), of the national funds all that was registered or more "
        "(F01, F02); a fifth wasted is an assumption around failures such as "
        "HSMC (F15); treated firms innovated more, weakly identified (F14)"
    )
    timing: ClassVar[str] = (
        "announced on `from`, paid in over `pay_in_life` years, at work `deployment_lag` years "
        "later; no `to`, no phase_in"
    )
    pays: ClassVar[str] = "state funds and banks, what is paid in"
    interacts: ClassVar[str] = (
        "with `export_control`, `entity_list` and `lift_controls`: money lets who is behind catch "
        "up, as far as openness is not cut, and bars make room for who is able; with "
        "`procurement_preference`: sales bring experience that money alone does not; with "
        "`talent_pipeline`: talent raises makers' own research, to which money on a node adds, "
        "the effect being in logs"
    )
    sizes: ClassVar[tuple[str, ...]] = (
        "big_fund_1",
        "big_fund_2",
        "big_fund_3",
        "national_fund_paid_in",
        "paid_in_ratio",
        "pay_in_life",
        "early_pay_in_life",
        "deployment_lag",
        "leakage",
        "investment_efficiency",
        "effort_of_investment",
    )
    phases: ClassVar[bool] = False
    example: ClassVar[str] = (
        "lever: investment_fund\nlabel: big-fund-3\nregion: CHN\n"
        "nodes: [semiconductors/lith_duv, semiconductors/etch, semiconductors/eda]\n"
        "size: 344 bn CNY\nfrom: 2024-05-24\nsource: F03"
    )

    lever: Literal["investment_fund"] = "investment_fund"
    region: str = Field(description="region whose fund it is")
    nodes: Names | None = Field(default=None, description="nodes of chains, `chain/node`")
    parts: dict[str, Share] | None = Field(
        default=None,
        description="or part of the fund by node or nodes (separated by commas), 100 % in all",
    )
    sectors: Names | None = Field(default=None, description="or sectors and sector groups")
    size: Cost = Field(description="commitment as announced, over all years")
    split: Literal["equal", "purchases"] = Field(
        default="equal",
        description="how targets share it: alike, or as what the region buys (sectors: makes)",
    )
    guidance: bool = Field(
        default=False,
        description="the size is the target of a guidance fund, of which less is raised",
    )
    raised: bool = Field(
        default=False, description="the size is money raised, of which all is paid in"
    )
    stated: Cost | None = Field(
        default=None,
        description="the same amount as its source states it in another currency, to be checked",
    )

    @model_validator(mode="after")
    def _check_fund(self) -> InvestmentFund:
        if sum(one is not None for one in (self.nodes, self.parts, self.sectors)) != 1:
            raise ValueError(
                "give one of nodes, parts and sectors; two measures if the fund has both"
            )
        if self.parts is not None:
            total = sum(part.fraction for part in self.parts.values())
            if abs(total - 1) > _ROUNDING:
                raise ValueError(f"parts: they add up to {100 * total:.4g} %; 100 % is right")
            if self.split != "equal":
                raise ValueError("split: parts say who gets how much; leave split out")
        if self.guidance and self.raised:
            raise ValueError("guidance: of what was raised all is paid in; give one of the two")
        if self.end:
            raise ValueError("to: a fund is announced on a day and paid in by rule; leave to out")
        money_remarks.check_stated(self.size, self.stated)
        return self

    def remarks(self, context: Context) -> tuple[str, ...]:
        """Money of another year, and a conversion stated by the source that is far off."""
        return tuple(
            f"{self.label}: {remark}"
            for remark in (
                *money_remarks.vintage(self.size, self.start, context),
                *money_remarks.conversion(self.size, self.stated, self.start, context),
            )
        )

    def on_path(self, context: PathContext) -> Action:
        """The commitment of its year, or what it does to sectors; and what is paid in."""
        region = context.region(self.region)
        year, base = context.year_of(self.start), context.years[0]
        if year > context.years[-1]:
            raise ScenarioError(
                f"from: {self.start} lies outside the path, {base} to {context.years[-1]}"
            )
        money = self._schedule(context, region, year)
        conversion = money_remarks.conversion(self.size, self.stated, self.start, context)
        if year < base:
            spending = Spending(_PAYER, region, money.paid, before=True)
            remark = f"announced before {base}, so that the baseline has it; it changes nothing"
            return Action(context.no_path(), (spending,), (*conversion, remark))
        spending = Spending(_PAYER, region, money.paid)
        remarks = (*money_remarks.vintage(self.size, self.start, context), *conversion)
        if self.sectors is None:
            return Action(self._on_nodes(context, region, year), (spending,), remarks)
        return Action(self._on_sectors(context, region, money), (spending,), remarks)

    def _schedule(self, context: PathContext, region: int, year: int) -> Schedule:
        """Million of the world's currency by year."""
        chosen = context.parameters
        early = year < context.years[0]
        return schedule(
            context.years,
            year,
            context.billion_usd(self.size, region, self.start) * subsidising.MILLION_PER_BILLION
            if self.size.kind != MONEY
            else context.million(self.size, self.start),
            ratio=self._ratio(context),
            life=int(chosen["early_pay_in_life" if early else "pay_in_life"]),
            lag=int(chosen["deployment_lag"]),
            leakage=chosen["leakage"],
        )

    def _on_nodes(self, context: PathContext, region: int, year: int) -> PathWedges:
        weights = self._weights(context, region)
        size = context.billion_usd(self.size, region, self.start)
        # The model pays in the part of guidance funds of what it is told.
        size = size * self._ratio(context) / context.parameters["paid_in_ratio"]
        none = context.no_path()
        commitment = np.zeros_like(none.commitment)
        commitment[context.years.index(year), :, region] = size * weights
        return none._replace(commitment=commitment)

    def _ratio(self, context: Context) -> float:
        """Part of the commitment that is paid in."""
        if self.raised:
            return 1.0
        return context.parameters["paid_in_ratio" if self.guidance else "national_fund_paid_in"]

    def _weights(self, context: PathContext, region: int) -> Float[np.ndarray, " m"]:
        """Part of the fund that each node gets."""
        if self.parts is None:
            by = context.purchases if self.split == "purchases" else None
            return context.spread(context.nodes(self.nodes or []), region, by)
        found = np.zeros(len(context.labels.nodes))
        for names, part in self.parts.items():
            found += part.fraction * context.spread(context.nodes(names, field="parts"), region)
        return found

    def _on_sectors(self, context: PathContext, region: int, money: Schedule) -> PathWedges:
        def spread(by_year: Float[np.ndarray, " t"]) -> Float[np.ndarray, "t n k"]:
            found = np.zeros_like(context.cost)
            sectors = context.sectors([] if self.sectors is None else self.sectors)
            weights = context.cost[:, region, sectors]
            if self.split == "equal":
                weights = np.ones_like(weights)
            parts = weights / weights.sum(axis=1, keepdims=True)
            found[:, region, sectors] = by_year[:, None] * parts
            return found

        useful = context.parameters["investment_efficiency"] * spread(money.at_work)
        effort = context.parameters["effort_of_investment"] * (1 - context.parameters["leakage"])
        return subsidising.path_wedges(context, spread(money.deployed), useful, effort)
