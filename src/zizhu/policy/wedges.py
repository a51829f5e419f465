"""The one door between policy and model: arrays of changes from the base."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Float


class Wedges(NamedTuple):
    """Changes from the base that measures make together; all zeros is no policy.

    Letters: i supplier region, k sector, n user region, u use (intermediate, then final uses).

    tariff           [i,k,n] change of the ad valorem tariff, as a fraction
    export_tax       [i,k,n] change of the ad valorem export tax
    subsidy          [n,k] change of the production subsidy, share of cost
    log_iceberg      [i,k,n,u] log change of iceberg trade cost
    log_productivity [n,k] log change of productivity
    log_labour       [n] log change of labour
    home_preference  [n,k] price advantage in logs of home goods with the public buyer
    deficit          [n] change of the trade deficit, million units of the world's currency
    outlay           [n] resources used without welfare, million units of the world's currency
    log_flow_limit   [i,k,n] log of the most a flow may be worth relative to its base; inf: free
    """

    tariff: Float[np.ndarray, "i k i"]
    export_tax: Float[np.ndarray, "i k i"]
    subsidy: Float[np.ndarray, "i k"]
    log_iceberg: Float[np.ndarray, "i k i u"]
    log_productivity: Float[np.ndarray, "i k"]
    log_labour: Float[np.ndarray, " i"]
    home_preference: Float[np.ndarray, "i k"]
    deficit: Float[np.ndarray, " i"]
    outlay: Float[np.ndarray, " i"]
    log_flow_limit: Float[np.ndarray, "i k i"]

    @classmethod
    def none(cls, regions: int, sectors: int, uses: int) -> Wedges:
        """No policy."""
        by_flow = np.zeros((regions, sectors, regions))
        by_cell = np.zeros((regions, sectors))
        by_region = np.zeros(regions)
        return cls(
            tariff=by_flow,
            export_tax=by_flow,
            subsidy=by_cell,
            log_iceberg=np.zeros((*by_flow.shape, uses)),
            log_productivity=by_cell,
            log_labour=by_region,
            home_preference=by_cell,
            deficit=by_region,
            outlay=by_region,
            log_flow_limit=np.full_like(by_flow, np.inf),
        )

    def together(self, other: Wedges) -> Wedges:
        """Both policies: changes add up, of two limits on a flow the tighter one holds."""
        sums = {
            name: getattr(self, name) + getattr(other, name)
            for name in self._fields
            if name != "log_flow_limit"
        }
        return Wedges(**sums, log_flow_limit=np.minimum(self.log_flow_limit, other.log_flow_limit))

    def touched(self, name: str) -> Float[np.ndarray, "..."]:
        """1 where the wedge `name` differs from no policy, else 0."""
        values = getattr(self, name)
        changed = np.isfinite(values) if name == "log_flow_limit" else values != 0
        return np.asarray(changed, dtype=float)

    @property
    def limits_flows(self) -> bool:
        """Whether any flow is limited."""
        return bool(np.isfinite(self.log_flow_limit).any())

    @property
    def differs_by_use(self) -> bool:
        """Whether any wedge treats uses differently, so that origins must be separate."""
        by_use = self.log_iceberg
        return bool((by_use != by_use[..., :1]).any() or (self.home_preference != 0).any())
