"""Faults of the program, one at a time, and what must notice each.

A fault replaces one function by another that is a little wrong. `caught` is a part of the complaint
that a run must then make; a fault without it provably changes nothing, and `why` says so. Programs
that hold the function compiled already are compiled anew for the fault.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import jax
import numpy as np

Make = Callable[[Callable[..., Any]], Any]

PATH, STATIC, LIMITS = "path", "static", "limits"
# Programs of the yearly loop: what each is made of.
SOLVER, OPENING, CLOSING, START = "_solved", "opening", "closing", "_start"
_STATIC_ARGUMENTS = {
    SOLVER: ("settings",),
    OPENING: (),
    CLOSING: (),
    START: ("graduate_lag", "building_years"),
}


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong.

    place    `module:name` of what is replaced, below `zizhu.`; `module:Class.method` for a method
    make     from what is right to what is wrong
    caught   part of the complaint, a regular expression; empty where nothing changes
    what     runs: a path, a static run, or a static run with a limited flow
    programs of the yearly loop that hold what is replaced
    why      nothing changes
    quick    runs by default, the others with --all
    """

    name: str
    place: str
    make: Make
    caught: str = ""
    what: str = PATH
    programs: tuple[str, ...] = ()
    why: str = ""
    quick: bool = True

    def commit(self, patch: Any) -> None:
        """Put the fault in, until `patch` takes it out again."""
        module, _, name = self.place.partition(":")
        owner: Any = importlib.import_module(f"zizhu.{module}")
        for part in name.split(".")[:-1]:
            owner = getattr(owner, part)
        name = name.split(".")[-1]
        patch.setattr(owner, name, self.make(getattr(owner, name)))
        self._compile_anew(patch)

    def _compile_anew(self, patch: Any) -> None:
        from zizhu.model import equilibrium, walk  # noqa: PLC0415 (after the import hook)
        from zizhu.model.program import Program  # noqa: PLC0415

        for name in self.programs:
            function = getattr(walk, name)

            # Another function, so that nothing that is known of the right one is used.
            def again(*args: Any, _function: Any = function, **kwargs: Any) -> Any:
                return _function(*args, **kwargs)

            kept = {"once": True} if name == START else {}
            program = Program(again, *_STATIC_ARGUMENTS[name], **kept)
            patch.setattr(walk, f"_{name.removeprefix('_')}_program", program)
        if self.what in (STATIC, LIMITS) and self.programs:

            def solved(*args: Any, **kwargs: Any) -> Any:
                return equilibrium.equilibrium(*args, **kwargs)

            names = ("bound_labour", "limits", "settings")
            patch.setattr(equilibrium, "solve_unchecked", jax.jit(solved, static_argnames=names))


def _times(factor: float, *fields: str) -> Make:
    """A named tuple whose fields are too large."""

    def make(right: Callable[..., Any]) -> Callable[..., Any]:
        def wrong(*args: Any, **kwargs: Any) -> Any:
            found = right(*args, **kwargs)
            if not fields:
                return factor * found
            return found._replace(**{name: factor * getattr(found, name) for name in fields})

        return wrong

    return make


def _plus(size: float, field: str) -> Make:
    def make(right: Callable[..., Any]) -> Callable[..., Any]:
        def wrong(*args: Any, **kwargs: Any) -> Any:
            found = right(*args, **kwargs)
            return found._replace(**{field: getattr(found, field) + size})

        return wrong

    return make


def _first(change: Callable[[Any], Any], place: int = 0) -> Make:
    """What is changed in the pair or tuple that a function returns."""

    def make(right: Callable[..., Any]) -> Callable[..., Any]:
        def wrong(*args: Any, **kwargs: Any) -> Any:
            found = list(right(*args, **kwargs))
            found[place] = change(found[place])
            return tuple(found)

        return wrong

    return make


def _after(change: Callable[[Any], Any]) -> Make:
    """What a function returns, changed."""

    def make(right: Callable[..., Any]) -> Callable[..., Any]:
        def wrong(*args: Any, **kwargs: Any) -> Any:
            return change(right(*args, **kwargs))

        return wrong

    return make


def _late(values: Any) -> Any:
    """Everything a year later."""
    return np.concatenate([np.zeros_like(values[:1]), np.asarray(values)[:-1]])


def _table(name: str, change: Callable[[Any, Any], Any]) -> Make:
    """One variable of a dataset, changed; the change sees the variable and the dataset."""

    def make(right: Callable[..., Any]) -> Callable[..., Any]:
        def wrong(*args: Any, **kwargs: Any) -> Any:
            found = right(*args, **kwargs)
            values = change(found[name], found)
            return found.assign({name: (found[name].dims, np.asarray(values), found[name].attrs)})

        return wrong

    return make


def _against_first_year(effect: Any, table: Any) -> Any:
    income = 1 + table["real_income"] / 100
    return 100 * (income.sel(run="scenario") / income.sel(run="baseline").isel(year=0) - 1)


def _of_makers(share: Any, table: Any) -> Any:
    """Home sales over what makers sell, in the place of what users buy."""
    sold = table["world_share"] / 100 * (table["use"]).sum("region")
    return (share / 100 * table["use"] / sold * 100).transpose(*share.dims)


def _of_makers_static(share: Any, table: Any) -> Any:
    own = share / 100 * table["flow"].sum("supplier").rename(user="region")
    return (100 * own / table["output"]).transpose(*share.dims)


def _half_barred(bars: Any) -> Any:
    return bars._replace(every=0.5 * bars.every, higher=0.5 * bars.higher)


def _without_last(right: Callable[..., Any]) -> Callable[..., Any]:
    return lambda parts, none: right(list(parts)[:-1], none)


def _one_payer(right: Callable[..., Any]) -> Callable[..., Any]:
    return lambda by_region, _, share: right(by_region, "central government", share)


def _scaled(right: Callable[..., Any]) -> Callable[..., Any]:
    """Scale elasticities of the solver, and not of the audit."""

    def wrong(*args: Any, **kwargs: Any) -> Any:
        given = right(*args, **kwargs)
        el = given.elasticities
        return given._replace(elasticities=replace(el, scale=1.1 * el.scale))

    return wrong


def _entries(right: Callable[..., Any]) -> Callable[..., Any]:
    def wrong(*args: Any, **kwargs: Any) -> Any:
        ledger = right(*args, **kwargs)
        more = tuple(replace(one, by_year=1.1 * one.by_year) for one in ledger.entries)
        return replace(ledger, entries=more)

    return wrong


def _cautious(right: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *args, **kwargs: tuple(0.9 * move for move in right(*args, **kwargs))


def _as_before(right: Callable[..., Any]) -> Callable[..., Any]:
    return lambda solved, economy: right(solved, economy)[1:2]


def _swapped(values: Any) -> Any:
    found = np.array(values)
    found[..., [0, 1]] = found[..., [1, 0]]
    return found


def _sold(purchases: Any) -> Any:
    return purchases._replace(sales=1.01 * purchases.sales)


FAULTS = (
    # The static equilibrium.
    Fault(
        "sales of every market one percent too large",
        "model.demand:purchases",
        _after(_sold),
        "factor markets",
        STATIC,
        (SOLVER,),
    ),
    Fault(
        "a tenth more tariff revenue than duties",
        "model.demand:purchases",
        _times(1.1, "duty"),
        "walras",
        STATIC,
        (SOLVER,),
        quick=False,
    ),
    Fault(
        "incomes one percent beyond what is earned",
        "model.equilibrium:clear",
        _plus(0.01, "transfers"),
        "walras",
        STATIC,
        (SOLVER,),
        quick=False,
    ),
    Fault(
        "another numeraire",
        "model.equilibrium:clear",
        _plus(0.01, "wage"),
        "numeraire",
        STATIC,
        (SOLVER,),
        quick=False,
    ),
    Fault(
        "unit costs one percent too high",
        "model.equilibrium:clear",
        _plus(0.01, "unit_cost"),
        "reported",
        STATIC,
        (SOLVER,),
        quick=False,
    ),
    Fault(
        "scale elasticities a tenth too large",
        "model.equilibrium:_given",
        _scaled,
        "goods markets",
        STATIC,
        (SOLVER,),
        quick=False,
    ),
    Fault(
        "flows held a tenth above their limit",
        "model.demand:sourcing",
        _plus(0.1, "limit"),
        "limits",
        LIMITS,
        (SOLVER,),
        quick=False,
    ),
    # The yearly loop.
    Fault(
        "a reported scale term x1.2",
        "model.walk:equilibrium",
        _times(1.2, "log_scale"),
        "scale misses",
        PATH,
        (SOLVER,),
    ),
    Fault(
        "ideas that grow a fifth too fast",
        "model.knowledge:idea_growth",
        _times(1.2),
        "ideas misses",
        PATH,
        (CLOSING,),
        quick=False,
    ),
    Fault(
        "capital that does not wear out",
        "model.year:next_capital",
        lambda right: lambda had, new, by: right(had, new, by._replace(depreciation=0.0)),
        "capital misses",
        PATH,
        (CLOSING,),
        quick=False,
    ),
    Fault(
        "one percent more people at home than there are",
        "model.year:next_talent",
        _first(lambda had: had._replace(home=had.home * 1.01)),
        "talent misses",
        PATH,
        (CLOSING,),
        quick=False,
    ),
    Fault(
        "ability a tenth too large",
        "model.chain_stocks:next_ability",
        _times(1.1, "gain"),
        "ability misses",
        PATH,
        (CLOSING,),
        quick=False,
    ),
    Fault(
        "learning from more than was sold",
        "model.chain_stocks:next_ability",
        _times(1.1, "experience"),
        "experience misses",
        PATH,
        (CLOSING,),
        quick=False,
    ),
    Fault(
        "plants that nobody built",
        "model.year:next_stocks",
        _first(lambda had: had._replace(capacity=1.01 * had.capacity)),
        "plants misses",
        PATH,
        (CLOSING,),
        quick=False,
    ),
    Fault(
        "controls that are answered more strongly",
        "model.year:next_reaction",
        _after(lambda had: had._replace(controls=had.controls + 0.01)),
        "reaction misses",
        PATH,
        (CLOSING,),
        quick=False,
    ),
    Fault(
        "funds that do not leak",
        "model.year:next_money",
        _first(lambda work: 1.25 * work, 1),
        "money misses",
        PATH,
        (OPENING,),
        quick=False,
    ),
    Fault(
        "half of what is barred by wedges",
        "model.year:bars",
        _after(_half_barred),
        "prices misses",
        PATH,
        (OPENING,),
        quick=False,
    ),
    Fault(
        "support that misallocates nothing",
        "model.knowledge:misallocation",
        _times(0.0),
        "productivity misses",
        PATH,
        (OPENING,),
    ),
    Fault(
        "money on nodes charged at a tenth",
        "model.year:_MILLION_PER_BILLION",
        lambda right: right / 10,
        "outlay misses",
        PATH,
        (OPENING,),
        quick=False,
    ),
    Fault(
        "a solved year that starts its search elsewhere",
        "model.year:starts_of_year",
        _as_before,
        "",
        PATH,
        (OPENING,),
        why="a guess moves the search and not the fixed point that it ends at",
    ),
    # The base of a path.
    Fault(
        "technology levels x1.2",
        "laboratory.path.case:technology_levels",
        _times(1.2),
        "technology levels",
    ),
    Fault(
        "a trend of productivity x1.2",
        "laboratory.path.case:domar_weight",
        _times(1 / 1.2),
        "trend of productivity",
    ),
    Fault(
        "deficits with the wrong sign",
        "laboratory.path.case:economy_of",
        _after(lambda economy: replace(economy, deficit=-economy.deficit)),
        "sums of the base",
    ),
    # Policy: money and timing.
    Fault(
        "GDP seen by levers x1.1",
        "laboratory.scenario_path.run:path_context",
        _after(lambda context: replace(context, gdp=1.1 * context.gdp)),
        "what levers were told",
    ),
    Fault(
        "wasted support dropped",
        "policy.subsidising:path_wedges",
        _after(lambda wedges: wedges._replace(outlay=0 * wedges.outlay)),
        "money of measures",
    ),
    Fault(
        "productivity a year late in its lever",
        "policy.path_context:PathContext.in_force",
        _after(_late),
        "timing and sizes of measures",
    ),
    Fault(
        "productivity a year late in the model",
        "laboratory.path.case:PathCase.year_wedges",
        _after(lambda wedges: wedges._replace(log_productivity=_late(wedges.log_productivity))),
        "productivity of the year",
    ),
    Fault(
        "tariffs a year late in the model",
        "laboratory.path.case:PathCase.year_wedges",
        _after(lambda wedges: wedges._replace(tariff=_late(wedges.tariff))),
        "home shares of sectors",
    ),
    Fault(
        "outlays of policy forgotten by the model",
        "laboratory.path.case:PathCase.year_wedges",
        _after(lambda wedges: wedges._replace(outlay=0 * np.asarray(wedges.outlay))),
        "outlays of the year",
    ),
    Fault(
        "the ledger a tenth too high",
        "policy.compile_path:_ledger",
        _entries,
        "ledger",
    ),
    Fault(
        "the centre pays for all",
        "policy.subsidising:payers",
        _one_payer,
        "ledger",
    ),
    Fault(
        "public money that costs nothing to raise",
        "policy.compile_path:with_excess",
        lambda right: lambda action, _: right(action, 1.0),
        "money of measures",
    ),
    Fault(
        "exchange rates seven times too large",
        "policy.units:Size.money",
        _times(7.0),
        "money of measures",
    ),
    Fault(
        "the last measure forgotten",
        "policy.compile_path:together",
        _without_last,
        "measures together",
    ),
    # What is shown of a path.
    Fault(
        "effects taken against the wrong base",
        "laboratory.path.outcome:path_indicators",
        _table("real_income_effect", _against_first_year),
        "effects against the baseline",
    ),
    Fault(
        "levels in money x1.2",
        "laboratory.path.outcome:path_indicators",
        _table("value_added", lambda values, _: 1.2 * values),
        "levels in money",
    ),
    Fault(
        "home shares on the wrong axis",
        "laboratory.path.outcome:path_indicators",
        _table("home_share", _of_makers),
        "home shares of sectors",
    ),
    Fault(
        "home shares of two nodes swapped",
        "laboratory.path.outcome:path_indicators",
        _table("node_home_share", lambda values, _: _swapped(values)),
        "home shares of nodes",
    ),
    Fault(
        "the scale channel of productivity x1.2",
        "laboratory.path.outcome:path_indicators",
        _table(
            "productivity",
            lambda values, _: values * (1 + 0.2 * (values.productivity_channel == "scale")),
        ),
        "channels of productivity",
    ),
    Fault(
        "the scale term of the decomposition x1.2",
        "laboratory.path.outcome:decomposition_table",
        _after(lambda table: table * (1 + 0.2 * (table.channel == "scale"))),
        "contributions",
    ),
    Fault(
        "two channels of the decomposition swapped",
        "laboratory.path.outcome:contributions",
        _after(_swapped),
        "contributions",
    ),
    Fault(
        "contributions shared alike among channels",
        "laboratory.path.decompose:shapley",
        _after(lambda values: np.broadcast_to(values.mean(axis=0), values.shape)),
        "contributions",
    ),
    Fault(
        "battlegrounds without weights",
        "indicators.battlegrounds:weighted_means",
        lambda right: lambda shares, weights, parts: right(shares, 0 * weights + 1, parts),
        "shares of battlegrounds",
    ),
    Fault(
        "a tenth of the value along chains lost",
        "indicators.path_content:embodied",
        lambda right: lambda graph, shares, value: right(graph, shares, 0.9 * value),
        "value at the end of chains",
    ),
    Fault(
        "purchases at the end of chains with users' own work",
        "indicators.tiers:inside",
        lambda right: lambda graph, value: 1 + 0 * right(graph, value),
        "value at the end of chains|shares of battlegrounds",
    ),
    Fault(
        "tiers that count a thing and what is in it",
        "indicators.tiers:new_part",
        _after(lambda part: 1 + 0 * part),
        "shares of tiers|value at the end of chains",
    ),
    Fault(
        "targets a point too high",
        "laboratory.scenario_path.run:target_results",
        _after(lambda rows: tuple(row._replace(value=row.value + 1) for row in rows)),
        "targets",
    ),
    Fault(
        "gains of partners x1.2",
        "indicators.partners:real_gain",
        _times(1.2),
        "partners",
    ),
    # What is shown of a static run.
    Fault(
        "static home shares on the wrong axis",
        "laboratory.experiment:indicators",
        _table("self_sufficiency", _of_makers_static),
        "shares of sectors",
        STATIC,
    ),
    Fault(
        "static real income without its price",
        "laboratory.experiment:indicators",
        _table(
            "real_income",
            lambda _, table: 100 * (table["nominal_income"] / table["nominal_income_base"] - 1),
        ),
        "real income and prices",
        STATIC,
    ),
    Fault(
        "terms of trade with the wrong sign",
        "laboratory.experiment:indicators",
        _table("terms_of_trade", lambda values, _: -values),
        "real income and prices",
        STATIC,
    ),
    Fault(
        "public cost without tariff revenue",
        "laboratory.experiment:indicators",
        _table(
            "fiscal_cost",
            lambda values, table: values + table["tariff_revenue"] - table["tariff_revenue_base"],
        ),
        "revenues and costs",
        STATIC,
    ),
    Fault(
        "wasted support dropped in a static run",
        "policy.subsidising:static_wedges",
        _after(lambda wedges: wedges._replace(outlay=0 * wedges.outlay)),
        "money of measures",
        STATIC,
    ),
    Fault(
        "percent read a tenth too large",
        "policy.units:Size.fraction",
        lambda right: property(lambda size: right.fget(size) * 1.1),
        "timing and sizes of measures",
        STATIC,
    ),
    Fault(
        "regions that answer too cautiously in the search",
        "model.equilibrium:answer",
        _cautious,
        "",
        STATIC,
        (SOLVER,),
        why="the answer is zero where and only where the equations hold, times nine tenths too",
        quick=False,
    ),
)
