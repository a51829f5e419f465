"""Tables of the user's own: what is written is read again, and what is wrong is named."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zizhu.errors import OutputError, WorldError
from zizhu.world import World, open_world, read_csv, remove_negative_uses, write_csv
from zizhu.world.sheets.layout import COLUMNS

TABLES = ("intermediate", "final", "value_added", "taxes", "tariff")
YAML = "year: 2020\ncurrency: EUR\n"
# NORTH makes food and tools, SOUTH as well; each buys a little from the other.
FLOWS = """\
supplier,sector,user,use,value
NORTH,FOOD,NORTH,TOOL,10
NORTH,FOOD,NORTH,household,80
NORTH,FOOD,SOUTH,household,10
NORTH,TOOL,NORTH,FOOD,20
NORTH,TOOL,NORTH,household,30
NORTH,TOOL,SOUTH,TOOL,5
SOUTH,FOOD,SOUTH,household,60
SOUTH,FOOD,NORTH,household,8
SOUTH,TOOL,SOUTH,FOOD,15
SOUTH,TOOL,SOUTH,government,40
"""
TARIFFS = "supplier,sector,user,rate\nNORTH,TOOL,SOUTH,0.1\n"


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., Path]:
    """Write a folder in the layout; `None` leaves a file out."""

    def written(**files: str | bytes | None) -> Path:
        place = tmp_path / "mine"
        place.mkdir(exist_ok=True)
        for name, text in {"world": YAML, "flows": FLOWS, **files}.items():
            path = place / (f"{name}.yaml" if name == "world" else f"{name}.csv")
            if isinstance(text, bytes):
                path.write_bytes(text)
            elif text is not None:
                path.write_text(text, encoding="utf-8")
        return place

    return written


def same(one: World, other: World) -> None:
    for name in TABLES:
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)
    for field in fields(World):
        if field.name not in TABLES:
            assert getattr(one, field.name) == getattr(other, field.name), field.name


@pytest.mark.parametrize("packed", [False, True], ids=["csv", "csv.gz"])
def test_written_is_read_again_to_the_last_digit(world, tmp_path, packed):
    """Part of the shipped world, with its names, groups, tariffs, notes and errors."""
    part = world.aggregate(
        regions={"CHN": ["CHN"], "ROW": [r for r in world.regions if r != "CHN"]}
    )
    part = replace(part, groups={"CHIPS": ("C26", "C27")})
    assert part.doubt is not None
    folder = write_csv(part, tmp_path / "new" / "w", packed=packed)
    same(read_csv(folder), part)
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        ["world.yaml", *(f"{name}.csv{'.gz' * packed}" for name in COLUMNS)]
    )
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["w"], "something was left"


def test_written_twice_is_the_same(small, tmp_path):
    for name in "ab":
        write_csv(small, tmp_path / name, packed=True)
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


@given(st.integers(0, 2**32 - 1), st.integers(1, 3), st.integers(1, 4), st.booleans())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_world_survives_the_round(tmp_path_factory, seed, regions, sectors, taxed):
    rng = np.random.default_rng(seed)
    z = rng.lognormal(0, 3, (regions, sectors, regions, sectors))
    z *= rng.random(z.shape) < 0.7
    # Final uses are large enough for value added to be left.
    f = (1 + z.sum(axis=(0, 1)).max()) * (2 + rng.random((regions, sectors, regions, 1)))
    tariff = rng.random((regions, sectors, regions)) * taxed
    tariff[np.arange(regions), :, np.arange(regions)] = 0
    taxes = (z * tariff[..., None]).sum(axis=(0, 1))
    made = World(
        name="any: 'name'", year=2001, currency="XYZ",
        # Codes that yaml or a spreadsheet library would take for something else.
        regions=("NO", "NA", "1e3")[:regions], sectors=("01", "true", "a,b", "é")[:sectors],
        final_uses=("investment",), intermediate=z, final=f,
        value_added=(z.sum(axis=(2, 3)) + f.sum(axis=(2, 3))) - z.sum(axis=(0, 1)) - taxes,
        taxes=taxes, tariff=tariff, source="a: b # c", notes=("- one", "two\nlines"),
    )  # fmt: skip
    folder = tmp_path_factory.mktemp("w") / "w"
    back = read_csv(write_csv(made, folder))
    same(replace(back, isic={}), made)


def test_the_least_that_is_needed(folder):
    world = read_csv(folder())
    assert (world.name, world.year, world.currency) == ("mine", 2020, "EUR")
    assert world.regions == ("NORTH", "SOUTH")
    assert world.sectors == ("FOOD", "TOOL")
    assert world.final_uses == ("household", "government")
    assert world.output.tolist() == [[100, 55], [68, 55]]
    assert world.value_added.tolist() == [[80, 45], [53, 50]]
    assert not world.taxes.any()
    assert world.notes == ("value added is output less inputs and taxes",)


def test_a_folder_is_a_world_wherever_one_is_named(folder):
    place = folder()
    assert open_world(place).regions == ("NORTH", "SOUTH")
    assert open_world(place / "world.yaml").regions == ("NORTH", "SOUTH")


def test_duties_are_taxes_when_no_taxes_are_given(folder):
    world = read_csv(folder(tariffs=TARIFFS))
    assert world.tariff[0, 1, 1] == 0.1
    assert world.taxes[1, 1] == 0.5
    assert world.value_added[1, 1] == 49.5
    assert "net taxes on products are the duties on inputs only" in world.notes
    taxed = read_csv(folder(tariffs=TARIFFS, taxes="region,sector,value\nSOUTH,TOOL,2\n"))
    assert taxed.taxes.tolist() == [[0, 0], [0, 2]]
    assert taxed.value_added[1, 1] == 48


def test_everything_that_world_yaml_can_say(folder):
    text = YAML + (
        "name: two\nunit: 10000\nsource: ours\nlicence: free\n"
        "final_uses: {C: household, G: government, GFCF: investment, INVNT: investment}\n"
        "regions: {SOUTH: The south, NORTH: The north}\nsectors: [TOOL, FOOD]\n"
        "isic: {FOOD: [10, 11], TOOL: 25}\ngroups: {ALL: [NORTH, SOUTH]}\n"
        "notes: [one]\npooled_origins: true\nrounding: 0.001\n"
    )
    flows = FLOWS.replace("household", "C").replace("government", "INVNT")
    world = read_csv(folder(world=text, flows=flows + "SOUTH,TOOL,SOUTH,GFCF,1\n"))
    assert world.regions == ("SOUTH", "NORTH")
    assert world.sectors == ("TOOL", "FOOD")
    assert world.final_uses == ("household", "government", "investment")
    np.testing.assert_allclose(world.output, [[0.56, 0.68], [0.55, 1.0]])
    np.testing.assert_allclose(world.final[0, 0, 0], [0, 0, 0.41])
    assert world.region_name("SOUTH") == "The south"
    assert world.isic == {"FOOD": (10, 11), "TOOL": (25,)}
    assert (world.name, world.source, world.licence) == ("two", "ours", "free")
    assert world.notes[0] == "one"
    assert world.pooled_origins
    assert world.groups == {"ALL": ("NORTH", "SOUTH")}


@pytest.mark.parametrize(("unit", "factor"), [("billion", 1e3), ("Thousand", 1e-3), ("1e8", 100)])
def test_units(folder, unit, factor):
    world = read_csv(folder(world=f"{YAML}unit: {unit}\n"))
    np.testing.assert_allclose(world.output, np.array([[100, 55], [68, 55]]) * factor)


def test_negative_final_uses_are_netted_by_the_documented_rule(folder):
    world = read_csv(folder(flows=FLOWS + "NORTH,TOOL,NORTH,investment,-5\n"))
    before = read_csv(folder())
    final = np.zeros((4, 6))
    for column, (user, use) in enumerate((n, u) for n in range(2) for u in range(3)):
        if use < 2:
            final[:, column] = before.final[:, :, user, use].reshape(4)
    final[1, 2] = -5
    flat = before.intermediate.reshape(4, 4)
    z, f, va, _, removed = remove_negative_uses(
        flat, final, flat.sum(1) + final.sum(1) - flat.sum(0), np.zeros(4)
    )
    np.testing.assert_allclose(world.intermediate.reshape(4, 4), z)
    np.testing.assert_allclose(world.final.reshape(4, 6), f)
    np.testing.assert_allclose(world.value_added.reshape(4), va)
    assert any(f"{100 * removed:.2g} percent of final use set to zero" in n for n in world.notes)


def test_spreadsheets_write_in_many_ways(folder, tmp_path):
    plain = read_csv(folder())
    lines = FLOWS.splitlines()
    for text in (
        "\ufeff" + FLOWS.replace("\n", "\r\n"),
        FLOWS.replace(",", ";"),
        FLOWS.replace(",", "\t"),
        "\n".join([lines[0].title(), "", *(line + ",,," for line in lines[1:]), ",,,,", ""]),
        "\n".join(", ".join(f'"{field}"' for field in line.split(",")) for line in lines).replace(
            ', "', ',"'
        ),
    ):
        again = read_csv(folder(flows=text))
        np.testing.assert_array_equal(again.intermediate, plain.intermediate)
    # Columns in another order, packed.
    place = folder()
    rows = [row[::-1] for row in csv.reader(lines)]
    (place / "flows.csv").unlink()
    with gzip.open(place / "flows.csv.gz", "wt", newline="") as text:
        csv.writer(text).writerows(rows)
    np.testing.assert_array_equal(read_csv(place).intermediate, plain.intermediate)


def test_value_added_is_checked_or_takes_up_the_rounding_asked_for(folder):
    exact = "region,sector,value\nNORTH,FOOD,80\nNORTH,TOOL,45\nSOUTH,FOOD,53\nSOUTH,TOOL,50\n"
    world = read_csv(folder(value_added=exact))
    assert world.notes == ()
    near = exact.replace(",80", ",80.05")
    with pytest.raises(WorldError, match=r"off by 0.05 percent of output") as error:
        read_csv(folder(value_added=near))
    assert "NORTH FOOD: sales of 100 less inputs of 20 and taxes of 0 leave 80" in str(error.value)
    assert "value added is 80.05" in str(error.value)
    assert "set rounding above 0.0005 in world.yaml" in str(error.value)
    rounded = read_csv(folder(world=YAML + "rounding: 0.001\n", value_added=near))
    assert rounded.value_added[0, 0] == 80
    assert "rounding of at most 0.05 percent of output (in NORTH FOOD)" in rounded.notes[0]


def line(old: str, new: str) -> str:
    assert old in FLOWS
    return FLOWS.replace(old, new)


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"flows": ""}, ["flows.csv", "it is empty", "supplier,sector,user,use,value"]),
        ({"flows": FLOWS.split("\n", 1)[0]}, ["flows.csv", "no rows"]),
        ({"flows": line("user,use", "user,used")}, ["line 1", "'used'", "did you mean use"]),
        ({"flows": line("user,use", "user,user")}, ["line 1", "'user' appears twice"]),
        (
            {"flows": "supplier,sector,user,value\n"},
            ["line 1", "column 'use' is missing", "supplier,sector,user,use,value"],
        ),
        (
            {"flows": line("SOUTH,TOOL,5", "SOUHT,TOOL,5")},
            ["line 7", "user", "region 'SOUHT'", "did you mean SOUTH"],
        ),
        (
            {"flows": line("NORTH,FOOD,20", "NORTH,FOD,20")},
            ["line 5", "field use", "'FOD'", "did you mean FOOD"],
        ),
        (
            {"flows": line("NORTH,household,30", "NORTH,houshold,30")},
            ["line 6", "field use", "did you mean household"],
        ),
        (
            {"flows": line("SOUTH,TOOL,5", "SOUTH,TOOL,five")},
            ["line 7", "field value", "'five'", "a number is right"],
        ),
        (
            {"flows": line("SOUTH,TOOL,5", 'SOUTH,TOOL,"1,234"')},
            ["line 7", "'1,234'", "write 1234.5"],
        ),
        (
            {"flows": line("SOUTH,TOOL,5", "SOUTH,TOOL,1,5")},
            ["line 7", "6 fields found, 5 are right", "write 1.5"],
        ),
        ({"flows": line("SOUTH,TOOL,5", "SOUTH,TOOL")}, ["line 7", "4 fields found, 5 are right"]),
        ({"flows": line("SOUTH,TOOL,5", "SOUTH,TOOL,")}, ["line 7", "field value is empty"]),
        ({"flows": line("SOUTH,TOOL,5", ",TOOL,5")}, ["line 7", "field user is empty"]),
        (
            {"flows": line("SOUTH,TOOL,5", "SOUTH,TOOL,nan")},
            ["line 7", "'nan'", "a number is right"],
        ),
        ({"flows": line("SOUTH,TOOL,5", "SOUTH,TOOL,1_0")}, ["line 7", "'1_0'"]),
        (
            {"flows": line("SOUTH,TOOL,5", "SOUTH,TOOL,-5")},
            ["line 7", "-5", "cannot be negative", "only final uses"],
        ),
        (
            {"flows": FLOWS + "NORTH,FOOD,NORTH,TOOL,1\n"},
            ["line 12", "NORTH FOOD NORTH TOOL", "already in line 2"],
        ),
        (
            {"flows": line("NORTH,FOOD,20", "NORTH,FOOD,120")},
            ["flows.csv", "NORTH FOOD", "inputs of 120", "leave -20", "cannot be negative"],
        ),
        (
            {"flows": FLOWS.replace("household", "TOOL").replace("government", "FOOD")},
            ["is there already"],
        ),
        ({"flows": FLOWS.encode("utf-16")}, ["flows.csv", "not UTF-8 text"]),
        ({"flows": b"supplier,sector,user,use,value\nN\x00\x00"}, ["flows.csv"]),
        (
            {"tariffs": TARIFFS.replace("0.1", "10")},
            [
                "tariffs.csv, line 2",
                "rate",
                "10 for NORTH TOOL SOUTH",
                "looks like percent",
                "0.25 for 25 percent",
            ],
        ),
        ({"tariffs": TARIFFS.replace("0.1", "2.5")}, ["tariffs.csv, line 2", "looks like percent"]),
        (
            {"tariffs": TARIFFS.replace("0.1", "25%")},
            ["line 2: field rate", "'25%'", "0.25 for 25 %"],
        ),
        ({"tariffs": TARIFFS.replace("0.1", "-1")}, ["line 2", "-1", "is no tariff"]),
        ({"tariffs": TARIFFS.replace("SOUTH", "NORTH")}, ["line 2", "own sales"]),
        (
            {"tariffs": TARIFFS.replace("TOOL", "TOOLS")},
            ["line 2", "sector 'TOOLS'", "did you mean TOOL"],
        ),
        (
            {"tariffs": TARIFFS + TARIFFS.split("\n")[1]},
            ["tariffs.csv, line 3", "already in line 2"],
        ),
        (
            {"taxes": "region,sector,value\nNORTH,FOOD,1\nNORTH,FOOD,2\n"},
            ["taxes.csv, line 3", "already"],
        ),
        (
            {"taxes": "region,sector,value\nNORTH,FOOD,90\n"},
            ["flows.csv", "taxes of 90", "leave -10"],
        ),
        (
            {"value_added": "region,sector,value\nNORTH,FOOD,-1\n"},
            ["value_added.csv, line 2", "-1", "cannot be negative"],
        ),
        (
            {"value_added": "region,sector,value\nNORTH,FOOD,80\n"},
            ["value_added.csv", "leave 5", "but value added is 0"],
        ),
        ({"tarrifs": TARIFFS}, ["tarrifs.csv", "tariffs.csv is right"]),
        ({"world": "year: 2020\n"}, ["world.yaml", "currency is missing"]),
        ({"world": YAML + "currancy: X\n"}, ["field 'currancy'", "did you mean currency"]),
        ({"world": YAML + "year: 2021\n"}, ["world.yaml, line 3", "year appears twice"]),
        ({"world": "year: soon\ncurrency: EUR\n"}, ["year is 'soon'", "2022"]),
        ({"world": "year: 2020\ncurrency: euro\n"}, ["currency is 'euro'", "three capitals"]),
        ({"world": YAML + "unit: milion\n"}, ["unit is 'milion'", "million", "10000"]),
        ({"world": YAML + "unit: -1\n"}, ["unit is '-1'"]),
        (
            {"world": YAML + "final_uses: [houshold]\n"},
            ["final_uses", "'houshold'", "did you mean household"],
        ),
        ({"world": YAML + "final_uses: [household]\n"}, ["flows.csv, line 11", "use 'government'"]),
        (
            {"world": YAML + "final_uses: {TOOL: household}\n"},
            ["'TOOL' is a sector and a final use"],
        ),
        ({"world": YAML + "regions: [NORTH, NORTH]\n"}, ["regions: NORTH appears twice"]),
        (
            {"world": YAML + "regions: [NORTH, SOUHT]\n"},
            ["line 8", "region 'SOUTH'", "did you mean SOUHT"],
        ),
        ({"world": YAML + "regions: [NORTH, SOUTH, EAST]\n"}, ["region EAST has no value added"]),
        ({"world": YAML + "regions: {NORTH: [a]}\n"}, ["regions.NORTH", "a text is right"]),
        ({"world": YAML + "sectors: [[a]]\n"}, ["sectors", "a list such as"]),
        ({"world": YAML + "isic: [10]\n"}, ["isic", "a mapping such as"]),
        ({"world": YAML + "isic: {FOOD: [ten]}\n"}, ["isic.FOOD", "'ten'", "ISIC Rev. 4 division"]),
        ({"world": YAML + "isic: {FOD: [10]}\n"}, ["isic", "sector 'FOD'", "did you mean FOOD"]),
        ({"world": YAML + "groups: [a]\n"}, ["groups", "a mapping such as"]),
        ({"world": YAML + "groups: {G: [EAST]}\n"}, ["group G is ['EAST']"]),
        ({"world": YAML + "notes: {a: b}\n"}, ["notes", "a list of texts"]),
        ({"world": YAML + "pooled_origins: maybe\n"}, ["pooled_origins", "true or false"]),
        ({"world": YAML + "rounding: 1\n"}, ["rounding is 1", "0 to 0.05"]),
        ({"world": YAML + "doubt: much\n"}, ["doubt", "leave the field out"]),
        ({"world": "[a"}, ["world.yaml, line 2", "not valid YAML"]),
        ({"world": "- a\n"}, ["world.yaml", "a mapping of fields"]),
        ({"world": "[a]: b\n"}, ["line 1", "cannot name a field"]),
        ({"world": b"\xff\xfe"}, ["world.yaml", "not UTF-8"]),
        ({"world": None}, ["world.yaml is missing", "flows.csv"]),
        ({"flows": None}, ["flows.csv is missing"]),
    ],
)
def test_what_is_wrong_is_named(folder, files, words):
    with pytest.raises(WorldError) as error:
        read_csv(folder(**files))
    missing = [word for word in words if word not in str(error.value)]
    assert not missing, (missing, str(error.value))


def test_files_that_are_there_twice_missing_or_damaged(folder, tmp_path):
    with pytest.raises(WorldError, match=r"folder .*nowhere does not exist"):
        read_csv(tmp_path / "nowhere")
    place = folder()
    (place / "flows.csv.gz").write_bytes(gzip.compress(FLOWS.encode())[:40])
    with pytest.raises(WorldError, match=r"flows.csv and flows.csv.gz are both there"):
        read_csv(place)
    (place / "flows.csv").unlink()
    with pytest.raises(WorldError, match=r"flows.csv.gz: it cannot be unpacked"):
        read_csv(place)


def test_a_folder_with_something_in_it_is_left_alone(small, tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(OutputError, match="not empty; name a new one"):
        write_csv(small, tmp_path)
    with pytest.raises(OutputError, match="not empty; name a new one"):
        write_csv(small, tmp_path / "notes.txt")
    with pytest.raises(OutputError, match="cannot be written"):
        write_csv(small, tmp_path / "notes.txt" / "w")
    (tmp_path / "empty").mkdir()
    same(read_csv(write_csv(small, tmp_path / "empty")), small)


def test_an_interrupted_export_leaves_nothing(small, tmp_path, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("zizhu.world.sheets.writing._write_table", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_csv(small, tmp_path / "w")
    assert list(tmp_path.iterdir()) == []


def test_negatives_are_lifted_by_one_setting(folder):
    """Without it, all lines or cells are named; with it, `lift_negatives` is applied."""
    flows = FLOWS.replace("NORTH,TOOL,NORTH,FOOD,20", "NORTH,TOOL,NORTH,FOOD,-20")
    flows = flows.replace("SOUTH,TOOL,SOUTH,FOOD,15", "SOUTH,TOOL,SOUTH,FOOD,-5")
    with pytest.raises(WorldError, match=r"line 5: .* the same in line 10; negatives: zero in"):
        read_csv(folder(flows=flows))
    world = read_csv(folder(world=YAML + "negatives: zero\n", flows=flows))
    assert all(identity.holds for identity in world.identities())
    assert world.intermediate.min() >= 0
    assert any("2 negative sales and value added" in note for note in world.notes)
    # Inputs above output: left over, or given as negative value added.
    flows = FLOWS.replace("NORTH,TOOL,NORTH,FOOD,20", "NORTH,TOOL,NORTH,FOOD,120")
    with pytest.raises(WorldError, match=r"NORTH FOOD.*; negatives: zero in world\.yaml lifts"):
        read_csv(folder(flows=flows))
    world = read_csv(folder(world=YAML + "negatives: zero\n", flows=flows))
    assert world.value_added[0, 0] == 0
    assert all(identity.holds for identity in world.identities())
    given = "region,sector,value\nNORTH,FOOD,-20\nNORTH,TOOL,145\nSOUTH,FOOD,53\nSOUTH,TOOL,50\n"
    again = read_csv(folder(world=YAML + "negatives: zero\n", flows=flows, value_added=given))
    np.testing.assert_array_equal(again.value_added, world.value_added)
    with pytest.raises(WorldError, match="negatives is 'yes'; refuse or zero is right"):
        read_csv(folder(world=YAML + "negatives: yes\n"))


def test_output_of_nothing_beside_sales_is_named(folder):
    """Inventories ran down by all that was sold, and no input is left to say what it costs."""
    flows = FLOWS.replace("NORTH,FOOD,NORTH,TOOL,10\n", "")
    flows = flows.replace("NORTH,TOOL,NORTH,FOOD,20\n", "NORTH,TOOL,NORTH,investment,-35\n")
    with pytest.raises(WorldError, match="output of NORTH TOOL of 0; negatives: zero in"):
        read_csv(folder(flows=flows))
    world = read_csv(folder(world=YAML + "negatives: zero\n", flows=flows))
    np.testing.assert_allclose(world.value_added[0, 1], world.output[0, 1])


def test_the_classification_of_sectors_is_recognised_or_said(folder):
    old = FLOWS.replace("FOOD", "15t16").replace("TOOL", "34t35")
    world = read_csv(folder(flows=old))
    assert set(world.isic.values()) == {()}
    assert any("classification (ISIC4, ISIC3)" in note for note in world.notes)
    world = read_csv(folder(world=YAML + "classification: ISIC3\n", flows=old))
    assert world.isic == {"15t16": (10, 11, 12), "34t35": (29, 30)}
    world = read_csv(folder(world=YAML + "isic: {34t35: [28]}\nclassification: nace1\n", flows=old))
    assert world.isic == {"15t16": (10, 11, 12), "34t35": (28,)}
    with pytest.raises(WorldError, match="classification 'ISIC2' is unknown; did you mean"):
        read_csv(folder(world=YAML + "classification: ISIC2\n"))
    letters = FLOWS.replace("FOOD", "C").replace("TOOL", "D")
    assert set(read_csv(folder(flows=letters)).isic.values()) == {()}


def test_rmb_is_cny(folder):
    assert read_csv(folder(world="year: 2020\ncurrency: RMB\n")).currency == "CNY"
