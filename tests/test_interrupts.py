"""Interrupts at any moment: a code and a sentence, never a signal, and nothing left."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from processes import SAID, UNTOLD, command, environment, heard, interrupted, left, run

import zizhu
from zizhu.world import save

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")

REFUSED = """\
title: refused
years: 2025
focus: N
measures:
- {lever: tariff, label: one, importers: N, exporters: S, sectors: A, size: 25 percentage points}
"""
# Each with the seconds within which it is interrupted by default, and with --all: a run without
# compiled programs takes up to a minute.
COMMANDS = {
    "path": (("run", "china-2035", "--quick", "--out", "out"), 4, 30),
    "static": (("run", "decoupling", "--out", "out"), 4, 30),
    "dependence": (("dependence", "CHN", "--out", "out"), 4, 30),
    "simulate": (("simulate", "--years", "2025", "--output", "out"), 4, 15),
    "chains": (("chains",), 1, 3),
    "refusal": (("run", "refused.yaml", "--world", "small.nc", "--out", "out"), 2, 5),
}
DEFAULT, ALL = 8, 40


def moments():
    """Seeded commands and moments: the first few are run by default."""
    rng = random.Random(20260713)
    for place in range(ALL):
        name = list(COMMANDS)[place % len(COMMANDS)]
        _, soon, late = COMMANDS[name]
        moment = rng.uniform(0, soon if place < DEFAULT else late)
        marks = () if place < DEFAULT else (pytest.mark.long,)
        yield pytest.param(name, moment, marks=marks, id=f"{name}-{moment:.2f}s")


def whole(folder):
    """Whether a folder is not there, or holds all that is written together."""
    if not folder.exists():
        return True
    names = {path.name for path in folder.iterdir()}
    return {"report.html", "manifest.json", "tables"} <= names


def prepare(folder, tables):
    folder.mkdir()
    (folder / "refused.yaml").write_text(REFUSED, encoding="utf-8")
    save(zizhu.World(**tables()), folder / "small.nc")
    return {path.name for path in folder.iterdir()}


@pytest.mark.parametrize(("name", "moment"), list(moments()))
def test_an_interrupt_at_any_moment(name, moment, tmp_path, tables):
    folder, cache = tmp_path / "here", tmp_path / "cache"
    before = prepare(folder, tables)
    arguments = COMMANDS[name][0]
    ended = interrupted(command(*arguments), folder, environment(cache), moment)
    assert not [word for word in UNTOLD if word in ended.err], ended.err
    if not ended.sent:
        assert ended.code == (2 if name == "refusal" else 0), ended.err
    elif ended.err == SAID:
        assert ended.code == 2
    else:
        # It was done while the signal was on its way.
        assert ended.code in (0, 2), ended
    assert left(tmp_path) == []
    assert {path.name for path in folder.iterdir()} <= {*before, "out"}
    assert whole(folder / "out")


@pytest.mark.parametrize(
    ("signals", "code"),
    [
        ([signal.SIGINT], 2),
        ([signal.SIGINT] * 5, 2),
        ([signal.SIGTERM], 143),
        ([signal.SIGHUP], 129),
        ([signal.SIGTERM, signal.SIGINT], 143),
    ],
    ids=["ctrl-c", "five times", "terminated", "hung up", "both"],
)
def test_signals_and_their_codes(signals, code, tmp_path):
    """While a report is written, of which no part stays, nor folders made for it."""
    script = (
        "import sys, time\n"
        "import zizhu.cli.commands\n"
        "from zizhu.beside import beside\n"
        "from zizhu.cli import main\n"
        "@zizhu.cli.app.command()\n"
        "def stuck():\n"
        "    with beside('deep/out') as place:\n"
        "        (place / 'report.html').write_text('half')\n"
        "        time.sleep(600)\n"
        "sys.argv = ['zizhu', 'stuck']\n"
        "main()\n"
    )
    line = [sys.executable, "-c", script]
    ended = interrupted(line, tmp_path / "here", environment(tmp_path), 1.0, signals)
    assert (ended.code, ended.err) == (code, SAID)
    assert list((tmp_path / "here").iterdir()) == []


def test_what_shall_be_ignored_is(tmp_path):
    """A shell starts `zizhu ... &` and nohup with signals ignored."""
    script = (
        "import os, signal, sys\n"
        "signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
        "import zizhu.cli.commands\n"
        "from zizhu.cli import main\n"
        "@zizhu.cli.app.command()\n"
        "def signals():\n"
        "    for number in (signal.SIGINT, signal.SIGHUP): os.kill(os.getpid(), number)\n"
        "    print('still here')\n"
        "sys.argv = ['zizhu', 'signals']\n"
        "main()\n"
    )
    ended = run([sys.executable, "-c", script], tmp_path, environment(tmp_path))
    assert ended[:3] == (0, "still here\n", "")


@pytest.mark.parametrize("times", [1, pytest.param(12, marks=pytest.mark.long, id="12 times")])
def test_a_refusal_does_not_wait_for_the_compiler(times, tmp_path, tables):
    """What was being compiled ahead must take nobody down."""
    folder = tmp_path / "here"
    prepare(folder, tables)
    for place in range(times):
        variables = environment(tmp_path / f"cache{place}")
        ended = run(command(*COMMANDS["refusal"][0]), folder, variables)
        assert ended.code == 2, ended
        assert ended.err == "error: no chain is attached to a sector of world small\n"


def test_a_program_that_is_compiled_ahead_outlives_no_interpreter(tmp_path):
    """As a library: the interpreter waits for the compiler, instead of crashing beneath it."""
    script = (
        "import sys, jax.numpy as jnp\n"
        "from zizhu.model.program import Program\n"
        "def long(x):\n"
        "    for step in range(300): x = jnp.sin(x @ x) + step\n"
        "    return x\n"
        "Program(long).ahead(jnp.eye(3))\n"
        "sys.exit(3)\n"
    )
    ended = run([sys.executable, "-c", script], tmp_path, environment(tmp_path))
    assert ended[:3] == (3, "", "")


def test_a_terminal_gets_its_cursor_back(tmp_path):
    """A progress bar hides the cursor; at an interrupt it goes and shows it again."""
    pty = pytest.importorskip("pty")
    script = (
        "import sys, time\n"
        "import zizhu.cli.commands\n"
        "from zizhu.cli import main\n"
        "from zizhu.cli.console import steps\n"
        "@zizhu.cli.app.command()\n"
        "def stuck():\n"
        "    with steps() as step:\n"
        "        step('sleeping')\n"
        "        time.sleep(600)\n"
        "sys.argv = ['zizhu', 'stuck']\n"
        "main()\n"
    )
    ours, theirs = pty.openpty()
    with heard(signal.SIGINT):
        process = subprocess.Popen(
            [sys.executable, "-c", script],
            cwd=tmp_path,
            env=environment(tmp_path, TERM="xterm", COLUMNS="80"),
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
    with process:
        os.close(theirs)
        shown = b""
        while b"sleeping" not in shown:
            shown += os.read(ours, 65536)
        process.send_signal(signal.SIGINT)
        while True:
            try:
                more = os.read(ours, 65536)
            except OSError:  # Linux says so that nobody writes any more
                more = b""
            if not more:
                break
            shown += more
    os.close(ours)
    assert process.returncode == 2
    after = shown[shown.rindex(b"\x1b[?25l") :]
    assert b"\x1b[?25h" in after
    assert after.endswith(SAID.replace("\n", "\r\n").encode())


def test_half_a_world_file_is_never_there(tmp_path, tables):
    """Interrupts while a world is written leave the file that was there."""
    folder = tmp_path / "here"
    prepare(folder, tables)
    old = (folder / "small.nc").read_bytes()
    rng = random.Random(7)
    for _ in range(2):
        line = command("world", "aggregate", "2017", "--merge", "EU=DEU,FRA", "--out", "small.nc")
        ended = interrupted(line, folder, environment(tmp_path), rng.uniform(0.5, 2.5))
        assert ended.code in (0, 2), ended
        if ended.code == 2:
            assert (folder / "small.nc").read_bytes() == old
        assert left(tmp_path) == []
        (folder / "small.nc").write_bytes(old)


def test_the_entry_point_leaves_other_processes_alone(monkeypatch):
    """A program that calls `main`, as this test does, keeps its signals and gets `SystemExit`."""
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    streams = sys.stdout, sys.stderr
    monkeypatch.setattr(sys, "argv", ["zizhu", "--version"])
    with pytest.raises(SystemExit) as stop:
        zizhu.cli.main()
    assert stop.value.code == 0
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before
    assert (sys.stdout, sys.stderr) == streams
    assert Path(zizhu.cli.__file__).name == "__init__.py"
