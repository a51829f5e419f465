"""Timings of the solver against the published algorithm: `python -m benchmarks`."""
