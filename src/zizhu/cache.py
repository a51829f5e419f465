"""What is kept between runs so that the second starts fast: compiled programs, numbers."""

from __future__ import annotations

import hashlib
import json
import math
import os
import warnings
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import jax
import numpy as np
from platformdirs import user_cache_dir

CACHE_VARIABLE = "ZIZHU_CACHE_DIR"
# Rooms that numbers rest on; what only shows them may change.
_ROOMS = ("world", "chains", "parameters", "policy", "model", "indicators", "laboratory")


def cache_folder() -> Path:
    """The user's cache folder of zizhu, or the folder named by ZIZHU_CACHE_DIR."""
    return Path(os.environ.get(CACHE_VARIABLE) or user_cache_dir("zizhu"))


@lru_cache(maxsize=1)
def use_compilation_cache() -> bool:
    """Keep compiled programs on disk. Without a writable folder each run compiles again."""
    folder = cache_folder() / "compiled"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".probe-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError:
        warnings.warn(
            f"the cache folder {folder} cannot be written: every run compiles again; set "
            f"{CACHE_VARIABLE} to a folder of yours",
            stacklevel=3,
        )
        return False
    jax.config.update("jax_compilation_cache_dir", str(folder))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.0)
    jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)
    return True


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
        for file in sorted([*(root / room).rglob("*.py"), *(root / room).rglob("*.yaml")]):
            digest.update(file.relative_to(root).as_posix().encode())
            digest.update(file.read_bytes())
    return digest.digest()


def remembered_arrays(
    name: str, key: bytes, compute: Callable[[], Mapping[str, np.ndarray]]
) -> Mapping[str, np.ndarray]:
    """Arrays of `compute()`, kept on disk under `key`, which must stand for all that they rest on.

    A file that is damaged or cannot be written is ignored: the arrays are computed again.
    """
    digest = hashlib.sha256(name.encode() + key + package_digest())
    file = cache_folder() / "numbers" / f"{digest.hexdigest()}.npz"
    try:
        with np.load(file, allow_pickle=False) as known:
            return {field: known[field] for field in known.files}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        pass
    found: dict[str, Any] = dict(compute())
    partial = file.with_suffix(f".{os.getpid()}.partial")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("wb") as target:
            np.savez(target, **found)
        os.replace(partial, file)
    except OSError:
        partial.unlink(missing_ok=True)
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
    file = cache_folder() / "numbers" / f"{digest.hexdigest()}.json"
    try:
        known = [float(value) for value in json.loads(file.read_text(encoding="utf-8"))["values"]]
        if known and all(map(math.isfinite, known)):
            return known
    except (OSError, ValueError, KeyError, TypeError):
        pass
    found = [float(value) for value in compute()]
    partial = file.with_suffix(f".{os.getpid()}.partial")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        partial.write_text(json.dumps({"name": name, "values": found}), encoding="utf-8")
        os.replace(partial, file)
    except OSError:
        partial.unlink(missing_ok=True)
    return found
