"""`zizhu chains` from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from zizhu.chains import load_chain, shipped_chains

EXAMPLE = Path(__file__).parents[1] / "docs" / "examples" / "chain.yaml"
SHORT = ("rare_earths_magnets", "--no-doubt")


def test_the_list_has_every_chain_and_its_recalled_share(zz):
    answer = zz("chains")
    assert answer.code == 0, answer.err
    for name, chain in shipped_chains().items():
        line = next(line for line in answer.out.splitlines() if line.startswith(f"{name} "))
        assert f" {len(chain.nodes)} " in line
        assert f"{100 * chain.recalled_part:.0f} %" in line
    listed = json.loads(zz("chains", "--json").out)
    assert [one["name"] for one in listed] == list(shipped_chains())


def test_a_chain_and_its_files(zz, tmp_path):
    out = tmp_path / "mine"
    answer = zz("chains", *SHORT, "--buyer", "EU", "--cut", "CHN:magnet", "--output", out)
    assert answer.code == 0, answer.err
    assert "Which nodes choke EU" in answer.out
    assert "If cut: CHN:magnet" in answer.out
    assert max(map(len, answer.out.splitlines()[:-1])) <= 80
    assert (out / "report.html").stat().st_size > 1e6
    assert (out / "manifest.json").is_file()
    wanted = {"nodes", "suppliers", "edges", "controls", "ranking", "cut"}
    assert wanted <= {file.stem for file in (out / "tables").iterdir()}


def test_without_output_nothing_is_written(zz, tmp_path):
    answer = zz("chains", *SHORT, "--at", "2025-05")
    assert answer.code == 0, answer.err
    assert "in force on the last day of 2025-05" in answer.out
    assert list(tmp_path.iterdir()) == []


def test_json_of_a_node_with_a_parameter_changed(zz):
    answer = zz(
        "chains", *SHORT, "--node", "metal", "--set", "choke_price=20", "--above", "10", "--json"
    )
    found = json.loads(answer.out)
    assert found["node"] == "metal"
    assert found["parameters"]["choke_price"] == 20
    assert found["threshold_percent"] == pytest.approx(10)
    assert "exposed" in found["tables"]
    base = found["tables"]["base"]
    assert {one["what"] for one in base} >= {"world share", "home share"}
    china = next(one for one in base if (one["what"], one["region"]) == ("home share", "CHN"))
    assert china["used_less_measured"] == pytest.approx(
        china["used"] - china["measured_at_base"], abs=1e-8
    )
    assert "(" in china["source"]
    assert found["tables"]["base_buyers"][0]["share_of_world_purchases_percent"] > 0


def test_the_example_of_the_page_runs(zz):
    chain = load_chain(EXAMPLE)
    assert chain.recalled_part == 1
    answer = zz("chains", EXAMPLE, "--no-doubt", "--cut", "DEU,JPN:bearing")
    assert answer.code == 0, answer.err
    every = chain.share_counts()[1]
    said = f"{every} of {every} supplier shares recalled"
    assert said in " ".join(answer.out.split())
    assert "If cut: DEU,JPN:bearing" in answer.out


@pytest.mark.long
def test_the_joint_ranking_of_all_chains(zz, tmp_path):
    answer = zz("chains", "--buyer", "CHN", "--output", tmp_path / "all")
    assert answer.code == 0, answer.err
    assert "Nodes of 13 chains for CHN" in answer.out
    assert "more; --all shows them" in answer.out
    assert (tmp_path / "all" / "tables" / "joint_ranking.csv").is_file()


def test_how_to_get_the_explorer_s_chain(zz, tmp_path):
    answer = zz("chains", "get", "eto")
    assert answer.code == 0, answer.err
    assert "CC BY-NC 4.0" in answer.out
    assert "git clone" in answer.out
    (tmp_path / "kept.yaml").write_text("mine")
    complaint = zz("chains", "get", "eto", "--from", tmp_path, "--output", "kept.yaml").complaint
    assert "exists already" in complaint
    assert (tmp_path / "kept.yaml").read_text() == "mine"


def test_a_copy_of_the_explorer_becomes_a_chain(zz, tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    caption = "market_share_chart_caption"
    for name, text in {
        "stages": f"stage_id,stage_name,{caption}\nS1,Fabrication,\n",
        "inputs": f"input_id,input_name,type,stage_id,{caption}\n"
        "N1,Chip,ultimate_output,,\nN2,Etching tools,tool_resource,,\n",
        "sequence": "input_id,goes_into_id,is_type_of_id\nN2,N1,\n",
        "providers": "provider_id,provider_name,provider_type\nP1,JPN,country\n",
        "provision": "provider_id,provided_id,share_provided,year\nP1,N2,60,2031\n",
    }.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    answer = zz("chains", "get", "eto", "--from", folder, "--output", "made.yaml")
    assert answer.code == 0, answer.err
    assert "written: made.yaml" in answer.out
    made = load_chain(tmp_path / "made.yaml")
    assert made.nodes["etching_tools"].suppliers[0].shares["JPN"] == 60


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["semicon"], "did you mean semiconductors?"),
        ([*SHORT, "--node", "metall"], "did you mean metal?"),
        ([*SHORT, "--target", "metall"], "did you mean metal?"),
        ([*SHORT, "--buyer", "CHNN"], "did you mean CHN?"),
        ([*SHORT, "--cut", "magnet"], "for example USA,JPN:etch"),
        ([*SHORT, "--cut", "CHN:magnet:2"], "part 2 lies outside 0 to 1"),
        ([*SHORT, "--cut", "CHN:magnet"], "CHN cannot be cut off from itself"),
        ([*SHORT, "--cut", "CHN:magnett"], "did you mean magnet?"),
        (["robots_cnc", "--no-doubt", "--cut", "USA:smart_factory"], "put together by its buyer"),
        ([*SHORT, "--at", "2024-13"], "'2024-13' is not a date"),
        ([*SHORT, "--above", "0"], "not a rise of cost"),
        ([*SHORT, "--above", "nan"], "not a rise of cost"),
        ([*SHORT, "--set", "choke_price"], "it has no ="),
        ([*SHORT, "--set", "choke_price=high"], "'high' is not a number"),
        ([*SHORT, "--set", "choke=3"], "did you mean choke_price?"),
        ([*SHORT, "--set", "choke_price=1000"], "outside its range"),
        ([*SHORT, "--world", "2033"], "2033"),
        ([*SHORT, "--all"], "--all goes with --buyer"),
        ([*SHORT, "--from", "x"], "--from goes with"),
        (["rare_earths_magnets", "metal"], "use --node for a node"),
        (["--node", "metal"], "--node needs the name of a chain"),
        (["--output", "x"], "--output needs the name of a chain"),
        (["--buyer", "NOBODY"], "'NOBODY' is unknown"),
        (["get"], "say what"),
        (["get", "etto"], "did you mean eto?"),
        (["get", "eto", "--node", "metal"], "--node goes with a chain"),
        (["get", "eto", "--from", "."], "needs --output"),
        (["get", "eto", "--output", "x.yaml"], "needs --from"),
        (["get", "eto", "--from", "nowhere", "--output", "x.yaml"], "is missing"),
    ],
)
def test_wrong_input_is_one_sentence(zz, tmp_path, arguments, expected):
    assert expected in zz("chains", *arguments).complaint
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_refused_first(zz, tmp_path):
    (tmp_path / "file").write_text("")
    complaint = zz("chains", *SHORT, "--output", tmp_path / "file" / "x").complaint
    assert "cannot be written" in complaint
