"""A world small enough to simulate in a blink, with the real chains, for tests of the yearly loop.

The shipped world of 2022 in five regions and seven sectors, 2022 to 2050. All tests use its shapes,
so that the path is compiled once for each way of running it.
"""

from __future__ import annotations

from functools import cache

import jax
import jax.numpy as jnp
import numpy as np

from zizhu.cache import use_compilation_cache
from zizhu.laboratory.path.case import PathCase, path_case
from zizhu.laboratory.path.standing import standing_base, standing_wedges
from zizhu.model.anderson import Settings
from zizhu.model.path_inputs import PathBase, Rates, Structure, YearWedges
from zizhu.model.path_record import Fixed, Record
from zizhu.model.simulate import fixed_of, simulate
from zizhu.world import open_world

# Several processes of one session compile the same programs: each is compiled once.
use_compilation_cache()

YEARS = tuple(range(2022, 2051))
# Tighter than the default, so that oracles measure the model and not the search.
TIGHT = Settings(tolerance=1e-12)
_KEPT = ("C26", "C27", "C28", "C29")


@cache
def small_case() -> PathCase:
    """Five regions; electronics, electrical goods, machines, cars and three sums of the rest."""
    world = open_world("2022")
    union = ("DEU", "NLD", "FRA", "ITA", "REU")
    regions = {"CHN": ("CHN",), "USA": ("USA",), "JPN": ("JPN",), "EU": union}
    named = {one for members in regions.values() for one in members}
    regions["ROW"] = tuple(one for one in world.regions if one not in named)
    sectors = {code: (code,) for code in _KEPT}
    sums = {"primary": "AB", "other_manufacturing": "C", "services": "DEFGHIJKLMNOPQRS"}
    for name, letters in sums.items():
        sectors[name] = tuple(
            code for code in world.sectors if code[0] in letters and code not in _KEPT
        )
    return path_case(world.aggregate(regions=regions, sectors=sectors), YEARS, reaction=True)


@cache
def small_base() -> PathBase:
    """Its base, with what was barred in 2022."""
    return standing_base(small_case())


@cache
def standing() -> YearWedges:
    """What goes on without a new measure."""
    case = small_case()
    return case.year_wedges(standing_wedges(case))


@cache
def nothing() -> YearWedges:
    """No wedge at all."""
    case = small_case()
    return case.year_wedges(case.labels.none())


def everything(seed: int) -> YearWedges:
    """Every wedge at once in every year, on top of what stands, none at an end of its range."""
    rng = np.random.default_rng([seed, 5])
    base, none = small_base(), nothing()
    regions = base.economy.regions
    apart = 1 - np.eye(regions)
    abroad, income = apart[:, None, :], np.asarray(base.economy.income)
    real = np.asarray(base.technology.world).sum(axis=1, keepdims=True) > 0

    def some(name: str, size: float) -> np.ndarray:
        shape = getattr(none, name).shape
        # One draw for all years, and a part that differs by year.
        return size * (rng.uniform(0.2, 1.0, shape[1:]) + rng.uniform(0.0, 0.2, shape))

    deficit = rng.normal(size=regions) * 0.004 * income
    draw = {
        "tariff": some("tariff", 0.1) * abroad,
        "export_tax": some("export_tax", 0.05) * abroad,
        "subsidy": some("subsidy", 0.03),
        "log_iceberg": some("log_iceberg", 0.05) * abroad,
        "log_productivity": some("log_productivity", 0.03),
        "log_labour": some("log_labour", 0.03),
        "home_preference": some("home_preference", 0.05),
        "deficit": np.broadcast_to(deficit - deficit.mean(), none.deficit.shape),
        "outlay": some("outlay", 0.003) * income,
        "barred": some("barred", 0.2) * apart * real[..., None],
        "barred_above": some("barred_above", 0.2) * apart * real[..., None],
        "lifted": some("lifted", 0.2) * apart * real[..., None],
        "node_money": some("node_money", 0.5) * real,
        "commitment": some("commitment", 2.0) * real,
        "node_preference": some("node_preference", 0.1) * real,
        "mandate": some("mandate", 0.1) * real,
        "node_ability": some("node_ability", 0.02) * real,
        "hoarding": some("hoarding", 0.02) * real,
        "isolation": some("isolation", 0.2) * apart,
        "research": some("research", 0.05) * np.asarray(base.research),
        "sector_effort": some("sector_effort", 0.001) * np.asarray(base.economy.cost),
        "graduates": some("graduates", 0.1),
        "stay_rate": some("stay_rate", 0.02),
        "returnees": some("returnees", 0.02),
        "density": some("density", 0.1),
        "support": some("support", 0.005),
        "listed": some("listed", 0.5),
    }
    return YearWedges(**{name: jnp.asarray(value) for name, value in draw.items()})


def plus(one: YearWedges, other: YearWedges, times: float = 1.0) -> YearWedges:
    """Sum of wedges, the second times a factor."""
    return YearWedges(*(a + times * b for a, b in zip(one, other, strict=True)))


def run(
    wedges: YearWedges,
    *,
    base: PathBase | None = None,
    rates: Rates | None = None,
    structure: Structure | None = None,
) -> Record:
    """A path, all of it solved."""
    case = small_case()
    found = simulate(
        wedges,
        small_base() if base is None else base,
        case.rates if rates is None else rates,
        Structure.of() if structure is None else structure,
        graduate_lag=case.graduate_lag,
        building_years=case.building_years,
        settings=TIGHT,
    )
    record: Record = found
    assert record.solution.residual.max() < 1e-9
    return record


@cache
def small_fixed() -> Fixed:
    """What the years share, on the base of these tests."""
    case = small_case()
    shared = jax.jit(fixed_of, static_argnums=2)
    return shared(small_base(), case.rates, case.building_years)


OFF = Structure.of(**dict.fromkeys(Structure._fields, False))
