"""The base of the equilibrium: a measured economy as shares that add up."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Economy:
    """Base data in current value (any unit of account).

    Letters: i supplier region, k supplied sector, n user region, j using sector, f final use,
    g group of uses with common origin shares: either one group for all uses (pooled), or
    intermediate use followed by every final use (separate).

    origin_shares       lambda[i,k,n,g], share of n's spending on k that goes to supplier i
    input_shares        gamma[k,n,j], share of k in the intermediate spending of (n,j)
    value_added_share   beta[n,j], share of value added in cost
    final_sector_shares alpha[k,n,f]
    final_use_shares    mu[n,f], constant in every equilibrium
    cost                C[n,j], value of production at cost (revenue plus subsidy)
    income              Y[n], spending on final uses
    wage_bill           wL[n], all value added
    deficit             D[n], imports less exports; sums to zero
    tariff, export_tax  ad valorem [i,k,n], zero on own sales
    subsidy             s[n,j], share of cost paid by the government
    public_use          index among final uses of the public buyer, or None
    """

    origin_shares: Float[Array, "i k i g"]
    input_shares: Float[Array, "k i k"]
    value_added_share: Float[Array, "i k"]
    final_sector_shares: Float[Array, "k i f"]
    final_use_shares: Float[Array, "i f"]
    cost: Float[Array, "i k"]
    income: Float[Array, " i"]
    wage_bill: Float[Array, " i"]
    deficit: Float[Array, " i"]
    tariff: Float[Array, "i k i"]
    export_tax: Float[Array, "i k i"]
    subsidy: Float[Array, "i k"]
    public_use: int | None = field(default=None, metadata={"static": True})

    @property
    def regions(self) -> int:
        """Number of regions."""
        return int(self.cost.shape[0])

    @property
    def sectors(self) -> int:
        """Number of sectors."""
        return int(self.cost.shape[1])

    @property
    def final_uses(self) -> int:
        """Number of final uses."""
        return int(self.final_use_shares.shape[1])

    @property
    def pooled(self) -> bool:
        """Whether all uses share one set of origin shares."""
        return bool(self.origin_shares.shape[3] == 1)

    def separate_origins(self) -> Economy:
        """Give every use its own copy of pooled origin shares (wedges may then differ by use)."""
        if not self.pooled:
            return self
        shape = (*self.origin_shares.shape[:3], 1 + self.final_uses)
        return replace(self, origin_shares=jnp.broadcast_to(self.origin_shares, shape))

    def pool_origins(self) -> Economy:
        """Average origin shares over uses, weighted by base spending."""
        if self.pooled:
            return self
        flows = np.asarray(self.origin_shares) * np.asarray(self.spending())
        total = flows.sum(axis=3, keepdims=True)
        spent = total.sum(axis=0, keepdims=True)
        shares = np.divide(total, spent, out=np.zeros_like(total), where=spent > 0)
        return replace(self, origin_shares=jnp.asarray(shares))

    def spending(self) -> Float[Array, "k i u"]:
        """Base spending X[k,n,u] at user prices, intermediate use first."""
        inputs = jnp.einsum(
            "knj,nj->kn", self.input_shares, (1 - self.value_added_share) * self.cost
        )
        final = self.final_sector_shares * (self.final_use_shares * self.income[:, None])
        return jnp.concatenate([inputs[:, :, None], final], axis=2)

    @classmethod
    def from_flows(
        cls,
        intermediate: Float[np.ndarray, "i k i k"],
        final: Float[np.ndarray, "i k i f"],
        tariff: Float[np.ndarray, "i k i"],
        *,
        public_use: int | None = None,
        pooled: bool = False,
    ) -> Economy:
        """Build from a balanced table: Z[i,k,n,j] and F[i,k,n,f] before tariffs.

        Value added is what is left of revenue after inputs and the duties paid on them, so that
        every identity of the model holds in the base to rounding; net taxes on products other
        than duties stay inside it, as if they were earned by factors.
        """
        own = np.eye(tariff.shape[0], dtype=bool)
        tariff = np.where(own[:, None, :], 0.0, tariff)
        revenue = intermediate.sum(axis=(2, 3)) + final.sum(axis=(2, 3))
        paid_inputs = intermediate * (1 + tariff)[..., None]
        paid_final = final * (1 + tariff)[..., None]
        by_input = paid_inputs.sum(axis=0)  # k n j
        inputs = by_input.sum(axis=0)  # n j
        value_added = revenue - inputs
        spent = np.concatenate([paid_inputs.sum(axis=3)[..., None], paid_final], axis=3)
        if pooled:
            spent = spent.sum(axis=3, keepdims=True)
        income = paid_final.sum(axis=(0, 1, 3))
        by_use = paid_final.sum(axis=(0, 1))  # n f
        imports = (intermediate.sum(axis=3) + final.sum(axis=3)).sum(axis=(0, 1))
        as_jax = jnp.asarray
        return cls(
            origin_shares=as_jax(_share(spent, axis=0)),
            input_shares=as_jax(_share(by_input, axis=0)),
            value_added_share=as_jax(
                np.divide(value_added, revenue, out=np.ones_like(revenue), where=revenue > 0)
            ),
            final_sector_shares=as_jax(_share(paid_final.sum(axis=0), axis=0)),
            final_use_shares=as_jax(_share(by_use, axis=1)),
            cost=as_jax(revenue),
            income=as_jax(income),
            wage_bill=as_jax(value_added.sum(axis=1)),
            deficit=as_jax(imports - revenue.sum(axis=1)),
            tariff=as_jax(tariff),
            export_tax=as_jax(np.zeros_like(tariff)),
            subsidy=as_jax(np.zeros_like(revenue)),
            public_use=public_use,
        )


def _share(values: Float[np.ndarray, "..."], axis: int) -> Float[np.ndarray, "..."]:
    total = values.sum(axis=axis, keepdims=True)
    return np.asarray(np.divide(values, total, out=np.zeros_like(values), where=total > 0))
