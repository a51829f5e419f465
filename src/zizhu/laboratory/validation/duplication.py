"""V12: what it costs to make everything everywhere: chips, and solar modules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from zizhu.laboratory.validation.check import Check, Group, Numbers, Part
from zizhu.laboratory.validation.runs import BUYER, Runs
from zizhu.model.path_record import Record

PLANTS = ("fab_adv", "fab_mature", "dram", "nand")
# Fall of the price per doubling of the chain's modules (F43).
_SOLAR_LEARNING = 0.22
# Cumulative solar capacity at the end of 2020, GW, over that of the world at the end of 2006
# (recalled from IRENA and IEA: world 710 and 6.5; own 254, 54, 74): region, published premium.
_WORLD_2020, _WORLD_2006 = 710.0, 6.5
SOLAR = (("CHN", 54.0, 254.0), ("DEU", 83.0, 54.0), ("USA", 107.0, 74.0))
_BUILT = 2035
_NAMES = (
    *(f"price_{year}" for year in (2024, 2030, 2035)),
    *(f"price of {name}" for name in PLANTS),
    "upfront",
    "cost_of_all",
    "cost_of_all_2035",
    "alone_price",
    "alone_upfront",
    *(f"solar_{region}" for region, _, _ in SOLAR),
)


def solar_premium(parameters: Mapping[str, float], own: float, world: float) -> float:
    """Percent above the price of shared learning if only own installations had taught since 2006.

    Experience E = own + x (others) as in `zizhu.model.capability`, over the world's of 2006, which
    everybody shares; price ~ E^-l.
    """
    spilled = (
        parameters["foreign_experience"]
        * parameters["cross_border_spillover"]
        * parameters["absorptive_capacity"]
    )
    exponent = -np.log2(1 - _SOLAR_LEARNING)
    alone = _WORLD_2006 + own
    together = alone + spilled * (world - _WORLD_2006 - own)
    return float(100 * ((together / alone) ** exponent - 1))


def _bars(of: str, to: str, plants: Sequence[str] = PLANTS) -> str:
    nodes = ",".join(f"semiconductors/{name}" for name in plants)
    return f"barred from={of} to={to} node={nodes} size=100% years=2023-"


def _measure(runs: Runs) -> Numbers:
    every = ",".join(runs.world.regions)
    rows = [runs.node(name) for name in PLANTS]
    capital = runs.case.parameters["plant_capital"]

    def invested(record: Record) -> float:
        """Bn USD of plants begun since 2023: capacity begun, times output of the base year."""
        begun = np.asarray(record.flows.starts)[1 : runs.at(_BUILT) + 1, rows].sum(axis=0)
        made = np.asarray(runs.baseline.flows.demand.made)[0, rows]
        return float(capital * (begun * made).sum())

    home = runs.run("plants at home everywhere", _bars(every, every))
    before = invested(home.baseline)
    found = {f"price_{year}": runs.price(home, "ic", year) for year in (2024, 2030, 2035)}
    found["upfront"] = invested(home.record) - before
    for name in PLANTS:
        one = runs.run(f"plants at home everywhere, {name}", _bars(every, every, (name,)))
        found[f"price of {name}"] = runs.price(one, "ic", 2030)
    whole = runs.run(
        "chips at home everywhere",
        f"barred from={every} to={every} node=semiconductors/ic size=100% years=2023-",
    )
    found["cost_of_all"] = runs.price(whole, "ic", 2030)
    found["cost_of_all_2035"] = runs.price(whole, "ic", 2035)
    others = ",".join(region for region in runs.world.regions if region != BUYER)
    china = runs.run("plants at home in China", _bars(others, BUYER))
    row, place = runs.node("ic"), runs.place(BUYER)
    gone = china.record.chains.price - china.baseline.chains.price
    found["alone_price"] = float(100 * np.expm1(gone[runs.at(2030), row, place]))
    found["alone_upfront"] = invested(china.record) - before
    chosen = runs.case.parameters
    return found | {
        f"solar_{region}": solar_premium(chosen, own, _WORLD_2020) for region, _, own in SOLAR
    }


def _checks(found: Numbers) -> tuple[Check, ...]:
    chips = (
        Part(
            "plants_at_home",
            "every chip maker's plants at home: price of chips, 2030",
            found["price_2030"],
            "percent",
            (35.0, 65.0),
            "F80",
            note=f"{found['price_2024']:.0f} in 2024, before plants are built, "
            f"{found['price_2035']:.0f} in 2035. Makers count at their headquarters and who has "
            "none buys from those who do, which F80 excludes: not quite its question. One kind of "
            "plant at a time: " + ", ".join(f"{n} {found[f'price of {n}']:.0f}" for n in PLANTS),
            missed="F80 asks for the price once plants stand everywhere; here they are not "
            "there. Regions without makers of memory or advanced logic meet the choke price until "
            "somebody enters, and who stands in for all others sells at the price of a small "
            "supplier",
        ),
        Part(
            "upfront",
            f"the same: plants begun until {_BUILT} beyond the baseline",
            found["upfront"],
            "bn USD",
            (900.0, 1300.0),
            "F80 (1 to 1.2 tn)",
            missed="plants answer what is asked of them over years, as far as tools can be had; "
            "most regions have no maker who could build, dearer chips are bought less, and F80 has "
            "a wave of building everywhere at once",
        ),
        Part(
            "chips_at_home",
            "nobody buys chips abroad: price of chips, 2030",
            found["cost_of_all"],
            "percent",
            None,
            "F80 has 35 to 65, once plants stand",
            kind="shown",
            note=f"{found['cost_of_all_2035']:.0f} in 2035; most of the 29 regions start from "
            "nothing",
        ),
        Part(
            "china_alone",
            "China alone does without plants abroad: price of chips there, 2030",
            found["alone_price"],
            "percent",
            None,
            "no published number",
            kind="shown",
            note=f"plants begun until {_BUILT} beyond the baseline: "
            f"{found['alone_upfront']:.0f} bn USD",
        ),
    )
    solar = tuple(
        Part(
            f"solar_{region.lower()}",
            f"solar modules with national instead of shared learning, {region}, 2020",
            found[f"solar_{region}"],
            "percent",
            (published / 1.5, published * 1.5),
            f"F85: {published:.0f} (band: judgement)",
            missed="others' solar output is worth a third of own output here (F40) and as much as "
            "own output in F85, so that doing without it costs less",
        )
        for region, published, _ in SOLAR
    )
    return (
        Check(
            "V12",
            "Duplication",
            "All regions self-sufficient in chips: 35 to 65 percent dearer, 0.9 to 1.3 tn USD at "
            "the start; solar modules with national learning: 54, 83 and 107 percent dearer.",
            "bars on what plants abroad make, from 2023 on; for solar the learning curve of the "
            "chains with own and with all installations",
            (*chips, *solar),
        ),
    )


GROUP = Group("duplication", ("V12",), _NAMES, _measure, _checks)
