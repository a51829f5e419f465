"""Claims of the documents: what each says, the verdict on it, and what would settle it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import Field

from zizhu.errors import EvidenceError, did_you_mean, quoted
from zizhu.evidence.conversions import Conversion
from zizhu.evidence.definitions import definitions as known_tags
from zizhu.evidence.documents import Document, documents
from zizhu.evidence.entries import Entry, Words, read_entries, shipped
from zizhu.evidence.facts import Fact, facts, look_up
from zizhu.evidence.registry import TESTS
from zizhu.evidence.vocabulary import KINDS, VERDICTS, each_of, one_of


class Claim(Entry):
    """A claim that can be examined.

    lines       of the document, counted from 1
    observable  what would have to be measured
    because     why this verdict, with the decisive number
    evidence    ids of facts
    settled_by  the test that would settle it
    test        name of a test that computes what can be computed of it
    """

    document: str
    lines: tuple[int, ...] = Field(min_length=1)
    summary: Words
    kind: Annotated[str, one_of("kind", KINDS)]
    observable: Words
    verdict: Annotated[str, one_of("verdict", VERDICTS)]
    because: Words
    evidence: tuple[str, ...] = ()
    settled_by: Words
    definitions: Annotated[tuple[str, ...], each_of("definition tag", known_tags)] = ()
    conversions: tuple[Conversion, ...] = ()
    test: str | None = None


@lru_cache(maxsize=1)
def claims() -> dict[str, Claim]:
    """The shipped claims by id."""
    return load_claims(shipped("claims.yaml"))


def load_claims(
    path: str | Path,
    known_facts: Mapping[str, Fact] | None = None,
    known_documents: Mapping[str, Document] | None = None,
    tests: Iterable[str] | None = None,
) -> dict[str, Claim]:
    """Read a file of claims and look up every fact, document, line and test that it names.

    Without `known_facts`, `known_documents` and `tests` the shipped ones are known. Raises
    `EvidenceError` naming file, entry, field, what was found and what would be right.
    """
    found = read_entries(Path(path), Claim, "`C001: {document: D0, ...}`")
    known = facts() if known_facts is None else known_facts
    sources = documents() if known_documents is None else known_documents
    names = tuple(TESTS) if tests is None else tuple(tests)
    for one in found.values():
        place = f"claim file {path}, entry {one.id}, field"
        for name in one.evidence:
            if name not in known:
                raise EvidenceError(
                    f"{place} evidence: there is no fact {quoted(name)}{did_you_mean(name, known)}"
                )
        if one.document not in sources:
            raise EvidenceError(
                f"{place} document: there is no document {quoted(one.document)}"
                f"{did_you_mean(one.document, sources)}"
            )
        last = sources[one.document].lines
        for line in one.lines:
            if line < 1 or (last is not None and line > last):
                raise EvidenceError(
                    f"{place} lines: {one.document} has no line {line}; its lines are 1 to "
                    f"{last or 'its last'}"
                )
        if one.test is not None and one.test not in names:
            raise EvidenceError(
                f"{place} test: there is no test {quoted(one.test)}{did_you_mean(one.test, names)}"
            )
    return found


def claim(name: str) -> Claim:
    """Look a shipped claim up; raises `EvidenceError` with the nearest id."""
    return look_up("claim", name, claims())
