"""How the yearly loop is compiled: in half the time, to programs that are as fast.

A program of the loop is hundreds of small kernels on small arrays; the compiler's costly passes buy
nothing there. What runs but once a path is not optimised at all. Numbers are the same to rounding.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import cache, cached_property
from typing import Generic, ParamSpec, TypeVar

import jax
import jax.numpy as jnp

P = ParamSpec("P")
T = TypeVar("T")


class Program(Generic[P, T]):
    """A pure function that is compiled when it is first called for its shapes."""

    def __init__(self, function: Callable[P, T], *static: str, once: bool = False) -> None:
        """Take a function.

        static  names of arguments that fix shapes
        once    whether it runs once a path, so that compiling it is all that takes time
        """
        self._function, self._static, self._level = function, static, 0 if once else 1
        self._ahead: list[threading.Thread] = []

    @cached_property
    def _compiled(self) -> Callable[P, T]:
        jitted: Callable[P, T] = jax.jit(
            self._function,
            static_argnames=self._static,
            compiler_options=_options(self._level),
        )
        return jitted

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run it, once what is compiled ahead is there."""
        for thread in self._ahead:
            if thread is not threading.current_thread():
                thread.join()
        return self._compiled(*args, **kwargs)

    def ahead(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """Compile for arguments like these on a thread of its own: the next call waits for it.

        So does the interpreter at its end: the compiler cannot be stopped, and it takes a process
        down that ends beneath it.
        """

        def run() -> None:
            # What goes wrong here goes wrong again, and is told, in the call that needs it.
            with suppress(Exception):
                jax.block_until_ready(self._compiled(*args, **kwargs))

        thread = threading.Thread(target=run, name="compiling ahead")
        # Without room for one more thread the next call compiles.
        with suppress(RuntimeError):
            thread.start()
            self._ahead = [*(one for one in self._ahead if one.is_alive()), thread]


@cache
def _options(level: int) -> dict[str, str | bool] | None:
    """Options of the compiler; none where it does not know them, or where the user set them."""
    if "xla_backend_optimization_level" in os.environ.get("XLA_FLAGS", ""):
        return None
    chosen: dict[str, str | bool] = {
        "xla_backend_optimization_level": str(level),
        "xla_cpu_use_fusion_emitters": False,
    }
    try:
        jax.jit(jnp.negative).lower(0.0).compile(compiler_options=chosen)
    except Exception:  # whatever a version of the compiler raises for an option that it lacks
        return None
    return chosen
