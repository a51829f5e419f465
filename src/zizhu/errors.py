"""Errors that a user can act on: each is one sentence, none needs a traceback."""

from __future__ import annotations

import datetime as dt
import difflib
import reprlib
from collections.abc import Iterable
from pathlib import PurePath

# Characters: of what a message quotes, of a path, of the names it offers, and of all of it.
_MOST_QUOTED, _MOST_PATH, _MOST_OFFERED, _MOST_SAID = 80, 260, 320, 1_000


class ZizhuError(Exception):
    """Base of every error that zizhu raises on purpose; its text is one clear sentence.

    Whatever else goes wrong, the sentence fits on a screen: its middle is left out where it is
    longer, as a path or a list of names may be.
    """

    def __init__(self, message: str = "") -> None:
        super().__init__(_cut(message, _MOST_SAID, _MOST_SAID // 2))


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


class HistoryError(ZizhuError):
    """A table of observed shares that cannot be read, or a series that does not exist."""


class OutputError(ZizhuError):
    """A result that could not be written."""


def quoted(found: object) -> str:
    """What a user wrote, as a message shows it: text in quotes, at most 80 characters."""
    if isinstance(found, str | PurePath | dt.date):
        text = repr(str(found)[: 2 * _MOST_QUOTED])
        return _cut(text, _MOST_QUOTED, tail=1)  # the closing quote stays
    # It stops early where there are a million entries, or a number of a million digits.
    return _cut(_Short().repr(found), _MOST_QUOTED)


def short(name: object) -> str:
    """A name without quotes: on one line, what cannot be shown left out, at most 80 characters.

    A path may have more: one that is there is to be found again.
    """
    most = _MOST_PATH if isinstance(name, PurePath) else _MOST_QUOTED
    text = str(name)[: 2 * most] if isinstance(name, str | PurePath) else _Short().repr(name)
    return _cut("".join(one if one.isprintable() else " " for one in text), most)


def did_you_mean(word: object, options: Iterable[object]) -> str:
    """Return `; did you mean X?` for the nearest of `options`, or the list of them.

    The list is cut after twelve names so that the sentence stays one.
    """
    names = [short(option) for option in options]
    lowered = {name.lower(): name for name in names}
    close = difflib.get_close_matches(short(word).lower(), list(lowered), n=1, cutoff=0.6)
    if close:
        return f"; did you mean {lowered[close[0]]}?"
    shown = ", ".join(names[:12])
    if len(names) > 12 or len(shown) > _MOST_OFFERED:
        shown = f"{_cut(shown, _MOST_OFFERED - 5).removesuffix('...').rstrip(', ')}, ..."
    return f"; known: {shown}" if names else ""


class _Short(reprlib.Repr):
    """The beginning of a list, a mapping or a number, however large or deep it is."""

    def __init__(self) -> None:
        super().__init__()
        self.maxlevel, self.maxstring, self.maxother = 3, _MOST_QUOTED, _MOST_QUOTED
        self.maxdict = self.maxlist = self.maxtuple = 4

    def repr_int(self, x: int, level: int) -> str:
        """A number of too many digits has no text at all."""
        if x.bit_length() > 4 * _MOST_QUOTED:
            return f"a whole number of about {int(x.bit_length() * 0.30103):,} digits"
        return super().repr_int(x, level)


def _cut(text: str, most: int, tail: int = 0) -> str:
    """At most so many characters, of which `tail` are the last ones."""
    if len(text) <= most:
        return text
    return f"{text[: most - tail - 3]}...{text[len(text) - tail :]}"
