"""What only a fresh process can tell: compile times and peak memory, as a line of JSON.

Started by `benchmarks.measure.probe`, with threads and compilation cache set by the parent.
"""

from __future__ import annotations

import json
import sys
import time

import jax

from benchmarks.memory import peak_memory
from benchmarks.worlds import CASES, Case
from zizhu.model.equilibrium import Solution, solve_unchecked
from zizhu.model.shock import NoShock


def _income(shock: NoShock, case: Case) -> jax.Array:
    solution: Solution = solve_unchecked(case.economy, case.elasticities, shock)
    return solution.log_real_income[0]


def compile_times(case: Case) -> dict[str, float]:
    """Seconds to trace and compile the solver, then its gradient in every wedge."""
    start = time.perf_counter()
    solve_unchecked.lower(case.economy, case.elasticities, case.shock).compile()
    solved = time.perf_counter()
    jax.jit(jax.grad(lambda shock: _income(shock, case))).lower(case.shock).compile()
    return {"solve": solved - start, "gradient": time.perf_counter() - solved}


def main(question: str, name: str) -> None:
    """Answer `compile` or `memory` for a case; the case `none` only imports."""
    answer: dict[str, float] = {}
    if name != "none":
        case = CASES[name]()
        if question == "compile":
            answer = compile_times(case)
        else:
            answer["loaded"] = peak_memory()
            solution = solve_unchecked(case.economy, case.elasticities, case.shock)
            solution.residual.block_until_ready()
    answer["peak"] = peak_memory()
    print(json.dumps(answer))


if __name__ == "__main__":
    main(*sys.argv[1:])
