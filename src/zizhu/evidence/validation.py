"""Every check, oracle and claim that can be settled by running something: `zizhu validate`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zizhu.cache import use_compilation_cache
from zizhu.errors import EvidenceError, did_you_mean, quoted
from zizhu.evidence import content, pace, research_lead
from zizhu.evidence.claims import claims
from zizhu.evidence.settle.finding import Finding
from zizhu.evidence.settle.model import MODEL, settle_by_model
from zizhu.laboratory.validation import GROUPS, Check, Runs, recall, remember
from zizhu.laboratory.validation.check import Group, Numbers
from zizhu.replications.validation import ORACLES, WITH_DATA, with_data

Progress = Callable[[str], None]
# Groups that read the tables of this room.
OWN = {group.name: group for group in (content.GROUP, pace.GROUP, research_lead.GROUP)}
_EVERY: dict[str, Group] = {**GROUPS, **OWN, **ORACLES}
# Groups run beside each other; compiled programs do not hold Python's lock.
_THREADS = 2


@dataclass(frozen=True)
class Validation:
    """What was found.

    checks  in the order of their ids
    claims  of the evidence room that the model settles
    """

    checks: tuple[Check, ...]
    claims: tuple[Finding, ...]

    @property
    def counts(self) -> Counter[str]:
        """Checks by status."""
        return Counter(check.status for check in self.checks)

    @property
    def tests(self) -> tuple[int, int]:
        """Single tests that agree, and that miss."""
        answers = [part.agrees for check in self.checks for part in _tested(check)]
        return sum(answer is True for answer in answers), sum(one is False for one in answers)

    @property
    def broken(self) -> tuple[Check, ...]:
        """Oracles and identities that fail."""
        return tuple(one for one in self.checks if one.exact and one.status == "failed")

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        agree, miss = self.tests
        return {
            "counts": dict(self.counts),
            "tests": {"agree": agree, "miss": miss},
            "checks": [check.as_json() for check in self.checks],
            "claims": [{**one.as_json(), "kind": "model"} for one in self.claims],
        }


def _tested(check: Check) -> tuple[Any, ...]:
    return () if check.untestable else check.parts


def check_ids() -> tuple[str, ...]:
    """Ids of all checks: findings, names, oracles."""
    found = [name for group in _EVERY.values() for name in group.ids]
    return tuple(sorted([*found, *WITH_DATA], key=_order))


def _order(name: str) -> tuple[int, str]:
    """Findings, then checks with a name, then oracles."""
    numbered = name[1:].isdigit()
    return ({"V": 0, "R": 2}.get(name[0], 1) if numbered else 1), name


def validate(
    names: Iterable[str] = (),
    data: str | Path | None = None,
    progress: Progress = lambda _: None,
) -> Validation:
    """Run checks and settle claims by the model.

    names  ids of checks or claims; all without any
    data   folder of tables that replications read; without it they cannot be tested

    Raises `EvidenceError` for an unknown id, `NotConverged` if a path was not solved.
    """
    wanted = _wanted(names)
    asked = {name for name in MODEL if name in wanted}
    needed = {MODEL[name][0] for name in asked}
    groups = [
        group
        for group in _EVERY.values()
        if group.name in needed or any(name in wanted for name in group.ids)
    ]
    runs = Runs(progress=progress)
    numbers = _numbers(groups, runs)
    found = [
        check
        for group in groups
        for check in group.checks(numbers[group.name])
        if check.id in wanted
    ]
    for name in WITH_DATA:
        if name in wanted:
            progress(f"{name}")
            found.append(with_data(name, data))
    known = claims()
    settled = [settle_by_model(known[name], runs) for name in sorted(asked)]
    return Validation(
        tuple(sorted(found, key=lambda check: _order(check.id))),
        tuple(one for one in settled if one is not None),
    )


def _wanted(names: Iterable[str]) -> set[str]:
    known = {name.lower(): name for name in (*check_ids(), *MODEL)}
    given = list(names)
    for name in given:
        if name.lower() not in known:
            raise EvidenceError(
                f"check {quoted(name)} is unknown{did_you_mean(name, known.values())}; "
                "`zizhu validate` lists all"
            )
    return {known[name.lower()] for name in given} if given else set(known.values())


def _numbers(groups: list[Group], runs: Runs) -> dict[str, Numbers]:
    """Numbers of each group: those that are known, and the others by running them."""
    found = {group.name: recall(group) for group in groups}
    missing = [group for group in groups if found[group.name] is None]
    if missing:
        use_compilation_cache()
        if len(missing) > 1:
            # Read by several groups: made once, before they run beside each other.
            _ = runs.happened, runs.long, runs.answering
        with ThreadPoolExecutor(_THREADS) as pool:
            waiting = [(group.name, pool.submit(remember, group, runs)) for group in missing]
            try:
                for name, future in waiting:
                    found[name] = future.result()
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
    return {name: values for name, values in found.items() if values is not None}
