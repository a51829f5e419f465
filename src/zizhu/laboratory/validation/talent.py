"""V15: nobody is lost between home and abroad, and pressure can move people either way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from jaxtyping import Float

from zizhu.laboratory.path.run import Path
from zizhu.laboratory.validation.check import Check, Group, Numbers, Part
from zizhu.laboratory.validation.runs import BUYER, Runs
from zizhu.model.path_record import Record

Values = Float[np.ndarray, " t"]
_YEAR = 2035
EXACT = 1e-12
_NAMES = (
    "balance",
    "home_leave",
    "home_return",
    "research_leave",
    "research_return",
    "home_listed",
    "research_listed",
    "graduates_four",
    "research_three",
    "research_last",
)


def balance(record: Record) -> float:
    """Largest relative miss of H' + A' = r (H + A) + G over years and regions.

    H at home, A abroad, G graduates; r from who retired. And of G = stayed + left.
    """
    stocks, flows = record.stocks.talent, record.talent
    people = np.asarray(stocks.home) + np.asarray(stocks.abroad)
    retired = np.asarray(flows.retired_home) + np.asarray(flows.retired_abroad)
    expected = people - retired + np.asarray(flows.graduates)
    following = np.abs(people[1:] - expected[:-1]) / people[1:].max()
    graduates = np.asarray(flows.stayed) + np.asarray(flows.left) - np.asarray(flows.graduates)
    return float(max(following.max(), np.abs(graduates).max() / people.max()))


def _measure(runs: Runs) -> Numbers:
    at, place = runs.at(_YEAR), runs.place(BUYER)
    since = {"regions": BUYER, "from": "2023-01-01"}
    fewer, pressed = {"size": "10 percentage points"}, {"abroad": "100 %"}
    drain = {"lever": "brain_drain", "label": "moved", **since}
    found: dict[str, float] = {}
    misses = []

    def both(path: Path, of: Callable[[Record], Any]) -> tuple[Values, Values]:
        after, before = (np.asarray(of(one))[:, place] for one in (path.record, path.baseline))
        return after, before

    for name, fields in (("leave", fewer), ("return", pressed), ("listed", {**fewer, **pressed})):
        path = runs.run(f"people: {name}", wedges=runs.policies({**drain, **fields}).wedges)
        after, before = both(path, lambda one: one.stocks.talent.home)
        found[f"home_{name}"] = float(100 * (after / before - 1)[at])
        after, before = both(path, lambda one: one.productivity.research)
        found[f"research_{name}"] = float(100 * (after - before)[at])
        misses += [balance(path.record), balance(path.baseline)]
    more = {"lever": "talent_pipeline", "label": "more", "size": "20 %", **since}
    path = runs.run("more places at universities", wedges=runs.policies(more).wedges)
    after, before = both(path, lambda one: one.talent.graduates)
    rising = after > before * (1 + 1e-9)
    found["graduates_four"] = float(np.argmax(rising) - runs.at(2023)) if rising.any() else -1.0
    after, before = both(path, lambda one: one.productivity.research)
    found["research_three"] = float(100 * (after - before)[runs.at(2026)])
    found["research_last"] = float(100 * (after - before)[at])
    return found | {"balance": max(*misses, balance(path.record))}


def _checks(found: Numbers) -> tuple[Check, ...]:
    parts = (
        Part(
            "talent_balance",
            "people at home and abroad: largest miss of the balance of stocks",
            found["balance"],
            "1",
            (0.0, EXACT),
            "identity",
        ),
        Part(
            "talent_leave",
            f"ten points fewer stay: people at work at home, {_YEAR}",
            found["home_leave"],
            "percent",
            (-np.inf, 0.0),
            "F23",
            note=f"productivity {found['research_leave']:+.3f} percent",
        ),
        Part(
            "talent_return",
            f"pressure abroad as in 2021: people at work at home, {_YEAR}",
            found["home_return"],
            "percent",
            (0.0, np.inf),
            "F25",
            note=f"productivity {found['research_return']:+.3f} percent; both at once "
            f"{found['home_listed']:+.2f} percent of people",
        ),
    )
    return (
        Check(
            "V15",
            "Talent",
            "People are neither lost nor counted twice; pressure abroad can send people home or "
            "keep them away.",
            f"the lever `brain_drain` with each of its two fields from 2023 on, in {BUYER}; the "
            "balance is recomputed from the records of all regions and years",
            parts,
        ),
    )


GROUP = Group("talent", ("V15",), _NAMES, _measure, _checks)
