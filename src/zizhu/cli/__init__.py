"""The command line: `zizhu run SCENARIO` and what belongs to it.

`main` is light: it answers interrupts before anything heavy is imported. `commands` is all of them.
"""

from __future__ import annotations

import sys


def main() -> None:
    """Entry point of the script `zizhu`: one command from its start to the end of the process.

    Exit codes: 0 done, 1 a check that does not hold, 2 an error told in one sentence or Ctrl-C, 143
    and 129 a termination or hang-up. Called from another program, such as a test, it leaves the
    process alone: signals and streams are that program's, and the command ends in `SystemExit`.
    """
    own = getattr(sys.modules["__main__"], "main", None) is main
    if own:
        from zizhu.cli import ending, limits

        ending.open_closed()
        limits.watch_if_limited()
        ending.answer_interrupts()
        ending.end(_code_of_command())
    from zizhu.cli.commands import command

    command()


def _code_of_command() -> int:
    """The exit code of the command, run with streams and warnings as a terminal has them."""
    from zizhu.cli import streams

    try:
        streams.prepare()
        from zizhu.cli.commands import command

        command()
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    except BaseException:
        # Ours, not the user's: it keeps its traceback.
        sys.excepthook(*sys.exc_info())
        return 1
    return 0


def __getattr__(name: str) -> object:
    """`app`, the commands as typer knows them, is imported when it is asked for."""
    if name != "app":
        raise AttributeError(f"module 'zizhu.cli' has no attribute {name!r}")
    from zizhu.cli.commands import app

    return app
