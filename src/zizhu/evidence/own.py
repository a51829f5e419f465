"""A user's own claims, with the facts and documents that lie beside them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TypeVar

from zizhu.errors import EvidenceError
from zizhu.evidence.claims import Claim, load_claims
from zizhu.evidence.documents import Document, documents, load_documents
from zizhu.evidence.facts import Fact, facts, load_facts

T = TypeVar("T")


def load_with_neighbours(
    path: str | Path,
) -> tuple[dict[str, Claim], dict[str, Fact], dict[str, Document]]:
    """Read a file of claims; `facts.yaml` and `documents.yaml` beside it add to the shipped ones.

    Raises `EvidenceError` for anything wrong in the three files, and for an id that is shipped
    already.
    """
    folder = Path(path).parent
    own_facts, own_documents = folder / "facts.yaml", folder / "documents.yaml"
    known_facts, known_documents = dict(facts()), dict(documents())
    if os.path.isfile(own_facts):
        known_facts |= _new(load_facts(own_facts), known_facts, own_facts)
    if os.path.isfile(own_documents):
        known_documents |= _new(load_documents(own_documents), known_documents, own_documents)
    return load_claims(path, known_facts, known_documents), known_facts, known_documents


def _new(found: dict[str, T], shipped: dict[str, T], path: Path) -> dict[str, T]:
    for name in found:
        if name in shipped:
            raise EvidenceError(
                f"{path}, entry {name}: this id is shipped already; choose another, such as X01"
            )
    return found
