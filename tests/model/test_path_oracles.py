"""Oracles of the yearly loop: what must hold whatever the parameters are."""

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import path_worlds as small
import pytest

from zizhu.laboratory.case import elasticities_of
from zizhu.model.equilibrium import solve
from zizhu.model.path_inputs import Structure, YearWedges
from zizhu.model.shock import NoShock
from zizhu.model.simulate import simulate
from zizhu.policy.scenario import ElasticityOverrides, Options

# Wedges that the static equilibrium knows, with pooled origins.
STATIC = ("tariff", "export_tax", "subsidy", "log_iceberg", "log_productivity", "log_labour")
STATIC += ("deficit", "outlay")


def only(wedges: YearWedges, *names: str) -> YearWedges:
    """The named wedges, none of the others."""
    return small.nothing()._replace(**{name: getattr(wedges, name) for name in names})


def in_year(shock: YearWedges, year: int) -> NoShock:
    """A year's wedges as the static model takes them."""
    neutral = NoShock.of(small.small_base().economy)
    given = {name: getattr(shock, name)[year] for name in STATIC}
    given["log_iceberg"] = given["log_iceberg"][..., None]
    return neutral._replace(**given)


def gap(one, other) -> float:
    """Largest difference of logs of real income, prices and production."""
    names = ("log_real_income", "log_final_price", "log_price", "log_wage")
    logs = [np.abs(getattr(one, name) - getattr(other, name)).max() for name in names]
    return float(max(*logs, np.abs(one.cost / other.cost - 1).max()))


def largest_log(record) -> float:
    """How far a path strays from its base: sectors, chains, abilities, weights."""
    technology, chains = small.small_base().technology, record.chains
    stocks = record.stocks.chains
    real = technology.sourcing.sum(axis=(1, 2)) > 0  # places that hold a node
    plants = (record.flows.demand.made[0] > 0) & technology.plant[:, None]
    moved = (
        record.solution.log_real_income,
        record.solution.log_price,
        chains.price[:, real],
        chains.lack[:, real],
        stocks.ability.gain[:, real],
        stocks.search[:, real],
        stocks.trust[:, real],
        stocks.capacity[:, plants] - 1,
    )
    return float(max(np.abs(values).max() for values in moved))


def test_nothing_moves_where_nothing_grows():
    """Without growth, momentum, entry and bars the base year repeats itself to 2050.

    Effort goes on as it is: what it does in the base year balances.
    """
    base = small.small_base()
    technology = base.technology
    technology = technology._replace(
        momentum=jnp.zeros_like(technology.momentum),
        trend=jnp.zeros_like(technology.trend),
        growth=technology.growth._replace(times=jnp.ones_like(technology.growth.times)),
        ladder=technology.ladder._replace(pace=jnp.zeros_like(technology.ladder.pace)),
        entry=technology.entry._replace(floor=jnp.zeros_like(technology.entry.floor)),
    )
    still = base._replace(
        technology=technology,
        barred=jnp.zeros_like(base.barred),
        barred_above=jnp.zeros_like(base.barred_above),
        node_money=jnp.zeros_like(base.node_money),
    )
    structure = Structure.of(growth=False, accumulation=False, reaction=True)
    record = small.run(small.nothing(), base=still, structure=structure)
    assert largest_log(record) < 1e-9


def test_wedges_that_touch_nothing():
    """Own sales, flows of nodes that are not there, wishes for what nobody makes at home."""
    base = small.small_base()
    baseline = small.run(small.standing())
    economy, technology = base.economy, base.technology
    own = jnp.eye(economy.regions)
    unsold = (technology.sourcing == 0).astype(float)
    unmade = (technology.world == 0).astype(float) * (technology.entry.weight == 0)
    placebo = small.nothing()
    placebo = placebo._replace(
        barred=placebo.barred + jnp.maximum(unsold, own),
        barred_above=placebo.barred_above + jnp.maximum(unsold, own),
        node_preference=placebo.node_preference + 0.3 * unmade,
        mandate=placebo.mandate + 0.3 * unmade,
        isolation=placebo.isolation.at[-1].add(0.5),  # learnt too late to matter
        graduates=placebo.graduates.at[-case_lag() :].add(0.5),
        commitment=placebo.commitment.at[-2:].add(10.0),
    )
    record = small.run(small.plus(small.standing(), placebo))
    drift = record.solution.log_real_income - baseline.solution.log_real_income
    assert np.abs(drift).max() < 1e-9
    assert np.abs(record.chains.price - baseline.chains.price).max() < 1e-9
    # Also where nothing is left to be made.
    np.testing.assert_allclose(
        record.flows.demand.made, baseline.flows.demand.made, rtol=1e-9, atol=1e-12
    )


def case_lag() -> int:
    return small.small_case().graduate_lag


def test_everything_off_is_the_static_equilibrium():
    """In every year, with every wedge that the static model knows."""
    base = small.small_base()
    wedges = only(small.everything(seed=2), *(name for name in STATIC if name != "outlay"))
    record = small.run(wedges, structure=small.OFF)
    for year in (0, 1, len(small.YEARS) - 1):
        expected = solve(base.economy, base.elasticities, in_year(wedges, year))
        found = jax.tree.map(lambda values, at=year: values[at], record.solution)
        assert gap(found, expected) < 1e-9
    assert np.abs(record.solution.log_real_income).max() > 0.01


def test_the_first_year_is_static():
    """Everything on but the chains, which know costs and duties at once: no stock has moved yet."""
    base = small.small_base()
    wedges = only(small.everything(seed=3), *STATIC)
    record = small.run(wedges, structure=Structure.of(chains=False))
    expected = solve(base.economy, base.elasticities, in_year(wedges, 0))
    found = jax.tree.map(lambda values: values[0], record.solution)
    assert gap(found, expected) < 1e-9


@pytest.mark.long
def test_scale_regimes_agree_in_the_long_run():
    """Gains that build up end where those inside the equilibrium are at once."""
    case, base = small.small_case(), small.small_base()
    options = Options(elasticities="lashkaripour-lugovskyy", scale="labour")
    inside, _ = elasticities_of(case.world, options, ElasticityOverrides(), case.parameters)
    # Half the published elasticities and a quick pace, so that 28 years are the long run.
    psi = inside.scale / 2
    rates = case.rates
    rates = rates._replace(knowledge=rates.knowledge._replace(scale_speed=jnp.asarray(0.9)))
    wedges = only(small.everything(seed=4), "tariff", "log_iceberg", "subsidy", "log_productivity")
    wedges = jax.tree.map(lambda values: jnp.broadcast_to(values[:1], values.shape), wedges)
    structure = small.OFF._replace(learning=jnp.ones(()))
    slow = small.run(
        wedges, base=base._replace(dynamic_scale=psi), rates=rates, structure=structure
    )
    none = jnp.zeros_like(psi)
    at_once = small.run(
        wedges,
        base=base._replace(elasticities=replace(inside, scale=psi), dynamic_scale=none),
        rates=rates,
        structure=structure,
    )
    one, other = slow.solution.log_real_income, at_once.solution.log_real_income
    assert np.abs(one[0] - other[0]).max() > 1e-3
    assert np.abs(one[-1] - other[-1]).max() < 1e-6
    assert np.abs(slow.solution.log_price[-1] - at_once.solution.log_price[-1]).max() < 1e-6


@jax.jit
def _batch(wedges, base, rates, structure):
    case = small.small_case()

    def one(given):
        return simulate(
            given,
            base,
            rates,
            structure,
            graduate_lag=case.graduate_lag,
            building_years=case.building_years,
            settings=small.TIGHT,
        )

    return jax.vmap(one)(wedges)


def batch(members: list[YearWedges], structure: Structure):
    """All members at once."""
    case = small.small_case()
    stacked = jax.tree.map(lambda *fields: jnp.stack(fields), *members)
    return _batch(stacked, small.small_base(), case.rates, structure)


# Each gradient is checked along one direction per wedge; two members are the batch test's own.
MEMBERS = 2 * len(YearWedges._fields) + 2
# Small, so that no store runs empty and no handicap is lost between the two ends: kinks.
STEP = 3e-5
EVERYTHING = Structure.of(reaction=True)


@pytest.fixture(scope="module")
def point() -> YearWedges:
    return small.everything(seed=6)


@pytest.fixture(scope="module")
def directions(point) -> dict[str, YearWedges]:
    """One for each wedge, of its own size."""
    other, none = small.everything(seed=7), small.nothing()
    return {name: none._replace(**{name: getattr(other, name)}) for name in point._fields}


@pytest.fixture(scope="module")
def together(point, directions):
    """The point, another, and two steps along each direction, as one batch."""
    members = [point, small.everything(seed=8)]
    for direction in directions.values():
        members += [small.plus(point, direction, times) for times in (STEP, -STEP)]
    assert len(members) == MEMBERS
    return batch(members, EVERYTHING)


def test_a_batch_is_a_loop(point, together):
    for number, wedges in enumerate((point, small.everything(seed=8))):
        alone = small.run(wedges, structure=EVERYTHING)
        for name in ("log_real_income", "log_price", "cost"):
            found = getattr(together.solution, name)[number]
            expected = getattr(alone.solution, name)
            assert np.abs(found - expected).max() <= 1e-9 * max(1.0, np.abs(expected).max())
        assert np.abs(together.chains.price[number] - alone.chains.price).max() < 1e-9


@jax.jit
def _slope(wedges, base, rates, structure):
    case = small.small_case()

    def outcome(given):
        record = simulate(
            given,
            base,
            rates,
            structure,
            graduate_lag=case.graduate_lag,
            building_years=case.building_years,
            settings=small.TIGHT,
        )
        return terminal(record.solution)

    return jax.grad(outcome)(wedges)


def terminal(solution):
    """Real income of the last year, unequal weights."""
    income = solution.log_real_income[..., -1, :]
    return income @ jnp.linspace(0.5, 1.5, income.shape[-1])


@pytest.mark.long
def test_gradient_of_a_terminal_outcome(point, directions, together):
    """Reverse mode in every wedge of every year against central differences."""
    slope = _slope(point, small.small_base(), small.small_case().rates, EVERYTHING)
    values = np.asarray(terminal(together.solution))[2:]
    missed = {}
    for number, (name, direction) in enumerate(directions.items()):
        difference = (values[2 * number] - values[2 * number + 1]) / (2 * STEP)
        exact = float(jnp.sum(getattr(slope, name) * getattr(direction, name)))
        # Outcomes are logs: a slope below 1e-5 along a whole direction is none.
        missed[name] = abs(exact - difference) / max(abs(difference), 1e-5)
    # Not `m > 1e-4`: a slope that is not a number must not pass.
    assert {name: m for name, m in missed.items() if not m <= 1e-4} == {}


def test_nothing_explodes_by_2050():
    """Real income of every region grows by -3 to 8 percent a year; sectors keep their places."""
    record = small.run(small.standing())
    growth = np.diff(record.solution.log_real_income, axis=0)
    assert np.isfinite(growth).all()
    assert growth.min() > -0.03
    assert growth.max() < 0.08
    added = record.solution.cost * record.solution.value_added_share
    shares = added / added.sum(axis=2, keepdims=True)
    assert (np.abs(shares - shares[0]) < 0.1).all()
    for values in jax.tree.leaves(record):
        assert np.isfinite(values).all()


@pytest.mark.long
def test_the_unit_of_money_does_not_matter():
    """Dollars of another year: all nominal data and all sums of money in the policy times ten."""
    base, ten = small.small_base(), 10.0
    economy, technology = base.economy, base.technology
    nominal = ("cost", "income", "wage_bill", "deficit")
    entry = technology.entry
    scaled = base._replace(
        economy=replace(economy, **{name: ten * getattr(economy, name) for name in nominal}),
        research=ten * base.research,
        node_money=ten * base.node_money,
        technology=technology._replace(
            purchases=ten * technology.purchases,
            entry=entry._replace(effort=ten * entry.effort, floor=ten * entry.floor),
        ),
    )
    wedges = small.everything(seed=9)
    money = ("deficit", "outlay", "node_money", "commitment", "research", "sector_effort")
    more = wedges._replace(**{name: ten * getattr(wedges, name) for name in money})
    one = small.run(wedges, structure=EVERYTHING)
    other = small.run(more, base=scaled, structure=EVERYTHING)
    for name in ("log_real_income", "log_price", "log_final_price"):
        drift = getattr(other.solution, name) - getattr(one.solution, name)
        assert np.abs(drift).max() < 1e-9
    assert np.abs(other.chains.price - one.chains.price).max() < 1e-9
    assert np.abs(other.chains.home - one.chains.home).max() < 1e-9
