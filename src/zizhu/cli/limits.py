"""A command under a limit on memory (`ulimit -v`, as clusters set it).

Where memory ends in one of the compiler's own threads, C++ aborts the process, and no Python runs
any more to say why. So under a limit the command runs in a child, and the parent says it.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress

from zizhu.cli import ending


def watch_if_limited() -> None:
    """Under a limit on memory: go on in a child, and stay as the parent that tells how it ended."""
    limit = _limit()
    if limit is None:
        return
    child = os.fork()
    if child == 0:
        _hide_last_words()
        return
    for name in ending.CODES:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, lambda number, _: _pass_on(child, number))
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if code < 0:
        code = 2
        ending.say(
            f"error: not enough memory: {limit / 2**30:.1f} GiB are allowed (ulimit -v), and the "
            "compiler ended; about 4 GiB of addresses are right for the shipped worlds"
        )
    os._exit(code)


def _limit() -> int | None:
    """Bytes of addresses that this process may have; None without a limit, and on Windows."""
    if sys.platform == "win32":
        return None
    import resource

    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    return None if limit == resource.RLIM_INFINITY else limit


def _hide_last_words() -> None:
    """Send what C++ writes to standard error nowhere; Python's own goes on to the terminal."""
    ending.error_stream = os.dup(2)
    empty = os.open(os.devnull, os.O_WRONLY)
    os.dup2(empty, 2)
    os.close(empty)
    if sys.stderr is not None:
        sys.stderr = open(  # noqa: SIM115
            ending.error_stream,
            "w",
            encoding=sys.stderr.encoding,
            errors=sys.stderr.errors,
            buffering=1,
        )


def _pass_on(child: int, number: int) -> None:
    with suppress(OSError):
        os.kill(child, number)
