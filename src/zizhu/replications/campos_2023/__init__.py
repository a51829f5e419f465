"""Campos, Estefania-Flores, Furceri and Timini (2023): geopolitical fragmentation and trade."""

from __future__ import annotations

from pathlib import Path

import jax.numpy as jnp
import numpy as np
import pandas as pd
from jaxtyping import Float

from zizhu.model import Economy, Elasticities
from zizhu.model.anderson import Settings
from zizhu.model.audit import audit
from zizhu.model.equilibrium import Solution
from zizhu.model.shock import NoShock
from zizhu.replications.campos_2023 import tables
from zizhu.replications.campos_2023.paper import Answer, fixed_point
from zizhu.replications.following import Implied, Settled, settle
from zizhu.replications.result import Replication, Row
from zizhu.world import locate

TITLE = "Campos and others (2023): fragmentation into blocs, 151 countries, percentage points"
SOURCE = (
    "Campos, Estefania-Flores, Furceri and Timini (2023), Journal of Comparative Economics 51(4), "
    "results of the authors' archive (MIT licence)"
)
PHI = 3.8
# Half the sum over the tenth and the ninetieth percentile of intermediate shares.
PSI = (0.31 / 0.69 + 0.67 / 0.33) / 2
_MEASURES = ("Trade", "Output", "Welfare")
_BLOCS = ("Western", "Eastern", "Neutral")
_SETTINGS = Settings(tolerance=1e-14, most_iterations=3000)
# Percentage points: the expected results are printed to all digits of double precision.
_EXACT = 1e-9
_WALL = float(np.log(1e9))


def replicate(data: str | Path | None = None) -> Replication:
    """Run every scenario of the archive in our model, and compare with its expected results.

    Raises `WorldError` if the archive is not found, `NotConverged` if a scenario has no solution.
    """
    folder = locate("campos2023", data)
    countries, trade = tables.matrix(folder / "trade_2019.csv.gz", "trade", ";")
    known = tables.blocs(folder / "def_blocs.csv")
    bloc = np.array([known[country] for country in countries])
    made, few = tables.matrix(folder / "trade_prod_2018.csv.gz", "trade")
    both = [country for country in countries if country in made]
    at = [made.index(country) for country in both]
    few = few[np.ix_(at, at)]
    rows: list[Row] = []
    beside: dict[str, float] = {}
    for scenario in (1, 3):
        cost = _log_cost(folder, scenario, countries)
        settled = solved(trade, cost)
        found = _summary(countries, trade, _answer(settled), PSI)
        asked = tables.results(folder / f"fragmentation_{scenario}.csv", _MEASURES)
        rows += _rows(f"scenario {scenario}", found, asked.loc[list(countries)], _EXACT)
        rows += _bloc_rows(
            folder, scenario, countries, before=trade, after=_answer(settled).trade, bloc=bloc
        )
        beside[f"scenario {scenario}, audit of the last round"] = _checked(trade, settled)
        # The version with production data is compared for the countries that both have.
        fewer = solved(few, _log_cost(folder, scenario, both))
        found = _summary(both, few, _answer(fewer), PSI)
        names = [f"{name}_prod" for name in _MEASURES]
        asked = tables.results(folder / f"fragmentation_{scenario}_prod.csv", names)
        asked = asked.set_axis(list(_MEASURES), axis=1).loc[both]
        rows += _rows(f"scenario {scenario}, production data", found, asked, _EXACT)
    rows += _autarky_rows(folder, countries, trade, beside)
    return Replication(
        "campos2023",
        TITLE,
        SOURCE,
        tuple(rows),
        beside,
        (
            "each row is the largest difference over the 151 countries (60 with production data), "
            "in percentage points",
            "their supply (p/P)^psi is labour that rises with the real wage, log L = psi log(w/P), "
            "in our one-sector model; spending stays a part of output, times one factor for all "
            "that makes deficits add up; welfare is (p/P)^(1+psi)",
            "autarky of Russia: at their trade cost of 1e9 Russia goes on running the surplus that "
            "its output asks for, through goods sold for next to nothing; ours has no trade and no "
            "surplus, which moves the others by no more than the part of its trade that is left to "
            "Russia, and their trade by one factor, that of the unit of account; the paper's "
            "iteration, written anew, gives the archive's numbers",
        ),
    )


def economy_of_trade(trade: Float[np.ndarray, "i n"]) -> Economy:
    """One sector made by labour alone; spending is what each country buys."""
    count = len(trade)
    output, spending = trade.sum(axis=1), trade.sum(axis=0)

    def ones(*shape: int) -> jnp.ndarray:
        return jnp.ones(shape)

    return Economy(
        origin_shares=jnp.asarray((trade / spending)[:, None, :, None]),
        input_shares=ones(1, count, 1),
        value_added_share=ones(count, 1),
        final_sector_shares=ones(1, count, 1),
        final_use_shares=ones(count, 1),
        cost=jnp.asarray(output[:, None]),
        income=jnp.asarray(spending),
        wage_bill=jnp.asarray(output),
        deficit=jnp.asarray(spending - output),
        tariff=jnp.zeros((count, 1, count)),
        export_tax=jnp.zeros((count, 1, count)),
        subsidy=jnp.zeros((count, 1)),
    )


def solved(
    trade: Float[np.ndarray, "i n"],
    log_cost: Float[np.ndarray, "i n"],
    alone: int | None = None,
) -> Settled:
    """Our equilibrium under their supply and deficits; `alone` is a country without trade."""
    economy = economy_of_trade(trade)
    ratio = trade.sum(axis=0) / trade.sum(axis=1)
    trading = np.arange(len(trade)) != (-1 if alone is None else alone)

    def implied(solution: Solution) -> Implied:
        output = np.asarray(solution.cost)[:, 0]
        factor = output[trading].sum() / (ratio * output)[trading].sum()
        real_wage = np.asarray(solution.log_price)[:, 0] - np.asarray(solution.log_final_price)
        return Implied(np.where(trading, (factor * ratio - 1) * output, 0.0), PSI * real_wage)

    start = NoShock.of(economy)._replace(log_iceberg=jnp.asarray(log_cost[:, None, :, None]))
    return settle(
        economy, Elasticities.of([PHI]), start, implied, settings=_SETTINGS, tolerance=1e-13
    )


def _answer(settled: Settled) -> Answer:
    """Ours in the terms of the paper: prices, and trade at output as before on average."""
    solution = settled.solution
    price = np.exp(np.asarray(solution.log_price)[:, 0])
    relative = price / np.exp(np.asarray(solution.log_final_price))
    return Answer(relative, np.asarray(solution.flow)[0] / np.mean(price * relative**PSI))


def _checked(trade: Float[np.ndarray, "i n"], settled: Settled) -> float:
    found = audit(economy_of_trade(trade), Elasticities.of([PHI]), settled.shock, settled.solution)
    found.require(1e-9)
    return found.largest


def _log_cost(
    folder: Path, scenario: int, countries: list[str] | tuple[str, ...]
) -> Float[np.ndarray, "i n"]:
    names, cost = tables.matrix(folder / "tau_hat.csv.gz", f"tau_hat_{scenario}")
    at = [names.index(country) for country in countries]
    return np.asarray(np.log(cost[np.ix_(at, at)]))


def _abroad(trade: Float[np.ndarray, "i n"]) -> Float[np.ndarray, "i n"]:
    return trade * (1 - np.eye(len(trade)))


def _summary(
    countries: list[str] | tuple[str, ...],
    before: Float[np.ndarray, "i n"],
    answer: Answer,
    psi: float,
) -> pd.DataFrame:
    old, new = (
        _abroad(one).sum(axis=0) + _abroad(one).sum(axis=1) for one in (before, answer.trade)
    )
    return pd.DataFrame(
        {
            "Trade": 100 * (new / old - 1),
            "Output": 100 * (answer.relative_price**psi - 1),
            "Welfare": 100 * (answer.relative_price ** (1 + psi) - 1),
        },
        index=list(countries),
    )


def _rows(words: str, found: pd.DataFrame, asked: pd.DataFrame, most: float) -> list[Row]:
    rows = []
    for measure in found.columns:
        gap = float((found[measure] - asked[measure]).abs().max())
        rows.append(Row(f"{words}, {measure.lower()}", 0.0, gap, tolerance=most))
    return rows


def _bloc_rows(
    folder: Path,
    scenario: int,
    countries: tuple[str, ...],
    *,
    before: Float[np.ndarray, "i n"],
    after: Float[np.ndarray, "i n"],
    bloc: np.ndarray,
) -> list[Row]:
    """Trade between blocs, and of each country with each bloc, exports and imports together."""
    member = np.stack([(bloc == name).astype(float) for name in _BLOCS], axis=1)
    old, new = (member.T @ _abroad(one) @ member for one in (before, after))
    asked = tables.results(folder / f"fragmentation_blocs_{scenario}.csv", _BLOCS, "Bloc")
    gap = float(np.abs(100 * (new / old - 1) - asked.loc[list(_BLOCS)].to_numpy()).max())
    old, new = ((_abroad(one) + _abroad(one).T) @ member for one in (before, after))
    asked = tables.results(folder / f"fragmentation_{scenario}.csv", _BLOCS).loc[list(countries)]
    each = float(np.abs(100 * (new / old - 1) - asked.to_numpy()).max())
    return [
        Row(f"scenario {scenario}, trade between blocs", 0.0, gap, tolerance=_EXACT),
        Row(f"scenario {scenario}, trade with each bloc", 0.0, each, tolerance=_EXACT),
    ]


def _autarky_rows(
    folder: Path,
    countries: tuple[str, ...],
    trade: Float[np.ndarray, "i n"],
    beside: dict[str, float],
) -> list[Row]:
    russia = countries.index("RUS")
    cost = np.zeros_like(trade)
    cost[russia, :] = cost[:, russia] = _WALL
    cost[russia, russia] = 0.0
    asked = tables.results(folder / "fragmentation_0.csv", _MEASURES).loc[list(countries)]
    theirs = _summary(countries, trade, fixed_point(trade, cost, PHI, PSI), PSI)
    rows = _rows("scenario 0, the paper's iteration", theirs, asked, _EXACT)
    ours = _summary(countries, trade, _answer(solved(trade, cost, russia)), PSI)
    real = ["Output", "Welfare"]
    rows += _rows("scenario 0, Russia", ours.loc[["RUS"], real], asked.loc[["RUS"], real], _EXACT)
    # The archive leaves Russia a little trade, ours none: no closer than that can they be.
    left = float(asked.Trade["RUS"] + 100)
    beside["scenario 0, Russia, trade that the archive leaves, percent"] = left
    others = [country for country in countries if country != "RUS"]
    rows += _rows("scenario 0, others", ours.loc[others, real], asked.loc[others, real], left)
    factor = (1 + ours.Trade[others] / 100) / (1 + asked.Trade[others] / 100)
    gap = float(100 * (factor / factor.mean() - 1).abs().max())
    rows.append(Row("scenario 0, others, trade but for one factor", 0.0, gap, tolerance=left))
    own = trade[russia, russia] / trade[:, russia].sum()
    closed = 100 * (own ** ((1 + PSI) / PHI) - 1)
    beside["scenario 0, Russia, welfare, closed form"] = closed
    beside["scenario 0, Russia, welfare, ours"] = float(ours.Welfare["RUS"])
    return rows
