"""What the model accepts as a policy: changes from the base, as arrays."""

from __future__ import annotations

from typing import NamedTuple, Protocol, runtime_checkable

import jax.numpy as jnp
from jaxtyping import Array, Float

from zizhu.model.economy import Economy


@runtime_checkable
class Shock(Protocol):
    """Changes from the base. All zeros (and an infinite flow limit) is "no shock".

    tariff          change of the ad valorem tariff [i,k,n] (0.25 adds 25 percentage points)
    export_tax      change of the ad valorem export tax [i,k,n]
    subsidy         change of the production subsidy [n,j], share of cost
    log_iceberg     log change of iceberg trade cost by group of uses [i,k,n,g]
    log_productivity log change of productivity [n,j]
    log_labour      log change of labour [n]
    home_preference price advantage in logs that the public buyer of n gives to home goods [n,k]
    deficit         change of the deficit [n], in the unit of account; sums to zero
    outlay          final spending of n that buys resources but yields no welfare [n]
    log_flow_limit  most that a flow's value may be, as log of its base value [i,k,n]; inf: free
    """

    @property
    def tariff(self) -> Float[Array, "i k n"]: ...
    @property
    def export_tax(self) -> Float[Array, "i k n"]: ...
    @property
    def subsidy(self) -> Float[Array, "n k"]: ...
    @property
    def log_iceberg(self) -> Float[Array, "i k n g"]: ...
    @property
    def log_productivity(self) -> Float[Array, "n k"]: ...
    @property
    def log_labour(self) -> Float[Array, " n"]: ...
    @property
    def home_preference(self) -> Float[Array, "n k"]: ...
    @property
    def deficit(self) -> Float[Array, " n"]: ...
    @property
    def outlay(self) -> Float[Array, " n"]: ...
    @property
    def log_flow_limit(self) -> Float[Array, "i k n"]: ...


class NoShock(NamedTuple):
    """The neutral shock, shaped for an economy; `_replace` a field to shock it."""

    tariff: Float[Array, "i k n"]
    export_tax: Float[Array, "i k n"]
    subsidy: Float[Array, "n k"]
    log_iceberg: Float[Array, "i k n g"]
    log_productivity: Float[Array, "n k"]
    log_labour: Float[Array, " n"]
    home_preference: Float[Array, "n k"]
    deficit: Float[Array, " n"]
    outlay: Float[Array, " n"]
    log_flow_limit: Float[Array, "i k n"]

    @classmethod
    def of(cls, economy: Economy) -> NoShock:
        """Zeros of the right shapes."""
        by_flow = jnp.zeros_like(economy.tariff)
        by_cell = jnp.zeros_like(economy.cost)
        by_region = jnp.zeros_like(economy.income)
        return cls(
            tariff=by_flow,
            export_tax=by_flow,
            subsidy=by_cell,
            log_iceberg=jnp.zeros_like(economy.origin_shares),
            log_productivity=by_cell,
            log_labour=by_region,
            home_preference=by_cell,
            deficit=by_region,
            outlay=by_region,
            log_flow_limit=jnp.full_like(by_flow, jnp.inf),
        )
