"""Oracles as checks: replications of this room, closed forms, identities, published ranges."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from zizhu.errors import WorldError
from zizhu.laboratory import run
from zizhu.laboratory.validation.check import Check, Group, Numbers, Part
from zizhu.laboratory.validation.runs import Runs
from zizhu.policy import load_scenario
from zizhu.replications import (
    caliendo_parro_2015,
    foreign_value_added,
    idea_diffusion,
    optimal_subsidy,
)
from zizhu.replications.exact import exact
from zizhu.replications.result import Replication, Row

_NEEDS = (
    "its tables are not shipped; give their folder with --data, as for `zizhu replicate {name}`"
)


def _exact(runs: Runs) -> Numbers:
    runs.progress("closed forms and identities of the equilibrium")
    return exact()


def _exact_checks(found: Numbers) -> tuple[Check, ...]:
    def part(name: str, title: str, most: float, source: str, note: str = "") -> Part:
        return Part(name, title, found[name], "1", (0.0, most), source, note=note)

    return (
        Check(
            "R2",
            "Gains from trade",
            "Autarky costs what the closed form says.",
            "the solver at prohibitive trade costs against the formula, on the world of 2017 in "
            "seven regions without taxes and deficits",
            (
                part(
                    "gains",
                    "largest difference of log real income over regions",
                    1e-6,
                    "Arkolakis, Costinot and Rodriguez-Clare (2012)",
                    f"autarky costs up to {-found['gained']:.1f} percent",
                ),
            ),
            exact=True,
        ),
        Check(
            "R5",
            "Exactness",
            "Nothing happens without a shock; the unit of account is irrelevant; every market "
            "clears; the world gains the Domar weight of what becomes more productive.",
            "the world of 2017 in seven regions; tariffs of 25 points between all of them",
            (
                part("no_shock", "no shock: largest log change of real income", 1e-12, "identity"),
                part(
                    "unit",
                    "all values times seven: largest change of the answer",
                    1e-9,
                    "identity",
                    f"the tariffs move real income by up to {found['moved']:.1f} percent",
                ),
                part("markets", "worst market after the tariffs", 1e-9, "identity"),
                part("hulten", "gradient over Domar weight less one, largest", 1e-5, "Hulten 1978"),
            ),
            exact=True,
        ),
    )


def _printed(row: Row) -> tuple[float, float]:
    """What the digits that a source prints leave open, as `Row.agrees` has it."""
    allowed = 0.5 * 10.0**-row.digits + 1e-9
    return row.published - allowed, row.published + allowed


def _difference(found: Replication) -> float:
    return float(max(abs(row.difference) for row in found.rows))


def _closed(runs: Runs) -> Numbers:
    runs.progress("idea diffusion in closed form")
    ideas = idea_diffusion.replicate()
    printed = ideas.rows[0].computed
    rest = max(abs(row.difference) for row in ideas.rows if row.tolerance is not None)
    runs.progress("the optimal subsidy in closed form")
    subsidy = optimal_subsidy.replicate()
    return {"ideas": float(rest), "ideas_printed": printed, "gradient": _difference(subsidy)}


def _closed_checks(found: Numbers) -> tuple[Check, ...]:
    return (
        Check(
            "R3",
            "The optimal subsidy",
            "At psi/(1+psi) the gradient of world welfare in every subsidy is zero.",
            "`zizhu replicate optimal-subsidy`",
            (
                Part(
                    "gradient",
                    "largest gradient over regions, sectors and elasticities",
                    found["gradient"],
                    "1",
                    (0.0, 1e-8),
                    optimal_subsidy.SOURCE,
                ),
            ),
            exact=True,
        ),
        Check(
            "R4",
            "Idea diffusion",
            "From autarky to free trade between equals real income is multiplied by "
            "n^(1/(theta (1-beta))) in the long run.",
            "`zizhu replicate idea-diffusion`",
            (
                Part(
                    "ideas",
                    "largest difference from the closed form",
                    found["ideas"],
                    "1",
                    (0.0, 1e-9),
                    idea_diffusion.SOURCE,
                ),
                Part(
                    "ideas_printed",
                    "five countries, theta 4, beta 0.6",
                    found["ideas_printed"],
                    "1",
                    (2.7335, 2.7345),
                    idea_diffusion.SOURCE,
                ),
            ),
            exact=True,
        ),
    )


def _war(runs: Runs) -> Numbers:
    found: dict[str, float] = {}
    for name, scenario in (
        ("war", load_scenario("tariff-war-2018")),
        ("answer", load_scenario("tariff-war-2018-retaliation")),
        ("flat", load_scenario("tariff-war-2018", ("options.scale=none",))),
    ):
        runs.progress(f"tariff war: {scenario.name}")
        income = run(scenario, variants=False, drivers=False).real_income
        for region in ("CHN", "USA"):
            found[f"{name}_{region}"] = float(income.sel(region=region))
    return found


def _war_checks(found: Numbers) -> tuple[Check, ...]:
    def sign(name: str, region: str, title: str, published: float) -> Part:
        return Part(
            f"{name}_{region}",
            title,
            found[f"{name}_{region}"],
            "percent",
            (0.0, np.inf) if published > 0 else (-np.inf, 0.0),
            f"the sign of {published:+g}, computed on another table of 2017 with the whole "
            "published elasticities; signs by Ju, Ma, Wang and Zhu (2024)",
        )

    return (
        Check(
            "R6",
            "Published ranges: tariffs of 2018-19",
            "China loses and the United States gains a little with economies of scale; with "
            "retaliation, or without scale, both lose. Ranges for decoupling are V13, for "
            "duplication V12, for support V11.",
            "the shipped scenarios on the world of 2017, signs only",
            (
                sign("war", "CHN", "tariffs of the United States: China", -0.92),
                sign("war", "USA", "the same: United States", 0.055),
                sign("answer", "CHN", "with retaliation: China", -0.90),
                sign("answer", "USA", "the same: United States", -0.03),
                sign("flat", "CHN", "without economies of scale: China", -0.19),
                sign("flat", "USA", "the same: United States", -0.055),
            ),
        ),
    )


ORACLES: dict[str, Group] = {
    group.name: group
    for group in (
        Group(
            "exactness",
            ("R2", "R5"),
            ("gains", "gained", "no_shock", "unit", "hulten", "markets", "moved"),
            _exact,
            _exact_checks,
        ),
        Group(
            "closed-forms",
            ("R3", "R4"),
            ("ideas", "ideas_printed", "gradient"),
            _closed,
            _closed_checks,
        ),
        Group(
            "tariff-war",
            ("R6",),
            tuple(f"{n}_{r}" for n in ("war", "answer", "flat") for r in ("CHN", "USA")),
            _war,
            _war_checks,
        ),
    )
}
# Checks that read tables which are not shipped.
WITH_DATA = ("R1", "foreign-value-added")


def with_data(name: str, data: str | Path | None) -> Check:
    """A check that needs a user's tables; not testable without them."""
    title, statement = {
        "R1": (
            "Caliendo and Parro (2015)",
            "NAFTA's tariff cuts did what table 2 of the paper says, to its digits.",
        ),
        "foreign-value-added": (
            "Foreign value added in Chinese exports, 2018",
            "17.2 percent of all exports, within 1.5 points, and 27.1 of electronics, within 3 "
            "(F6F; V05 is its history).",
        ),
    }[name]
    replication = "cp2015" if name == "R1" else name
    how = f"`zizhu replicate {replication} --data FOLDER`"
    exact_ = name == "R1"
    if data is None:
        why = _NEEDS.format(name=replication)
        return Check(name, title, statement, how, untestable=why, exact=exact_)
    try:
        module = caliendo_parro_2015 if name == "R1" else foreign_value_added
        found = module.replicate(data)
    except WorldError as error:
        return Check(name, title, statement, how, untestable=str(error), exact=exact_)
    if name == "R1":
        parts = tuple(
            Part(
                f"cp2015_{number}",
                row.quantity,
                row.computed,
                "percent",
                _printed(row),
                caliendo_parro_2015.SOURCE,
            )
            for number, row in enumerate(found.rows)
        )
    else:
        parts = tuple(
            Part(
                f"foreign_{number}",
                row.quantity,
                row.computed,
                "percent",
                (row.published - within, row.published + within),
                "F6F (band of V05)",
            )
            for number, (row, within) in enumerate(zip(found.rows, (1.5, 3.0), strict=True))
        )
    return Check(name, title, statement, how, parts, exact=exact_)
