"""V13: what two blocs cost, with and without the ideas that trade brings."""

from __future__ import annotations

import numpy as np

from zizhu.laboratory.scenario_path.shocks import BLOC_A, BLOC_B
from zizhu.laboratory.validation.check import Check, Group, Numbers, Part
from zizhu.laboratory.validation.runs import LONG, Runs

_WORLD = (-7.0, -0.2)
_NAMES = (
    "world",
    "world_alone",
    "world_2035",
    "alone_2035",
    "no_chains",
    "no_chains_alone",
    "iceberg",
    "iceberg_alone",
    "chips_china",
    "chips_us",
    "worst",
)


def between(wedge: str, sector: str, size: str) -> tuple[str, str]:
    """A wedge on trade between the two blocs, both ways, from 2023 on."""
    first, second = (
        f"{wedge} from={one} to={two} sector={sector} size={size} years=2023-"
        for one, two in ((BLOC_A, BLOC_B), (BLOC_B, BLOC_A))
    )
    return first, second


def _measure(runs: Runs) -> Numbers:
    case = runs.long
    tariff, cost = between("tariff", "all", "32%"), between("iceberg", "goods", "160%")
    blocs = runs.run("two blocs", *tariff, case=case)
    found = {
        "world": runs.effect(blocs, LONG),
        "world_2035": runs.effect(blocs, 2035),
        "chips_china": runs.volume(blocs, "C26", "CHN", LONG),
        "chips_us": runs.volume(blocs, "C26", "USA", LONG),
    }
    iceberg = runs.run("two blocs by trade costs", *cost, case=case)
    found |= {
        "iceberg": runs.effect(iceberg, LONG),
        "worst": float(runs.effects(iceberg, LONG).min()),
    }
    alone = runs.run("two blocs, no ideas by trade", *tariff, case=case, ideas=False)
    found |= {
        "world_alone": runs.effect(alone, LONG),
        "alone_2035": runs.effect(alone, 2035),
    }
    path = runs.run("two blocs, no chains", *tariff, case=case, chains=False)
    found["no_chains"] = runs.effect(path, LONG)
    path = runs.run("two blocs, no chains, no ideas", *tariff, case=case, chains=False, ideas=False)
    found["no_chains_alone"] = runs.effect(path, LONG)
    alone = runs.run("two blocs by trade costs, no ideas", *cost, case=case, ideas=False)
    return found | {"iceberg_alone": runs.effect(alone, LONG)}


def _checks(found: Numbers) -> tuple[Check, ...]:
    now = found["world_2035"] / found["alone_2035"]
    parts = (
        Part(
            "blocs_world",
            f"tariffs of 32 points: real income of the world, {LONG}",
            found["world"],
            "percent",
            _WORLD,
            "F81, F83",
        ),
        Part(
            "blocs_diffusion",
            f"the same: loss with diffusion over loss without, {LONG}",
            found["world"] / found["world_alone"],
            "1",
            (2.0, np.inf),
            "F81 (much smaller without; that it is twice is judgement)",
            note=f"{now:.2f} in 2035, the gap opens with the years; without chains "
            f"{found['no_chains'] / found['no_chains_alone']:.2f} "
            f"({found['no_chains']:.2f} and {found['no_chains_alone']:.2f} percent)",
            missed="duties move sourcing along chains too, which costs about as much with ideas as "
            "without; most of it is that whatever is dearer counts in a small part as unsupplied, "
            "and lack lowers output by the ceiling",
        ),
        Part(
            "blocs_chips",
            f"the same: output of electronics, China less United States, {LONG}",
            found["chips_china"] - found["chips_us"],
            "percentage point",
            (-np.inf, 0.0),
            "F84",
            note=f"China {found['chips_china']:.1f}, United States {found['chips_us']:.1f} percent",
        ),
        Part(
            "iceberg_world",
            f"trade costs of 160 percent on goods: real income of the world, {LONG}",
            found["iceberg"],
            "percent",
            _WORLD,
            "F83",
            note=f"the region that loses most: {found['worst']:.1f}",
        ),
        Part(
            "iceberg_diffusion",
            f"the same: loss with diffusion over loss without, {LONG}",
            found["iceberg"] / found["iceberg_alone"],
            "1",
            (2.0, np.inf),
            "F81 (much smaller without; that it is twice is judgement)",
            missed="costs of this size take away trade as such, which is lost without ideas too; "
            "ideas add to it as much as with tariffs in points and less in proportion",
        ),
    )
    return (
        Check(
            "V13",
            "Two blocs",
            "The world loses 0.2 to 7 percent; more than twice as much with the diffusion of ideas "
            "as without; China loses more than the United States in chips.",
            f"the United States, the Union, Japan and others against China and Russia from 2023 "
            f"on, read in {LONG}",
            parts,
        ),
    )


GROUP = Group("blocs", ("V13",), _NAMES, _measure, _checks)
