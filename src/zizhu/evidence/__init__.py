"""What others say: facts with sources, claims with verdicts, and tests of them."""

from zizhu.evidence.claims import Claim, claim, claims, load_claims
from zizhu.evidence.conversions import CheckedConversion, Conversion, check_conversions
from zizhu.evidence.definitions import definitions
from zizhu.evidence.documents import Document, documents, load_documents
from zizhu.evidence.facts import Fact, Quantity, fact, facts, load_facts, search

__all__ = [
    "CheckedConversion",
    "Claim",
    "Conversion",
    "Document",
    "Fact",
    "Quantity",
    "check_conversions",
    "claim",
    "claims",
    "definitions",
    "documents",
    "fact",
    "facts",
    "load_claims",
    "load_documents",
    "load_facts",
    "search",
]
