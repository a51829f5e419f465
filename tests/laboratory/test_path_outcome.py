"""`zz.simulate`: what it returns, what it refuses, and that controls count once."""

from __future__ import annotations

import datetime as dt
import json
import re

import numpy as np
import pytest
import xarray as xr
from small_paths import CONTROLS, LAST, busy_path, four_by_six, small_path

import zizhu as zz
from zizhu.laboratory.path.arguments import choices_of, date_of, decomposed_years, years_of
from zizhu.laboratory.path.controls import barred_flows
from zizhu.laboratory.path.standing import barred_in_baseline, control_wedges
from zizhu.policy.raw_wedge import raw_wedges


@pytest.fixture(scope="module")
def busy():
    return busy_path()


def test_an_outcome_shows_itself_in_a_line(busy):
    shown = repr(busy)
    assert re.fullmatch(
        r"<PathOutcome on world .*, 2022 to 2026: real income \w+ [+-]\d+\.\d\d percent against "
        r"the baseline in 2026; residual \de-\d+; \d+ indicators>",
        shown,
    ), shown
    assert isinstance(busy, zz.PathOutcome)
    xr.testing.assert_identical(busy.home_share, busy.dataset["home_share"])
    with pytest.raises(AttributeError, match="did you mean home_share"):
        _ = busy.home_shar


def test_audits_hold_and_are_in_the_table(busy):
    assert list(busy.audits) == ["scenario", "baseline"]
    for name, audit in busy.audits.items():
        assert audit.largest <= 1e-9
        assert float(busy.audit.sel(run=name).max()) == audit.largest


def test_everything_that_identifies_the_run_is_written(busy, tmp_path):
    file = busy.to_netcdf(tmp_path / "path.nc")
    with xr.open_dataset(file, engine="h5netcdf") as found:
        manifest = json.loads(found.attrs["manifest"])
        xr.testing.assert_equal(found.load(), busy.dataset)
    assert manifest == json.loads(json.dumps(busy.manifest))
    assert manifest["years"] == [2022, LAST]
    assert manifest["controls"] == CONTROLS
    assert manifest["wedges"]["texts"][0].startswith("tariff")
    assert manifest["structure"] == {
        "ideas": True,
        "growth": True,
        "research": True,
        "learning": True,
        "chains": True,
        "firms": True,
        "reaction": False,
        "accumulation": True,
        "scale": "dynamic",
        "elasticities": "lashkaripour-lugovskyy",
        "origins": "pooled",
    }
    assert manifest["parameters"]["values"]["idea_diffusion"] == pytest.approx(0.5)
    assert small_path().manifest["wedges"]["sha256"] != manifest["wedges"]["sha256"]


def test_controls_of_the_timeline_count_once(busy):
    """In force after 2022 is what the timeline says, not the baseline's part of it twice."""
    case = busy.path.case
    at = case.years.index(LAST)
    places, until = case.chains.places, dt.date.fromisoformat(CONTROLS)
    every, higher = (
        barred_flows(case.chains.nodes, case.world, until, case.parameters, whole=whole)
        for whole in (True, False)
    )
    assert not every.any()  # letters of 2025 that stopped all sales were taken back
    sourcing = case.sourcing * (1 - np.eye(len(case.world.regions)))

    def need(record):
        return np.asarray(record.chains.need)[at, places]

    above = np.asarray(busy.path.record.stocks.chains.above)[at, places]
    expected = (sourcing * higher).sum(axis=2) * above
    np.testing.assert_allclose(need(busy.path.record), expected, rtol=0, atol=1e-12)
    added = control_wedges(case, until)
    assert added.barred_above[at].any()
    barred = 1 - (1 - barred_in_baseline(case).above[at]) * (1 - added.barred_above[at])
    np.testing.assert_allclose(barred, higher, rtol=0, atol=1e-12)
    assert (need(busy.path.record) > need(busy.path.baseline) + 1e-3).any()


def test_controls_that_are_in_the_baseline_add_nothing():
    outcome = small_path(controls="2022-12-31")
    assert outcome.path.wedges.is_none
    assert outcome.notes == (
        "no control of the timeline until 2022-12-31 goes beyond the baseline",
    )
    assert not outcome.real_income_effect.any()


def test_texts_and_arrays_are_the_same():
    texts = ("tariff from=USA to=CHN sector=C26 size=30%",)
    told = small_path(*texts)
    labels = told.path.case.labels
    given = zz.simulate(four_by_six(), raw_wedges(texts, labels), years=LAST, decompose=())
    xr.testing.assert_equal(
        given.dataset.drop_vars("decomposition"), told.dataset.drop_vars("decomposition")
    )
    assert given.manifest["wedges"]["sha256"] == told.manifest["wedges"]["sha256"]
    one = zz.simulate(four_by_six(), texts[0], years=(2022, LAST), decompose=())
    xr.testing.assert_equal(one.real_income, told.real_income)


def test_switches_switch():
    wedge = "isolation of=CHN from=USA,EU size=100%"
    on = small_path(wedge)
    off = small_path(wedge, structure="ideas=off")
    assert float(on.real_income_effect.sel(region="CHN", year=LAST)) < -1e-3
    assert abs(float(off.real_income_effect.sel(region="CHN", year=LAST))) < 1e-6 + 0.2 * abs(
        float(on.real_income_effect.sel(region="CHN", year=LAST))
    )
    assert off.manifest["structure"]["ideas"] is False
    still = small_path(structure="growth=off")
    assert not still.productivity.sel(productivity_channel="ideas").any()


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        ({"world": "2202"}, "did you mean"),
        ({"years": 2021}, "years: the last year 2021 lies before the first, 2022"),
        ({"years": (2023, 2030)}, "years: the path starts in 2023; the world's year 2022 is right"),
        ({"years": (2020, 2030)}, "years: the path starts in 2020; the world's year 2022 is right"),
        ({"years": 2082}, "2081 or earlier is right"),
        ({"years": (2022, 2024, 2026)}, "leaves years out; (2022, 2026) is right"),
        ({"years": "2030"}, "is no span of years"),
        ({"years": ()}, "is no span of years"),
        ({"years": True}, "is no span of years"),
        ({"years": 2030.5}, "is no span of years"),
        ({"structure": "idea=off"}, "'idea' is unknown; did you mean ideas?"),
        ({"structure": "ideas"}, "is not name=value"),
        ({"structure": "ideas=perhaps"}, "on or off is right"),
        ({"structure": {"ideas": 1}}, "on or off is right"),
        ({"structure": ("ideas=on", "ideas=off")}, "ideas appears twice"),
        ({"structure": "scale=sometimes"}, "dynamic or static or none is right"),
        ({"structure": "elasticities=bartelm"}, "did you mean bartelme"),
        ({"structure": {"origins": True}}, "pooled or separate is right"),
        ({"parameters": {"idea_difusion": 0.5}}, "did you mean idea_diffusion"),
        ({"parameters": {"idea_diffusion": 5.0}}, "outside its range"),
        ({"parameters": ["diffusion"]}, "no mapping"),
        ({"controls": "last year"}, "controls: 'last year' is no date"),
        ({"controls": 2025}, "controls: 2025 is no date"),
        ({"decompose": 2040}, "decompose: 2040 is not a year of the path, 2022 to 2026"),
        ({"decompose": ("2026",)}, "decompose: '2026' is not a year of the path"),
        ({"wedges": ["tarif from=USA to=CHN sector=C26 size=1%"]}, "did you mean tariff"),
        ({"wedges": [3]}, "wedges: 3 is no text"),
        ({"wedges": 3}, "wedges: 3 is"),
    ],
)
def test_bad_arguments_are_refused_in_one_sentence(arguments, wanted):
    chosen = {"world": four_by_six(), "years": LAST, **arguments}
    with pytest.raises(zz.ZizhuError) as stop:
        zz.simulate(**chosen)
    said = str(stop.value)
    assert wanted in said
    assert not re.search(r"[.!?][;]?\s+[A-Z]", said), said
    assert "\n" not in said


def test_wedges_of_another_path_are_refused():
    case = small_path().path.case
    given = case.labels.none()
    with pytest.raises(zz.ScenarioError, match="tariff has shape"):
        zz.simulate(four_by_six(), given, years=2024)
    broken = given._replace(outlay=np.full_like(np.asarray(given.outlay), np.nan))
    with pytest.raises(zz.ScenarioError, match="not finite"):
        zz.simulate(four_by_six(), broken, years=LAST)


def test_arguments_are_read():
    assert years_of(None, 2022) == tuple(range(2022, 2036))
    assert years_of(2022, 2022) == (2022,)
    assert years_of(range(2022, 2030), 2022) == tuple(range(2022, 2030))
    assert years_of(2081, 2022)[-1] == 2081
    assert years_of(None, 2040) == (2040,)
    assert date_of(None) is None
    assert date_of("2025-12-31") == date_of(dt.date(2025, 12, 31)) == dt.date(2025, 12, 31)
    assert decomposed_years(None, (2022, 2023)) == (2023,)
    assert decomposed_years((), (2022, 2023)) == ()
    assert decomposed_years([2023, 2022, 2023], (2022, 2023)) == (2022, 2023)
    chosen = choices_of(["reaction=on", "scale = static", "elasticities=bartelme"])
    assert chosen.switches == {"reaction": True}
    assert (chosen.scale, chosen.elasticities, chosen.origins) == ("static", "bartelme", "pooled")
    assert choices_of({"ideas": False, "origins": "separate"}).origins == "separate"


@pytest.mark.long
@pytest.mark.parametrize("origins", ["pooled", "separate"])
def test_a_public_buyer_prefers_home(origins):
    wedge = "home_preference region=CHN sector=C26 size=20%"
    outcome = small_path(wedge, decompose=LAST, structure=f"origins={origins}")
    assert ("pooled" in "".join(outcome.notes)) == (origins == "pooled")
    assert outcome.manifest["structure"]["origins"] == origins
    effect = outcome.home_share.sel(run="scenario") - outcome.home_share.sel(run="baseline")
    assert float(effect.sel(region="CHN", sector="C26", year=LAST)) > 0
    total = outcome.decomposition.sum("channel").values[0]
    wanted = 100 * np.log1p(outcome.real_income_effect.sel(year=LAST).values / 100)
    np.testing.assert_allclose(total, wanted, rtol=0, atol=1e-10)


@pytest.mark.long
def test_the_reaction_is_off_unless_asked_for():
    """An assumption throughout: nothing of it in headline numbers."""
    # Chips, since the loop answers what is felt: barred tools alone make no chip dearer so soon.
    chips = "semiconductors/ic,semiconductors/adv_chip"
    wedge = f"barred from=USA to=CHN node={chips} size=100% years=2023-"
    off = small_path(wedge, controls=CONTROLS)
    assert not off.controls.any()
    assert not off.push.any()
    on = small_path(wedge, structure="reaction=on", controls=CONTROLS)
    now, calm = (one.dataset.sel(run="scenario", region="CHN", year=LAST) for one in (on, off))
    assert float(now.controls) > 0
    assert float(now.push) > 0
    etch, before = (one.node_barred.sel(node="semiconductors/etch") for one in (now, calm))
    assert float(etch) > float(before)
    assert on.manifest["structure"]["reaction"] is True


@pytest.mark.long
def test_default_world_to_its_last_year():
    outcome = zz.simulate(
        wedges="tariff from=USA to=CHN sector=C26 size=25%", controls="2025-12-31"
    )
    assert tuple(outcome.dataset.year.values) == tuple(range(2022, 2036))
    assert list(outcome.decomposition.decomposed_year.values) == [2035]
    assert outcome.dataset.nbytes < 40e6
