"""All commands, and one of them from its arguments to its exit code.

Each command is a function in a module of this package and is registered here. Every error is one
sentence on standard error and exit code 2; nothing is left half-written.
"""

from __future__ import annotations

import sys
from importlib.metadata import version
from typing import Annotated, Any

import typer

from zizhu.cli import arguments, console, evidence, look, run, world
from zizhu.cli.backtest import backtest
from zizhu.cli.chains import chains
from zizhu.cli.dependence import dependence
from zizhu.cli.equal_outlay import equal_outlay
from zizhu.cli.explain import explain
from zizhu.cli.failures import failure
from zizhu.cli.history import history
from zizhu.cli.simulate import simulate
from zizhu.cli.validate import validate
from zizhu.errors import ZizhuError

ERROR_CODE = 2
# Typer gives an interrupt this code when it does not raise it.
INTERRUPTED = 130
# Wrong commands, options and arguments. Typer brings its own classes or click's, by version.
UsageError: Any = typer.BadParameter.__base__

app = typer.Typer(
    help="An open laboratory for technological self-reliance.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
for _command in (
    run.run,
    run.compare,
    simulate,
    dependence,
    chains,
    history,
    backtest,
    look.scenarios,
    look.levers,
    look.parameters,
    equal_outlay,
    explain,
    evidence.facts,
    evidence.claims,
    run.replicate,
    validate,
):
    app.command()(_command)
app.add_typer(world.app, name="world")


def _print_version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"zizhu {version('zizhu')}\n")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def _before_any_command(
    context: typer.Context,
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="print the version and exit"
        ),
    ] = False,
) -> None:
    console.help_without_command(context)


def command() -> None:
    """Run the command of `sys.argv`; every expected failure is one sentence and exit code 2."""
    try:
        arguments.check(sys.argv[1:])
        code = app(standalone_mode=False)
        # What the stream still holds may fail as well.
        sys.stdout.flush()
    except ZizhuError as error:
        sys.exit(_fail(str(error)))
    except UsageError as error:
        sys.exit(_fail(_usage(error.format_message())))
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    except BrokenPipeError:
        # The reader of a pipe went away; there is nobody to tell.
        sys.exit(0)
    except Exception as error:
        said = failure(error)
        if said is None:
            raise
        sys.exit(_fail(said))
    if code == INTERRUPTED:
        sys.exit(_fail("interrupted; nothing is half-written"))
    sys.exit(code if isinstance(code, int) else 0)


def _usage(message: str) -> str:
    """What typer says about a wrong command or option, as one sentence."""
    text = message.strip().replace(". Did you mean", "; did you mean").rstrip(".")
    hint = "" if "ossible" in text or "did you mean" in text else "; see `zizhu --help`"
    return f"{text[:1].lower()}{text[1:]}{hint}"


def _fail(message: str) -> int:
    console.tell(f"error: {message}")
    return ERROR_CODE
