"""Newton's method for a fixed point, each step by GMRES: slower than Anderson, and surer.

Where trade all but stops, the level of a region's wages and prices hardly matters to anyone: the
map of the equilibrium then has eigenvalues next to one, one for each region but one, and an
iteration that remembers few steps crawls along them. GMRES meets each of them once.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
from jax import lax
from jaxtyping import Array, Float

from zizhu.model.anderson import FixedPoint, Settings, Step
from zizhu.model.krylov import gmres

# Accuracy of a step relative to the miss that it is to close.
_STEP_TOLERANCE = 1e-6
# A step that does not help is halved this often before the search is given up.
_HALVINGS = 10
_MOST_STEPS = 15
# No log variable moves more than this in one step.
_LARGEST_MOVE = 1.0


class _Search(NamedTuple):
    """A point to be tried: `best` plus the part `length` of `move`.

    size    largest miss at `best`
    steps   steps accepted since the start; -1 before it
    """

    x: Float[Array, " d"]
    best: Float[Array, " d"]
    size: Float[Array, ""]
    move: Float[Array, " d"]
    length: Float[Array, ""]
    steps: Array
    evaluations: Array


def newton(step: Step, x0: Float[Array, " d"], inputs: Any, settings: Settings) -> FixedPoint:
    """Solve x = step(x, inputs) from `x0` to `settings.tolerance`; not differentiable.

    Stops with what it has where a step does not lower the largest miss however short it is.
    """

    def miss(x: Float[Array, " d"]) -> Float[Array, " d"]:
        return step(x, inputs) - x

    def unfinished(search: _Search) -> Array:
        open_ = ~(search.size <= settings.tolerance) & (search.steps < _MOST_STEPS)
        return open_ & (search.length > 0.5**_HALVINGS)

    def advance(search: _Search) -> _Search:
        # The map is written down once: where a point is refused, its slopes go unused.
        found, slopes = jax.linearize(miss, search.x)
        size = jnp.max(jnp.abs(found))
        # A NaN compares false with everything.
        better = size < search.size

        def accept(before: _Search) -> _Search:
            def operator(v: Float[Array, " d"]) -> Float[Array, " d"]:
                away: Float[Array, " d"] = -slopes(v)
                return away

            move = gmres(operator, found, tolerance=_STEP_TOLERANCE, most_steps=300)
            longest = jnp.maximum(jnp.max(jnp.abs(move)), 1e-300)
            length = jnp.minimum(1.0, _LARGEST_MOVE / longest)
            return before._replace(
                best=before.x, size=size, move=move, length=length, steps=before.steps + 1
            )

        def refuse(before: _Search) -> _Search:
            return before._replace(length=0.5 * before.length)

        after: _Search = lax.cond(better, accept, refuse, search)
        return after._replace(
            x=after.best + after.length * after.move, evaluations=search.evaluations + 1
        )

    start = _Search(
        x=x0,
        best=x0,
        size=jnp.asarray(jnp.inf, x0.dtype),
        move=jnp.zeros_like(x0),
        length=jnp.asarray(1.0, x0.dtype),
        steps=jnp.asarray(-1),
        evaluations=jnp.asarray(0),
    )
    end = lax.while_loop(unfinished, advance, start)
    return FixedPoint(end.best, end.size, end.evaluations.astype(x0.dtype))
