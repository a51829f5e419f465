"""Blocks that the pages run."""

from __future__ import annotations

import ast
import contextlib
import io
import json
import os
import re
import shlex
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from generate.fresh import GENERATED, write
from zizhu.cli import commands, console

_EXECUTED = re.compile(
    r"^```\{(?P<kind>command|python|file)\}[ ]*(?P<argument>[^\n]*)\n"
    r"(?P<options>(?::[^\n]*\n)*)(?P<body>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


def blocks_of(page: Path) -> list[tuple[str, ...]]:
    """Blocks of a page that are run."""
    return _EXECUTED.findall(page.read_text(encoding="utf-8"))


def run_page(page: Path) -> None:
    """Run the `command`, `python` and `file` blocks of a page in order, in an empty folder."""
    outputs: dict[str, str] = {}
    namespace: dict[str, Any] = {}
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            for block in _EXECUTED.finditer(page.read_text(encoding="utf-8")):
                body = block["body"].rstrip("\n")
                if block["kind"] == "file":
                    file = Path(block["argument"].strip())
                    file.parent.mkdir(exist_ok=True)
                    file.write_text(body + "\n", encoding="utf-8")
                elif block["kind"] == "python":
                    outputs[body] = _python(body, namespace)
                else:
                    outputs[body] = "".join(_command(line) for line in body.splitlines())
        finally:
            os.chdir(before)
    write(f"pages/{page.stem}.json", json.dumps(outputs, indent=1))


def output_of(page: str, source: str) -> str:
    """What a block of a page printed when the parts were generated."""
    text = (GENERATED / "pages" / f"{page}.json").read_text(encoding="utf-8")
    return str(json.loads(text)[source])


def _captured(work: Callable[[], None]) -> str:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        work()
    return "\n".join(line.rstrip() for line in printed.getvalue().splitlines()) + "\n"


def _command(line: str) -> str:
    """Run one `zizhu ...` line in this process; `> FILE` at its end writes to a file."""
    arguments = shlex.split(line)
    target = arguments[arguments.index(">") + 1] if ">" in arguments else None
    arguments = arguments[: arguments.index(">")] if target else arguments
    console.out.width = 80
    if arguments[0] != "zizhu":
        raise ValueError(f"{line!r} is not a zizhu command")

    def work() -> None:
        kept, sys.argv = sys.argv, arguments
        try:
            with contextlib.suppress(SystemExit):
                commands.command()
        finally:
            sys.argv = kept

    printed = _captured(work)
    if target:
        Path(target).write_text(printed, encoding="utf-8")
        return ""
    return printed


def _python(source: str, namespace: dict[str, Any]) -> str:
    """Run Python; the value of a last expression is shown as at a prompt."""
    tree = ast.parse(source)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None

    def work() -> None:
        exec(compile(tree, "<docs>", "exec"), namespace)
        if last is not None:
            value = eval(compile(ast.Expression(last.value), "<docs>", "eval"), namespace)
            if value is not None:
                print(value)

    return _captured(work)
