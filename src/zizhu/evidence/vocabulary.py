"""The words that facts and claims may use, and what each means."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pydantic import AfterValidator

from zizhu.errors import EvidenceError, did_you_mean, quoted

TOPICS = {
    "money": "funds, subsidies, tax, credit",
    "knowledge": "research, talent, patents, papers",
    "learning": "learning by doing and scale",
    "pressures": "export controls, pandemic, demography",
    "sectors": "dependence and self-sufficiency by sector",
    "costs": "costs and consequences",
    "regions": "regions, firms, procurement, trade",
}

CONFIDENCES = {
    "high": "read in the source, or in two that agree",
    "medium": "a second-hand copy, or parts that differ in quality",
    "low": "one weak source, or recalled",
}

KINDS = {
    "numeric": "a number",
    "direction": "something rises or falls",
    "causal": "one thing brings about another",
    "ordinal": "an order or a lead",
    "institutional": "who does what",
    "normative": "what ought to be",
    "target": "what is to be reached, and when",
}

VERDICTS = {
    "supported": "the evidence says the same",
    "supported_with_caveat": "true under a definition or limit that the document leaves out",
    "partly": "one part holds, another does not",
    "plausible": "no evidence against it, none that settles it",
    "contested": "serious evidence on both sides",
    "misleading": "the number exists and means something else",
    "inconsistent": "contradicts itself or arithmetic",
    "contradicted_on_one_measure": "false by one of the usual measures, true by others",
    "contradicted_in_part": "one part is false",
    "unconfirmed": "no second source was found",
    "untestable": "nothing public would show it",
    "untested": "could be tested; nobody has, here or in what was read",
    "open": "lies in the future",
    "not_applicable": "not a statement of fact",
}

UNITS = {
    "percent": "percent",
    "percentage points": "differences of two percentages",
    "% of GDP": "percent of gross domestic product",
    "bn CNY": "thousand million yuan",
    "tn CNY": "million million yuan",
    "bn USD": "thousand million US dollars",
    "bn EUR": "thousand million euros",
    "1": "ratio or index",
    "elasticity": "percent per percent",
    "years": "years",
    "people": "people",
    "firms": "firms",
    "funds": "funds",
    "families": "patent families",
    "grants": "granted patents",
    "degrees": "degrees awarded in a year",
    "cities": "cities",
    "technologies": "technologies",
    "units": "pieces",
    "USD": "US dollars",
    "nm": "nanometres",
}


def checked(what: str, word: str, known: Iterable[str]) -> str:
    """`word` if it is `known`; raises `EvidenceError` with the nearest known word."""
    names = list(known)
    if word not in names:
        raise EvidenceError(f"{quoted(word)} is not a {what}{did_you_mean(word, names)}")
    return word


def one_of(what: str, known: Iterable[str]) -> AfterValidator:
    """Validator of a field that holds one of the `known` words."""
    names = list(known)

    def check(word: str) -> str:
        try:
            return checked(what, word, names)
        except EvidenceError as error:
            raise ValueError(str(error)) from error

    return AfterValidator(check)


def each_of(what: str, known: Callable[[], Iterable[str]]) -> AfterValidator:
    """Validator of a field that holds a tuple of words; they are looked up when it is used."""

    def check(words: tuple[str, ...]) -> tuple[str, ...]:
        names = list(known())
        try:
            return tuple(checked(what, word, names) for word in words)
        except EvidenceError as error:
            raise ValueError(str(error)) from error

    return AfterValidator(check)
