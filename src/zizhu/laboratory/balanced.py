"""A world rebased to zero deficits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from jaxtyping import Float

from zizhu.errors import WorldError
from zizhu.laboratory.case import economy_of, elasticities_of
from zizhu.model.rebase import rebase
from zizhu.parameters import values
from zizhu.policy.scenario import ElasticityOverrides, Options
from zizhu.world import World


def rebase_world(
    world: World, elasticities: str = "caliendo-parro", *, zero_deficits: bool = True
) -> World:
    """Return the world whose base is the equilibrium with zero deficits.

    The counterfactual of Dekle, Eaton and Kortum (2007) under a named elasticity regime without
    scale economies. Cells follow from the new shares with origins common to all using sectors;
    net taxes on products other than duties stay at their share of output.
    """
    options = Options(elasticities=elasticities, scale="none")
    chosen, _ = elasticities_of(world, options, ElasticityOverrides(), values())
    economy = rebase(economy_of(world), chosen, zero_deficits=zero_deficits)
    origin = np.asarray(economy.origin_shares) / (1 + np.asarray(economy.tariff))[..., None]
    inputs = np.asarray(economy.input_shares) * np.asarray(
        (1 - economy.value_added_share) * economy.cost
    )
    final = np.asarray(economy.spending())[:, :, 1:]
    if economy.pooled:
        origin = np.broadcast_to(origin, (*origin.shape[:3], 1 + final.shape[2]))
    intermediate = origin[..., 0][..., None] * inputs
    flows = origin[..., 1:] * final
    output = intermediate.sum(axis=(2, 3)) + flows.sum(axis=(2, 3))
    taxes = _other_taxes(world) * output
    taxes += (intermediate * np.asarray(economy.tariff)[..., None]).sum(axis=(0, 1))
    if not np.isfinite(output).all():
        raise WorldError(f"world {world.name}: rebasing failed")
    return replace(
        world,
        name=f"{world.name}-balanced",
        intermediate=intermediate,
        final=flows,
        value_added=output - intermediate.sum(axis=(0, 1)) - taxes,
        taxes=taxes,
        tariff=np.asarray(economy.tariff),
        notes=(*world.notes, f"rebased to zero deficits with the elasticities {elasticities}"),
    )


def _other_taxes(world: World) -> Float[np.ndarray, "i k"]:
    """Net taxes on products other than duties on inputs, as a share of output."""
    duties = (world.intermediate * world.tariff[..., None]).sum(axis=(0, 1))
    output = world.output
    rate = np.divide(world.taxes - duties, output, out=np.zeros_like(output), where=output > 0)
    return np.asarray(rate)
