"""The lowest versions that are promised are those that CI tests."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


# What CI installs beside the dependencies to test the lowest set.
TOOLS = ("beartype", "hypothesis", "pytest", "pytest-xdist")


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def bounds(requirements: list[str]) -> dict[str, str]:
    """Lower bounds by name."""
    found = {}
    for requirement in requirements:
        match = re.fullmatch(r"([A-Za-z0-9_.-]+)>=([0-9.]+)", requirement)
        assert match, f"{requirement}: a name and a lower bound, nothing else"
        found[match[1].lower()] = match[2]
    return found


def pinned(file: str) -> dict[str, str]:
    """Versions that a constraints file pins."""
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    pairs = [line.split("==") for line in lines if line and not line.startswith("#")]
    assert all(len(pair) == 2 for pair in pairs)
    return {name.strip().lower(): version.strip() for name, version in pairs}


def parts(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def test_the_lowest_set_is_the_lower_bounds():
    tools = bounds(project()["optional-dependencies"]["dev"])
    wanted = bounds(project()["dependencies"]) | {name: tools[name] for name in TOOLS}
    assert pinned("constraints-lowest.txt") == wanted


def test_the_versions_that_tests_ran_with_are_none_below():
    known = pinned("constraints.txt")
    extras = [one for extra in project()["optional-dependencies"].values() for one in extra]
    below = {
        name: (version, known[name])
        for name, version in bounds([*project()["dependencies"], *extras]).items()
        if parts(known[name]) < parts(version)
    }
    assert not below


def test_ci_installs_the_lowest_set_on_the_lowest_python():
    lowest = project()["requires-python"].removeprefix(">=")
    text = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert f"({lowest.replace('.', ', ')})" in text
    command = re.search(r"install -q -c constraints-lowest\.txt (.+?)\n  \(", text, re.DOTALL)
    assert command
    assert all(tool in command[1] for tool in TOOLS)
    for path in re.findall(r"tests/\S+\.py", text):
        assert (ROOT / path).is_file(), path
