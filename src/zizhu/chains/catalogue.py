"""Which chains there are, and reading one by name or path."""

from __future__ import annotations

import os
import re
from functools import lru_cache, partial
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from zizhu.chains.chain import Chain
from zizhu.chains.checks import check_chain
from zizhu.chains.same import joined
from zizhu.errors import ChainError, did_you_mean, quoted, short
from zizhu.reading import read_mapping, sentence


def _folder() -> Path:
    return Path(str(files("zizhu.chains") / "library"))


def chain_names() -> list[str]:
    """Names of the shipped chains."""
    return sorted(file.stem for file in _folder().glob("*.yaml"))


def load_chain(name: str | Path) -> Chain:
    """Read a chain by name or path and check every rule.

    Raises `ChainError` naming file, node or edge, field, what was found and what would be right.
    """
    if str(name) in chain_names():
        return _shipped(str(name))
    path = Path(os.path.expanduser(name))
    if not os.path.isfile(path):  # unlike Path.is_file, no error for a name no file can have
        hint = did_you_mean(name, chain_names())
        raise ChainError(f"chain {quoted(str(name))} is neither shipped nor a file{hint}")
    return _read(path)


def shipped_chains() -> dict[str, Chain]:
    """All shipped chains by name."""
    return {name: _shipped(name) for name in chain_names()}


@lru_cache(maxsize=64)
def _shipped(name: str) -> Chain:
    return _read(_folder() / f"{name}.yaml")


@lru_cache(maxsize=64)
def _written(path: Path) -> dict[str, Any]:
    """A shipped chain as it stands in its file; nobody writes into it."""
    return _mapping(path)


def _mapping(path: Path) -> dict[str, Any]:
    return read_mapping(path, "chain file", ChainError, "`nodes:` and `edges:`")


def _read(path: Path) -> Chain:
    folder = _folder()
    raw = _written(path) if path.parent == folder else _mapping(path)
    place = f"chain file {short(Path(path.name))}"
    try:
        others = {name: partial(_written, folder / f"{name}.yaml") for name in chain_names()}
        raw = joined(raw, others)
        chain = Chain.model_validate(raw)
        check_chain(chain)
    except ValidationError as error:
        raise ChainError(f"{place}, {_named_edge(sentence(error, Chain), raw)}") from error
    except ChainError as error:
        raise ChainError(f"{place}, {error}") from error
    return chain


def _named_edge(complaint: str, raw: dict[str, Any]) -> str:
    """Name an edge by its ends where a complaint counts it."""
    match = re.search(r"edges\.(\d+)", complaint)
    edges = raw.get("edges")
    if not match or not isinstance(edges, list) or not isinstance(edges[int(match[1])], dict):
        return complaint
    edge = edges[int(match[1])]
    return complaint.replace(
        match[0], f"edge {short(edge.get('input'))} -> {short(edge.get('parent'))}"
    )
