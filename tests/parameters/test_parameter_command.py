"""`zizhu parameters`: the list by room, one page, JSON; the tables of the documentation."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from zizhu.parameters import ROOMS, Parameter, of_room, parameters

DOCS = Path(__file__).parents[2] / "docs"


def flat(text: str) -> str:
    return " ".join(text.split())


def test_list_by_room_at_80_columns(zz):
    out = zz("parameters").out
    assert max(map(len, out.splitlines())) <= 80
    starts = [
        out.index(f"{room} ({len(of_room(room))}): {meaning}") for room, meaning in ROOMS.items()
    ]
    assert starts == sorted(starts)
    for name, entry in parameters().items():
        assert f"\n{name} " in out
        assert flat(entry.title) in flat(out)
    assumed = sum(entry.assumed for entry in parameters().values())
    share = f"{100 * assumed / len(parameters()):.0f} percent"
    assert f"{len(parameters())} parameters; {assumed} of them ({share})" in flat(out)
    assert "elasticity regimes: lashkaripour-lugovskyy" in flat(out)


def test_one_room_and_assumptions(zz):
    out = zz("parameters", "--room", "talent").out
    assert "graduate_lag" in out
    assert "idea_diffusion" not in out
    assert f"{len(of_room('talent'))} parameters" in out
    assumed = zz("parameters", "--room", "talent", "--assumptions").out
    assert "graduate_lag" in assumed
    assert "returnee_premium" not in assumed
    assert f"{len(of_room('talent'))} parameters" in assumed


@pytest.mark.parametrize("name", list(parameters()))
def test_a_page_has_everything(zz, name):
    entry = parameters()[name]
    out = zz("parameters", name).out
    assert max(map(len, out.splitlines())) <= 80
    page = flat(out)
    for said in (entry.symbol, entry.title, f"{entry.value:g}", flat(entry.source), *entry.facts):
        assert said in page
    assert f"range {entry.low:g} to {entry.high:g}" in page
    assert f"drawn {entry.distribution.kind}" in page
    assert f"calibrated {'yes' if entry.calibrated else 'no'}" in page
    assert f"date {entry.date}" in page


def test_by_symbol(zz):
    assert zz("parameters", "eta").out == zz("parameters", "chain_sourcing_elasticity").out
    out = zz("parameters", "sigma", "--room", "chains").out
    assert out.startswith("chain_input_elasticity")
    said = zz("parameters", "sigma").complaint
    assert "stands for inputs_elasticity (equilibrium), chain_input_elasticity (chains)" in said
    assert "give a name or a room" in said
    assert "did you mean chains" in zz("parameters", "--room", "chain").complaint
    assert "not by levers" in zz("parameters", "idea_diffusion", "--room", "levers").complaint


def test_json(zz):
    found = json.loads(zz("parameters", "--json").out)
    assert [one["name"] for one in found] == list(parameters())
    assert {one["name"]: Parameter.model_validate(one) for one in found} == parameters()
    one = json.loads(zz("parameters", "public_funds", "--json").out)
    assert (one["low"], one["high"], one["used_by"]) == (1.0, 1.5, "equilibrium")
    infinite = json.loads(zz("parameters", "labour_mobility", "--json").out)
    assert infinite["value"] == "Infinity"
    assumed = json.loads(zz("parameters", "--json", "--assumptions", "--room", "money").out)
    assert all("assumption" in one["source"] for one in assumed)
    assert json.loads(zz("parameters", "bartelme", "--json").out)["rows"]


def test_regimes_stay(zz):
    out = zz("parameters", "bartelme").out
    assert max(map(len, out.splitlines())) <= 80
    assert "psi*theta" in out


def test_tables_of_the_documentation(monkeypatch):
    monkeypatch.syspath_prepend(str(DOCS))
    from generate.registries import parameters_by_room  # noqa: PLC0415

    text = parameters_by_room()
    sections = text.split("### ")[1:]
    assert [section.split("\n")[0].lower() for section in sections] == list(ROOMS)
    for room, section in zip(ROOMS, sections, strict=True):
        for name in of_room(room):
            assert f"| `{name}` |" in section
    assert f"Of all {len(parameters())} parameters" in text
    for module in [name for name in sys.modules if name.split(".")[0] == "generate"]:
        monkeypatch.delitem(sys.modules, module)
