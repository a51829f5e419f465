"""Rules of the house that a machine can check."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MODULES = sorted((ROOT / "src" / "zizhu").rglob("*.py"))
LONGEST = 400


def named(path: Path) -> str:
    return str(path.relative_to(ROOT / "src"))


def public(tree: ast.AST):
    """Public classes and functions of a module or class, methods included."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_"):
            yield node
            # A protocol says what its members are in its own docstring.
            if isinstance(node, ast.ClassDef) and "Protocol" not in map(ast.unparse, node.bases):
                yield from public(node)


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_docstrings(path):
    """Every module, and every public class, function and method, says what it is."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    if tree.body:
        assert ast.get_docstring(tree), "module"
    assert not [node.name for node in public(tree) if not ast.get_docstring(node)]


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_modules_are_short(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_files_are_read_and_texts_are_quoted_in_one_place(path):
    """YAML by the loader that has limits; what a user wrote by `quoted`, never at full length."""
    text = path.read_text(encoding="utf-8")
    if path.name != "tree.py":
        # A head that stands in the module itself is no file.
        assert "yaml.load(" not in text
        assert "yaml.safe_load(" not in text.replace("yaml.safe_load(_HEAD)", "")
    raised = [
        ast.unparse(node)
        for statement in ast.walk(ast.parse(text))
        if isinstance(statement, ast.Raise)
        for node in ast.walk(statement)
        if isinstance(node, ast.FormattedValue) and node.conversion == ord("r")
    ]
    own = {"__init__.py", "elasticities.py"}  # names of attributes, for whoever writes code
    assert not raised or path.name in own


def test_imports_run_one_way():
    pytest.importorskip("importlinter")
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command as lint; lint()",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]
    assert "3 kept, 0 broken" in done.stdout


def test_version_is_the_project_s():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert version("zizhu") == project["version"]


def test_no_path_of_a_machine():
    """Sources and tests name no folder of the machine that they were written on."""
    for path in [*MODULES, *(ROOT / "tests").rglob("*.py")]:
        text = path.read_text(encoding="utf-8")
        for folder in ("/ho" + "me/", "/wo" + "rk/", "/ro" + "ot/"):
            assert folder not in text, (path.name, folder)
