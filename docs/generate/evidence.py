"""Facts and claims: tables from the files, and what every test of a claim finds."""

from __future__ import annotations

from collections import Counter

from generate.fresh import write, write_facts
from generate.markdown import table
from zizhu.evidence import check_conversions, claims, documents, facts
from zizhu.evidence.derived import derived, derived_names
from zizhu.evidence.settle import Finding, settle
from zizhu.evidence.vocabulary import CONFIDENCES, KINDS, TOPICS, UNITS, VERDICTS
from zizhu.report.evidence import agreement, amount, spoken


def evidence() -> None:
    """Everything on the page `evidence.md`."""
    _vocabulary()
    _facts()
    found = {one.id: settle(one) for one in claims().values()}
    tested = {name: one for name, one in found.items() if one is not None}
    _claims(tested)
    _tests(tested)
    _conversions()
    _derived()
    agrees = Counter(one.agrees for one in tested.values())
    verdicts = Counter(one.verdict for one in claims().values())
    write_facts(
        "evidence",
        {
            "evidence_facts": str(len(facts())),
            "evidence_claims": str(len(claims())),
            "evidence_supported": str(verdicts["supported"]),
            "evidence_caveat": str(verdicts["supported_with_caveat"]),
            "evidence_tested": str(len(tested)),
            "evidence_agree": str(agrees[True]),
            "evidence_differ": str(agrees[False]),
            "evidence_open": str(agrees[None]),
            "evidence_tables": str(sum(one.kind == "table" for one in tested.values())),
        },
    )


def _vocabulary() -> None:
    counted = Counter(one.verdict for one in claims().values())
    rows = [(spoken(name), text, counted[name] or "") for name, text in VERDICTS.items()]
    write("evidence-verdicts.md", table(("verdict", "means", "claims"), rows, "llr"))
    parts = (("topics", TOPICS), ("kinds", KINDS), ("confidences", CONFIDENCES), ("units", UNITS))
    for name, words in parts:
        rows = [(f"`{word}`", text) for word, text in words.items()]
        write(f"evidence-{name}.md", table((name.rstrip("s"), "means"), rows))


def _facts() -> None:
    parts = []
    for topic, text in TOPICS.items():
        rows = [
            (f"**{one.id}**", one.statement, one.source, one.confidence)
            for one in facts().values()
            if one.topic == topic
        ]
        heading = f"### {topic.capitalize()}: {text}"
        parts.append(f"{heading}\n\n{table(('', 'fact', 'source', 'confidence'), rows)}")
    write("evidence-facts.md", "\n\n".join(parts))


def _claims(tested: dict[str, Finding]) -> None:
    rows = [
        (f"**{name}**", one.outlet, one.genre, one.period, counted)
        for name, one in documents().items()
        if (counted := sum(claim.document == name for claim in claims().values()))
    ]
    columns = ("", "outlet", "kind of text", "written", "claims")
    write("evidence-documents.md", table(columns, rows, "llllr"))
    parts = []
    for verdict in VERDICTS:
        rows = []
        for one in claims().values():
            if one.verdict != verdict:
                continue
            where = f"{one.document}, {', '.join(map(str, one.lines))}"
            test = agreement(tested[one.id]) if one.id in tested else ""
            cited = ", ".join(one.evidence)
            rows.append((f"**{one.id}**", one.summary, one.because, cited, where, test))
        if rows:
            columns = ("", "claim", "why", "facts", "lines", "test")
            parts.append(f"### {spoken(verdict).capitalize()}\n\n{table(columns, rows)}")
    write("evidence-claims.md", "\n\n".join(parts))


def _tests(tested: dict[str, Finding]) -> None:
    rows = [
        (
            f"**{name}**",
            found.reading,
            f"{amount(found.numbers[0])}: {found.numbers[0].label}",
            "tables" if found.kind == "table" else "cited figures",
            f"{agreement(found)}: {found.rule}",
        )
        for name, found in tested.items()
    ]
    columns = ("", "what the numbers say", "first number", "rests on", "and the claim")
    write("evidence-tests.md", table(columns, rows))


def _conversions() -> None:
    rows = [
        (
            one.entry,
            one.amount,
            one.stated,
            one.date,
            f"{one.implied:.3f}",
            f"{one.dated:.3f}",
            f"{one.deviation:+.1f}",
            f"**{one.mark}**" if one.off else one.mark,
        )
        for one in check_conversions(facts(), claims())
    ]
    columns = ("", "amount", "stated as", "date", "implied rate", "dated rate", "off by, %", "")
    write("evidence-conversions.md", table(columns, rows, "llllrrrl"))


def _derived() -> None:
    rows = [
        (f"`{name}`", len(derived(name).frame), derived(name).source, derived(name).licence)
        for name in derived_names()
    ]
    columns = ("table", "rows", "from", "licence")
    write("evidence-derived.md", table(columns, rows, "lrll"))
