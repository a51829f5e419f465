"""Entry point; imports of numpy and jax wait until the threads are fixed."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks import threads

_NAMES = (
    "accounts",
    "warm",
    "nested",
    "batch",
    "gradient",
    "compile",
    "memory",
    "cold",
    "chain",
    "path",
)


def main() -> None:
    """Parse the command line, fix the threads, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few runs of each")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write all numbers here")
    parser.add_argument(
        "--only", choices=_NAMES, action="append", metavar="NAME", help=f"of {', '.join(_NAMES)}"
    )
    parser.add_argument("--threads", type=int, default=2, help="cores to use (default 2)")
    options = parser.parse_args()
    threads.fix(options.threads)

    from benchmarks import table, tasks  # noqa: PLC0415
    from benchmarks.measure import Row, Skipped  # noqa: PLC0415

    conditions = threads.describe()
    results: list[Row | Skipped] = []
    for name in options.only or _NAMES:
        print(f"{name} ...", file=sys.stderr, flush=True)
        results.extend(tasks.TASKS[name](tasks.QUICK if options.quick else tasks.FULL))
    table.show(results, conditions)
    if options.json is not None:
        table.store(options.json, results, conditions)


if __name__ == "__main__":
    main()
