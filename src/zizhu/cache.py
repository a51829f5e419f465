"""Where compiled programs are kept, so that a second run starts fast."""

from __future__ import annotations

import os
import warnings
from functools import lru_cache
from pathlib import Path

import jax
from platformdirs import user_cache_dir

CACHE_VARIABLE = "ZIZHU_CACHE_DIR"


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
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.2)
    jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)
    return True
