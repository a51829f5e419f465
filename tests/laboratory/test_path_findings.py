"""What the yearly loop must show on the default world; the bars are those of the issue."""

from functools import cache
from itertools import pairwise

import pytest

from zizhu.laboratory.path.experiments import Experiments
from zizhu.laboratory.path.findings import Finding, findings, solar_premium
from zizhu.parameters import values

# Known misses, with their reason on the page of findings: a finding that begins to agree must
# leave this list, one that begins to miss must be looked at.
MISSES = {"plants_growth", "home_process_control", "solar_chn", "solar_usa"}


@cache
def experiments() -> Experiments:
    return Experiments()


@cache
def found() -> dict[str, Finding]:
    return {one.name: one for one in findings(experiments())}


@pytest.mark.long
def test_tests_agree_but_for_the_published_misses():
    missed = {name for name, one in found().items() if one.agrees is False}
    assert missed == MISSES


@pytest.mark.long
def test_blocs_lose_more_with_diffusion_than_without():
    with_ideas = experiments().effect(experiments().blocs, 2040)
    without = experiments().effect(experiments().blocs_without_ideas, 2040)
    assert -7 < with_ideas < -0.2
    assert with_ideas / without > 2


@pytest.mark.long
def test_a_champion_falls_and_recovers():
    revenue = experiments().listed.record.firms.revenue[:, 0]
    assert 0.65 < revenue[1] < 0.80
    assert revenue[4] >= 0.9


@pytest.mark.long
def test_an_embargo_hurts_china_and_its_suppliers():
    runs = experiments()
    assert runs.effect(runs.embargo, 2026, "CHN") < -0.1
    assert runs.effect(runs.embargo, 2026, "NLD") < -0.05
    # Without the chains there is nothing that a bar at a node could do.
    plain = runs.run(
        "no chains", "barred from=USA to=CHN node=semiconductors/etch size=100%", chains=False
    )
    assert abs(runs.effect(plain, 2026, "CHN")) < 1e-9


@pytest.mark.long
def test_plants_do_not_jump():
    runs = experiments()
    path = [runs.home(runs.happened, "fab_mature", year) for year in runs.years]
    steps = [after - before for before, after in pairwise(path)]
    assert max(steps) < 2
    assert path[2] < 70


@pytest.mark.long
def test_lithography_stays_low_whatever_the_money():
    runs = experiments()
    assert runs.home(runs.happened, "lith_duv", 2027) < 3
    assert runs.home(runs.more_money, "lith_duv", 2030) < 3
    # Where money works it works: etch gains more from it than lithography.
    etch, lithography = (
        runs.home(runs.more_money, name, 2030) - runs.home(runs.money, name, 2030)
        for name in ("etch", "lith_duv")
    )
    assert etch > 10 * lithography > 0


@pytest.mark.long
def test_entry_into_euv_follows_its_distribution():
    runs = experiments()
    china = runs.world.regions.index("CHN")
    entry = runs.happened.record.chains.entry[:, 0, china]
    assert (entry[: runs.at(2027)] == 0).all()
    assert 0.45 < entry[runs.at(2031)] < 0.55
    assert 0.05 < entry[runs.at(2028)] < 0.15
    assert 0.85 < entry[runs.at(2036)] < 0.95


def test_solar_without_others_is_a_closed_form():
    chosen = {**values(), "foreign_experience": 0.0}
    assert solar_premium(chosen, 54.0, 710.0) == pytest.approx(0.0)
    alone = {**values(), "foreign_experience": 1.0, "cross_border_spillover": 1.0}
    # Everything that is not own is learnt by all: the price ratio is that of the experiences.
    ratio = (710.0 / (6.5 + 54.0)) ** 0.35845397
    assert solar_premium(alone, 54.0, 710.0) == pytest.approx(100 * (ratio - 1), rel=1e-6)
