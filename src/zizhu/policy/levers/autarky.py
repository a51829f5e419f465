"""Regions cut off from trade."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

import numpy as np
from jaxtyping import Bool, Float
from pydantic import Field

from zizhu.errors import ScenarioError
from zizhu.policy.action import Action
from zizhu.policy.context import Context
from zizhu.policy.measure import Measure, Names
from zizhu.policy.path_context import PathContext
from zizhu.policy.wedges import Wedges

# Log of the iceberg cost: with the smallest registered trade elasticity, 0.64, it leaves of a flow
# about 5 parts in a billion.
WALL = 30.0
_NAMED = 4


class Autarky(Measure):
    """Cut regions off from all trade, in all or in some sectors, by costs that nothing crosses.

    Regions that are cut off buy from and sell to nobody else; all others trade as before. A region
    with no home supplier of something that it buys cannot be cut off there: its price would be
    infinite, and the measure is refused. Trade that is cut off in all sectors leaves no way for a
    deficit either: `options.deficits` must be zero.
    """

    acts_through: ClassVar[str] = "iceberg cost of e^30, both ways: nothing arrives"
    known: ClassVar[str] = (
        "what autarky costs is the gain from trade; without taxes, deficits and scale economies it "
        "has a closed form in home shares and trade elasticities (Arkolakis, Costinot and "
        "Rodriguez-Clare 2012), which this meets to a millionth"
    )
    timing: ClassVar[str] = "a static run only: all of it in force at once"
    interacts: ClassVar[str] = (
        "with `trade_cost` and `tariff` on the same flows: nothing is left for them to act on; "
        "`decoupling` parts two blocs by less than this"
    )
    example: ClassVar[str] = (
        "lever: autarky\nlabel: alone\nregions: CHN\nsectors: all\nkeeps: [B05_06, B07_08]"
    )

    is_pressure: ClassVar[bool] = True
    phases: ClassVar[bool] = False
    lever: Literal["autarky"] = "autarky"
    regions: Names = Field(
        default="all", description="regions that are cut off, from all others and from each other"
    )
    sectors: Names = Field(default="all", description="sectors whose trade stops")
    keeps: Names | None = Field(
        default=None, description="sectors that go on being traded, out of those named"
    )

    def wedges(self, context: Context) -> Wedges:
        """A wall around every region that is cut off."""
        none = context.none()
        cut, sectors = self._cut(context)
        return none._replace(
            log_iceberg=none.log_iceberg + WALL * self._mask(cut, sectors, context)[..., None]
        )

    def on_path(self, context: PathContext) -> Action:  # noqa: ARG002
        """Refused: on a path there is no half of a wall, and years are not solved in steps."""
        raise ScenarioError(
            "lever: autarky is for a static run; leave `years` out, or take `decoupling` or "
            "`trade_cost`, which rise over years"
        )

    def require(self, context: Context, options: Mapping[str, object]) -> None:
        """Refuse what has no answer: deficits without trade, and uses without a home supplier."""
        cut, sectors = self._cut(context)
        world = context.world
        if len(sectors) == len(world.sectors) and options["deficits"] != "zero":
            raise ScenarioError(
                f"regions: {world.regions[cut[0]]} has no trade left through which its deficit or "
                "surplus could pass; set options.deficits=zero"
            )
        pooled = options["origins"] == "pooled" or world.pooled_origins
        bare = self._without_supplier(cut, sectors, context, pooled=pooled)
        if bare.any():
            places = np.argwhere(bare)
            named = [f"{world.regions[n]} {world.sectors[k]}" for n, k in places[:_NAMED]]
            more = f" and {len(places) - _NAMED} more" if len(places) > _NAMED else ""
            by_use = "" if pooled else "for some use (options.origins=pooled asks for one in all) "
            raise ScenarioError(
                f"regions: no home supplier {by_use}in {', '.join(named)}{more}, where autarky has "
                "no price; leave those regions out, name such sectors in `keeps`, or sum regions"
            )

    def _cut(self, context: Context) -> tuple[list[int], list[int]]:
        cut = context.regions(self.regions, field="regions")
        kept = [] if self.keeps is None else context.sectors(self.keeps, field="keeps")
        sectors = [one for one in context.sectors(self.sectors) if one not in kept]
        if not sectors:
            raise ScenarioError("keeps: no sector is left to cut off; name fewer")
        return cut, sectors

    def _mask(
        self, cut: list[int], sectors: list[int], context: Context
    ) -> Float[np.ndarray, "i k i"]:
        every = list(range(len(context.world.regions)))
        out = context.flow_mask(cut, sectors, every)
        return np.asarray(np.maximum(out, context.flow_mask(every, sectors, cut)))

    def _without_supplier(
        self, cut: list[int], sectors: list[int], context: Context, *, pooled: bool
    ) -> Bool[np.ndarray, "n k"]:
        """Where a region that is cut off buys, in all or in any one use, nothing of its own."""
        world = context.world
        uses = np.concatenate([world.intermediate.sum(axis=3)[..., None], world.final], axis=3)
        if pooled:
            uses = uses.sum(axis=3, keepdims=True)
        here = np.arange(len(world.regions))
        bare = (uses[here, :, here] <= 0) & (uses.sum(axis=0).transpose(1, 0, 2) > 0)
        asked = np.zeros(bare.shape[:2], dtype=bool)
        asked[np.ix_(cut, sectors)] = True
        return np.asarray(bare.any(axis=2) & asked)
