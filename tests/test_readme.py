"""The README shows what the code does: its picture, figures, commands, scenario and Python."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

import zizhu as zz
from zizhu.chains import shipped_chains
from zizhu.indicators import self_sufficiency
from zizhu.laboratory.bottleneck import chain_case, cut_chain, read_cut
from zizhu.laboratory.path.arguments import date_of
from zizhu.laboratory.path.case import path_case
from zizhu.parameters import values
from zizhu.policy.raw_wedge import describe
from zizhu.world import LARGE_ERROR, open_proof
from zizhu.world.build.proof import AS_USED

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def _words(svg: str) -> list[str]:
    """Texts of a drawing, without the line of residuals that differ between machines."""
    texts = re.findall(r"<text[^>]*>([^<]*)</text>", svg)
    return [text for text in texts if "residual" not in text and "e-1" not in text]


def test_the_picture_is_up_to_date(tmp_path: Path) -> None:
    """Drawn by its own command: all of the flagship under type checks would take minutes."""
    drawn, now = (ROOT / "docs" / "verdict.svg").read_text(encoding="utf-8"), tmp_path / "now.svg"
    # Compiled as users do, for whom the programs are remembered.
    variables = {name: value for name, value in os.environ.items() if name != "XLA_FLAGS"}
    line = [sys.executable, str(ROOT / "docs" / "picture.py"), str(now)]
    subprocess.run(line, env=variables, check=True, timeout=600)
    assert _words(drawn) == _words(now.read_text(encoding="utf-8"))
    assert "@font-face" not in drawn


def test_the_verdict_fits_a_screen() -> None:
    """Sixty lines at 100 columns: rows of the picture, its title left out."""
    drawn = (ROOT / "docs" / "verdict.svg").read_text(encoding="utf-8")
    rows = {
        float(y) for y in re.findall(r'<text class="verdict-r\d+" x="[\d.]+" y="([\d.]+)"', drawn)
    }
    assert 40 < len(rows) <= 60


def test_the_figures_in_the_text_are_computed() -> None:
    outcome = zz.run("decoupling", drivers=False)
    headline = float(outcome.real_income.sel(region="CHN"))
    constant = next(v for v in outcome.variants if v.name == "constant-returns")
    assert f"China loses {-headline:.2f} percent of real income in this run" in README
    assert f"{-constant.real_income['CHN']:.2f} percent with constant returns" in README
    # One choice is marked; another may have no equilibrium at all and gives no number.
    marked = [v.name for v in outcome.variants if not v.stable and v.real_income]
    assert marked == ["full-scale"]
    assert outcome.scale_eigenvalue < 1


def test_the_shares_in_the_text_are_computed() -> None:
    found = self_sufficiency(zz.open_world()).sel(region="CHN", sector="C26")
    assert f"China makes {found.home_share:.1f} percent of the electronics that it uses" in README
    assert f"or {found.value_added_home_share:.1f} percent of the value in what" in README
    assert f"or {found.output_to_use:.1f} percent of what it needs" in README
    assert f"off by more than {100 * LARGE_ERROR:.0f} percent" in README


def test_the_errors_in_the_text_are_measured() -> None:
    proof = open_proof()
    inputs = [one["intermediate"] for one in proof["degraded"] if one["sources"] == AS_USED]
    assert len(inputs) == 3
    assert all(0.19 < error < 0.25 for error in inputs)  # a fifth to a quarter
    foreign = [
        one["error"]
        for one in proof["figures"]
        if (one["figure"], one["partner"], one["structure"])
        == ("inputs look-through", "foreign", "own")
    ]
    assert all(0.05 < error < 0.15 for error in foreign)  # about a tenth
    assert values()["scale_strength"] == 0.8  # four fifths


def test_the_chains_in_the_text_are_computed() -> None:
    case = chain_case(zz.load_chain("semiconductors"), zz.open_world())
    cut = cut_chain(case, [read_cut("NLD:lith_euv")], "CHN")
    rise = dict(zip(cut.nodes, 100 * cut.making, strict=True))
    assert f"advanced logic made there costs {rise['fab_adv']:.0f} percent more" in README
    assert rise["fab_mature"] < 0.05
    counts = [chain.share_counts() for chain in shipped_chains().values()]
    confirmed, every = map(sum, zip(*counts, strict=True))
    assert f"Of {every} supplier shares {confirmed} were read in a source" in README
    assert len(counts) == 13
    assert f"{len(zz.facts())} facts with their sources and {len(zz.claims())} claims" in README


def test_the_scenario_of_the_readme_runs(tmp_path: Path) -> None:
    text = re.search(r"```yaml\n(.*?)```", README, re.DOTALL)
    assert text is not None
    file = tmp_path / "chips.yaml"
    file.write_text(text.group(1), encoding="utf-8")
    assert yaml.safe_load(text.group(1))["extends"] == "baseline"
    outcome = zz.run(file, variants=False, drivers=False)
    kept = outcome.flow.sel(supplier="USA", sector="C28", user="CHN") / outcome.flow_base.sel(
        supplier="USA", sector="C28", user="CHN"
    )
    assert float(kept) == pytest.approx(0.2, rel=1e-8)


def test_the_python_of_the_readme_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = re.search(r"```python\n(.*?)```", README, re.DOTALL)
    assert code is not None
    monkeypatch.chdir(tmp_path)
    exec(compile(code.group(1), "README", "exec"), {})
    assert (tmp_path / "my-report" / "report.html").stat().st_size > 1e6


def test_the_wedges_of_the_readme_are_read() -> None:
    texts = re.findall(r'zizhu simulate .*--wedge "([^"]+)"', README)
    assert texts
    labels = path_case(zz.open_world(), tuple(range(2022, 2036))).labels
    assert all(describe(text, labels).endswith(".") for text in texts)
    days = re.findall(r"zizhu simulate .*--controls (\S+)", README)
    assert days
    assert all(date_of(day) for day in days)
