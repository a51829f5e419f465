"""GMRES in one loop with a single application of the operator.

The program is traced and compiled far faster than with `jax.scipy.sparse.linalg.gmres`, which
writes the operator down many times; here the operator is the linearised model, by far the largest
part of the program.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import jax.numpy as jnp
from jax import lax
from jax.scipy.linalg import solve_triangular
from jaxtyping import Array, Float

Operator = Callable[[Float[Array, " d"]], Float[Array, " d"]]


class _Cycle(NamedTuple):
    """One cycle of Arnoldi: basis V, Hessenberg H, and what stops it.

    null  left null vector of H: the residual norm of the cycle is length / |null|
    """

    x: Float[Array, " d"]
    basis: Float[Array, "m1 d"]
    hessenberg: Float[Array, "m1 m"]
    null: Float[Array, " m1"]
    length: Float[Array, ""]
    column: Array
    steps: Array


def gmres(
    operator: Operator,
    b: Float[Array, " d"],
    *,
    tolerance: float,
    memory: int = 60,
    most_steps: int = 1200,
) -> Float[Array, " d"]:
    """Solve `operator(x) = b` until the residual is `tolerance` times the length of b.

    Restarted every `memory` steps (Saad and Schultz 1986); the residual norm during a cycle comes
    from the left null vector of the Hessenberg matrix (Ayachour 2003). Stops at `most_steps`.
    """
    size = b.shape[0]
    memory = min(memory, size)
    target = tolerance * jnp.linalg.norm(b)

    def start(x: Float[Array, " d"], residual: Float[Array, " d"], steps: Array) -> _Cycle:
        length = jnp.linalg.norm(residual)
        first = residual / jnp.where(length > 0, length, 1.0)
        return _Cycle(
            x=x,
            basis=jnp.zeros((memory + 1, size)).at[0].set(first),
            hessenberg=jnp.zeros((memory + 1, memory)),
            null=jnp.zeros(memory + 1).at[0].set(1.0),
            length=length,
            column=jnp.asarray(0),
            steps=steps,
        )

    def unfinished(cycle: _Cycle) -> Array:
        return jnp.logical_and(cycle.length > target, cycle.steps < most_steps)

    def advance(cycle: _Cycle) -> _Cycle:
        j = cycle.column
        v = operator(cycle.basis[j])
        weights = cycle.basis @ v
        v = v - weights @ cycle.basis
        again = cycle.basis @ v  # a second pass keeps the basis orthogonal
        v = v - again @ cycle.basis
        norm = jnp.linalg.norm(v)
        exhausted = norm <= 1e-14 * jnp.linalg.norm(weights)
        safe = jnp.where(exhausted, 1.0, norm)
        column = weights + again
        null = cycle.null.at[j + 1].set(-(cycle.null @ column) / safe)
        grown = cycle._replace(
            basis=cycle.basis.at[j + 1].set(jnp.where(exhausted, 0.0, v / safe)),
            hessenberg=cycle.hessenberg.at[:, j].set(column.at[j + 1].set(safe * ~exhausted)),
            null=null,
            column=j + 1,
            steps=cycle.steps + 1,
        )
        reached = cycle.length / jnp.linalg.norm(null) <= target
        done = reached | exhausted | (j + 1 == memory)
        after: _Cycle = lax.cond(done, finish, lambda same: same, grown)
        return after

    def finish(cycle: _Cycle) -> _Cycle:
        # Least squares |length e1 - H y|; unused columns get a one so that y is zero there.
        used = jnp.arange(memory) < cycle.column
        matrix = cycle.hessenberg * used + jnp.eye(memory + 1, memory) * ~used
        right = jnp.zeros(memory + 1).at[0].set(cycle.length)
        q, r = jnp.linalg.qr(matrix)
        y = jnp.where(used, solve_triangular(r, q.T @ right), 0.0)
        left = right - cycle.hessenberg @ y
        return start(cycle.x + y @ cycle.basis[:memory], left @ cycle.basis, cycle.steps)

    begin = start(jnp.zeros_like(b), b, jnp.asarray(0))
    end: _Cycle = lax.while_loop(unfinished, advance, begin)
    return end.x
