"""Shape checks are on for every test: jaxtyping and beartype wrap the package at import."""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Callable, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import settings
from jaxtyping import install_import_hook
from rich.console import Console

os.environ.setdefault("JAX_PLATFORMS", "cpu")
# Most of the tests' time is compiling programs that run once on small worlds: the compiler's costly
# passes change no number beyond rounding. Set XLA_FLAGS, empty even, to compile as users do.
os.environ.setdefault(
    "XLA_FLAGS", "--xla_backend_optimization_level=0 --xla_cpu_use_fusion_emitters=false"
)

# All rooms but reading, which holds no arrays and is called once for each word of a file.
ROOMS = [
    f"zizhu.{room.stem}"
    for folder in find_spec("zizhu").submodule_search_locations
    for room in Path(folder).iterdir()
    if room.stem not in ("reading", "py", "__init__", "__pycache__")
]
with install_import_hook(ROOMS, "beartype.beartype"):
    import zizhu
    import zizhu.model.audit
    import zizhu.model.equilibrium
    import zizhu.model.rebase
    import zizhu.replications
    import zizhu.report

# Not checked: typer gives its commands other types than it asks for.
import zizhu.cli.commands  # noqa: E402

# A loaded machine is no failure: how long a thing takes is measured in benchmarks.
settings.register_profile("zizhu", deadline=None)
settings.load_profile("zizhu")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--all", action="store_true", help="also run the tests marked long")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--all"):
        return
    skip = pytest.mark.skip(reason="long; run with --all")
    for item in items:
        if "long" in item.keywords:
            item.add_marker(skip)


# The shipped world of 2017 in seven regions: large enough to be like one, small enough to be quick.
SEVEN = {
    "BRA": ["BRA"],
    "CHN": ["CHN"],
    "EU": ["DEU", "NLD", "FRA", "ITA", "REU", "GBR"],
    "IND": ["IND"],
    "JPN": ["JPN"],
    "USA": ["USA"],
}


@pytest.fixture(scope="session")
def world() -> zizhu.World:
    """The shipped world of 2017 in seven regions and all its sectors."""
    shipped = zizhu.open_world("2017")
    named = {region for members in SEVEN.values() for region in members}
    rest = [region for region in shipped.regions if region not in named]
    return shipped.aggregate(regions={**SEVEN, "ROW": rest})


@pytest.fixture(scope="session")
def quick() -> Callable[..., zizhu.Outcome]:
    """Headline outcome of a shipped scenario with settings, solved once a session."""

    @cache
    def solved(name: str, *settings: str) -> zizhu.Outcome:
        return zizhu.run(name, settings=settings, variants=False, drivers=False)

    return solved


@pytest.fixture(scope="session")
def war() -> zizhu.Outcome:
    """The tariff war with variants and drivers, as `zizhu run` computes it."""
    return zizhu.run("tariff-war-2018")


def small_tables(**changes: Any) -> dict[str, Any]:
    """Arguments of a balanced world: two regions, three sectors, tariffs on foreign goods."""
    rng = np.random.default_rng(1)
    intermediate = rng.uniform(1, 2, size=(2, 3, 2, 3))
    final = rng.uniform(8, 12, size=(2, 3, 2, 2))
    tariff = np.zeros((2, 3, 2))
    tariff[0, :2, 1], tariff[1, :2, 0] = 0.1, 0.05
    taxes = (intermediate * tariff[..., None]).sum(axis=(0, 1))
    output = intermediate.sum(axis=(2, 3)) + final.sum(axis=(2, 3))
    tables = {
        "name": "small",
        "year": 2017,
        "currency": "USD",
        "regions": ("N", "S"),
        "sectors": ("A", "C10T12", "G"),
        "final_uses": ("household", "government"),
        "intermediate": intermediate,
        "final": final,
        "value_added": output - intermediate.sum(axis=(0, 1)) - taxes,
        "taxes": taxes,
        "tariff": tariff,
        "region_names": {"N": "North", "S": "South"},
        "isic": {"A": (1, 2, 3), "C10T12": (10, 11, 12), "G": (45, 46, 47)},
        "notes": ("made up",),
    }
    return {**tables, **changes}


@pytest.fixture
def tables() -> Callable[..., dict[str, Any]]:
    """Arguments of a small balanced world, some changed."""
    return small_tables


@pytest.fixture
def small() -> zizhu.World:
    """A small balanced world."""
    return zizhu.World(**small_tables())


class Answer(NamedTuple):
    """What the command line returned and printed."""

    code: int
    out: str
    err: str

    @property
    def complaint(self) -> str:
        """The one sentence that a refused command prints; checked to be one."""
        assert self.code == 2, (self.code, self.out[-300:], self.err)
        assert "Traceback" not in self.out + self.err
        lines = [line for line in self.err.splitlines() if line.strip()]
        assert len(lines) == 1, lines
        assert lines[0].startswith("error: "), lines
        # One sentence: no full stop, question or exclamation mark that another one follows.
        assert not re.search(r"[.!?][;]?\s+[A-Z]", lines[0]), lines
        return lines[0].removeprefix("error: ")


@pytest.fixture
def zz(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Answer]:
    """The command line, run in an empty folder in this process."""
    monkeypatch.chdir(tmp_path)

    def command(*arguments: object, columns: int = 80) -> Answer:
        printed, complained = io.StringIO(), io.StringIO()
        for stream, file in (("out", printed), ("err", complained)):
            shown = Console(file=file, width=columns, highlight=False)
            monkeypatch.setattr(zizhu.cli.console, stream, shown)
        monkeypatch.setattr(sys, "argv", ["zizhu", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as stop:
            zizhu.cli.main()
        captured = capsys.readouterr()
        code = stop.value.code
        assert isinstance(code, int)
        return Answer(code, printed.getvalue() + captured.out, complained.getvalue() + captured.err)

    return command


@pytest.fixture
def scenario_file(tmp_path: Path) -> Callable[..., Path]:
    """Write a scenario file; without text, one tariff whose fields are given."""

    def written(
        text: str | bytes | None = None, /, name: str = "mine.yaml", **fields: object
    ) -> Path:
        path = tmp_path / name
        if isinstance(text, bytes):
            path.write_bytes(text)
            return path
        if text is None:
            given: Mapping[str, object] = {
                "lever": "tariff",
                "label": "one",
                "importers": "USA",
                "exporters": "CHN",
                "sectors": "C26",
                "size": "25 percentage points",
                **fields,
            }
            lines = [f"{key.rstrip('_')}: {value}" for key, value in given.items() if value != ""]
            text = "title: mine\nfocus: CHN\nmeasures:\n- " + "\n  ".join(lines) + "\n"
        path.write_text(text, encoding="utf-8")
        return path

    return written
