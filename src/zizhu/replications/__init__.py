"""Published results against ours; one folder each, with a function `replicate(data)`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from zizhu.errors import ZizhuError, did_you_mean, quoted
from zizhu.replications import (
    caliendo_parro_2015,
    campos_2023,
    felbermayr_2022,
    foreign_value_added,
    gains_from_trade,
    idea_diffusion,
    optimal_subsidy,
)
from zizhu.replications.result import Replication, Row

REPLICATIONS: dict[str, tuple[str, Callable[[str | Path | None], Replication]]] = {
    "campos2023": (campos_2023.TITLE, campos_2023.replicate),
    "cp2015": (caliendo_parro_2015.TITLE, caliendo_parro_2015.replicate),
    "fgh2022": (felbermayr_2022.TITLE, felbermayr_2022.replicate),
    "foreign-value-added": (foreign_value_added.TITLE, foreign_value_added.replicate),
    "gains-from-trade": (gains_from_trade.TITLE, gains_from_trade.replicate),
    "idea-diffusion": (idea_diffusion.TITLE, idea_diffusion.replicate),
    "optimal-subsidy": (optimal_subsidy.TITLE, optimal_subsidy.replicate),
}


def replicate(name: str, data: str | Path | None = None) -> Replication:
    """Run a replication by name; raises `ZizhuError` with the nearest name."""
    if name not in REPLICATIONS:
        raise ZizhuError(f"replication {quoted(name)} is unknown{did_you_mean(name, REPLICATIONS)}")
    return REPLICATIONS[name][1](data)


__all__ = ["REPLICATIONS", "Replication", "Row", "replicate"]
