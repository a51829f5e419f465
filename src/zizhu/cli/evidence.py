"""`zizhu facts` and `zizhu claims`: what others say, with source, verdict and test."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from zizhu.cli.console import show, show_json, steps
from zizhu.errors import EvidenceError

FileOption = Annotated[
    Path | None, typer.Option("--file", help="your own file in the same format, instead")
]
JsonOption = Annotated[bool, typer.Option("--json", help="everything, as JSON")]


def _alone(command: str, name: str | None, **others: object) -> None:
    """Refuse an id together with options that choose among many."""
    given = [f"--{option.replace('_', '-')}" for option, value in others.items() if value]
    if name is not None and given:
        raise EvidenceError(f"{command}: give an id or {given[0]}, not both")


def facts(
    name: Annotated[str | None, typer.Argument(help="show one fact, such as F06")] = None,
    *,
    search: Annotated[
        str | None, typer.Option("--search", help="facts that contain all these words")
    ] = None,
    topic: Annotated[str | None, typer.Option("--topic", help="facts of one topic")] = None,
    file: FileOption = None,
    as_json: JsonOption = False,
) -> None:
    """List sourced facts, or show one and what rests on it."""
    from zizhu.evidence import facts as shipped_facts
    from zizhu.evidence import load_facts
    from zizhu.evidence import search as containing
    from zizhu.evidence.facts import look_up
    from zizhu.evidence.links import links_of_fact
    from zizhu.evidence.vocabulary import TOPICS, checked
    from zizhu.report.evidence import fact_page, facts_table

    _alone("facts", name, search=search, topic=topic)
    if topic is not None:
        checked("topic", topic, TOPICS)
    with steps() as step:
        step("reading facts")
        known = shipped_facts() if file is None else load_facts(file)
        if name is not None:
            one = look_up("fact", name, known)
            step("looking for what rests on it")
            links = links_of_fact(one.id) if file is None else None
    if name is not None:
        if as_json:
            used = links.as_json() if links else {}
            used.pop("facts", None)
            show_json({**one.model_dump(mode="json"), "used_by": used})
        else:
            show(fact_page(one, links))
        return
    chosen = containing(known.values(), search or "")
    chosen = [one for one in chosen if topic in (None, one.topic)]
    if as_json:
        show_json([one.model_dump(mode="json") for one in chosen])
        return
    show(facts_table(chosen))
    show(Text(f"{len(chosen)} of {len(known)} facts; `zizhu facts ID` shows one", style="dim"))


def claims(
    name: Annotated[str | None, typer.Argument(help="show one claim, such as C063")] = None,
    *,
    verdict: Annotated[
        str | None, typer.Option("--verdict", help="claims with one verdict")
    ] = None,
    document: Annotated[
        str | None, typer.Option("--document", help="claims of one document, such as D2")
    ] = None,
    check_units: Annotated[
        bool, typer.Option("--check-units", help="check every conversion of money")
    ] = False,
    test: Annotated[bool, typer.Option("--test", help="run every test")] = False,
    file: FileOption = None,
    as_json: JsonOption = False,
) -> None:
    """List examined claims with their verdicts, or show one with what its test finds."""
    from zizhu.evidence import check_conversions
    from zizhu.evidence import claims as shipped_claims
    from zizhu.evidence import facts as shipped_facts
    from zizhu.evidence.documents import documents
    from zizhu.evidence.facts import look_up
    from zizhu.evidence.own import load_with_neighbours
    from zizhu.evidence.vocabulary import VERDICTS, checked
    from zizhu.report import evidence as pages

    _alone("claims", name, verdict=verdict, document=document, check_units=check_units, test=test)
    if verdict is not None:
        verdict = checked("verdict", verdict.replace(" ", "_"), VERDICTS)
    with steps() as step:
        step("reading claims")
        if file is None:
            known, facts_known, places = shipped_claims(), shipped_facts(), documents()
        else:
            known, facts_known, places = load_with_neighbours(file)
    if document is not None:
        document = checked("document", document.upper(), places)
    if name is not None:
        one = look_up("claim", name, known)
        _show_claim(one, places[one.document], own=file is not None, as_json=as_json)
        return
    if check_units:
        checks = check_conversions(facts_known, known)
        if as_json:
            show_json([one.as_json() for one in checks])
        else:
            show(pages.conversions_table(checks))
            off = [one.entry for one in checks if one.off]
            said = f"above 3 percent: {', '.join(off)}" if off else "none is above 3 percent"
            show(Text(f"{len(checks)} conversions; {said}", style="dim"))
        return
    chosen = [
        one
        for one in known.values()
        if verdict in (None, one.verdict) and document in (None, one.document)
    ]
    if test:
        _show_tests(chosen, as_json=as_json)
    elif as_json:
        show_json([one.model_dump(mode="json") for one in chosen])
    else:
        show(pages.claims_counts(chosen, places))
        show(pages.claims_table(chosen))
        show(Text(f"{len(chosen)} claims; `zizhu claims ID` shows one", style="dim"))


def _show_claim(one: Any, place: Any, *, own: bool, as_json: bool) -> None:
    """The page of one claim; only its own test is run."""
    from zizhu.evidence.links import links_of_claim
    from zizhu.evidence.settle import settle
    from zizhu.evidence.settle.model import MODEL, settle_by_model
    from zizhu.report.evidence import claim_page

    asks_model = one.id in MODEL and not own
    with steps() as step:
        step(f"test {one.test}" if one.test else "no test")
        finding = settle_by_model(one) if asks_model else settle(one)
        step("looking for links")
        links = None if own else links_of_claim(one.id)
    if as_json:
        content = {
            **one.model_dump(mode="json"),
            "finding": finding.as_json() if finding else None,
            "links": links.as_json() if links else None,
        }
        show_json(content)
    else:
        show(claim_page(one, place, finding, links))
        if asks_model and finding is None:
            show(Text(f"the model answers it: `zizhu validate {one.id}`", style="dim"))


def _show_tests(chosen: list[Any], *, as_json: bool) -> None:
    """Run the tests of the chosen claims and say what each found."""
    from zizhu.evidence.settle import settle
    from zizhu.report.evidence import findings_summary, findings_table

    found = []
    with steps(total=sum(one.test is not None for one in chosen)) as step:
        for one in chosen:
            if one.test is None:
                continue
            step(f"{one.id} {one.test}")
            finding = settle(one)
            if finding is not None:
                found.append((one, finding))
    if as_json:
        show_json([{**finding.as_json(), "verdict": one.verdict} for one, finding in found])
        return
    show(findings_table(found))
    show(Text(findings_summary(found), style="dim"))
