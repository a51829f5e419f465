"""Many scenarios on one case: each is what it is alone, and complaints name the member."""

from __future__ import annotations

from dataclasses import replace

import jax
import numpy as np
import pytest
from small_paths import LAST, four_by_six

from zizhu.errors import NotConverged, ScenarioError
from zizhu.laboratory.path.case import PathCase, path_case
from zizhu.laboratory.path.draws import draw_rates
from zizhu.laboratory.path.many import run_many
from zizhu.laboratory.path.run import simulate_path
from zizhu.model.path_record import Record
from zizhu.policy.path_wedges import PathWedges
from zizhu.policy.raw_wedge import raw_wedges

TEXTS = (
    ("tariff from=USA to=CHN sector=C26 size=30%",),
    ("isolation of=CHN from=USA size=50%", "subsidy region=CHN sector=C26 size=5% years=2023-"),
    ("commitment node=semiconductors/etch region=CHN size=10bn years=2023-2024",),
)
SWITCHES = ({}, {"ideas": False}, {"learning": False, "chains": False})


@pytest.fixture(scope="module")
def case() -> PathCase:
    return path_case(four_by_six(), tuple(range(2022, LAST + 1)))


@pytest.fixture(scope="module")
def wedges(case: PathCase) -> list[PathWedges]:
    return [raw_wedges(texts, case.labels) for texts in TEXTS]


def whole(record: Record) -> Record:
    return record


def income(record: Record) -> np.ndarray:
    return record.solution.log_real_income.copy()


def same(one: Record, other: Record) -> bool:
    pairs = zip(jax.tree.leaves(one), jax.tree.leaves(other), strict=True)
    return all(np.array_equal(a, b) for a, b in pairs)


def test_each_member_is_the_path_that_it_is_alone(case, wedges):
    said: list[str] = []
    found = run_many(case, wedges, whole, structure=SWITCHES, progress=said.append)
    for record, given, switches in zip(found, wedges, SWITCHES, strict=True):
        assert same(record, simulate_path(case, given, switches, lambda _: None).record)
    assert said == [f"path {n} of 3, {n} of 3" for n in (1, 2, 3)]
    assert not same(found[0], found[1])


def test_members_may_have_rates_of_their_own(case, wedges):
    drawn = draw_rates(case, 2, 3, uniform=True)
    found = run_many(case, wedges[:2], income, rates=drawn, threads=1)
    for values, given, rates in zip(found, wedges, drawn, strict=False):
        alone = simulate_path(replace(case, rates=rates), given, {}, lambda _: None).record
        assert np.array_equal(values, alone.solution.log_real_income)


def test_nothing_to_run_gives_nothing(case):
    assert run_many(case, [], income) == []


def test_the_member_that_was_not_solved_is_named(case, wedges):
    strict = replace(case, parameters={**case.parameters, "largest_residual": 1e-30})
    with pytest.raises(NotConverged, match=r"no funds: no equilibrium found in 2022: residual"):
        run_many(strict, wedges[:1], income, names=["no funds"])


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"threads": 0}, "paths: 0 threads; at least 1 is right"),
        ({"names": ["one"]}, "paths: 1 names; 3 are right, one for each wedges"),
        (
            {"structure": [{}]},
            "paths: structure of 1 members; 3 are right, one for each wedges",
        ),
        ({"rates": []}, "paths: rates of 0 members; 3 are right, one for each wedges"),
    ],
)
def test_what_does_not_fit_is_refused(case, wedges, options, complaint):
    with pytest.raises(ScenarioError, match=f"^{complaint}$"):
        run_many(case, wedges, income, **options)
