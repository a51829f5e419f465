"""Writing an answer about chains to a folder, whole or not at all; the same as JSON."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import math
import platform
from collections.abc import Callable, Mapping
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from zizhu.chains import Chain
from zizhu.laboratory.base.compared import NodeBase
from zizhu.laboratory.bottleneck import ChainLook, ChainRanking
from zizhu.parameters import of_room
from zizhu.report.chains import tables, words
from zizhu.report.chains.html import page_html, ranking_html
from zizhu.report.write import write_whole

# Tables that only some answers have: those of an earlier one must not stay beside a new one.
_SOMETIMES = (
    "base",
    "base_buyers",
    "controls",
    "cut",
    "edges",
    "exposed",
    "home_shares",
    "joint_ranking",
    "nodes",
    "ranking",
    "sets",
    "suppliers",
)


def write_look(look: ChainLook, folder: str | Path, base: NodeBase | None = None) -> list[Path]:
    """Write report.html, manifest.json and tables/*.csv of one chain; returns the files.

    `base` is the base year of the node that was asked for.
    Everything is written beside first and moved into place at the end. Raises `OutputError`.
    """
    return write_whole(
        folder,
        partial(
            _write,
            lambda: page_html(look, base),
            tables.csv_tables(look, base),
            look_manifest(look),
        ),
        sometimes=_SOMETIMES,
    )


def write_ranking(
    ranking: ChainRanking,
    chains: Mapping[str, Chain],
    folder: str | Path,
    parameters: Mapping[str, float] | None = None,
) -> list[Path]:
    """Write the same of the joint ranking; `parameters` are those that were changed."""
    return write_whole(
        folder,
        partial(
            _write,
            lambda: ranking_html(ranking, chains),
            {"joint_ranking": tables.joint_ranking(ranking)},
            ranking_manifest(ranking, chains, parameters),
        ),
        sometimes=_SOMETIMES,
    )


def _write(
    page: Callable[[], str],
    found: Mapping[str, pd.DataFrame],
    manifest: Mapping[str, Any],
    folder: Path,
) -> None:
    (folder / "report.html").write_text(page(), encoding="utf-8")
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2), encoding="utf-8")
    (folder / "tables").mkdir()
    for name, table in found.items():
        table.to_csv(folder / "tables" / f"{name}.csv", index=False, float_format="%.8g")


def look_manifest(look: ChainLook) -> dict[str, Any]:
    """What was asked, of which chain, with which numbers and versions."""
    return {
        "chain": _chain(look.chain),
        "buyer": look.buyer,
        "world": look.world,
        "date": look.date,
        "node": look.node,
        "target": look.target,
        "threshold_percent": 100 * look.threshold,
        "cuts": [str(one) for one in look.cut_at_once.cuts] if look.cut_at_once else [],
        "doubt": look.doubt is not None,
        "parameters": _chain_parameters(look.parameters),
        **_made(),
    }


def ranking_manifest(
    ranking: ChainRanking,
    chains: Mapping[str, Chain],
    parameters: Mapping[str, float] | None = None,
) -> dict[str, Any]:
    """The same for the joint ranking."""
    central = {name: entry.value for name, entry in of_room("chains").items()}
    return {
        "chains": [_chain(chain) for chain in chains.values()],
        "buyer": ranking.buyer,
        "world": ranking.world,
        "parameters": _chain_parameters({**central, **(parameters or {})}),
        **_made(),
    }


def look_json(look: ChainLook, base: NodeBase | None = None) -> dict[str, Any]:
    """Everything about one chain, as it is printed by --json."""
    confirmed, every = look.chain.share_counts()
    return {
        "title": look.chain.title,
        "shares": {"all": every, "recalled": every - confirmed, "read_in_a_source": confirmed},
        **look_manifest(look),
        "kendall_tau": look.doubt.tau if look.doubt else None,
        "tables": tables.records(tables.csv_tables(look, base)),
    }


def ranking_json(
    ranking: ChainRanking,
    chains: Mapping[str, Chain],
    parameters: Mapping[str, float] | None = None,
) -> dict[str, Any]:
    """The joint ranking, as it is printed by --json."""
    return {
        **ranking_manifest(ranking, chains, parameters),
        "top_size": ranking.top_size,
        "tables": tables.records({"joint_ranking": tables.joint_ranking(ranking)}),
    }


def list_json(chains: Mapping[str, Chain]) -> list[dict[str, Any]]:
    """The list of chains, as it is printed by --json."""
    return [
        {
            "name": name,
            "title": chain.title,
            "nodes": len(chain.nodes),
            "edges": len(chain.edges),
            "recalled_percent": 100 * chain.recalled_part,
            "sectors": words.sectors(chain).split(", "),
        }
        for name, chain in chains.items()
    ]


def _chain(chain: Chain) -> dict[str, str]:
    content = chain.model_dump_json()
    return {
        "name": chain.chain,
        "as_of": str(chain.as_of),
        "sha256": hashlib.sha256(content.encode()).hexdigest(),
    }


def _chain_parameters(used: Mapping[str, float]) -> dict[str, float | str]:
    """Those of the chains' room; JSON has no infinity."""
    known = {name: used[name] for name in of_room("chains") if name in used}
    return {name: one if math.isfinite(one) else str(one) for name, one in known.items()}


def _made() -> dict[str, Any]:
    return {
        "versions": {
            "python": platform.python_version(),
            **{name: version(name) for name in ("zizhu", "jax", "numpy", "pydantic", "plotly")},
        },
        "finished": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
    }
