"""What is kept between runs so that the second starts fast: compiled programs, numbers."""

from __future__ import annotations

import errno
import hashlib
import json
import math
import os
import warnings
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import jax
import numpy as np
from platformdirs import user_cache_dir

from zizhu.beside import beside, put

CACHE_VARIABLE = "ZIZHU_CACHE_DIR"
# Rooms that numbers rest on; what only shows them may change.
_ROOMS = ("world", "chains", "parameters", "policy", "model", "indicators", "laboratory")


def cache_folder() -> Path:
    """The user's cache folder of zizhu, or the folder named by ZIZHU_CACHE_DIR.

    Raises `OSError` for a user without a home.
    """
    given = os.environ.get(CACHE_VARIABLE)
    if given:
        return Path(given)
    try:
        folder = Path(user_cache_dir("zizhu"))
    except RuntimeError:
        folder = Path("~")
    # Older versions of platformdirs leave what they cannot expand.
    if not folder.is_absolute():
        raise FileNotFoundError(errno.ENOENT, "this user has none", "home folder")
    return folder


@lru_cache(maxsize=1)
def use_compilation_cache() -> bool:
    """Keep compiled programs on disk. Without a writable folder each run compiles again."""
    try:
        folder = cache_folder() / "compiled"
        with beside(folder):
            pass
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        warnings.warn(
            f"the cache folder cannot be written ({error.filename}: {error.strerror}): every run "
            f"compiles again; set {CACHE_VARIABLE} to a folder of yours",
            stacklevel=3,
        )
        return False
    _write_entries_whole(folder)
    jax.config.update("jax_compilation_cache_dir", str(folder))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.0)
    jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)
    return True


def _write_entries_whole(folder: Path) -> None:
    """Let JAX write its entries beside first.

    It writes them in place: one cut short by a full disk or a kill could never be read nor written
    again. No setting of JAX changes that; where a version keeps its entries otherwise, they are
    written as it does.
    """
    try:
        from jax._src.lru_cache import LRUCache  # noqa: PLC0415 (may be missing)

        write_in_place, end = LRUCache.put, "-cache"
    except (ImportError, AttributeError):
        return

    def put_whole(self: Any, key: str, value: bytes) -> None:
        if Path(self.path) != folder or self.eviction_enabled:
            write_in_place(self, key, value)
        elif not (folder / f"{key}{end}").exists():
            with suppress(OSError), beside(folder) as place:
                (place / "entry").write_bytes(value)
                put({place / "entry": folder / f"{key}{end}"})

    setattr(LRUCache, "put", put_whole)  # noqa: B010 (type checkers refuse an assignment)


@lru_cache(maxsize=1)
def _code() -> bytes:
    """Digest of the model's source and of JAX's version: another program, other numbers."""
    digest = hashlib.sha256(version("jax").encode())
    for file in sorted((Path(__file__).parent / "model").glob("*.py")):
        digest.update(file.read_bytes())
    return digest.digest()


@lru_cache(maxsize=1)
def package_digest() -> bytes:
    """Digest of all modules and data files that numbers rest on: another version, other numbers."""
    digest = hashlib.sha256(_code())
    root = Path(__file__).parent
    for room in _ROOMS:
        kept = (file for kind in ("py", "yaml", "csv") for file in (root / room).rglob(f"*.{kind}"))
        for file in sorted(kept):
            digest.update(file.relative_to(root).as_posix().encode())
            digest.update(file.read_bytes())
    return digest.digest()


def _numbers(name: str) -> Path:
    """The file of numbers of this name; one that cannot be for a user without a home."""
    try:
        return cache_folder() / "numbers" / name
    except OSError:
        return Path(os.devnull) / name


def remembered_arrays(
    name: str, key: bytes, compute: Callable[[], Mapping[str, np.ndarray]]
) -> Mapping[str, np.ndarray]:
    """Arrays of `compute()`, kept on disk under `key`, which must stand for all that they rest on.

    A file that is damaged or cannot be written is ignored: the arrays are computed again.
    """
    digest = hashlib.sha256(name.encode() + key + package_digest())
    file = _numbers(f"{digest.hexdigest()}.npz")
    try:
        with np.load(file, allow_pickle=False) as known:
            return {field: known[field] for field in known.files}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        pass
    found: dict[str, Any] = dict(compute())
    with suppress(OSError), beside(file.parent) as place:
        np.savez(place / file.name, **found)
        put({place / file.name: file})
    return found


def remembered(
    name: str, inputs: Iterable[object], compute: Callable[[], Sequence[float]]
) -> list[float]:
    """Values of `compute()`, kept on disk under the content of `inputs` and of the model's code.

    Only for numbers that depend on nothing else. A file that is damaged or cannot be written is
    ignored: the numbers are computed again.
    """
    digest = hashlib.sha256(name.encode() + _code())
    for given in inputs:
        values = np.asarray(given)
        digest.update(f"{values.shape} {values.dtype}".encode())
        digest.update(np.ascontiguousarray(values).tobytes())
    file = _numbers(f"{digest.hexdigest()}.json")
    try:
        known = [float(value) for value in json.loads(file.read_text(encoding="utf-8"))["values"]]
        if known and all(map(math.isfinite, known)):
            return known
    except (OSError, ValueError, KeyError, TypeError):
        pass
    found = [float(value) for value in compute()]
    with suppress(OSError), beside(file.parent) as place:
        (place / file.name).write_text(json.dumps({"name": name, "values": found}), "utf-8")
        put({place / file.name: file})
    return found
