"""What the pages and the README tell a reader to type can be typed."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer.main

from zizhu.cli import app
from zizhu.parameters import parameters, regimes
from zizhu.policy import levers, load_scenario, scenario_names
from zizhu.replications import REPLICATIONS
from zizhu.world import catalogue, open_world

ROOT = Path(__file__).parents[2]
PAGES = [*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md"]

_BLOCK = re.compile(
    r"^```(?P<info>[^\n`]*)\n(?P<options>(?::[^\n]*\n)*)(?P<body>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
_SHELL = {"", "sh", "bash", "shell", "console", "{command}"}


def _blocks(page: Path) -> list[tuple[str, str]]:
    text = page.read_text(encoding="utf-8")
    return [(found["info"].strip(), found["body"]) for found in _BLOCK.finditer(text)]


def _commands(page: Path) -> list[str]:
    lines = [
        line.removeprefix("$ ").strip()
        for info, body in _blocks(page)
        if info in _SHELL
        for line in body.splitlines()
    ]
    inline = re.findall(r"(?<!`)`(zizhu [^`\n]+)`(?!`)", page.read_text(encoding="utf-8"))
    return [line for line in [*lines, *inline] if line.startswith("zizhu ")]


def _files(page: Path) -> dict[str, str]:
    return {
        info.removeprefix("{file}").strip(): body
        for info, body in _blocks(page)
        if info.startswith("{file}")
    }


ALL_COMMANDS = [(page, line) for page in PAGES for line in _commands(page)]


def _parsed(line: str) -> tuple[str, dict[str, Any]]:
    """Subcommand and its arguments; click raises for whatever does not exist."""
    words = shlex.split(line, comments=True)[1:]
    words = words[: words.index(">")] if ">" in words else words
    command, name = typer.main.get_command(app), ""
    if words == ["--help"]:
        return name, {}
    while hasattr(command, "commands"):
        assert words, f"{line}: a subcommand is missing"
        name = f"{name} {words[0]}".strip()
        assert words[0] in command.commands, f"{line}: no command {words[0]}"
        command, words = command.commands[words[0]], words[1:]
    # A command that is only named, in a sentence, need not have its arguments.
    context = command.make_context(name, words, resilient_parsing=not words)
    return name, context.params


def _the_readers_own(word: str) -> bool:
    return word.isupper() or word.endswith((".yaml", ".nc"))


def test_pages_have_commands() -> None:
    assert len(ALL_COMMANDS) > 20


@pytest.mark.parametrize(
    ("page", "line"), ALL_COMMANDS, ids=[f"{page.stem}: {line}" for page, line in ALL_COMMANDS]
)
def test_command_parses(page: Path, line: str) -> None:
    if line == "zizhu run decouplin":  # the page shows what a typing error gets
        pytest.skip("wrong on purpose")
    name, found = _parsed(line)
    shipped = scenario_names()
    known: dict[str, list[str]] = {
        "run": shipped,
        "compare": shipped,
        "scenarios": shipped,
        "levers": list(levers()),
        "parameters": [*parameters(), *regimes()],
        "replicate": list(REPLICATIONS),
        "world show": [entry.name for entry in catalogue()],
    }
    named = found.get("scenarios") or [found.get("scenario") or found.get("name")]
    for word in named:
        if word and name in known and not _the_readers_own(word):
            assert word in known[name], f"{line}: {word} does not exist"


@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
def test_questions_name_what_the_world_has(page: Path) -> None:
    world = open_world()
    for line in _commands(page):
        name, found = _parsed(line)
        if name != "dependence" or not found.get("region"):
            continue
        asked = (found["region"], found["on"], found["sector"])
        assert {one for one in asked if one} <= {*world.regions, *world.groups, *world.sectors}


@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
def test_settings_exist(page: Path) -> None:
    for line in _commands(page):
        if "--set" not in line or "options.scale=labor" in line:
            continue
        _, found = _parsed(line)
        if found["scenario"] in scenario_names():
            load_scenario(found["scenario"], found["setting"])


@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
def test_scenario_files_are_valid(page: Path, tmp_path: Path) -> None:
    written = _files(page)
    for name, body in written.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(body, encoding="utf-8")
    for name in written:
        if name.endswith(".yaml") and not name.endswith("/world.yaml"):
            load_scenario(tmp_path / name)


@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
def test_python_compiles(page: Path) -> None:
    for info, body in _blocks(page):
        if info in ("python", "{python}"):
            compile(body, page.name, "exec")
