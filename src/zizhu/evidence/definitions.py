"""Tags that say what a number counts: a share by location is not a share by headquarters."""

from __future__ import annotations

from functools import lru_cache

from zizhu.errors import EvidenceError
from zizhu.evidence.entries import shipped
from zizhu.reading import read_mapping


@lru_cache(maxsize=1)
def definitions() -> dict[str, str]:
    """Every tag with its meaning in one line.

    Raises `EvidenceError` if a meaning is missing.
    """
    path = shipped("definitions.yaml")
    raw = read_mapping(path, "definitions file", EvidenceError, "`location:`")
    for tag, meaning in raw.items():
        if not isinstance(meaning, str) or not meaning.strip():
            raise EvidenceError(f"definitions file {path}, {tag}: its meaning in one line is right")
    return {tag: " ".join(meaning.split()) for tag, meaning in raw.items()}
