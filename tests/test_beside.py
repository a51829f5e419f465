"""What is written beside goes, however the writing ends, and only what nobody writes any more."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from zizhu import beside as module
from zizhu.beside import _host, beside, put

WRITES_FOR_EVER = (
    "import sys, time\n"
    "from zizhu.beside import beside\n"
    "with beside(sys.argv[1]) as place:\n"
    "    (place / 'half').write_text('half')\n"
    "    print('writing', flush=True)\n"
    "    time.sleep(600)\n"
)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def left_by(pid, folder, host=None):
    """A folder as a process of this number leaves it."""
    place = folder / f".zizhu-{host or _host()}-{pid}-abcdefg_"
    (place / "tables").mkdir(parents=True)
    (place / "tables" / "half.csv").write_text("half")
    return place


def gone():
    """Number of a process that has ended."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return process.pid


def test_files_come_whole_and_nothing_else_stays(tmp_path):
    with beside(tmp_path / "a" / "b") as place:
        (place / "new").write_text("new")
        assert names(tmp_path / "a" / "b") == [place.name]
        put({place / "new": tmp_path / "a" / "b" / "deep" / "new"})
    assert names(tmp_path / "a" / "b") == ["deep"]
    with pytest.raises(KeyboardInterrupt), beside(tmp_path / "c" / "d"):
        raise KeyboardInterrupt
    assert names(tmp_path) == ["a"]


def test_a_folder_in_the_way_moves_nothing(tmp_path):
    (tmp_path / "out" / "z").mkdir(parents=True)
    (tmp_path / "out" / "a").write_text("old")
    with beside(tmp_path / "out") as place:
        for name in "az":
            (place / name).write_text("new")
        with pytest.raises(IsADirectoryError, match="where the file z should be"):
            put({place / name: tmp_path / "out" / name for name in "az"})
    assert (tmp_path / "out" / "a").read_text() == "old"
    assert names(tmp_path / "out") == ["a", "z"]


def test_an_interrupt_between_moves_waits_for_the_last(tmp_path, monkeypatch):
    replace, main = os.replace, os.getpid()

    def slow(source, place):
        if source.name == "b":
            os.kill(main, signal.SIGINT)
        time.sleep(0.05)
        replace(source, place)

    monkeypatch.setattr(os, "replace", slow)

    def write():
        with beside(tmp_path / "out") as place:
            for name in "abc":
                (place / name).write_text("new")
            put({place / name: tmp_path / "out" / name for name in "abc"})

    with pytest.raises(KeyboardInterrupt):
        write()
    assert names(tmp_path / "out") == ["a", "b", "c"]


@pytest.mark.skipif(os.name != "posix", reason="Windows does not say which processes are gone")
def test_what_a_killed_process_left_goes_with_the_next_writing(tmp_path):
    with subprocess.Popen(
        [sys.executable, "-c", WRITES_FOR_EVER, tmp_path], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "writing\n"
        (left,) = names(tmp_path)
        with beside(tmp_path):
            assert left in names(tmp_path)  # it still writes
        process.kill()
    assert names(tmp_path) == [left]
    with beside(tmp_path):
        assert left not in names(tmp_path)
    assert names(tmp_path) == []


@pytest.mark.skipif(not os.path.exists("/proc/self/stat"), reason="asks /proc")
def test_the_number_of_a_process_may_be_another_s(tmp_path):
    """Left alone is what is younger than the process of its number."""
    place = left_by(os.getppid(), tmp_path)
    with beside(tmp_path):
        assert place.exists()
    os.utime(place, (1_000_000_000, 1_000_000_000))
    with beside(tmp_path):
        assert not place.exists()


def test_another_machine_s_and_other_names_are_left_alone(tmp_path):
    dead = gone()
    theirs = left_by(dead, tmp_path, host="elsewhere")
    mine = tmp_path / ".zizhu-notes"
    mine.mkdir()
    file = tmp_path / f".zizhu-{_host()}-{dead}-abcdefgh"
    file.write_text("a file")
    with beside(tmp_path):
        pass
    assert theirs.exists()
    assert mine.exists()
    assert file.exists()
    day = time.time() - 90_000
    os.utime(theirs, (day, day))
    with beside(tmp_path):
        assert not theirs.exists()


def test_after_abandoning_nothing_is_begun(tmp_path):
    """As at an interrupt: what is there goes, and threads that come to write wait."""
    code = (
        "import sys, threading, time\n"
        "from pathlib import Path\n"
        "from zizhu import beside\n"
        "def write(name):\n"
        "    with beside.beside(Path(sys.argv[1]) / name) as place:\n"
        "        (place / 'half').write_text('half')\n"
        "        time.sleep(600)\n"
        "threading.Thread(target=write, args=('one',), daemon=True).start()\n"
        "while not list(Path(sys.argv[1]).rglob('half')): time.sleep(0.01)\n"
        "threading.Thread(target=beside.abandon).start()\n"
        "while list(Path(sys.argv[1]).iterdir()): time.sleep(0.01)\n"
        "threading.Thread(target=write, args=('two',), daemon=True).start()\n"
        "time.sleep(0.3)\n"
        "import os; os._exit(len(list(Path(sys.argv[1]).iterdir())))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, tmp_path], check=False, timeout=60, capture_output=True
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert names(tmp_path) == []
    assert module._open == {}


def test_a_pipe_is_never_replaced(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    source = tmp_path / "source"
    source.write_text("x", encoding="utf-8")
    with pytest.raises(OSError, match="a device or a pipe"):
        put({source: pipe})
    assert pipe.is_fifo()
    assert source.exists()
