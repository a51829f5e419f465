"""Shape checks are on for every test: jaxtyping and beartype wrap the package at import."""

from __future__ import annotations

import os

import pytest
from jaxtyping import install_import_hook

os.environ.setdefault("JAX_PLATFORMS", "cpu")

with install_import_hook("zizhu", "beartype.beartype"):
    import zizhu  # noqa: F401
    import zizhu.model.audit
    import zizhu.model.equilibrium
    import zizhu.model.rebase  # noqa: F401


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--all", action="store_true", help="also run the tests marked long")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--all"):
        return
    skip = pytest.mark.skip(reason="long; run with --all")
    for item in items:
        if "long" in item.keywords:
            item.add_marker(skip)
