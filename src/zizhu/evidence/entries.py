"""Reading files that hold one entry for each id: every complaint names file, entry and field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from zizhu.errors import EvidenceError, quoted, short
from zizhu.reading import read_mapping, sentence

_ID = re.compile(r"[A-Z][A-Z0-9_-]{0,15}")
_BLANK = re.compile(r"\s+")


class Entry(BaseModel):
    """Base of every entry: its id is the key under which it is written."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    id: str


E = TypeVar("E", bound=Entry)


def _plain(text: object) -> object:
    if not isinstance(text, str):
        return text
    if not text.strip():
        raise ValueError("it is empty; say it in words")
    return _BLANK.sub(" ", text).strip()


# Text that must say something, on one line however it is folded in the file.
Words = Annotated[str, BeforeValidator(_plain)]


def shipped(name: str) -> Path:
    """A file of this room."""
    return Path(str(files("zizhu.evidence") / name))


def read_entries(path: Path, schema: type[E], example: str) -> dict[str, E]:
    """Read a file of entries, one mapping of fields for each id.

    `example` shows how an entry begins. Raises `EvidenceError` naming file, entry and field, what
    was found and what would be right.
    """
    kind = schema.__name__.lower()
    raw = read_mapping(path, f"{kind} file", EvidenceError, example)
    return {key: _entry(path, schema, key, fields) for key, fields in raw.items()}


def _entry(path: Path, schema: type[E], key: Any, fields: Any) -> E:
    kind = schema.__name__.lower()
    place = f"{kind} file {path}, entry {short(key)}"
    if not isinstance(key, str) or not _ID.fullmatch(key):
        raise EvidenceError(
            f"{place}: an id is capital letters and digits, starting with a letter, such as F01"
        )
    if not isinstance(fields, Mapping):
        found = "nothing" if fields is None else quoted(fields)
        raise EvidenceError(f"{place}: {found} found; a mapping of fields is right")
    if "id" in fields:
        raise EvidenceError(f"{place}, field id: the id is the key {key}; leave the field out")
    try:
        return schema.model_validate({"id": key, **fields})
    except ValidationError as error:
        raise EvidenceError(f"{place}, {sentence(error, schema)}") from error
