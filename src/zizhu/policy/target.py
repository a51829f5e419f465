"""A target that a government has named: how much from home, of what, by when."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from zizhu.policy.measure import Share
from zizhu.reading import Year


class Target(BaseModel):
    """At least so much of a node, a sector or a battleground is to come from home by a year."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    label: str = Field(description="name of the target within its scenario")
    title: str = Field(default="", description="the target in the words of who set it, short")
    region: str = Field(description="region that set it")
    node: str | None = Field(default=None, description="node of a chain, `chain/node`")
    sector: str | None = Field(default=None, description="sector of the world")
    battleground: str | None = Field(default=None, description="name of a battleground")
    counts: Literal["location", "headquarters"] | None = Field(
        default=None,
        description="what its source counts: plants where they stand, or firms by their seat; left "
        "out: not known",
    )
    at_least: Share = Field(description="domestic share that is to be reached")
    year: Year = Field(description="year by whose end it is to be reached")
    source: str = Field(default="assumption", description="publication or fact id")

    @model_validator(mode="after")
    def _one_of(self) -> Target:
        given = [self.node, self.sector, self.battleground]
        if sum(one is not None for one in given) != 1:
            raise ValueError("give one of node, sector and battleground")
        return self
