"""Tables in the layouts of WIOD, OECD, Eora, GLORIA and EXIOBASE, from their files to a run.

The files are ours, tiny and balanced; pymrio's own parsers read them.
"""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from formats import eora, exiobase, gloria, oecd, wiod
from formats.toy import toy

import zizhu as zz
from zizhu.indicators import Leontief, position, value_added_trade
from zizhu.policy import Scenario
from zizhu.world import from_pymrio, load, save

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    pymrio = pytest.importorskip("pymrio")

EXACT = 1e-12
FORMATS = {
    "wiod-2013": (wiod.write, pymrio.parse_wiod),
    "oecd-2016": (lambda place: oecd.write(place, 2016), pymrio.parse_oecd),
    "oecd-2021": (lambda place: oecd.write(place, 2021), pymrio.parse_oecd),
    "oecd-2023": (lambda place: oecd.write(place, 2023), pymrio.parse_oecd),
    "eora26": (eora.write, lambda path: pymrio.parse_eora26(path, year=2010)),
    "gloria": (gloria.write, lambda path: pymrio.parse_gloria(path, year=2022, version=59)),
    "exiobase-3": (exiobase.write, pymrio.parse_exiobase3),
}
# Millions in one unit, and currency; taxes on products where they have rows of their own.
MONEY = {"eora26": (1e-3, "USD"), "gloria": (1e-3, "USD"), "exiobase-3": (1.0, "EUR")}
WITHOUT_TAXES = ("oecd-2016", "eora26", "gloria")
DIVISIONS = {
    "wiod-2013": {"C": (5, 6, 7, 8, 9), "15t16": (10, 11, 12), "E": (35, 36), "M": (85,)},
    "oecd-2016": {"C15T16FOD": (10, 11, 12), "C30T33XCEQ": (26,), "C31ELQ": (27,)},
    "oecd-2021": {"10T12": (10, 11, 12), "35": (35,)},
    "oecd-2023": {"B05_06": (5, 6), "C26": (26,), "D": (35,)},
    "eora26": {"Recycling": (38,), "Electrical and Machinery": (26, 27, 28)},
    "gloria": {"Hard coal": (5,), "Finance and insurance": (64, 65, 66)},
    "exiobase-3": {"Cultivation of wheat": (1,), "Research and development (73)": (72,)},
}
# What has no division, or one that no regime of elasticities covers, is for the user to say.
ISIC = {"eora26": {"Others": (96,), "Re-export & Re-import": (46,)}}


@pytest.fixture(scope="module", params=FORMATS)
def case(request, tmp_path_factory):
    """Name, system as pymrio parses it, the toy in its files, and the world."""
    write, parse = FORMATS[request.param]
    path, table = write(tmp_path_factory.mktemp(request.param))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        system = parse(path).calc_all()
    isic = ISIC.get(request.param)
    world = from_pymrio(system, name=request.param, year=2010, isic=isic)
    return request.param, system, table, world


def test_the_world_is_what_the_files_hold(case):
    """Labels, money, uses and accounts, whatever order the parser brings them into."""
    name, _, table, world = case
    factor, currency = MONEY.get(name, (1.0, "USD"))
    assert world.currency == currency
    assert sorted(world.regions) == sorted(table.regions)
    assert sorted(world.sectors) == sorted(table.sectors)
    assert world.final_uses == ("household", "government", "investment")
    assert all(identity.holds for identity in world.identities())

    def ordered(values):
        frame = pd.Series(factor * values, index=table.cells)
        return frame.reindex(pd.MultiIndex.from_product([world.regions, world.sectors])).to_numpy()

    np.testing.assert_allclose(world.output.ravel(), ordered(table.output), rtol=EXACT)
    taxes = 0 * table.taxes if name in WITHOUT_TAXES else table.taxes
    np.testing.assert_allclose(world.taxes.ravel(), ordered(taxes), rtol=EXACT)
    left = table.output - table.z.sum(axis=0) - taxes
    np.testing.assert_allclose(world.value_added.ravel(), ordered(left), rtol=EXACT, atol=EXACT)
    government = [c for c in table.categories if c in ("c39", "GGFC") or "overnment" in c]
    chosen = np.isin(table.uses.get_level_values(1), government)
    assert len(government) == 1
    np.testing.assert_allclose(
        world.final[..., 1].sum(axis=2).ravel(), ordered(table.y[:, chosen].sum(axis=1)), rtol=EXACT
    )
    assert any("is output less inputs" in note and "published" in note for note in world.notes)


def test_sectors_have_the_divisions_of_their_classification(case):
    name, _, _, world = case
    for sector, divisions in DIVISIONS[name].items():
        assert world.isic[sector] == divisions
    assert any("recognised" in note for note in world.notes)


def test_indicators_equal_pymrio_s(case):
    """A, L, x, positions and footprints, from the same system by both."""
    _, system, _, world = case
    leontief = Leontief(world)
    size = len(system.Z)
    # The discrepancy of 2016 is no use of a region: output is without it.
    y_all = system.Y.drop(columns="ALL", level=0, errors="ignore")
    x = (system.Z.sum(axis=1) + y_all.sum(axis=1)).to_numpy()
    order = pd.MultiIndex.from_product([world.regions, world.sectors])
    peer_a = pymrio.calc_A(system.Z, x).reindex(index=order, columns=order).to_numpy()
    peer_l = pymrio.calc_L(pymrio.calc_A(system.Z, x)).reindex(index=order, columns=order)
    close(leontief.coefficients.reshape(size, size), peer_a)
    close(leontief.inverse().reshape(size, size), peer_l.to_numpy())
    found = position(world)
    forward = (system.Z / x[:, None]).reindex(index=order, columns=order).to_numpy()
    ghosh = np.linalg.inv(np.eye(size) - forward)
    close(found.upstreamness.values.ravel(), ghosh.sum(axis=1))
    close(found.downstreamness.values.ravel(), peer_l.to_numpy().sum(axis=0))
    # Value added of each producer that final demand of each region needs.
    share = (world.value_added / world.output).ravel()
    y = world.final.sum(axis=3).reshape(size, -1)
    content = (share[:, None] * (peer_l.to_numpy() @ y)).reshape(*world.output.shape, -1)
    close(value_added_trade(world).absorbed.transpose("region", "sector", "market"), content)


def close(found, wanted):
    np.testing.assert_allclose(found, wanted, rtol=EXACT, atol=EXACT * np.abs(wanted).max())


def test_a_saved_copy_is_the_same(case, tmp_path):
    world = case[-1]
    again = load(save(world, tmp_path / "copy.nc"))
    np.testing.assert_array_equal(again.intermediate, world.intermediate)
    assert (again.isic, again.notes) == (world.isic, world.notes)


@pytest.mark.long
def test_dependence_of_it_is_answered(case):
    world = case[-1]
    answer = zz.dependence(world.regions[0], world=world, equilibrium=False, draws=0)
    assert answer.headlines


@pytest.mark.long
def test_a_scenario_runs_on_it(case):
    """With elasticities by ISIC division, which all sectors have."""
    world = case[-1]
    scenario = Scenario.model_validate(
        {
            "name": "toll",
            "title": "a toll",
            "focus": world.regions[0],
            "options": {"elasticities": "caliendo-parro"},
            "measures": [
                {
                    "lever": "trade_cost",
                    "label": "toll",
                    "suppliers": world.regions[1],
                    "users": world.regions[0],
                    "size": "10 %",
                }
            ],
        }
    )
    outcome = zz.run(scenario, world=world, drivers=False, variants=False)
    assert outcome.audit.largest < 1e-9
    assert outcome.real_income.sel(region=world.regions[0]) < -1e-6


def test_wiod_of_2016_without_a_parser():
    """pymrio has no parser for the release of 2016; a system with its labels is a world."""
    sectors = "A01 A02 A03 B C10-C12 C31_C32 D35 E37-E39 F G45 J59_J60 L68 M69_M70 R_S T U"
    uses = ("CONS_h", "CONS_np", "CONS_g", "GFCF", "INVEN")
    table = toy(("AUS", "ROW"), sectors.split(), uses)
    system = pymrio.IOSystem(
        Z=pd.DataFrame(table.z, index=table.cells, columns=table.cells),
        Y=pd.DataFrame(table.y, index=table.cells, columns=table.uses),
        unit=pd.DataFrame({"unit": "mn USD"}, index=table.cells),
    )
    world = from_pymrio(system)
    assert world.isic["C31_C32"] == (31, 32)
    assert world.isic["R_S"] == (90, 91, 92, 93, 94, 95, 96)
    household = table.y.reshape(len(table.z), 2, 5)[..., :2].sum(axis=2)
    np.testing.assert_allclose(world.final[..., 0].reshape(household.shape), household, rtol=EXACT)


def test_the_example_of_the_docs_runs(tmp_path, monkeypatch):
    """What docs/world.md says of pymrio, on a file of the name and layout that it names."""
    page = (Path(__file__).parents[2] / "docs" / "world.md").read_text(encoding="utf-8")
    code = next(part for part in page.split("```python\n")[1:] if "import pymrio" in part)
    code = code.split("```")[0]
    file, _ = wiod.write(tmp_path)
    Path(file).rename(tmp_path / "wiot11_row_sep12.xlsx")
    monkeypatch.chdir(tmp_path)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=pymrio.tools.ioparser.ParserWarning)
        warnings.filterwarnings("ignore", module="pymrio")
        exec(compile(code, "docs/world.md", "exec"), {})
    world = load(tmp_path / "wiod-2011.nc")
    assert (world.name, world.year, world.currency) == ("wiod-2011", 2011, "USD")
    assert len(world.sectors) == 35
