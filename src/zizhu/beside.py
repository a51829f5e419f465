"""Writing whole or not at all: into a folder beside, from where files move into place at the end.

The folder beside is called `.zizhu-HOST-PID-xxxxxxxx`. It goes when the writing ends, however it
ends. One that was left by a process that could not tidy up (killed, out of power) goes when the
next one writes to the same place.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock

_NAME = re.compile(r"\.zizhu-(?P<host>.*)-(?P<pid>\d+)-[a-z0-9_]{8}")
# Seconds after which a folder whose process cannot be asked for is nobody's: writing takes a few.
_LONG_AGO = 86_400.0
# Clocks of files and of processes differ by less.
_SLACK = 2.0

# What has to go if the process ends now: folders beside, and folders made to put them into.
_open: dict[Path, list[Path]] = {}
# Held while files move or folders come and go.
_changing = Lock()


@contextmanager
def beside(folder: str | Path) -> Iterator[Path]:
    """An empty folder inside `folder` to write into; at the end it goes with all that is in it.

    `folder` is made, with its parents, and those that were made go again if they are still empty.
    Raises `OSError`.
    """
    target = Path(os.path.abspath(folder))
    made: list[Path] = []
    place: Path | None = None
    try:
        with _changing:
            made = [one for one in (target, *target.parents) if not one.exists()]
            target.mkdir(parents=True, exist_ok=True)
            _sweep(target)
            place = Path(tempfile.mkdtemp(prefix=f".zizhu-{_host()}-{os.getpid()}-", dir=target))
            _open[place] = made
        yield place
    finally:
        with _changing:
            _remove(place, made)
            if place is not None:
                _open.pop(place, None)


def put(files: Mapping[Path, Path], stale: Iterable[Path] = ()) -> None:
    """Move files and folders from beside into their places, and remove what is `stale` there.

    An interrupt comes before all moves or after them. Raises `OSError`, before anything has moved
    if a folder, a device or a pipe is where a file should be.
    """
    for source, place in files.items():
        if source.is_file() and place.is_dir():
            raise IsADirectoryError(21, f"a folder is where the file {place.name} should be")
        # A device such as /dev/null would be replaced by a file, for everybody.
        if place.exists() and not (place.is_file() or place.is_dir()):
            raise OSError(22, f"{place.name} is a device or a pipe, not a file")

    def move() -> None:
        with _changing:
            for place in files.values():
                place.parent.mkdir(parents=True, exist_ok=True)
            for source, place in files.items():
                os.replace(source, place)
            for place in stale:
                place.unlink(missing_ok=True)

    # Interrupts are raised on the main thread only; this one finishes what it began.
    with ThreadPoolExecutor(1) as alone:
        moved = alone.submit(move)
    moved.result()


def abandon() -> None:
    """Remove what is beside, as the process ends at once: nothing is begun or moved after this.

    Waits for moves that go on. Other threads that come to write or to move wait for ever.
    """
    _changing.acquire(timeout=1.0)
    for place, made in list(_open.items()):
        _remove(place, made)


def _remove(place: Path | None, made: Iterable[Path]) -> None:
    if place is not None:
        shutil.rmtree(place, ignore_errors=True)
    for folder in made:
        with suppress(OSError):
            folder.rmdir()


def _sweep(folder: Path) -> None:
    """Remove what processes that are gone left in a folder."""
    for found in folder.glob(".zizhu-*"):
        with suppress(OSError):
            if found not in _open and _is_left(found):
                shutil.rmtree(found, ignore_errors=True)


def _is_left(found: Path) -> bool:
    """Whether no process writes here any more."""
    named = _NAME.fullmatch(found.name)
    if named is None or not found.is_dir() or found.is_symlink():
        return False
    changed = found.stat().st_mtime
    began = _began(int(named["pid"])) if named["host"] == _host() else None
    if began is None:
        return time.time() - changed > _LONG_AGO
    # A process that began later has the number of the one that wrote.
    return changed < began - _SLACK


def _began(pid: int) -> float | None:
    """When a process began, in seconds since 1970: infinite if it is gone, None if unknown."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        up = float(Path("/proc/uptime").read_text(encoding="utf-8").split()[0])
    except FileNotFoundError:
        return float("inf") if Path("/proc/self/stat").exists() else _began_elsewhere(pid)
    except (OSError, ValueError, IndexError):
        return None
    if fields[0] in "ZX":
        return float("inf")
    return time.time() - up + int(fields[19]) / os.sysconf("SC_CLK_TCK")


def _began_elsewhere(pid: int) -> float | None:
    """The same where the system keeps no /proc: only whether it is gone, and not on Windows."""
    if os.name != "posix":
        return None
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return float("inf")
    except OSError:
        return None
    return None


def _host() -> str:
    """This machine's name, for a folder that several share."""
    name = os.uname().nodename if hasattr(os, "uname") else os.environ.get("COMPUTERNAME", "")
    return re.sub(r"[^A-Za-z0-9]", "", name)[:24] or "host"
