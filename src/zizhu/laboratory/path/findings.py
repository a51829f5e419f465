"""What the yearly loop says where something else is known: published ranges, measured shares.

Each finding is a number of the model with the band that the literature or a table gives. A finding
that misses is published as missed; nothing is moved to make one pass. What was used to set a
parameter is a calibration and tests nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from zizhu.laboratory.path.experiments import LAST, PLANTS, Experiments

Kind = Literal["test", "calibration", "shown"]
_TOOLS = ("etch", "dep_cvd", "dep_pvd", "cleaning", "cmp_tool")
_LARGE = ("CHN", "USA", "JPN", "DEU", "IND", "GBR", "FRA", "KOR", "BRA", "ROW")


@dataclass(frozen=True)
class Finding:
    """One number beside what is known about it.

    agrees  whether it lies in the band; None where there is no band
    """

    name: str
    title: str
    value: float
    unit: str
    band: tuple[float, float] | None
    source: str
    kind: Kind
    note: str = ""

    @property
    def agrees(self) -> bool | None:
        """Whether the value lies in its band."""
        return None if self.band is None else self.band[0] <= self.value <= self.band[1]


def findings(runs: Experiments | None = None) -> list[Finding]:
    """All findings; about a minute the first time, a few seconds with compiled programs."""
    runs = Experiments() if runs is None else runs
    return [
        *_decoupling(runs),
        *_plants(runs),
        *_tools(runs),
        *_pressure(runs),
        *_duplication(runs),
        *_baseline(runs),
    ]


def _decoupling(runs: Experiments) -> list[Finding]:
    world = runs.effect(runs.blocs, LAST)
    alone = runs.effect(runs.blocs_without_ideas, LAST)
    chips = runs.output(runs.blocs, "C26", "CHN", LAST) - runs.output(
        runs.blocs, "C26", "USA", LAST
    )
    return [
        Finding(
            "blocs_world",
            f"Two blocs, 32 points of tariff: real income of the world, {LAST}",
            world,
            "percent",
            (-7.0, -0.2),
            "F81, F83",
            "test",
        ),
        Finding(
            "blocs_diffusion",
            f"Two blocs: loss with diffusion over loss without, {LAST}",
            world / alone,
            "1",
            (2.0, np.inf),
            "F81",
            "test",
            f"{runs.effect(runs.blocs, 2035) / runs.effect(runs.blocs_without_ideas, 2035):.2f} in "
            "2035; the gap opens with the years",
        ),
        Finding(
            "blocs_chips",
            f"Two blocs: output of electronics, China less United States, {LAST}",
            chips,
            "percentage point",
            (-np.inf, 0.0),
            "F84",
            "test",
        ),
        Finding(
            "iceberg_world",
            f"Two blocs, trade costs of 160 percent on goods: real income of the world, {LAST}",
            runs.effect(runs.iceberg, LAST),
            "percent",
            (-7.0, -0.2),
            "F83",
            "test",
        ),
    ]


def _plants(runs: Experiments) -> list[Finding]:
    base = runs.world.year

    def location(year: int) -> float:
        """Plants in China over the plants behind the chips that China uses."""
        demand = runs.happened.record.flows.demand
        rows = [runs.node(name) for name in PLANTS]
        n = runs.world.regions.index("CHN")
        made = demand.made[runs.at(year), rows, n].sum()
        used = demand.bought[runs.at(year), rows, n].sum()
        return float(100 * made / used)

    return [
        Finding(
            "mature_home",
            "Mature logic used in China that is made there, 2024",
            runs.home(runs.happened, "fab_mature", 2024),
            "percent",
            (0.0, 70.0),
            "F60, F61",
            "test",
            f"{runs.home(runs.happened, 'fab_mature', base):.1f} in {base}, "
            f"{runs.home(runs.happened, 'fab_mature', 2030):.1f} in 2030",
        ),
        Finding(
            "plants_growth",
            "Chips made in China over chips used there, 2026 relative to the base year",
            location(2026) / location(base),
            "1",
            (1.1, 21.2 / 16.7),
            "F60 (16.7 percent in 2021, forecast 21.2 for 2026)",
            "test",
            f"the level is {location(base):.0f} percent in {base} by value of plants' work, which "
            "is not the series of F60 (value of chips)",
        ),
        Finding(
            "advanced_plants",
            "Advanced logic: China's share of the world, 2030 less the base year",
            runs.world_share(runs.happened, "fab_adv", 2030)
            - runs.world_share(runs.happened, "fab_adv", base),
            "percentage point",
            (0.0, 10.0),
            "known output at 7 nm: the share must not fall (judgement)",
            "test",
        ),
    ]


def _tools(runs: Experiments) -> list[Finding]:
    path = runs.happened
    base = runs.world.year
    yearly = [
        (runs.home(path, name, 2030) - runs.home(path, name, base)) / (2030 - base)
        for name in _TOOLS
    ]
    ahead = runs.buys(path, "lith_duv", 2023) / runs.buys(runs.unprepared, "lith_duv", 2023)
    after = runs.buys(path, "lith_duv", 2024) / runs.buys(path, "lith_duv", 2023)
    lithography, etch = (
        runs.home(runs.more_money, name, 2030) - runs.home(runs.money, name, 2030)
        for name in ("lith_duv", "etch")
    )
    clock = runs.case.parameters
    found = [
        Finding(
            f"home_{name}",
            f"Home share of {name} in China, mean rise a year {base}-2030",
            rise,
            "percentage point",
            (1.0, 4.0),
            "F64, F65 (judgement on the band)",
            "test",
            ", ".join(
                f"{year}: {runs.home(path, name, year):.1f}" for year in (2022, 2023, 2025, 2030)
            ),
        )
        for name, rise in zip(_TOOLS, yearly, strict=True)
    ]
    found += [
        Finding(
            f"home_{name}",
            f"Home share of {name} in China, 2027",
            runs.home(path, name, 2027),
            "percent",
            (0.0, 3.0),
            "F64, F65 (judgement on the band)",
            "test",
            f"{runs.home(path, name, 2022):.1f} in 2022",
        )
        for name in ("lith_duv", "process_control")
    ]
    return [
        *found,
        Finding(
            "money_lithography",
            "Four billion dollars a year instead of one: home share of immersion lithography, 2030",
            lithography,
            "percentage point",
            (0.0, 1.0),
            "judgement: money does not buy lithography",
            "test",
            f"{etch:.1f} for etch",
        ),
        Finding(
            "hoarding",
            "Immersion lithography: China's part of purchases in 2023, over that without stores",
            ahead,
            "1",
            (1.05, np.inf),
            "F56 (purchases rise before a control; the band is judgement)",
            "test",
            f"{after:.2f} of it in the year in which the control binds",
        ),
        Finding(
            "tools_bought",
            "Etch: China's share of the world's purchases, base year",
            runs.buys(path, "etch", 2022),
            "percent",
            None,
            "F56",
            "calibration",
        ),
        Finding(
            "euv_entry",
            "Probability that China has entered EUV by the start of 2031",
            100
            * float(path.record.chains.entry[runs.at(2031), 0, runs.world.regions.index("CHN")]),
            "percent",
            None,
            "F6H",
            "calibration",
            f"median {clock['euv_entry_year']:.0f} at reference money",
        ),
    ]


def _pressure(runs: Experiments) -> list[Finding]:
    embargo, firm = runs.embargo, runs.listed.record.firms.revenue[:, 0]
    cost = runs.effect(embargo, 2026, "CHN")
    return [
        Finding(
            "embargo_china",
            "All advanced tools barred from China since 2024: its real income, 2026",
            cost,
            "percent",
            (-np.inf, -0.1),
            "judgement: visible",
            "test",
            f"{runs.effect(runs.embargo_by_price, 2026, 'CHN'):.2f} if only prices mattered (no "
            f"ceiling); {runs.effect(embargo, 2035, 'CHN'):.2f} in 2035",
        ),
        Finding(
            "embargo_seller",
            "The same: real income of the Netherlands, 2026",
            runs.effect(embargo, 2026, "NLD"),
            "percent",
            (-np.inf, -0.05),
            "F50",
            "test",
            f"JPN {runs.effect(embargo, 2026, 'JPN'):.2f}, USA "
            f"{runs.effect(embargo, 2026, 'USA'):.2f}",
        ),
        Finding(
            "champion_first",
            "A listed champion: revenue in the first year",
            100 * (float(firm[1]) - 1),
            "percent",
            None,
            "F54",
            "calibration",
        ),
        Finding(
            "champion_fourth",
            "The same in the fourth year, of the old level",
            100 * float(firm[4]),
            "percent",
            None,
            "F54",
            "calibration",
        ),
    ]


def _duplication(runs: Experiments) -> list[Finding]:
    found = [
        Finding(
            "plants_at_home",
            "No chip maker has plants abroad work for it: price of chips, 2030",
            runs.chip_price(runs.autarky, 2030),
            "percent",
            None,
            "F80 has 35 to 65 for every region self-sufficient",
            "shown",
            f"{runs.chip_price(runs.autarky, 2024):.0f} in 2024, before plants are built, "
            f"{runs.chip_price(runs.autarky, LAST):.0f} in {LAST}. Not F80: makers count at their "
            "headquarters, and who has none buys from those who do",
        )
    ]
    for place, published, own, shared in SOLAR:
        found.append(
            Finding(
                f"solar_{place.lower()}",
                f"Solar modules with national instead of shared learning, {place}, 2020",
                solar_premium(runs.case.parameters, own, shared),
                "percent",
                (published / 1.5, published * 1.5),
                f"Helveston and others 2022: {published:.0f} (band: judgement)",
                "test",
            )
        )
    return found


# Cumulative solar capacity at the end of 2020, GW, over that of the world at the end of 2006
# (recalled from IRENA and IEA: world 710 and 6.5; own 254, 54, 74): country, published premium.
_WORLD_2020, _WORLD_2006 = 710.0, 6.5
SOLAR = (
    ("CHN", 54.0, 254.0, _WORLD_2020),
    ("DEU", 83.0, 54.0, _WORLD_2020),
    ("USA", 107.0, 74.0, _WORLD_2020),
)
# Fall of the price per doubling of the chain's modules (F43).
_SOLAR_LEARNING = 0.22


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


def _baseline(runs: Experiments) -> list[Finding]:
    growth = runs.growth()
    outlook = 100 * runs.case.growth.outlook_gdp_growth
    found = []
    for region in _LARGE:
        n = runs.world.regions.index(region)
        found.append(
            Finding(
                f"growth_{region.lower()}",
                f"Baseline growth of {region}, mean {runs.years[0]}-2035",
                float(growth[n]),
                "percent a year",
                (float(outlook[n]) - 1.5, float(outlook[n]) + 1.5),
                f"IMF outlook around 2030, recalled: {outlook[n]:.1f}; band of 1.5 is judgement",
                "test",
            )
        )
    return found
