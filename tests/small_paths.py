"""A small world and paths on it that several tests look at; each is simulated once a session."""

from __future__ import annotations

from functools import cache
from typing import Any

import zizhu as zz

LAST = 2026
# One wedge for each of several channels, and the controls of the timeline.
WEDGES = (
    "tariff from=USA to=CHN sector=C26,C28 size=30%",
    "subsidy region=CHN sector=C26 size=5% years=2023-",
    "isolation of=CHN from=USA size=50%",
    "research region=CHN size=20bn years=2023-",
    "support region=CHN sector=C26 size=2% years=2024-",
    "listed firm=huawei size=100% years=2024-",
    "commitment node=semiconductors/etch region=CHN size=10bn years=2023-2024",
)
CONTROLS = "2025-12-31"


@cache
def four_by_six() -> zz.World:
    """China, the United States, the Union, the rest; four sectors of machines and two sums."""
    whole = zz.open_world("2022")
    kept = ("C26", "C27", "C28", "C29")
    services = [sector for sector in whole.sectors if sector > "D"]
    goods = [s for s in whole.sectors if s not in (*kept, *services)]
    union = list(whole.groups["EU"])
    rest = [r for r in whole.regions if r not in ("CHN", "USA", *union)]
    return whole.aggregate(
        regions={"CHN": ["CHN"], "USA": ["USA"], "EU": union, "ROW": rest},
        sectors={**{sector: [sector] for sector in kept}, "C10T12": goods, "G": services},
    )


def small_path(*wedges: str, **options: Any) -> zz.PathOutcome:
    """Wedges on the small world; options as those of `simulate`, none decomposed by default."""
    return _small_path(wedges, tuple(sorted(options.items())))


@cache
def _small_path(wedges: tuple[str, ...], options: tuple[tuple[str, Any], ...]) -> zz.PathOutcome:
    chosen = {"decompose": (), "years": LAST, **dict(options)}
    return zz.simulate(four_by_six(), wedges, **chosen)


def busy_path() -> zz.PathOutcome:
    """Every channel at work, two years explained."""
    return small_path(*WEDGES, controls=CONTROLS, decompose=(2022, LAST))
