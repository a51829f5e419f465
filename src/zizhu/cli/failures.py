"""What the machine is to blame for, in one sentence: memory, disk, permissions, devices."""

from __future__ import annotations

import os
import sys

_NO_MEMORY = ("RESOURCE_EXHAUSTED", "out of memory", "Out of memory", "Cannot allocate memory")


def failure(error: Exception) -> str | None:
    """One sentence for a failure that is neither the user's input nor ours; None for another.

    Libraries raise most of these as plain `RuntimeError`, so that their text has to tell.
    """
    text = str(error)
    if isinstance(error, MemoryError) or any(words in text for words in _NO_MEMORY):
        return _no_memory(text)
    if isinstance(error, ImportError) and "failed to map segment" in text:
        return _no_memory("")
    if isinstance(error, RuntimeError) and "can't start new thread" in text:
        return "no thread can be started: memory or processes of this user are at their limit"
    if not _has_device():
        return (
            f"JAX_PLATFORMS={os.environ['JAX_PLATFORMS']}: JAX finds no such device here; unset "
            "it, or set it to cpu"
        )
    if isinstance(error, OSError):
        return _of_system(error)
    return None


def _no_memory(text: str) -> str:
    asked = "allocate" + text.partition("allocate")[2].partition(".")[0]
    wanted = f" (it could not {asked})" if "allocate" in text and len(asked) < 80 else ""
    return (
        f"not enough memory{wanted}; a higher limit (ulimit -v) or a world of fewer regions or "
        "sectors is right"
    )


def _has_device() -> bool:
    """Whether the devices that the user asked JAX for are there; versions complain differently."""
    if not os.environ.get("JAX_PLATFORMS") or "jax" not in sys.modules:
        return True
    try:
        sys.modules["jax"].devices()
    except (RuntimeError, AssertionError):
        return False
    return True


def _of_system(error: OSError) -> str:
    reason = error.strerror or str(error)
    if error.filename is not None:
        return f"{error.filename}: {reason}"
    try:
        os.getcwd()
    except OSError:
        return f"the current folder cannot be read: {reason}; change to another one"
    return reason[:1].lower() + reason[1:]
