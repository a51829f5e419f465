"""The recorded proof of the builder: how wrong the shipped worlds may be."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files
from typing import Any

PROOF_FILE = "proof.json"


@lru_cache(maxsize=1)
def open_proof() -> dict[str, Any]:
    """Every figure of the proof as `zizhu.world.build.proof.prove` left it with the worlds.

    full, degraded, every_country, electronics, classes, figures, and gdp (region by region, the
    worlds against the World Bank).
    """
    path = files("zizhu.world") / "tables" / PROOF_FILE
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found
