"""The shipped worlds and their proof are what the builder makes from the sources now."""

from __future__ import annotations

import json
from dataclasses import asdict
from importlib.resources import files

import numpy as np
import pytest
from calibration_2017 import data_folder

from zizhu.world import open_world
from zizhu.world.build import proof as builder_proof
from zizhu.world.build.make import make_world, own_structure
from zizhu.world.build.oecd import GOODS, read_cube, read_ingredients
from zizhu.world.doubt import every_class, every_figure

YEARS = (2017, 2022)
# Half of the gap between value added at its last shares and GDP stays (weight 0.5): Korea is last.
GDP_BOUND, GDP_MEAN = 0.07, 0.03


@pytest.fixture(scope="module")
def folder():
    """The data folder, or a reason to skip."""
    return data_folder("icio_cube")


@pytest.fixture(scope="module")
def proof():
    """The shipped proof."""
    return json.loads((files("zizhu.world") / "tables" / "proof.json").read_text("utf-8"))


@pytest.mark.parametrize("year", YEARS)
def test_flows_are_the_cube_s(folder, year):
    """Goods one by one, services together; tariffs, the war's added from 2018."""
    world, cube = open_world(str(year)), read_cube(folder, year)
    np.testing.assert_allclose(world.flows[:, :GOODS], cube.trade[:, :GOODS], rtol=1e-12)
    np.testing.assert_allclose(world.flows[:, GOODS:].sum(axis=1), cube.trade[:, GOODS], rtol=1e-12)
    added = world.tariff[:, :GOODS] - cube.tariff
    china, america = map(world.regions.index, ("CHN", "USA"))
    war = np.zeros(added.shape, dtype=bool)
    if year >= 2018:
        war[china, :, america] = war[america, :, china] = True
        assert 0.1 < added[china, :, america].mean() < 0.3
        assert 0.05 < added[america, :, china].mean() < 0.3
    np.testing.assert_array_equal(added[~war], 0.0)
    assert not world.tariff[:, GOODS:].any()


@pytest.mark.parametrize("year", YEARS)
def test_gdp_of_the_largest(folder, year):
    """GDP of the fifteen largest, taxes on final uses added at their official rate."""
    world, made_of = open_world(str(year)), read_ingredients(folder, year)
    rate = made_of.official.final_taxes
    basic = world.gdp + world.taxes.sum(axis=1)
    found = basic + rate * (basic + world.deficit)
    largest = np.argsort(-np.nan_to_num(made_of.gdp))[:15]
    gap = np.abs(found / made_of.gdp - 1)[largest]
    assert gap.max() < GDP_BOUND
    assert gap.mean() < GDP_MEAN


@pytest.mark.long
@pytest.mark.parametrize("year", YEARS)
def test_rebuilt_equals_shipped(folder, year):
    """Within the rounding of the compact file: cells by 1 in 256, value added by that of inputs."""
    shipped = open_world(str(year))
    built = make_world(folder, year, shipped.doubt)
    for table in ("tariff", "taxes"):
        np.testing.assert_allclose(
            getattr(shipped, table), getattr(built, table), rtol=1e-9, atol=1e-9, err_msg=table
        )
    np.testing.assert_allclose(shipped.flows, built.flows, rtol=1e-9)
    for table in ("intermediate", "final"):
        before, after = getattr(built, table), getattr(shipped, table)
        np.testing.assert_allclose(after, before, rtol=1 / 256, atol=0, err_msg=table)
    inputs = built.intermediate.sum(axis=(0, 1))
    assert (np.abs(shipped.value_added - built.value_added) <= inputs / 256 + 1e-6).all()
    for identity in built.identities():
        assert identity.relative < 1e-9
    for field in ("regions", "sectors", "final_uses", "isic", "groups", "notes", "source"):
        assert getattr(built, field) == getattr(shipped, field), field
    assert shipped.doubt.own_structure == own_structure()


@pytest.mark.parametrize("year", YEARS)
def test_errors_of_the_worlds_are_the_proof_s(proof, year):
    doubt = open_world(str(year)).doubt
    errors = builder_proof.errors_by_class(proof)
    figures = builder_proof.errors_by_figure(proof)
    assert list(errors) == list(every_class())
    assert list(figures) == list(every_figure())
    assert doubt.errors == pytest.approx(errors, abs=1e-6)
    assert doubt.figures == pytest.approx(figures, abs=1e-6)
    assert all(0 < error <= builder_proof.LARGEST_LOG for error in (*errors.values(),))
    assert sum(row["value_share"] for row in proof["classes"]) == pytest.approx(1)


def test_the_proof_compares_every_source_in_every_year(proof):
    made = {(row["year"], row["sources"]) for row in proof["degraded"]}
    years, ways = builder_proof.YEARS, builder_proof.ABLATIONS
    assert made == {(year, name) for year in years for name in ways}
    for row in proof["full"]:
        # Full information beats the scaled old table.
        assert row["known"]["intermediate"] < row["unknown"]["intermediate"]
        assert row["unknown"]["intermediate"] < row["scaled"]["intermediate"]
    by_name = {(row["year"], row["sources"]): row["intermediate"] for row in proof["degraded"]}
    for year in years:
        poorest = by_name[year, "pooled structure and trade only"]
        assert by_name[year, "all sources"] < poorest
        assert by_name[year, builder_proof.AS_USED] < poorest


@pytest.mark.long
@pytest.mark.parametrize("sources", [builder_proof.AS_USED, "pooled structure and trade only"])
def test_scores_of_a_year_are_reproduced(folder, proof, sources):
    year = 2011
    made_of, truth = builder_proof.rehearse(folder, year)
    if sources == builder_proof.AS_USED:
        made_of = builder_proof.other_edition(made_of)
    found = builder_proof.assemble(made_of, builder_proof.ABLATIONS[sources])
    score = asdict(builder_proof.score(found.uses, found.value_added, truth))
    (row,) = [r for r in proof["degraded"] if (r["year"], r["sources"]) == (year, sources)]
    assert {name: row[name] for name in score} == pytest.approx(score, rel=1e-4)


@pytest.mark.long
def test_full_information_is_reproduced(folder, proof):
    first, last = builder_proof.SPANS[-1]
    old, new = (builder_proof.read_wiod(folder, year) for year in (first, last))
    (row,) = [r for r in proof["full"] if (r["from"], r["to"]) == (first, last)]
    scaled = asdict(builder_proof.scaled(old, new))
    assert row["scaled"] == pytest.approx(scaled, rel=1e-9)
    known = asdict(builder_proof.full_information(old, new, value_added_known=True))
    assert row["known"] == pytest.approx(known, rel=1e-4, abs=1e-7)


def test_a_perfect_copy_scores_zero(folder):
    """The score and the classes of a table compared with itself."""
    truth = builder_proof.read_wiod(folder, 2011)
    score = builder_proof.score(truth.uses, truth.value_added, truth)
    assert set(asdict(score).values()) == {0.0}
    twice = builder_proof.score(2 * truth.uses, 2 * truth.value_added, truth)
    assert asdict(twice) == pytest.approx(dict.fromkeys(asdict(score), 1.0))


def test_classes_of_an_estimate_that_is_everywhere_ten_percent_high(folder):
    """Every class with enough cells has an error of ln 1.1; all classes are there."""
    made_of, truth = builder_proof.rehearse(folder, 2011)
    del made_of
    rows = builder_proof.classes([(1.1 * truth.uses, truth)])
    assert [
        tuple(row[part] for part in row if part not in ("error", "cells", "value_share"))
        for row in rows
    ] == [tuple(one) for one in every_class()]
    np.testing.assert_allclose([row["error"] for row in rows], np.log(1.1), rtol=1e-3)
