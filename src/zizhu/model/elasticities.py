"""Behavioural parameters of the equilibrium as arrays."""

from __future__ import annotations

from dataclasses import dataclass

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Elasticities:
    """How strongly quantities answer prices.

    trade         theta[k], trade elasticity of sector k (positive)
    scale         psi[k], elasticity of productivity to sector size (0: constant returns)
    inputs        sigma, between inputs of different sectors (1: Cobb-Douglas)
    value_added   epsilon, between value added and the input bundle
    final         rho, between sectors in each final use
    wage_response kappa = 1 / (1 + nu), nu the mobility elasticity of labour between sectors
                  (0: labour is mobile and sector wages are equal; 1: labour cannot move)
    public_funds  marginal cost of one unit of public money spent (1: lump-sum taxes)
    scale_of_labour  0: scale is the composite input of the sector; 1: its labour alone
    """

    trade: Float[Array, " k"]
    scale: Float[Array, " k"]
    inputs: Float[Array, ""]
    value_added: Float[Array, ""]
    final: Float[Array, ""]
    wage_response: Float[Array, ""]
    public_funds: Float[Array, ""]
    scale_of_labour: Float[Array, ""]

    @classmethod
    def of(
        cls,
        trade: object,
        scale: object = None,
        *,
        inputs: float = 1.0,
        value_added: float = 1.0,
        final: float = 1.0,
        labour_mobility: float = float("inf"),
        public_funds: float = 1.0,
        scale_variable: str = "composite",
    ) -> Elasticities:
        """Build from plain numbers; `labour_mobility` is nu, infinity by default."""
        theta = jnp.asarray(trade, dtype=jnp.float64)
        psi = jnp.zeros_like(theta) if scale is None else jnp.asarray(scale, dtype=jnp.float64)
        if scale_variable not in ("composite", "labour"):
            raise ValueError(f"scale_variable must be composite or labour, not {scale_variable!r}")

        def number(value: float) -> Float[Array, ""]:
            return jnp.asarray(value, dtype=jnp.float64)

        return cls(
            trade=theta,
            scale=psi,
            inputs=number(inputs),
            value_added=number(value_added),
            final=number(final),
            wage_response=number(1.0 / (1.0 + labour_mobility)),
            public_funds=number(public_funds),
            scale_of_labour=number(1.0 if scale_variable == "labour" else 0.0),
        )
