"""Anderson acceleration of a fixed point, with derivatives by the implicit function theorem."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jaxtyping import Array, Float

from zizhu.model.krylov import Operator, gmres

Step = Callable[[Float[Array, " d"], Any], Float[Array, " d"]]


class Settings(NamedTuple):
    """Stopping rule and memory of the accelerated iteration.

    tolerance       largest absolute change of any log variable at the solution
    most_iterations bound on map evaluations from one start
    memory          past steps that the next one combines
    largest_step    no log variable moves more than this in one iteration
    linear_tolerance relative residual of the linear solve behind derivatives
    """

    tolerance: float = 1e-11
    most_iterations: int = 600
    memory: int = 8
    largest_step: float = 0.3
    linear_tolerance: float = 1e-11


class FixedPoint(NamedTuple):
    """A solution of x = step(x), its residual max|step(x) - x| and the evaluations it took."""

    x: Float[Array, " d"]
    residual: Float[Array, ""]
    iterations: Float[Array, ""]


class _Memory(NamedTuple):
    """State of the iteration; rows of the ring beyond `stored` are stale and get weight zero.

    gram         df @ df.T, kept up row by row
    stored       differences put into the ring since the last restart
    evaluations  of the map beyond that at the start; -1 before it
    """

    x: Float[Array, " d"]
    residual: Float[Array, " d"]
    size: Float[Array, ""]
    best: Float[Array, ""]
    best_x: Float[Array, " d"]
    best_residual: Float[Array, " d"]
    damping: Float[Array, ""]
    dx: Float[Array, "m d"]
    df: Float[Array, "m d"]
    gram: Float[Array, "m m"]
    stored: Array
    evaluations: Array


def _accelerated(
    step: Step, starts: Float[Array, "s d"], inputs: Any, settings: Settings
) -> FixedPoint:
    memory, (tries, dimension) = settings.memory, starts.shape
    x0 = starts[0]

    def residual_of(x: Float[Array, " d"]) -> tuple[Float[Array, " d"], Float[Array, ""]]:
        residual = step(x, inputs) - x
        return residual, jnp.max(jnp.abs(residual))

    def unfinished(state: _Memory) -> Array:
        # A NaN compares false with everything, hence the negated comparison.
        open_ = ~(state.size <= settings.tolerance)
        return open_ & (state.evaluations < settings.most_iterations * tries)

    def advance(state: _Memory) -> _Memory:
        # Type-II Anderson: combine past residual differences so that the predicted residual is
        # smallest, by normal equations with a relative ridge (the memory is short).
        used = jnp.arange(memory) < state.stored
        gram = jnp.where(used[:, None] & used, state.gram, 0.0)
        ridge = 1e-13 * jnp.trace(gram) + float(np.finfo(np.float64).tiny)
        gram = gram + jnp.diag(jnp.where(used, ridge, 1.0))
        weights = jnp.linalg.solve(gram, jnp.where(used, state.df @ state.residual, 0.0))
        move = state.damping * (state.residual - weights @ state.df) - weights @ state.dx
        longest = jnp.max(jnp.abs(move))
        move = move * jnp.minimum(1.0, settings.largest_step / jnp.maximum(longest, 1e-300))
        # The first step goes nowhere: the map is written down once, which compiles faster. So does
        # the first from another start, taken where the one before led nowhere.
        begins = state.evaluations < 0
        x = state.x + move
        if tries > 1:
            spent, rest = jnp.divmod(state.evaluations, settings.most_iterations)
            begins = begins | ((rest == 0) & (spent > 0))
            x = jnp.where(begins, starts[jnp.maximum(spent, 0)], x)
        best_yet = jnp.where(begins, jnp.inf, state.best)
        damping = jnp.where(begins, 1.0, state.damping)
        residual, size = residual_of(x)
        # A step that makes things much worse is taken back: forget the memory, damp, restart
        # from the best point. Without a branch, so that a batch pays no second evaluation.
        bad = ~(size <= 10.0 * best_yet)
        improved = size < best_yet
        best = jnp.where(improved, size, best_yet)
        best_x = jnp.where(improved, x, state.best_x)
        best_residual = jnp.where(improved, residual, state.best_residual)
        slot = state.stored % memory
        df_row = jnp.where(bad, 0.0, residual - state.residual)
        dx = state.dx.at[slot].set(jnp.where(bad, 0.0, move))
        df = state.df.at[slot].set(df_row)
        products = df @ df_row
        return _Memory(
            x=jnp.where(bad, best_x, x),
            residual=jnp.where(bad, best_residual, residual),
            size=jnp.where(bad, best, size),
            best=best,
            best_x=best_x,
            best_residual=best_residual,
            damping=jnp.where(
                bad,
                jnp.maximum(0.02, 0.5 * damping),
                jnp.minimum(1.0, 1.1 * damping),
            ),
            dx=dx,
            df=df,
            gram=state.gram.at[slot].set(products).at[:, slot].set(products),
            stored=jnp.where(bad | begins, 0, state.stored + 1),
            evaluations=state.evaluations + 1,
        )

    zeros = jnp.zeros((memory, dimension), x0.dtype)
    nowhere = jnp.zeros_like(x0)
    unknown = jnp.asarray(jnp.inf, x0.dtype)
    start = _Memory(
        x=x0,
        residual=nowhere,
        size=unknown,
        best=unknown,
        best_x=x0,
        best_residual=nowhere,
        damping=jnp.asarray(1.0, x0.dtype),
        dx=zeros,
        df=zeros,
        gram=jnp.zeros((memory, memory), x0.dtype),
        stored=jnp.asarray(0),
        evaluations=jnp.asarray(-1),
    )
    end = lax.while_loop(unfinished, advance, start)
    return FixedPoint(end.x, end.size, end.evaluations.astype(x0.dtype))


def fixed_point(
    step: Step, x0: Float[Array, "*s d"], inputs: Any, settings: Settings
) -> FixedPoint:
    """Solve x = step(x, inputs) from `x0`, differentiable in `inputs` (see `attach`).

    x0  where the search starts; of several starts [s,d] the next is taken where the iterations from
        the one before are used up

    The derivative with respect to `x0` is zero, that of residual and iterations as well.
    """
    starts = jnp.atleast_2d(lax.stop_gradient(x0))
    found = _accelerated(step, starts, lax.stop_gradient(inputs), settings)
    found = lax.stop_gradient(found)
    return found._replace(x=attach(step, found.x, inputs, settings))


@partial(jax.custom_jvp, nondiff_argnums=(0, 3))
def attach(
    step: Step,  # noqa: ARG001 (this and the next but one are used by the derivative)
    x: Float[Array, " d"],
    inputs: Any,  # noqa: ARG001
    settings: Settings,  # noqa: ARG001
) -> Float[Array, " d"]:
    """Return `x`, known to solve x = step(x, inputs), with its derivative in `inputs`.

    The derivative follows from (I - dstep/dx) dx = dstep/dinputs by the implicit function theorem,
    solved by GMRES (its transpose in reverse mode); the search for x is never unrolled.
    """
    return x


@attach.defjvp
def _attach_jvp(
    step: Step, settings: Settings, primals: tuple[Any, Any], tangents: tuple[Any, Any]
) -> tuple[Float[Array, " d"], Float[Array, " d"]]:
    x, inputs = primals
    _, inputs_dot = tangents
    _, forcing = jax.jvp(lambda given: step(x, given), (inputs,), (inputs_dot,))
    _, along = jax.linearize(lambda y: step(y, inputs), x)

    def matvec(v: Float[Array, " d"]) -> Float[Array, " d"]:
        left: Float[Array, " d"] = v - along(v)
        return left

    def solve(operator: Operator, b: Float[Array, " d"]) -> Float[Array, " d"]:
        return gmres(operator, b, tolerance=settings.linear_tolerance)

    return x, lax.custom_linear_solve(matvec, forcing, solve=solve, transpose_solve=solve)
