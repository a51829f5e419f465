"""Standard output and error that never fail on a character, and say in a sentence what else fails.

What the encoding of a terminal lacks is written as its nearest ASCII. Encoding and colours stay as
Python and the environment chose them.
"""

from __future__ import annotations

import codecs
import io
import logging
import os
import sys
import warnings
from typing import Any, TextIO

from zizhu.cli.plain import NAME, nearest
from zizhu.errors import OutputError

# XLA's own log, read when it is loaded. Below fatal it is of no use to a user; a developer asks for
# all of it with 0, and a program that uses JAX leaves a 1 to what it starts.
_LOG = "TF_CPP_MIN_LOG_LEVEL"


def prepare() -> None:
    """Set up streams, warnings and logs for one command of this process."""
    if os.environ.get(_LOG) != "0":
        os.environ[_LOG] = "3"
    codecs.register_error(NAME, nearest)
    sys.stdout = _robust(sys.stdout, 1, _Output)
    sys.stderr = _robust(sys.stderr, 2, _Errors)
    warnings.showwarning = _note
    # A library's log is for its developers; without a handler Python would print it.
    logging.getLogger().addHandler(logging.NullHandler())


class _Output(io.RawIOBase):
    """Standard output: a reader that went away ends the command, and that is no error."""

    def __init__(self, raw: io.RawIOBase) -> None:
        self._raw = raw

    def write(self, data: object) -> int | None:
        """Write bytes. Raises `OutputError`."""
        try:
            return self._raw.write(data)  # type: ignore[arg-type]
        except BrokenPipeError:
            raise SystemExit(0) from None
        except OSError as error:
            raise OutputError(f"standard output cannot be written: {error.strerror}") from error

    def writable(self) -> bool:
        """Always."""
        return True

    def fileno(self) -> int:
        """That of the stream itself."""
        return self._raw.fileno()

    def isatty(self) -> bool:
        """Whether it is a terminal."""
        return self._raw.isatty()


class _Errors(_Output):
    """Standard error: there is nobody to tell that it fails."""

    def write(self, data: object) -> int | None:
        """Write bytes if they can be written."""
        try:
            return self._raw.write(data)  # type: ignore[arg-type]
        except OSError:
            return len(data)  # type: ignore[arg-type]


def _robust(stream: TextIO | None, number: int, kind: type[_Output]) -> TextIO:
    if stream is None:
        return io.TextIOWrapper(
            io.BufferedWriter(kind(io.FileIO(number, "w", closefd=False))), "utf-8", NAME
        )
    if not isinstance(stream, io.TextIOWrapper):
        return stream
    # With python -u there is no buffer between.
    raw: Any = getattr(stream.buffer, "raw", stream.buffer)
    # Another choice is somebody's: PYTHONIOENCODING=ascii:xmlcharrefreplace.
    default = stream.errors in ("strict", "surrogateescape", "backslashreplace")
    return io.TextIOWrapper(
        io.BufferedWriter(kind(raw)),
        encoding=stream.encoding,
        errors=NAME if default else stream.errors,
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )


def _note(message: Warning | str, *_: object, **__: object) -> None:
    """Show a warning as a sentence, without the line of code that it came from."""
    from zizhu.cli import console

    console.tell(f"note: {message}")
