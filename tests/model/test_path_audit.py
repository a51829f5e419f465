"""The audit of a path: all identities hold, and an error planted in any stock is found."""

import dataclasses

import jax.numpy as jnp
import numpy as np
import path_worlds as small
import pytest

from zizhu.errors import NotConverged
from zizhu.model.path_audit import LARGEST_MISS, audit_path
from zizhu.model.path_inputs import Structure

# Planted errors are relative to the largest value of a field, or to one.
SIZE = 1e-6
# Year of the planted error, and a structure in which everything moves.
YEAR = 5
EVERYTHING = Structure.of(reaction=True)


@pytest.fixture(scope="module")
def wedges():
    return small.everything(seed=1)


@pytest.fixture(scope="module")
def record(wedges):
    return small.run(wedges, structure=EVERYTHING)


def audited(record, wedges, structure=EVERYTHING):
    case = small.small_case()
    return audit_path(
        record, wedges, small.small_base(), case.rates, structure, fixed=small.small_fixed()
    )


def test_every_identity_holds(record, wedges):
    """With every wedge and every mechanism at once."""
    found = audited(record, wedges)
    assert found.largest_of_stocks <= 1e-12
    assert found.markets <= 1e-9
    found.require(1e-9)
    assert found.largest == max(found.by_identity.values())
    assert set(found.years) == set(found.by_identity)


def test_the_baseline_adds_up():
    wedges = small.standing()
    found = audited(small.run(wedges), wedges, Structure.of())
    found.require(1e-9)


@pytest.mark.parametrize("switch", Structure._fields)
def test_each_switch(wedges, switch):
    """The audit follows the structure that the path was run with."""
    structure = Structure.of(**{"reaction": True, switch: False})
    found = audited(small.run(wedges, structure=structure), wedges, structure)
    found.require(1e-9)
    assert found.largest_of_stocks <= LARGEST_MISS


def leaves(record, prefix=""):
    """Paths to all arrays of a record."""
    fields = vars(record) if dataclasses.is_dataclass(record) else record._asdict()
    for name, value in fields.items():
        if hasattr(value, "shape"):
            yield f"{prefix}{name}"
        else:
            yield from leaves(value, f"{prefix}{name}.")


def planted(record, path, least=1.0):
    """The record with one entry of one field of one year off by a little.

    least  what a field is taken to be worth where all of it is smaller
    """
    name, _, rest = path.partition(".")
    value = getattr(record, name)
    if rest:
        changed = planted(value, rest, least)
    else:
        changed = np.array(value)
        place = np.unravel_index(np.argmax(np.abs(changed[YEAR])), changed[YEAR].shape)
        changed[(YEAR, *place)] += SIZE * max(least, float(np.abs(changed).max()))
    changed = changed if rest else jnp.asarray(changed)
    if dataclasses.is_dataclass(record):
        return dataclasses.replace(record, **{name: changed})
    return record._replace(**{name: changed})


# What an audit may not look at: where the search of the equilibrium started and ended.
UNREAD = {
    "stocks.solved",
    "solution.unknowns",
    "solution.residual",
    "solution.iterations",
    "solution.wage_bill",
}


EXPECTED = {
    "stocks.year": "clock",
    "stocks.price_level": "clock",
    "stocks.sector_cost": "clock",
    "stocks.labour": "clock",
    "stocks.capital": "capital",
    "stocks.knowledge.ideas": "ideas",
    "stocks.knowledge.research": "research",
    "stocks.knowledge.scale": "scale",
    "stocks.talent.home": "talent",
    "stocks.talent.abroad": "talent",
    "stocks.talent.recruited": "talent",
    "stocks.talent.places": "talent",
    "stocks.money.committed": "money",
    "stocks.money.paid": "money",
    "stocks.money.deployed": "money",
    "stocks.money.leaked": "money",
    "stocks.money.instalments": "money",
    "stocks.money.waiting": "money",
    "stocks.reaction.controls": "reaction",
    "stocks.reaction.push": "reaction",
    "stocks.firms.diversified": "firms",
    "stocks.firms.cover": "firms",
    "stocks.chains.search": "qualified",
    "stocks.chains.trust": "qualified",
    "stocks.chains.habit": "qualified",
    "stocks.chains.settled": "qualified",
    "stocks.chains.asked": "plants",
    "stocks.chains.sent": "plants",
    "stocks.chains.above": "purchases",
    "stocks.chains.ability.gain": "ability",
    "stocks.chains.ability.experience": "experience",
    "stocks.chains.ability.clock": "effort",
    "stocks.chains.capacity": "plants",
    "stocks.chains.young": "plants",
    "stocks.chains.building": "plants",
    "stocks.chains.tool_price": "tools",
    "stocks.chains.tool_lack": "tools",
    "stocks.chains.cover": "cover",
    "stocks.chains.handicap": "handicap",
    "flows.demand.bought": "purchases",
    "flows.demand.made": "sales",
    "solution.cost": "markets",
}


def identities_missed(record, wedges, path):
    """Identities that an error in a field breaks."""
    # Money of which there is none here is judged by incomes.
    money = path == "solution.preference_cost"
    least = float(np.max(record.solution.income)) if money else 1.0
    found = audited(planted(record, path, least), wedges).by_identity
    return {name for name, value in found.items() if value > _limit(name)}


def _limit(name):
    return 1e-9 if name == "markets" else 1e-11


@pytest.mark.parametrize("path", EXPECTED)
def test_a_planted_error_is_found(record, wedges, path):
    """In every stock, under its own identity."""
    assert EXPECTED[path] in identities_missed(record, wedges, path)


def test_no_stock_is_left_out(record):
    stocks = {path for path in leaves(record) if path.startswith("stocks.")}
    assert stocks <= set(EXPECTED) | UNREAD


@pytest.mark.long
def test_a_planted_error_is_found_in_every_field(record, wedges):
    """Flows, channels, prices, sectors: each entry of the record is under some identity."""
    missed = {path for path in leaves(record) if not identities_missed(record, wedges, path)}
    assert missed <= UNREAD


def test_wrong_wedges_are_found(record, wedges):
    """A record of other wedges does not pass, whatever the wedge."""
    for name, value in wedges._asdict().items():
        other = wedges._replace(**{name: value * (1 + 1e-3)})
        audit = audited(record, other)
        pooled = small.small_base().economy.pooled
        if name == "home_preference" and pooled:
            continue  # one set of origin shares for all uses has no public buyer
        assert audit.markets > 1e-9 or audit.largest_of_stocks > 1e-11, name


def test_a_complaint_names_year_and_identity(record, wedges):
    audit = audited(planted(record, "stocks.talent.home"), wedges)
    assert audit.worst == "talent"
    assert audit.years["talent"] in (YEAR - 1, YEAR)
    with pytest.raises(NotConverged, match=f"year [{YEAR - 1}{YEAR}] .*talent misses by 1"):
        audit.require(1e-9)


def test_not_a_number_is_a_miss(record, wedges):
    capital = record.stocks.capital.at[YEAR, 0].set(np.nan)
    broken = record._replace(stocks=record.stocks._replace(capital=capital))
    audit = audited(broken, wedges)
    assert audit.capital == np.inf
    with pytest.raises(NotConverged):
        audit.require(1e-9)
