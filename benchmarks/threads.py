"""Fixing the number of threads; nothing here may import numpy or jax."""

from __future__ import annotations

import os
import platform

_POOLS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def fix(threads: int) -> None:
    """Give this process, and all that it starts, `threads` cores and pools of that size.

    Must run before numpy and jax are imported: both size their pools once. The pool of XLA
    follows the affinity, or where there is none the flag below keeps it to one thread.
    """
    for variable in _POOLS:
        os.environ[variable] = str(threads)
    multi = "true" if threads > 1 else "false"
    flags = [f for f in os.environ.get("XLA_FLAGS", "").split() if "multi_thread_eigen" not in f]
    os.environ["XLA_FLAGS"] = " ".join([*flags, f"--xla_cpu_multi_thread_eigen={multi}"])
    os.environ["JAX_PLATFORMS"] = "cpu"
    if hasattr(os, "sched_setaffinity"):
        allowed = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, set(allowed[:threads]))


def describe() -> dict[str, str]:
    """Return what the timings were taken under."""
    from importlib.metadata import version  # noqa: PLC0415

    cores = "not pinned"
    if hasattr(os, "sched_getaffinity"):
        cores = f"pinned to {len(os.sched_getaffinity(0))} of {os.cpu_count()} cores"
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    return {
        "threads": ", ".join(f"{name}={os.environ.get(name, '?')}" for name in _POOLS),
        "xla": os.environ.get("XLA_FLAGS", ""),
        "cores": cores,
        "load average at start": load,
        "python": platform.python_version(),
        "jax": version("jax"),
        "numpy": version("numpy"),
    }
