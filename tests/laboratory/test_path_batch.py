"""Many draws of one scenario at once: the same numbers as one by one, and what was not solved."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from small_paths import LAST, four_by_six

import zizhu.laboratory.path.case as path_cases
import zizhu.laboratory.path.rates as path_rates
from zizhu.errors import ParameterError, ScenarioError
from zizhu.laboratory.path.batch import BatchResult, simulate_batch
from zizhu.laboratory.path.case import PathCase, path_case
from zizhu.laboratory.path.draws import DRAWN, SHARED, draw_rates, drawn_rates, draws
from zizhu.laboratory.path.run import simulate_path
from zizhu.laboratory.path.standing import standing_base, standing_wedges
from zizhu.model.path_inputs import Rates
from zizhu.parameters import parameters
from zizhu.policy.path_wedges import PathWedges
from zizhu.policy.raw_wedge import raw_wedges

NODES = ("semiconductors/etch", "semiconductors/fab_mature")
TEXTS = (
    "tariff from=USA to=CHN sector=C26 size=30%",
    "isolation of=CHN from=USA size=50%",
    "commitment node=semiconductors/etch region=CHN size=10bn years=2023-2024",
)
MEMBERS, BROKEN = 5, 3


@pytest.fixture(scope="module")
def case() -> PathCase:
    return path_case(four_by_six(), tuple(range(2022, LAST + 1)))


@pytest.fixture(scope="module")
def wedges(case: PathCase) -> PathWedges:
    return raw_wedges(TEXTS, case.labels)


@pytest.fixture(scope="module")
def rates(case: PathCase) -> list[Rates]:
    return draw_rates(case, MEMBERS, 3, uniform=True)


@pytest.fixture(scope="module")
def batch(case: PathCase, wedges: PathWedges, rates: list[Rates]) -> BatchResult:
    """Five members in chunks of two: the last chunk is not full."""
    return simulate_batch(case, wedges, rates, {}, nodes=NODES, chunk=2)


def test_a_batch_is_what_its_members_are_one_by_one(case, wedges, rates, batch):
    assert batch.converged.all()
    assert batch.failed == 0
    assert batch.residual.max() <= case.parameters["largest_residual"]
    places = [case.chains.places[case.chains.nodes.index(node)] for node in NODES]
    for member, one in enumerate(rates):
        alone = PathCase(**{**vars(case), "rates": one})
        record = simulate_path(alone, wedges, {}, lambda _: None).record
        income = 100 * np.expm1(record.solution.log_real_income)
        np.testing.assert_allclose(batch.real_income[member], income, rtol=0, atol=1e-7)
        np.testing.assert_allclose(
            np.log1p(batch.real_income[member] / 100),
            record.solution.log_real_income,
            rtol=0,
            atol=1e-9,
        )
        home = record.chains.home[:, places]
        np.testing.assert_allclose(batch.home_share[member], home, rtol=0, atol=1e-9)
    # The draws are draws.
    assert np.ptp(batch.real_income[:, -1], axis=0).max() > 0.5


def test_chunks_and_threads_change_nothing(case, wedges, rates, batch):
    stacked = jax.tree.map(lambda *leaves: jnp.stack(leaves), *rates)
    said: list[str] = []
    other = simulate_batch(
        case, wedges, stacked, {}, nodes=NODES, chunk=2, threads=1, progress=said.append
    )
    for ours, theirs in zip(batch, other, strict=True):
        np.testing.assert_array_equal(ours, theirs)
    assert said == ["2 of 5 members", "4 of 5 members", "5 of 5 members"]


def test_a_member_that_diverges_is_marked_and_has_no_numbers(case, wedges, rates, batch):
    broken = list(rates)
    for member, growth in ((0, 1e4), (BROKEN, np.nan)):  # e^10000 times as productive in a year
        knowledge = broken[member].knowledge._replace(frontier_growth=jnp.asarray(growth))
        broken[member] = broken[member]._replace(knowledge=knowledge)
    said: list[str] = []
    found = simulate_batch(case, wedges, broken, {}, nodes=NODES, chunk=2, progress=said.append)
    np.testing.assert_array_equal(found.converged, [False, True, True, False, True])
    assert found.failed == 2
    for member, solved in enumerate(found.converged):
        assert np.isnan(found.real_income[member]).all() == (not solved)
        assert np.isnan(found.home_share[member]).all() == (not solved)
    assert said[-1] == f"5 of 5 members, {found.failed} not solved"
    # Its neighbours, of the same chunk too, are what they were.
    kept = [member for member in range(MEMBERS) if member not in (0, BROKEN)]
    np.testing.assert_array_equal(found.real_income[kept], batch.real_income[kept])


def test_who_misses_the_limit_has_no_numbers_but_the_residual(case, wedges, rates):
    strict = PathCase(**{**vars(case), "parameters": {**case.parameters, "largest_residual": 0.0}})
    found = simulate_batch(strict, wedges, rates[:2], {}, nodes=NODES, chunk=2)
    assert found.failed == 2
    assert np.isnan(found.real_income).all()
    assert (found.residual > 0).any(axis=1).all()  # what it was is said


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"rates": []}, "at least one member"),
        ({"nodes": ("semiconductors/etsch",)}, "did you mean semiconductors/etch"),
        ({"chunk": 0}, "chunks of 0"),
        ({"threads": 0}, "on 0 threads"),
    ],
)
def test_what_does_not_fit_is_refused(case, wedges, rates, changes, complaint):
    given = {"rates": rates, **changes}
    with pytest.raises(ScenarioError, match=complaint):
        simulate_batch(case, wedges, given.pop("rates"), {}, **given)


def test_rates_without_members_are_refused(case, wedges):
    with pytest.raises(ScenarioError, match="no common leading axis"):
        simulate_batch(case, wedges, case.rates, {})


def test_draws_follow_their_distributions_and_their_seed():
    known = parameters()
    first, again, other = draws(200, 1), draws(200, 1), draws(200, 2)
    assert first == again != other
    wide, ends = draws(200, 1, uniform=True), draws(200, 1, uniform=True, spread=1e9)
    for name in DRAWN:
        entry = known[name]
        values = np.array([one[name] for one in first])
        assert entry.distribution.low <= values.min() <= values.max() <= entry.distribution.high
        far = np.array([one[name] for one in wide])
        assert np.ptp(far) > 0.9 * (entry.high - entry.low)
        assert {one[name] for one in ends} <= {entry.low, entry.high}
    none = draws(2, 1, spread=0.0)
    assert all(one[name] == known[name].value for one in none for name in DRAWN)


@pytest.mark.parametrize(
    "bad", [{"number": 0}, {"names": ("gap_decai",)}, {"spread": -1.0}, {"spread": np.inf}]
)
def test_impossible_draws_are_refused(bad):
    with pytest.raises(ParameterError, match="draws: "):
        draws(**{"number": 2, "seed": 1, **bad})


def test_what_rates_do_not_hold_alone_is_refused(case):
    with pytest.raises(ParameterError, match="entry_gap change more than the rates"):
        drawn_rates(case, {"entry_gap": 1.5, "catch_up": 1.2})


class _Noticing(dict[str, float]):
    """Parameters that note who was read."""

    read: set[str]

    def __getitem__(self, name: str) -> float:
        self.read.add(name)
        return super().__getitem__(name)


def test_drawn_is_what_rates_alone_read(monkeypatch):
    """A new parameter of rates, or a new reader of an old one, must be put in its list."""
    found = _Noticing({name: entry.value for name, entry in parameters().items()})
    in_rates: set[str] = set()

    def noting(*arguments: object) -> Rates:
        before, found.read = found.read, in_rates
        made = path_rates.rates_of(*arguments)
        found.read = before
        return made

    found.read = set()
    monkeypatch.setattr(path_cases, "values", lambda _=None: found)
    monkeypatch.setattr(path_cases, "rates_of", noting)
    case = path_case(four_by_six(), (2022, 2023))
    standing_base(case)
    standing_wedges(case)
    assert set(DRAWN) == in_rates - found.read
    assert set(SHARED) == in_rates & found.read
