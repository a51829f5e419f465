"""The documents whose claims are examined. Their texts are not part of the package."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pydantic import Field

from zizhu.evidence.entries import Entry, Words, read_entries, shipped


class Document(Entry):
    """A document: where it is from and what kind of text it is.

    period  when it was written, as far as known
    lines   how many lines its text has, so that a claim cannot name one that is not there
    """

    file: Words
    outlet: Words
    genre: Words
    period: Words
    note: Words | None = None
    lines: int | None = Field(default=None, gt=0)


@lru_cache(maxsize=1)
def documents() -> dict[str, Document]:
    """The shipped documents by id."""
    return load_documents(shipped("documents.yaml"))


def load_documents(path: str | Path) -> dict[str, Document]:
    """Read a file of documents; raises `EvidenceError` naming file, entry and field."""
    return read_entries(Path(path), Document, "`D0: {file: ...}`")
