"""The Supply Chain Explorer as a chain. All values here are made up; only column names are real."""

from __future__ import annotations

from pathlib import Path

import pytest

from zizhu.chains import Chain, load_chain
from zizhu.chains.eto import HOW_TO, chain_from_eto, write_chain
from zizhu.errors import ChainError, OutputError

CHART = "market_share_chart_global_market_size_info,market_share_chart_caption"
TABLES = {
    "stages.csv": f"""stage_id,stage_name,description,{CHART},market_share_chart_source
S1,Design,,,,
S2,Fabrication,,,"Shares of capacity, by site.",
""",
    "inputs.csv": f"""input_id,input_name,type,stage_name,stage_id,description,year,{CHART}
N1,Planning,process,Design,S1,,,,
N2,Drawing software,tool_resource,,,"two
lines",,,
N3,Etching,process,Fabrication,S2,,,,
N4,Cleaning,process,Fabrication,S2,,,,
N5,Etching tools,tool_resource,,,,,,
N6,"Dry tools (small, new)",tool_resource,,,,,,
N7,Wet tools,tool_resource,,,,,,
N8,Powders,material_resource,,,,,,
N9,Wafer,material_resource,,,,,,
N10,Saws,tool_resource,,,,,,
N11,Chip,ultimate_output,,,,,,
N12,Chemicals,material_resource,,,,,,
N13,Unused thing,material_resource,,,,,,
N14,3D saws,tool_resource,,,,,,
""",
    "sequence.csv": """input_id,goes_into_id,is_type_of_id
N1,N3,
N3,N4,
N4,N11,
N2,N1,
N5,N3,
N6,,N5
N7,,N5
N8,N4,
N9,N3,
N9,,N12
N12,N4,
N10,N9,
N14,N10,
""",
    "providers.csv": """provider_name,alias,provider_id,provider_type,country
AAA Tools,,P1,organization,JPN
JPN,Japan,P2,country,
MAL,Malaysia,P3,country,
Various countries,,P4,country,
EUR,Europe,P5,country,EUR
CHN,China,P6,country,
""",
    "provision.csv": """provider_id,provided_id,share_provided,year,source
P2,S1,60.0,2031,
P4,S1,40.0,2031,
P2,S2,50,2031,
P6,S2,50,2031,
P2,N2,100%,2029,
P1,N6,77,2031,
P2,N6,70.5,2030,
P6,N6,20,2030,
P3,N6,0.0,2030,
P5,N6,negligible,2030,
P6,N6,100,2020,
P6,N5,30,2031,
P2,N5,70,2031,
P3,N9,12,2031,
P2,N9,Major,2031,
P2,N10,103,2031,
P2,N14,100,2031,
P2,N7,,2031,
P6,N68,10,2031,
""",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in TABLES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def chain(folder: Path) -> Chain:
    return Chain.model_validate(chain_from_eto(folder))


def change(folder: Path, table: str, old: str, new: str) -> None:
    text = TABLES[table]
    assert old in text
    (folder / table).write_text(text.replace(old, new, 1), encoding="utf-8")


def test_processes_count_as_their_stage_and_inputs_without_shares_are_left_out(chain):
    assert set(chain.nodes) == {
        "design", "fabrication", "drawing_software", "etching_tools", "dry_tools_small_new",
        "wafer", "saws", "chip", "chemicals", "n_3d_saws",
    }  # fmt: skip
    assert {(e.input, e.parent) for e in chain.edges} == {
        ("design", "fabrication"), ("fabrication", "chip"), ("drawing_software", "design"),
        ("etching_tools", "fabrication"), ("dry_tools_small_new", "etching_tools"),
        ("wafer", "chemicals"), ("chemicals", "fabrication"), ("saws", "wafer"),
        ("n_3d_saws", "saws"),
    }  # fmt: skip
    assert chain.final == "chip"
    assert chain.nodes["drawing_software"].input == "licence"


def test_shares_are_the_youngest_numbers_and_the_rest_is_other(chain):
    dry = chain.nodes["dry_tools_small_new"].suppliers[0]
    assert dry.shares == {"JPN": 70.5, "CHN": 20, "OTHER": 9.5}
    assert (dry.year, dry.confirmed, dry.confidence) == (2030, ("JPN", "CHN"), "medium")
    assert "9.5 percent" in dry.note
    wafer = chain.nodes["wafer"].suppliers[0]
    assert wafer.shares == {"MYS": 12, "OTHER": 88}
    assert wafer.confidence == "low"
    design = chain.nodes["design"].suppliers[0]
    assert design.shares == {"JPN": 60, "OTHER": 40}
    assert design.confirmed == ("JPN",)


def test_shares_go_by_headquarters_unless_the_caption_says_site(chain):
    assert {name for name, block in chain.blocks() if block.basis == "location"} == {"fabrication"}
    assert chain.nodes["fabrication"].suppliers[0].measure == "capacity"
    assert "assumption" in chain.note


def test_classes_are_aggregates_and_their_inputs_all_of_their_cost(chain):
    together = {name for name, node in chain.nodes.items() if node.assembled}
    assert together == {"etching_tools", "chemicals", "chip", "saws"}
    for name in chain.nodes:
        shares = [edge.share.value for edge in chain.inputs(name)]
        if shares:
            assert len(set(shares)) == 1
            assert sum(shares) == pytest.approx(100 if name in together else 50, abs=0.05)
    assert all(edge.source.startswith("assumption: the explorer has no") for edge in chain.edges)
    typed = {(e.input, e.parent) for e in chain.edges if not e.essential}
    assert typed == {("dry_tools_small_new", "etching_tools"), ("wafer", "chemicals")}


def test_what_the_explorer_does_not_say_is_called_an_assumption(chain):
    for node in chain.nodes.values():
        years = node.years_to_qualify
        assert (years.low, years.value, years.high) == (1, 4, 10)
        assert years.assumed
        assert node.learning is None
    assert chain.attached[0].sectors == ("C26",)
    assert chain.attached[0].cost_share.value == 13
    assert chain.attached[0].assumed


def test_the_written_file_passes_the_checks_of_chains(folder, tmp_path):
    target = write_chain(folder, tmp_path / "mine.yaml")
    chain = load_chain(target)
    assert chain == Chain.model_validate(chain_from_eto(folder))
    assert chain.sources["ETO"].year == 2031
    assert "CC BY-NC 4.0" in chain.note


def test_a_file_is_replaced_only_when_asked(folder, tmp_path):
    target = tmp_path / "mine.yaml"
    target.write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match="exists already"):
        write_chain(folder, target)
    assert target.read_text(encoding="utf-8") == "mine"
    write_chain(folder, target, replace=True)
    assert load_chain(target).chain == "eto_semiconductors"
    with pytest.raises(OutputError, match="cannot be written"):
        write_chain(folder, tmp_path / "none" / "mine.yaml")


def test_two_inputs_of_one_name_get_two_ids(folder):
    change(folder, "inputs.csv", "N10,Saws", "N10,Wafer")
    assert {"wafer", "wafer_n10"} <= set(chain_from_eto(folder)["nodes"])


@pytest.mark.parametrize("table", TABLES)
def test_a_missing_table_is_named(folder, table):
    (folder / table).unlink()
    with pytest.raises(ChainError, match=f"{table} is missing"):
        chain_from_eto(folder)


@pytest.mark.parametrize(
    ("table", "old", "new", "said"),
    [
        ("stages.csv", "stage_name", "title", "column stage_name is missing"),
        ("inputs.csv", "type,", "sort,", "column type is missing"),
        ("provision.csv", ",year", ",when", "column year is missing"),
        ("provision.csv", "P2,S1,60.0", "P2,S1,many", "share 'many' in year '2031'"),
        ("provision.csv", "P2,S1,60.0", "P2,S1,-6", "share '-6' in year"),
        ("provision.csv", "P2,S1,60.0", "P2,S1,nan", "share 'nan' in year"),
        ("provision.csv", "60.0,2031", "60.0,", "share '60.0' in year ''"),
        ("provision.csv", "P2,S1,60.0", "P2,S1,80", "sum to 120 percent"),
        ("provision.csv", "P4,S1", "P2,S1", "JPN has two shares in 2031"),
        ("provision.csv", "P2,S1", "P9,S1", "'P9' is not in providers.csv"),
        ("provision.csv", "P2,S1", "<<<<<<< Updated\nP2,S1", "row 1: 5 fields are right"),
        ("provision.csv", "P2,S1,60.0,2031,", 'P2,S1,60.0,2031,"', "cannot be read as csv"),
        ("providers.csv", "JPN,Japan", "Nowhere,", "country 'Nowhere' is unknown"),
        ("inputs.csv", "N8,Powders,material_resource", "N8,Powders,idea", "unknown type 'idea'"),
        ("inputs.csv", "ultimate_output", "process", "0 final products"),
        ("sequence.csv", "N1,N3,", "N1,N99,", "unknown id 'N99'"),
        ("sequence.csv", "N4,N11,", "N4,S2,", "no share leads to the final product"),
        ("sequence.csv", "N10,N9,", "N10,N9,\nN9,N10,", "circle"),
        ("sequence.csv", "N10,N9,", "N10,N9,\nN9,N9,", "circle"),
    ],
)
def test_a_bad_folder_is_one_sentence(folder, table, old, new, said):
    change(folder, table, old, new)
    with pytest.raises(ChainError, match=said) as caught:
        chain_from_eto(folder)
    assert "\n" not in str(caught.value)


def test_a_folder_without_any_share_of_a_country_is_refused(folder):
    (folder / "provision.csv").write_text(
        "provider_id,provided_id,share_provided,year\nP1,N6,77,2031\nP2,N6,Major,2031\n",
        encoding="utf-8",
    )
    with pytest.raises(ChainError, match="no share leads to the final product"):
        chain_from_eto(folder)


def test_the_how_to_names_place_licence_tables_and_command():
    for word in (
        "georgetown-cset/eto-chip-explorer",
        "CC BY-NC 4.0",
        "zizhu chains get eto --from",
        *TABLES,
    ):
        assert word in HOW_TO
