"""Chip-making tools under controls: shares, purchases, and what money moves."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from zizhu.chains import load_chain
from zizhu.errors import ScenarioError
from zizhu.laboratory.validation.check import Check, Group, Numbers, Part, kind_of
from zizhu.laboratory.validation.runs import BUYER, Runs

RISING = ("etch", "dep_cvd", "dep_pvd", "cleaning", "cmp_tool")
_FLAT = ("lith_duv", "process_control")
_SHARE_YEARS = (2022, 2023, 2025, 2027, 2030)
# Chinese firms' share of the world market around 2024 (F64).
_MEASURED = {
    "etch": 10.7,
    "dep_cvd": 6.7,
    "dep_pvd": 10.4,
    "cmp_tool": 9.5,
    "process_control": 0.8,
}
_BAND = "F64, F65 (judgement on the band)"
# Tools with a home share in China that was measured after the base year.
DATED = (*RISING, "track", "process_control")
# The first bar on immersion tools binds in 2024.
_BOUGHT_YEARS = (2022, 2023, 2024, 2025)
# China's part of one lithography maker's sales by region, percent (ASML, annual report 2023).
_SOLD = {2022: 100 * 2916.0 / 21173.4, 2023: 100 * 7251.8 / 27558.5}
# A figure of medium confidence can be as wrong as that (judgement).
_FIGURE_ERROR = 10.0


def _paid(size: float) -> tuple[str, ...]:
    return tuple(
        f"node_money region={BUYER} node=semiconductors/{name} size={size:g}bn years=2023-"
        for name in ("lith_duv", "etch")
    )


_NAMES = (
    *(f"{name} {year}" for name in (*RISING, *_FLAT) for year in _SHARE_YEARS),
    *(f"alone {name}" for name in (*RISING, *_FLAT)),
    *(f"world {name} {year}" for name in _MEASURED for year in (2022, 2024)),
    *(f"{what} {name}" for what in ("figure", "dated", "of") for name in DATED),
    *(f"expected {name}" for name in DATED),
    *(f"money {name}" for name in ("lith_duv", "etch")),
    "ahead",
    "after",
    *(f"buys lith_duv {year}" for year in _BOUGHT_YEARS),
    "bought",
    "entry_2031",
)


def _measure(runs: Runs) -> Numbers:
    path = runs.happened
    without = replace(path, record=path.baseline)
    found = {
        f"{name} {year}": runs.home(path, name, year)
        for name in (*RISING, *_FLAT)
        for year in _SHARE_YEARS
    }
    found |= {
        f"world {name} {year}": runs.world_share(path, name, year)
        for name in _MEASURED
        for year in (2022, 2024)
    }
    found |= {
        f"alone {name}": (runs.home(without, name, 2030) - runs.home(without, name, 2022)) / 8
        for name in (*RISING, *_FLAT)
    }
    nodes = load_chain("semiconductors").nodes
    for name in DATED:
        figure = nodes[name].home_share(BUYER)
        if figure is None:
            raise ScenarioError(f"semiconductors/{name}: no home share of {BUYER} is known")
        found |= {
            f"figure {name}": figure.value,
            f"of {name}": float(figure.year),
            f"dated {name}": runs.home(path, name, figure.year),
            f"expected {name}": runs.home(without, name, figure.year),
        }
    stored = path.wedges.hoarding
    unprepared = runs.run(
        "nobody stores up", wedges=path.wedges._replace(hoarding=np.zeros_like(stored))
    )
    found["ahead"] = runs.buys(path, "lith_duv", 2023) / runs.buys(unprepared, "lith_duv", 2023)
    found["after"] = runs.buys(path, "lith_duv", 2024) / runs.buys(path, "lith_duv", 2023)
    found |= {f"buys lith_duv {y}": runs.buys(path, "lith_duv", y) for y in _BOUGHT_YEARS}
    found["bought"] = runs.buys(path, "etch", 2022)
    little = runs.run("a billion a year on tools", *_paid(1.0))
    much = runs.run("four times the money", *_paid(4.0))
    for name in ("lith_duv", "etch"):
        found[f"money {name}"] = runs.home(much, name, 2030) - runs.home(little, name, 2030)
    entry = path.record.chains.entry[runs.at(2031), runs.node("lith_euv"), runs.place(BUYER)]
    return found | {"entry_2031": 100 * float(entry)}


def _checks(found: Numbers) -> tuple[Check, ...]:
    def path(name: str) -> str:
        return ", ".join(f"{year}: {found[f'{name} {year}']:.1f}" for year in _SHARE_YEARS)

    parts = [
        Part(
            f"home_{name}",
            f"home share of {name} in China, mean rise a year 2022-2030",
            (found[f"{name} 2030"] - found[f"{name} 2022"]) / 8,
            "percentage point",
            (1.0, 4.0),
            _BAND,
            kind_of(_BAND),
            note=f"{path(name)}; {found[f'alone {name}']:.1f} a year without drive and controls",
            missed="what is barred and bound comes on top of the drift of all Chinese makers, "
            "which was earned in part under the same controls and the same drive",
        )
        for name in RISING
    ]
    parts += [
        Part(
            f"home_{name}",
            f"home share of {name} in China, 2027",
            found[f"{name} 2027"],
            "percent",
            (0.0, 3.0),
            _BAND,
            kind_of(_BAND),
            note=path(name),
            missed="the quota for tools binds here too as far as makers can serve, bars leave "
            "room, and home figures (process control 2 percent in 2020, 5 in 2024) say that it "
            "moves, where world shares (0.8 percent in 2024) say that it stands",
        )
        for name in _FLAT
    ]
    parts.append(
        Part(
            "money_lithography",
            "four billion dollars a year instead of one: home share of immersion lithography, 2030",
            found["money lith_duv"],
            "percentage point",
            (0.0, 1.0),
            "judgement: money does not buy lithography",
            note=f"{found['money etch']:.1f} for etch",
            missed="effort counts relative to the research of the world's makers of the node, "
            "and three billion more a year is more than all of it (under two billion)",
        )
    )
    shares = ", ".join(
        f"{name} {found[f'world {name} 2024']:.1f} against {measured:g}"
        for name, measured in _MEASURED.items()
    )
    gap = {name: found[f"dated {name}"] - found[f"figure {name}"] for name in DATED}
    alone = {name: found[f"expected {name}"] - found[f"figure {name}"] for name in DATED}

    def each(miss: dict[str, float]) -> str:
        return ", ".join(
            f"{name} {found[f'of {name}']:.0f} {value:+.0f}" for name, value in miss.items()
        )

    dated = [
        Part(
            "dated_drive",
            "home shares of tools after the base year: controls and drive less measured, mean",
            float(np.mean(list(gap.values()))),
            "percentage point",
            (-_FIGURE_ERROR, _FIGURE_ERROR),
            f"{len(DATED)} figures of the chain, 2024 to 2026; band is judgement",
            note=each(gap),
            missed="measures of 2023 to 2025 are in the drift of Chinese makers, which figures to "
            "2025 gave, and in the drive once more",
        ),
        Part(
            "dated_spread",
            "the same: median of sizes",
            float(np.median(np.abs(list(gap.values())))),
            "percentage point",
            (0.0, _FIGURE_ERROR),
            "the same",
            missed="the same",
        ),
        Part(
            "dated_baseline",
            "the same without new measures, mean",
            float(np.mean(list(alone.values()))),
            "percentage point",
            (-_FIGURE_ERROR, _FIGURE_ERROR),
            "the figures that its base and momentum were made of",
            kind="calibration",
            note=each(alone),
        ),
    ]
    calibrated = [
        Part(
            "tool_shares",
            "etch: Chinese makers' share of the world, 2024",
            found["world etch 2024"],
            "percent",
            None,
            "F64 has 10.7",
            kind="calibration",
            note=f"{shares}; the base year takes the youngest share in the tables",
        ),
        Part(
            "tools_bought",
            "etch: China's share of the world's purchases, base year",
            found["bought"],
            "percent",
            None,
            "F56 (29 percent of one maker's sales in 2023)",
            kind="calibration",
        ),
    ]
    return (
        Check(
            "tools",
            "Chip-making tools under controls",
            "Etch, films, cleaning and polishing rise in China by one to four points a year; "
            "lithography and process control stay below three percent, whatever the money.",
            "the scenario china-2035: the timeline of controls as known in November 2026, and the "
            "drive as announced, a quota of new chip plants for tools from home included",
            tuple(parts),
        ),
        Check(
            "tools-dated",
            "Home shares of tools as measured since",
            "With controls and drive as they were, home shares of tools in 2024 to 2026 are those "
            "that were measured.",
            "the youngest home share of each tool in the chain beside the same year of the run; "
            "the base year and its momentum were made of the same figures, so that what is tested "
            "is that measures of these years are not counted twice",
            tuple(dated),
        ),
        Check(
            "tool-shares",
            "Tool makers' shares to 2024",
            "World shares of Chinese tool makers about 2024.",
            "the same run; some of these shares are the base year's, carried back (F64)",
            tuple(calibrated),
        ),
        Check(
            "euv",
            "Entry into EUV lithography",
            "A first Chinese EUV tool comes between 2028 and 2035, about 2031 at the median.",
            "the clock of effort of the node, set to the reports (F6H)",
            (
                Part(
                    "euv_entry",
                    "probability that China has entered EUV by the start of 2031",
                    found["entry_2031"],
                    "percent",
                    None,
                    "F6H has half by then",
                    kind="calibration",
                ),
            ),
        ),
        _anticipation(found),
    )


def _anticipation(found: Numbers) -> Check:
    bought = {year: found[f"buys lith_duv {year}"] for year in _BOUGHT_YEARS}
    shown = ", ".join(f"{year}: {value:.1f}" for year, value in bought.items())
    return Check(
        "V07",
        "Anticipation of a control",
        "Purchases rise before a control binds, then fall.",
        "China's part of the world's purchases of immersion lithography with controls and drive, "
        "beside its part of one maker's sales; years of cover are an assumption and not set to it",
        (
            Part(
                "hoarding_rise",
                "2023, before the bar of 2024, relative to 2022",
                bought[2023] / bought[2022],
                "1",
                (1.3, 2.5),
                f"ASML, annual report 2023: China has {_SOLD[2022]:.1f} percent of sales in 2022 "
                f"and {_SOLD[2023]:.1f} in 2023; F56 has quarters; band is judgement",
                note=f"{shown}; sales {_SOLD[2023] / _SOLD[2022]:.2f}",
                missed="stores are only of what is to be barred; in 2023 makers also delivered to "
                "China what others had put off, and the base has a part of 2022 twice as high as "
                "theirs",
            ),
            Part(
                "hoarding_fall",
                "2025 relative to the higher of 2023 and 2024",
                bought[2025] / max(bought[2023], bought[2024]),
                "1",
                (0.5, 0.97),
                "F56 (tool purchases of 2025 to fall by 6 percent); band is judgement",
            ),
            Part(
                "hoarding",
                "2023 over that without stores",
                found["ahead"],
                "1",
                None,
                "F56",
                kind="shown",
                note=f"{found['after']:.2f} of it in the year in which the control binds",
            ),
        ),
    )


GROUP = Group(
    "tools", ("tools", "tools-dated", "tool-shares", "euv", "V07"), _NAMES, _measure, _checks
)
