"""Tests of claims: each computes what public tables, or figures cited from facts, say of it.

A test is a function from a claim to a `Finding`. No result is written down: numbers come
from the shipped worlds and flows, the derived tables, the technology chains, or the quantities of
facts; the last is said by the finding's `kind`, `cited`.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable

from zizhu.errors import EvidenceError, did_you_mean, quoted
from zizhu.evidence.claims import Claim
from zizhu.evidence.registry import TESTS
from zizhu.evidence.settle.finding import CITED, TABLE, Finding, Number

__all__ = ["CITED", "TABLE", "TESTS", "Finding", "Number", "find_test", "settle"]


def find_test(name: str) -> Callable[[Claim], Finding]:
    """The function of a test; raises `EvidenceError` with the nearest name."""
    if name not in TESTS:
        raise EvidenceError(f"there is no test {quoted(name)}{did_you_mean(name, TESTS)}")
    module = importlib.import_module(f"zizhu.evidence.settle.{TESTS[name]}")
    found: Callable[[Claim], Finding] = getattr(module, name)
    return found


def settle(claim: Claim) -> Finding | None:
    """Run the test that a claim names; nothing if it names none."""
    if claim.test is None:
        return None
    return find_test(claim.test)(claim)
