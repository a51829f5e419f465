"""How the process of a command ends: at once, with nothing half-written, never by a signal.

Neither the compiler nor an import can be interrupted, and an exception that is thrown into them at
any moment may end in a crash. So nothing is thrown: a thread that does nothing else waits for the
signal, removes what is beside, says so and ends the process.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import NoReturn

# Ctrl-C is an error like others; the codes of other signals are those that shells know.
CODES = {"SIGINT": 2, "SIGBREAK": 2, "SIGTERM": 128 + 15, "SIGHUP": 128 + 1}
# Seconds after which the process ends even if its disk or its terminal does not answer.
_PATIENCE = 2.0

# Where standard error is.
error_stream = 2
# Where a parent learns that the process meant to end.
witness: int | None = None

_ends = threading.Event()


def nothing() -> None:
    """Leave the terminal as it is."""


# What clears the terminal of a progress bar, while there is one.
clear_terminal: Callable[[], None] = nothing


def answer_interrupts() -> None:
    """End the process at once on Ctrl-C, termination or hang-up; those it shall ignore it ignores.

    The system's handler writes to a pipe even where Python's cannot run, such as in the compiler.
    """
    reader, writer = os.pipe()
    if os.name == "posix":
        os.set_blocking(writer, False)
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    threading.Thread(target=_wait, args=(reader,), name="interrupts", daemon=True).start()
    for name in CODES:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _nothing_else)


def open_closed() -> None:
    """Put the null device where a standard stream is closed: else a file would take its number."""
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)


def end(code: int) -> NoReturn:
    """End the process with this code, threads that compile with it."""
    from contextlib import suppress

    for stream in (sys.stdout, sys.stderr):
        with suppress(Exception, SystemExit):
            stream.flush()
    if _ends.is_set():
        # An interrupt came first, and ends it.
        time.sleep(2 * _PATIENCE)
    _leave(code)


def _leave(code: int) -> NoReturn:
    if witness is not None:
        _write(witness, b".")
    os._exit(code)


def say(sentence: str) -> None:
    """Write a line of ASCII to standard error, past all that Python keeps."""
    _write(error_stream, f"{sentence}\n".encode())


def _write(number: int, data: bytes) -> None:
    try:
        os.write(number, data)
    except OSError:
        return  # there is nobody to tell


def _nothing_else(*_: object) -> None:
    """What Python does on a signal beside waking the thread."""


def _wait(reader: int) -> None:
    # Not above, where it would put off the answer to the first signal.
    from contextlib import suppress

    number = os.read(reader, 1)[0]
    code = CODES[signal.Signals(number).name]
    _ends.set()
    with suppress(RuntimeError):
        threading.Thread(target=_end_later, args=(code,), daemon=True).start()
    with suppress(BaseException):
        # Where it was not imported nothing is beside.
        sys.modules["zizhu.beside"].abandon()
    with suppress(BaseException):
        clear_terminal()
    say("error: interrupted; nothing is half-written")
    _leave(code)


def _end_later(code: int) -> None:
    time.sleep(_PATIENCE)
    _leave(code)
