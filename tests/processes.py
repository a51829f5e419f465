"""Commands as processes of their own, and signals sent to them at any moment."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

SAID = "error: interrupted; nothing is half-written\n"
# Seconds that a process may take to end on a machine with other work; alone it takes a tenth.
PATIENCE = 20.0
# What no user may see.
UNTOLD = ("Traceback", "Fatal", "FATAL", "Exception ignored", "Very slow compile", "Warning")


class Ended(NamedTuple):
    """How a process ended; `sent` tells whether it was still there for the signal."""

    code: int
    out: str
    err: str
    sent: bool = False
    seconds: float = 0.0


def command(*arguments: object) -> list[str]:
    """The command line of this interpreter, as `python -m zizhu.cli` runs it."""
    return [sys.executable, "-m", "zizhu.cli", *map(str, arguments)]


def environment(cache: Path, **more: str) -> dict[str, str]:
    """Variables of a process with a cache of its own."""
    return {**os.environ, "JAX_PLATFORMS": "cpu", "ZIZHU_CACHE_DIR": str(cache), **more}


def run(
    line: Sequence[object], folder: Path, variables: Mapping[str, str], **options: object
) -> Ended:
    """Run a line to its end."""
    chosen = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "timeout": 300, **options}
    done = subprocess.run(
        [*map(str, line)],
        cwd=folder,
        env=dict(variables),
        check=False,
        text=True,
        encoding="utf-8",
        errors="replace",
        **chosen,
    )
    return Ended(done.returncode, done.stdout or "", done.stderr or "")


def answers_signals(pid: int) -> bool:
    """Whether a process has come to where it answers interrupts: from there on `zizhu` does."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except FileNotFoundError:
        return not Path("/proc/self/status").exists()
    caught = next(line for line in status.splitlines() if line.startswith("SigCgt"))
    return bool(int(caught.split()[1], 16) >> (signal.SIGTERM - 1) & 1)


@contextmanager
def heard(*signals: int) -> Iterator[None]:
    """Children that are started here hear signals, also where this process is to ignore them.

    What it ignores, as under nohup, its children would ignore as well.
    """
    before = {number: signal.signal(number, signal.SIG_DFL) for number in {*signals}}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def interrupted(
    line: Sequence[object],
    folder: Path,
    variables: Mapping[str, str],
    moment: float,
    signals: Sequence[int] = (signal.SIGINT,),
) -> Ended:
    """Start a line, and send signals some seconds after it has begun to answer them."""
    folder.mkdir(exist_ok=True)
    with heard(*signals):
        process = subprocess.Popen(
            [*map(str, line)],
            cwd=folder,
            env=dict(variables),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
    with process:
        while process.poll() is None and not answers_signals(process.pid):
            time.sleep(0.005)
        with suppress(subprocess.TimeoutExpired):
            process.wait(moment)
        sent, began = process.poll() is None, time.perf_counter()
        for number in signals:
            process.send_signal(number)
            time.sleep(0.02)
        try:
            out, err = process.communicate(timeout=PATIENCE)
        finally:
            process.kill()
        return Ended(process.returncode, out, err, sent, time.perf_counter() - began)


def left(*folders: Path) -> list[str]:
    """What an interrupted process must not leave anywhere below folders."""
    return [
        str(path)
        for folder in folders
        for path in folder.rglob("*")
        if path.name.startswith((".zizhu-", ".probe")) or path.name.endswith(".partial")
    ]
