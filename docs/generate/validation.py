"""What the model says where something else is known, what failed and why."""

from __future__ import annotations

import re

from generate.fresh import write, write_facts
from generate.markdown import table
from zizhu.chains import load_chain
from zizhu.evidence import claims, content, pace
from zizhu.evidence.moves import pace_by_node
from zizhu.evidence.validation import Validation, validate
from zizhu.laboratory.validation import GROUPS, Check, Part, Runs, remember
from zizhu.laboratory.validation.tools import RISING
from zizhu.report.evidence import agreement, amount
from zizhu.report.validation import band_of, status_of, value_of, verdict_of

_MEASURED = (*RISING, "lith_duv", "process_control")
_SHOWN_YEARS = (2022, 2025, 2030)


def validation() -> None:
    """Everything on the page `validation.md`."""
    found = validate()
    write("validation.md", "\n\n".join(_section(check) for check in found.checks))
    write("validation-overview.md", _overview(found))
    write("validation-claims.md", _claims(found))
    write("validation-home.md", _home_shares())
    write("validation-paces.md", _paces())
    _facts(found)


def _overview(found: Validation) -> str:
    rows = [
        (f"[{check.id}](#check-{check.id.lower()})", check.title, _mark(check), check.reason)
        for check in found.checks
    ]
    return table(("check", "what", "status", "why"), rows)


def _mark(check: Check) -> str:
    said = status_of(check)
    return f"**{said}**" if check.status == "failed" else said


def _section(check: Check) -> str:
    """A heading that can be linked to, what must hold, and the numbers."""
    text = f"(check-{check.id.lower()})=\n### {check.id}: {check.title}\n\n"
    text += f"{check.statement} *{_mark(check).strip('*').capitalize()}.*\n\n"
    text += f"How: {check.how}."
    if check.parts:
        rows = [
            (part.title, value_of(part), band_of(part), _verdict(part), part.source, part.note)
            for part in check.parts
        ]
        text += "\n\n" + table(("number", "here", "band", "", "against", "more"), rows, "lrllll")
    return text + (f"\n\nWhy: {check.reason}." if check.reason else "")


def _verdict(part: Part) -> str:
    said = verdict_of(part)
    return f"**{said}**" if said == "misses" else said


def _claims(found: Validation) -> str:
    known = claims()
    rows = [
        (one.claim, known[one.claim].summary, agreement(one), amount(one.numbers[0]), one.reading)
        for one in found.claims
    ]
    return table(("claim", "what it says", "the model", "first number", "reading"), rows, "lllrl")


def _home_shares() -> str:
    """Home shares of tools in China beside those measured in its market."""
    nodes = load_chain("semiconductors").nodes
    numbers = remember(GROUPS["tools"], Runs())
    rows = []
    for name in _MEASURED:
        known = nodes[name].home_share("CHN") or nodes[name].home_share("CHN", "installed_use")
        measured = f"{known.value:g} ({known.year}, {known.confidence} confidence)" if known else ""
        shares = (f"{numbers[f'{name} {year}']:.1f}" for year in _SHOWN_YEARS)
        rows.append((nodes[name].name, *shares, measured))
    columns = ("node", *map(str, _SHOWN_YEARS), "measured in China's market")
    return table(columns, rows, "lrrrl")


def _paces() -> str:
    """Observed paces of Chinese shares beside those of the baseline and of the drive."""
    numbers = remember(pace.GROUP, Runs())
    nodes = sorted(pace_by_node().items(), key=lambda one: -one[1])
    rows = [
        (
            node.partition("/")[2],
            market,
            f"{seen:.2f}",
            *(
                f"{pace.model_pace(numbers, run, (node, market)):+.2f}"
                for run in (pace.BASE, pace.DRIVE)
            ),
            "several dates" if pace.dated(numbers, (node, market)) else "one date",
        )
        for (node, market), seen in nodes
    ]
    columns = ("node", "share", "observed", "baseline", pace.DRIVE, "the chain has figures of")
    return table(columns, rows, "llrrrl")


def _facts(found: Validation) -> None:
    """Numbers that sentences of the page quote."""
    runs = Runs()
    agree, miss = found.tests
    said = {f"check_{part.name}": _plain(part.value) for c in found.checks for part in c.parts}
    counts = found.counts
    said |= {
        "checks": str(len(found.checks)),
        "checks_passed": str(counts["passed"]),
        "checks_failed": str(counts["failed"]),
        "checks_untestable": str(counts["not testable"]),
        "tests_all": str(agree + miss),
        "tests_agree": str(agree),
        "tests_miss": str(miss),
        "content_fell_all": _plain(
            content.observed("all", content.FIRST) - content.observed("all", content.LAST)
        ),
        "claims_model": str(len(found.claims)),
        "claims_hold": str(sum(one.agrees is True for one in found.claims)),
    }
    for group in ("tools", "plants", "embargo", "duplication", "spared", "bloc-embargo", "blocs"):
        for name, value in remember(GROUPS[group], runs).items():
            # Names of facts are words: no hyphens, blanks or slashes.
            said[re.sub(r"\W", "_", f"number_{group}_{name}").lower()] = _plain(value)
    write_facts("validation", said)


def _plain(value: float) -> str:
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
