"""Errors that a user can act on: each is one sentence, none needs a traceback."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class ZizhuError(Exception):
    """Base of every error that zizhu raises on purpose; its text is one clear sentence."""


class WorldError(ZizhuError):
    """A table that is unreadable, mislabelled or breaks an accounting identity."""


class ChainError(ZizhuError):
    """A technology chain or control that cannot be read, or breaks a rule of chains."""


class ParameterError(ZizhuError):
    """A parameter that is unknown, outside its range or in the wrong unit."""


class ScenarioError(ZizhuError):
    """A scenario or measure that cannot be read, or says something contradictory."""


class NotConverged(ZizhuError):
    """The equilibrium was not found to the required accuracy: never a number."""


class EvidenceError(ZizhuError):
    """A fact or claim that cannot be read, or names something that does not exist."""


class OutputError(ZizhuError):
    """A result that could not be written."""


def did_you_mean(word: object, options: Iterable[object]) -> str:
    """Return `; did you mean X?` for the nearest of `options`, or the list of them.

    The list is cut after twelve names so that the sentence stays one.
    """
    names = [str(option) for option in options]
    lowered = {name.lower(): name for name in names}
    close = difflib.get_close_matches(str(word).lower(), list(lowered), n=1, cutoff=0.6)
    if close:
        return f"; did you mean {lowered[close[0]]}?"
    shown = ", ".join(names[:12]) + (", ..." if len(names) > 12 else "")
    return f"; known: {shown}" if names else ""
