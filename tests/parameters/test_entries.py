"""Every shipped entry is complete and honest about its source; look-ups."""

from __future__ import annotations

import math
import re
import typing
from importlib.resources import files
from pathlib import Path

import pytest
import yaml

from zizhu.errors import ParameterError
from zizhu.parameters import ROOMS, of_room, parameter, parameters
from zizhu.parameters.parameter import Room

ROOM_FILES = Path(str(files("zizhu.parameters") / "values"))
EVIDENCE = ROOM_FILES.parents[1] / "evidence" / "facts.yaml"
# What is used to set the model cannot test it.
CALIBRATED = {
    "misallocation_strength": {"F06"},
    "misallocation_base": {"F06"},
    "firm_exposure": {"F54"},
    "firm_diversification": {"F54"},
}


@pytest.mark.parametrize("name", list(parameters()))
def test_every_parameter_is_complete(name):
    entry = parameters()[name]
    assert entry.low <= entry.value <= entry.high
    assert entry.low < entry.high
    drawn = entry.distribution
    assert entry.low <= drawn.low <= entry.value <= drawn.high <= entry.high
    assert drawn.low <= drawn.mean() <= drawn.high
    assert math.isfinite(entry.high - entry.low) or drawn.kind == "fixed"
    assert entry.assumed == ("assumption" in entry.source)
    assert set(re.findall(r"\bF[0-9][0-9A-Z]\b", entry.source)) == set(entry.facts)
    assert 1950 < entry.date <= 2026
    assert entry.title[0].isupper()
    assert not entry.title.endswith(".")
    # An assumption without a reason is no help, except where a rule of ours is the whole matter.
    assert not entry.assumed or len(entry.source) > 20 or name == "largest_residual"


def test_rooms():
    assert tuple(ROOMS) == typing.get_args(Room)
    assert [path.stem for path in sorted(ROOM_FILES.glob("*.yaml"))] == sorted(ROOMS)
    assert [entry.used_by for entry in parameters().values()] == sorted(
        (entry.used_by for entry in parameters().values()), key=list(ROOMS).index
    )
    for room in ROOMS:
        members = of_room(room)
        assert len(members) >= 4
        assert len({entry.symbol for entry in members.values()}) == len(members)
        written = yaml.safe_load((ROOM_FILES / f"{room}.yaml").read_text(encoding="utf-8"))
        assert list(written) == list(members)
        order = ["symbol", "title", "unit", "value", "low", "high", "distribution", "source"]
        for fields in written.values():
            assert list(fields)[: len(order)] == order
            assert list(fields)[-2:] == ["used_by", "date"]


def test_calibration_is_labelled():
    calibrated = {name: set(e.facts) for name, e in parameters().items() if e.calibrated}
    assert set(calibrated) == set(CALIBRATED)
    for name, facts in CALIBRATED.items():
        assert facts <= calibrated[name], name
        assert "calibrated" in parameters()[name].source, name


def test_clocks_of_entry_rest_on_the_one_that_is_known():
    """EUV's own clock is in its chain; that others' run like it is an assumption, and says so."""
    for name in ("entry_years", "entry_least", "entry_spread", "entry_time"):
        entry = parameters()[name]
        assert entry.facts == ("F6H",), name
        assert entry.assumed, name
        assert not entry.calibrated, name


@pytest.mark.skipif(not EVIDENCE.exists(), reason="the facts are not in this copy")
def test_facts_exist():
    known = set(yaml.safe_load(EVIDENCE.read_text(encoding="utf-8")))
    for entry in parameters().values():
        assert set(entry.facts) <= known, entry.name


def test_numbers_that_belong_together():
    """Relations between entries that their sources state."""
    value = {name: entry.value for name, entry in parameters().items()}
    assert -math.log2(1 - 0.15) == pytest.approx(value["learning_exponent"], abs=1e-3)
    assert 2 ** value["research_elasticity"] - 1 == pytest.approx(0.09, abs=5e-4)
    parts = ("cash", "tax", "land", "credit")
    assert sum(value[f"local_{part}_support"] for part in parts) == pytest.approx(4.4)
    loss = value["misallocation_strength"] * value["misallocation_base"] ** 2
    assert loss == pytest.approx(0.008, abs=2e-4)
    gain = value["control_response"] * value["push_response"]
    assert gain / (1 - value["reaction_persistence"]) ** 2 == pytest.approx(0.89, abs=2e-3)
    assert value["choke_price"] > 1 / (1 - value["chain_input_elasticity"])
    assert value["research_money_exponent"] + value["research_talent_exponent"] == 1
    share = math.exp(-value["chain_sourcing_elasticity"] * value["entry_gap"])
    assert share == pytest.approx(0.005, abs=1e-3)


def test_look_up():
    assert parameter("idea_diffusion").symbol == "b"
    assert parameter("eta").name == "chain_sourcing_elasticity"
    assert parameter("sigma", "chains").name == "chain_input_elasticity"
    assert parameter("sigma", "equilibrium").name == "inputs_elasticity"


@pytest.mark.parametrize(
    ("word", "room", "words"),
    [
        ("sigma", None, "'sigma' stands for inputs_elasticity (equilibrium), chain_input"),
        ("idea_difusion", None, "did you mean idea_diffusion?"),
        ("idea_diffusion", "levers", "is used by knowledge, not by levers"),
        ("eta", "levers", "parameter 'eta' is unknown; known: decoupling_tariff"),
        ("eta", "chain", "room 'chain' is unknown; did you mean chains?"),
    ],
)
def test_look_up_refused(word, room, words):
    with pytest.raises(ParameterError) as error:
        parameter(word, room)
    assert words in str(error.value)
