"""Observed moves and the checks that read them."""

from __future__ import annotations

import numpy as np
import pytest
from calibration_2017 import data_folder

from zizhu.chains import load_chain
from zizhu.evidence import pace
from zizhu.evidence.build import observed_moves
from zizhu.evidence.derived import derived
from zizhu.evidence.facts import facts
from zizhu.evidence.moves import Move, logit, median_pace, moves, pace_by_node
from zizhu.laboratory.validation import Runs


def numbers(drive_pace: dict[tuple[str, str], float], base: float = 0.0) -> dict[str, float]:
    """Shares that start at a tenth and move at a given pace, half of it after 2027."""
    found = dict.fromkeys(pace.GROUP.names, 0.0)

    def share(speed: float, years: float) -> float:
        odds = np.exp(np.log(1 / 9) + speed * years)
        return float(100 * odds / (1 + odds))

    for key, speed in drive_pace.items():
        for run, factor in ((pace.DRIVE, 1.0), (pace.BASE, base)):
            for year, years in ((2022, 0), (2027, 5), (2035, 9)):
                found[f"{run} {key[1]} {key[0]} {year}"] = share(factor * speed, years)
    return found


def parts(found: dict[str, float]) -> dict[str, object]:
    return {part.name: part for one in pace.GROUP.checks(found) for part in one.parts}


def test_the_pace_is_the_change_of_the_logit():
    one = Move("x", "world", "", (2019, 3.0), (2024, 10.7), "F64", "read")
    assert one.pace == pytest.approx((np.log(10.7 / 89.3) - np.log(3 / 97)) / 5)
    assert Move("x", "world", "", None, (2024, 0.2), "F64", "read").stands
    assert not Move("x", "world", "", None, (2024, 9.5), "F64", "read").stands
    # What is nothing or everything is cut to what sources print.
    assert logit(0.0) == logit(0.1) == pytest.approx(-logit(100.0))


def test_observed_moves_are_sourced_and_of_known_nodes():
    known = facts()
    for one in moves():
        assert one.confidence in ("read", "medium", "low")
        assert one.source
        if one.source.startswith("F"):
            assert one.source[:3] in known
        if one.node:
            chain, _, node = one.node.partition("/")
            assert node in load_chain(chain).nodes
        if one.first:
            assert 2000 < one.first[0] < one.last[0] < 2027
        assert 0 < one.last[1] < 100
    paced = [one for one in moves() if one.pace is not None]
    assert len(paced) == 20
    assert 0.2 < median_pace(moves()) < 0.3
    assert {node for node, _ in pace_by_node()} >= {"semiconductors/etch", "semiconductors/track"}
    assert pace_by_node()["semiconductors/lith_duv", "world"] == 0.0
    mean = pace_by_node()["robots_cnc/robot", "home"]
    assert mean == pytest.approx(np.mean([m.pace for m in moves() if m.node == "robots_cnc/robot"]))


def test_the_derived_table_is_what_the_builder_makes():
    made = observed_moves(data_folder("technology_history/observed_moves.csv"))
    shipped = derived("observed_moves").frame
    assert list(made.columns) == list(shipped.columns)
    assert list(made["item"]) == list(shipped["item"])
    np.testing.assert_allclose(
        [float(value or "nan") for value in made["from_percent"]], shipped["from_percent"]
    )
    # Vintages of one series are not spliced.
    (row,) = (row for row in made.itertuples() if row.item == "chips made in China")
    assert (row.from_year, row.from_percent) == ("2011", "12.7")


def test_moves_as_observed_agree():
    found = parts(numbers(pace_by_node(), base=0.5))
    assert found["order_drive"].value > 0.9
    assert found["order_drive"].agrees
    assert found["pace_drive"].value == pytest.approx(
        np.median([abs(speed) for speed in pace_by_node().values() if speed != 0]), rel=1e-6
    )
    assert found["pace_drive"].agrees
    assert found["pace_falls"].agrees
    assert found["pace_still"].value == pytest.approx(0.0)
    assert found["pace_still"].agrees


def test_every_test_can_miss():
    still = parts(numbers(dict.fromkeys(pace_by_node(), 0.0)))
    assert still["order_drive"].value == 0.0
    assert not still["order_drive"].agrees
    assert not still["pace_drive"].agrees
    backwards = parts(numbers({node: 0.3 - speed for node, speed in pace_by_node().items()}, 1.0))
    assert backwards["order_drive"].value < -0.9
    assert not backwards["pace_still"].agrees
    rising = numbers(pace_by_node())
    for node, market in pace_by_node():
        rising[f"{pace.DRIVE} {market} {node} 2035"] = 99.0
    assert not parts(rising)["pace_falls"].agrees


@pytest.mark.long
def test_paces_of_the_model_are_measured():
    """The numbers of the group, on the default world; the checks may miss."""
    found = pace.GROUP.measure(Runs())
    assert set(found) == set(pace.GROUP.names)
    assert all(np.isfinite(value) for value in found.values())
    assert found["baseline all nodes"] > 50
    assert {one.id for one in pace.GROUP.checks(found)} == {"V04", "pace"}
