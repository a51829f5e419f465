"""Prices and sourcing along a technology chain, without time.

Node m, region i that makes it, region n that buys it. All prices are relative to the base (1).

    cost of making    ln c_im = (1 - w_m) ln A_im + sum over loose inputs k of a_km ln P_ki
                      A_im    = [ own_m + sum over tight inputs k of a_km P_ki^(1-s_m) ]^(1/(1-s_m))
    seen cost         f_nim   = c_im exp(-d_nm) for the buyer's own supplier, c_im for others
    sourcing          q_nim   = s_nim (1 - barred_nim) f_nim^(-eta_m)
    price index seen  Q_nm    = [ (1 - o) sum_i q_nim + o ]^(-1/eta_m),       o = choke^(-eta_m)
    price paid        P_nm    = Q_nm (1 + h_nm (exp(d_nm) - 1)),              h the home part of q
    assembled nodes   P_nm    = c_nm

A tight input follows a CES with elasticity s_m below one, a loose one (which a maker can do without
at a cost) enters as Cobb-Douglas with its share; own cost, labour and margin, keeps its price. The
second source o never reacts: what nobody may supply costs `choke` times its base price, smoothly,
so that no result rests on a floor under shares. d is a preference for the home supplier, which
cannot buy what does not exist because it multiplies a share that is zero.

Nodes are computed level by level of the graph, all nodes of a level at once; the graph is data, so
that chains of one size share one compiled program. A cut is a short list of (node, buyer,
supplier), so that a thousand cuts are one batch. Forward and reverse derivatives are exact.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple, TypeVar

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float, Int

_SMALL = 1e-6


class Links(NamedTuple):
    """A chain as numbers, laid out by level l and slot w within it.

    A node's place is l * (slots per level) + w; its inputs lie in earlier levels. Empty slots and
    empty inputs have shares of zero.

    sourcing    s[l,w,n,i], part of buyer n's purchases from i at the base; rows sum to one
    inputs      place of each of a node's inputs
    tight       a of each input in a CES with own cost, as a fraction of the node's cost
    loose       a of each input that a maker can do without
    elasticity  s_m between tight inputs and own cost, 0 or more
    trade       eta_m between suppliers, positive
    assembled   whether the buyer assembles the node
    choke       price of what nobody may supply, relative to the base
    preference  d[l,w,n] of buyers for their own supplier, in logs
    """

    sourcing: Float[Array, "l w n n"]
    inputs: Int[Array, "l w k"]
    tight: Float[Array, "l w k"]
    loose: Float[Array, "l w k"]
    elasticity: Float[Array, "l w"]
    trade: Float[Array, "l w"]
    assembled: Bool[Array, "l w"]
    choke: Float[Array, ""]
    preference: Float[Array, "l w n"]


class Version(NamedTuple):
    """What may differ between versions of one chain, with a leading axis of versions."""

    sourcing: Float[Array, "d l w n n"]
    tight: Float[Array, "d l w k"]
    loose: Float[Array, "d l w k"]


class Cuts(NamedTuple):
    """Who may not sell what to whom: `part` of the flow of `node` from `supplier` to `buyer`.

    A triple may appear once; entries with part 0 do nothing.
    """

    node: Int[Array, "*b c"]
    buyer: Int[Array, "*b c"]
    supplier: Int[Array, "*b c"]
    part: Float[Array, "*b c"]


class Prices(NamedTuple):
    """Answers relative to the base.

    cost   ln c[m,i] of making each node in each region
    price  ln P[m,n] that each buyer pays
    home   part of each buyer's purchases from itself, 1 for assembled nodes
    """

    cost: Float[Array, "*b m n"]
    price: Float[Array, "*b m n"]
    home: Float[Array, "*b m n"]


@jax.jit
def chain_prices(links: Links, cuts: Cuts) -> Prices:
    """Solve one chain under one list of cuts."""
    return _prices(links, cuts)


def chain_prices_batch(links: Links, cuts: Cuts, chunk: int = 50) -> Prices:
    """Solve one chain under many lists of cuts, `chunk` at a time so that memory stays flat."""
    return Prices(*_in_chunks(partial(_batch, links), cuts, chunk))


def making_cost_batch(
    links: Links, cuts: Cuts, place: int, chunk: int = 200
) -> Float[Array, "b n"]:
    """Log cost of making one node under many lists of cuts: for long searches."""
    return _in_chunks(partial(_one_cost, links, jnp.asarray(place)), cuts, chunk)[0]


def chain_prices_grid(links: Links, versions: Version, cuts: Cuts, chunk: int = 8) -> Prices:
    """Solve many versions of one chain, each under many lists of cuts."""
    return Prices(*_in_chunks(partial(_grid, links, cuts), versions, chunk))


@jax.jit
def _batch(links: Links, cuts: Cuts) -> Prices:
    answers: Prices = jax.vmap(lambda one: _prices(links, one))(cuts)
    return answers


@jax.jit
def _one_cost(links: Links, place: Int[Array, ""], cuts: Cuts) -> tuple[Float[Array, "b n"]]:
    return (jax.vmap(lambda one: _prices(links, one).cost[place])(cuts),)


@jax.jit
def _grid(links: Links, cuts: Cuts, versions: Version) -> Prices:
    answers: Prices = jax.vmap(lambda one: _batch(links._replace(**one._asdict()), cuts))(versions)
    return answers


_Leading = TypeVar("_Leading", Cuts, Version)


def _in_chunks(
    solve: Callable[[_Leading], tuple[Array, ...]], batch: _Leading, chunk: int
) -> list[Array]:
    """Walk the leading axis in pieces of one size; the last is filled up by repeating its end."""
    length = int(batch[0].shape[0])
    found = []
    for start in range(0, length, chunk):
        rows = np.minimum(np.arange(start, start + chunk), length - 1)
        piece = solve(type(batch)(*(field[rows] for field in batch)))
        found.append([np.asarray(field)[: length - start] for field in piece])
    return [jnp.asarray(np.concatenate(fields)) for fields in zip(*found, strict=True)]


def _prices(links: Links, cuts: Cuts) -> Prices:
    levels, slots, regions = links.preference.shape
    spare = links.choke**-links.trade

    def level(
        price: Float[Array, "m n"], number: Int[Array, ""]
    ) -> tuple[Float[Array, "m n"], tuple[Float[Array, "w n"], Float[Array, "w n"]]]:
        cost = making_cost(links, number, price)
        bought, home = _buying(links, number, cost, spare, cuts)
        assembled = links.assembled[number][:, None]
        paid = jnp.where(assembled, cost, bought)
        price = jax.lax.dynamic_update_slice(price, paid, (number * slots, 0))
        return price, (cost, jnp.where(assembled, 1.0, home))

    start = jnp.zeros((levels * slots, regions))
    price, (cost, home) = jax.lax.scan(level, start, jnp.arange(levels))
    return Prices(cost.reshape(price.shape), price, home.reshape(price.shape))


def making_cost(
    links: Links, level: Int[Array, ""], price: Float[Array, "m n"]
) -> Float[Array, "w n"]:
    """Log cost of making the nodes of one level, given the prices of all earlier ones."""
    return bundle_cost(links, level, price[links.inputs[level]])


def bundle_cost(
    links: Links, level: Int[Array, ""], inputs: Float[Array, "w k n"]
) -> Float[Array, "w n"]:
    """Log cost of making the nodes of one level, given what each pays for its inputs."""
    tight, loose = links.tight[level][..., None], links.loose[level][..., None]
    power = ces_power(links.elasticity[level])[:, None]
    return cost_of(
        links.elasticity[level][:, None],
        loose.sum(1),
        growth=(tight * jnp.expm1(power[:, None] * inputs)).sum(1),
        mean=(tight * inputs).sum(1),
        aside=(loose * inputs).sum(1),
    )


def ces_power(elasticity: Float[Array, "*w"]) -> Float[Array, "*w"]:
    """1 - s, and 1 where that is zero: the Cobb-Douglas limit has its own formula."""
    power = 1 - elasticity
    return jnp.where(jnp.abs(power) < _SMALL, 1.0, power)


def cost_of(
    elasticity: Float[Array, "w 1"],
    left_out: Float[Array, "w 1"],
    *,
    growth: Float[Array, "*u w n"],
    mean: Float[Array, "*u w n"],
    aside: Float[Array, "*u w n"],
) -> Float[Array, "*u w n"]:
    """Log cost of making from sums over inputs.

    growth  of a_k (P_k^(1-s) - 1) over tight ones
    mean    of a_k ln P_k over tight ones
    aside   of a_k ln P_k over loose ones, whose shares come to `left_out`
    """
    rest = jnp.maximum(1 - left_out, _SMALL)
    is_limit = jnp.abs(1 - elasticity) < _SMALL
    bundle = jnp.where(is_limit, mean / rest, jnp.log1p(growth / rest) / ces_power(elasticity))
    return (1 - left_out) * bundle + aside


def _buying(
    links: Links,
    level: Int[Array, ""],
    cost: Float[Array, "w n"],
    spare: Float[Array, "l w"],
    cuts: Cuts,
) -> tuple[Float[Array, "w n"], Float[Array, "w n"]]:
    """Log price paid and home part of the nodes of one level, given the costs of making them."""
    slots = cost.shape[0]
    sourcing, eta = links.sourcing[level], links.trade[level][:, None]
    liking, unmet = links.preference[level], spare[level][:, None]
    appeal, favour = jnp.exp(-eta * cost), jnp.exp(eta * liking)
    own = jnp.diagonal(sourcing, axis1=1, axis2=2) * appeal
    offered = jnp.einsum("wni,wi->wn", sourcing, appeal) + own * (favour - 1)
    # Take the barred flows out again; entries of other levels take nothing.
    place = cuts.node - level * slots
    inside = (place >= 0) & (place < slots)
    place = jnp.where(inside, place, 0)
    flow = sourcing[place, cuts.buyer, cuts.supplier] * appeal[place, cuts.supplier]
    at_home = cuts.buyer == cuts.supplier
    flow = jnp.where(at_home, flow * favour[place, cuts.buyer], flow)
    lost = jnp.where(inside, cuts.part * flow, 0.0)
    offered = jnp.maximum(offered.at[place, cuts.buyer].add(-lost), 0.0)
    own_lost = jnp.zeros_like(own).at[place, cuts.buyer].add(jnp.where(at_home, lost, 0.0))
    own = jnp.maximum(own * favour - own_lost, 0.0)
    index = (1 - unmet) * offered + unmet
    home = (1 - unmet) * own / index
    return -jnp.log(index) / eta + jnp.log1p(home * jnp.expm1(liking)), home
