"""The table of responses: a row for each battleground, a column for each factor."""

from __future__ import annotations

import importlib
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture
def responses(monkeypatch):
    """The generator, which is found from the folder of the pages."""
    monkeypatch.syspath_prepend(DOCS)
    return importlib.import_module("generate.responses")


def test_shape_of_the_table(responses):
    share = np.array([[[10.0, 40.0], [11.0, 40.5], [12.0, 41.0], [13.0, np.nan]]])
    found = xr.Dataset(
        {
            "share": (("kind", "factor", "battleground"), share),
            "points": (("kind", "factor", "battleground"), share - share[:, :1]),
            "income": (("kind", "factor"), [[0.5, 0.6, 0.7, 0.8]]),
            "outlay": (("kind", "factor"), [[0.0, 100.0, 200.0, 4000.0]]),
            "measures": (("kind",), ["fund, grants"]),
        },
        {
            "kind": ["money"],
            "factor": [0.0, 1.0, 2.0, 4.0],
            "battleground": ["chips", "ships"],
            "title": ("battleground", ["Chips", "Ships"]),
        },
    )
    lines = responses.sections(found).splitlines()
    assert lines[0] == "### Money"
    assert "`fund`, `grants`" in lines[2]
    assert lines[4] == "| battleground | without, % | x 1 | x 2 | x 4 |"
    assert lines[6] == "| Chips | 10.0 | +1.00 | +2.00 | +3.00 |"
    assert lines[8].endswith("| 100 | 200 | 4,000 |")
    assert lines[9].endswith("| +0.50 | +0.60 | +0.70 | +0.80 |")
