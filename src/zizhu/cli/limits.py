"""A command under a limit on memory (`ulimit -v`, as clusters set it).

Where memory ends in a library or in one of the compiler's own threads, it ends the process, and no
Python runs any more to say why. So under a limit the command runs in a child; the parent says it.
"""

from __future__ import annotations

import os
import signal
import sys

from zizhu.cli import ending


def watch_if_limited() -> None:
    """Under a limit on memory: go on in a child, and stay as the parent that tells how it ended."""
    limit = _limit()
    if limit is None:
        return
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        ending.witness = writer
        _hide_last_words()
        return
    os.close(writer)
    for name in ending.CODES:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, lambda number, _: _pass_on(child, number))
    meant = os.read(reader, 1)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    # Libraries that find no memory abort, or call `exit` themselves.
    if not meant:
        code = 2
        ending.say(
            f"error: not enough memory: {limit / 2**30:.1f} GiB of addresses are allowed (ulimit "
            "-v); a higher limit or a world of fewer regions or sectors is right"
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
    """Send what libraries write to standard error nowhere; ours goes on to the terminal."""
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
    try:
        os.kill(child, number)
    except ProcessLookupError:
        return
