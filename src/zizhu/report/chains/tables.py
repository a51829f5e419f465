"""The tables of an answer about chains as they are written; every column says its unit."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from zizhu.chains import Chain
from zizhu.laboratory.base.compared import NodeBase
from zizhu.laboratory.bottleneck import MARKS, ChainLook, ChainRanking, Criticality
from zizhu.report.chains import words


def csv_tables(look: ChainLook, base: NodeBase | None = None) -> dict[str, pd.DataFrame]:
    """Every table of a look at one chain, and of the base year of the node that was asked for."""
    tables = {
        "nodes": nodes(look),
        "suppliers": suppliers(look.chain),
        "home_shares": home_shares(look.chain),
        "edges": edges(look.chain),
        "controls": controls(look),
        "ranking": ranking(look),
        "sets": sets(look),
    }
    if look.cut_at_once is not None:
        tables["cut"] = cut(look)
    if look.node is not None:
        tables["exposed"] = exposed(look)
    if base is not None:
        tables["base"] = base_figures(look.chain, base)
        tables["base_buyers"] = base_buyers(base)
    return tables


def records(tables: Mapping[str, pd.DataFrame]) -> dict[str, list[dict[str, Any]]]:
    """The same tables as lists of records, for JSON."""
    return {
        name: json.loads(table.to_json(orient="records", double_precision=10))
        for name, table in tables.items()
    }


def _frame(rows: Iterable[Mapping[str, object]], *columns: str) -> pd.DataFrame:
    """A table that has its columns even without rows."""
    listed = list(rows)
    return pd.DataFrame(listed) if listed else pd.DataFrame(columns=list(columns))


def nodes(look: ChainLook) -> pd.DataFrame:
    """One line per node: home share of the buyer, years, learning."""
    chain, rows = look.chain, []
    for row, name in enumerate(look.nodes):
        node = chain.nodes[name]
        years, learning = node.years_to_qualify, node.learning
        rows.append(
            {
                "node": name,
                "name": node.name,
                "stage": node.stage,
                "input": node.input,
                "put_together_by_buyer": node.assembled,
                "buyer": look.buyer,
                "home_share_percent": None if node.assembled else 100 * look.home[row],
                "gap_between_measurements_percent": 100 * look.gaps[row],
                "first_block_recalled": words.recalled(node),
                "controls": len(look.controls[name]),
                "years_to_qualify": years.value,
                "years_to_qualify_low": years.low,
                "years_to_qualify_high": years.high,
                "years_source": words.cited(chain, years.source, years.confidence),
                "learning_percent_per_doubling": 100 * learning.value if learning else None,
                "learning_low_percent": 100 * learning.low if learning else None,
                "learning_high_percent": 100 * learning.high if learning else None,
                "learning_source": words.cited(chain, learning.source, learning.confidence)
                if learning
                else None,
            }
        )
    return _frame(rows)


def suppliers(chain: Chain) -> pd.DataFrame:
    """One line per supplier share, with its definition and how it is known."""
    return _frame(
        {
            "node": name,
            "country": code,
            "share_of_world_market_percent": share,
            "basis": block.basis,
            "measure": block.measure,
            "year": block.year,
            "known": words.read_or_recalled(block, code),
            "used_in_model": number == 0 and not node.assembled,
            "confidence": block.confidence,
            "source": words.source(chain, block.source),
            "note": block.note,
        }
        for name, node in chain.nodes.items()
        for number, block in enumerate(node.suppliers)
        for code, share in block.shares.items()
    )


def home_shares(chain: Chain) -> pd.DataFrame:
    """One line per figure of a country's own supply, with its definition."""
    return _frame(
        (
            {
                "node": name,
                "region": home.region,
                "value_percent": home.value,
                "low_percent": home.low,
                "high_percent": home.high,
                "definition": home.definition,
                "scope": home.scope,
                "means": home.means,
                "year": home.year,
                "confidence": home.confidence,
                "source": words.source(chain, home.source),
                "note": home.note,
            }
            for name, node in chain.nodes.items()
            for home in node.home_shares
        ),
        "node",
        "region",
        "value_percent",
    )


def edges(chain: Chain) -> pd.DataFrame:
    """One line per edge: cost share with its base."""
    return _frame(
        (
            {
                "input": edge.input,
                "parent": edge.parent,
                "cost_share_of_parent_percent": 100 * edge.cost_share,
                "share_of_base_percent": edge.share.value,
                "share_of_base_low_percent": edge.share.low,
                "share_of_base_high_percent": edge.share.high,
                "base": words.edge_base(chain, edge),
                "essential": edge.essential,
                "confidence": edge.confidence,
                "source": words.source(chain, edge.source),
                "note": edge.note,
            }
            for edge in chain.edges
        ),
        "input",
        "parent",
    )


def controls(look: ChainLook) -> pd.DataFrame:
    """One line per control and node that it names: in force at the date, or all."""
    return _frame(
        (
            {
                "control": name,
                "node": node,
                "announced": control.announced,
                "binds": words.periods(control),
                "asked_at": look.date,
                "by": " ".join(control.by),
                "on": " ".join(control.on),
                "aim": control.aim,
                "instrument": control.instrument,
                "measure": control.measure,
                "state": control.state,
                "source": words.control_source(control),
                "note": control.note,
            }
            for name, (control, named) in words.controls_of(look).items()
            for node in named
        ),
        "control",
        "node",
        "announced",
    )


def _ranked(one: Criticality, row: int) -> dict[str, object]:
    return {
        "score_0_to_1": one.score[row],
        **{f"{mark}_mark_0_to_1": one.marks[row, place] for place, mark in enumerate(MARKS)},
        "choked_stage": one.choked[row],
        "choked_stage_cost_rise_percent": 100 * one.rise[row],
        "final_product_cost_rise_percent": 100 * one.final[row],
        "home_share_percent": 100 * one.home[row],
        "leader_outside": one.leader[row] if one.leader_part[row] > 1e-9 else None,
        "leader_share_of_purchases_percent": 100 * one.leader_part[row],
        "years_to_qualify": one.years[row],
    }


def ranking(look: ChainLook) -> pd.DataFrame:
    """One line per node, most critical first, with the places that it may take."""
    found, doubt, rows = look.ranking, look.doubt, []
    for row, name in enumerate(found.nodes):
        line: dict[str, object] = {"place": row + 1, "node": name, "buyer": look.buyer}
        line |= _ranked(found, row)
        if doubt:
            line |= {
                "place_10_percent_of_draws": doubt.low[row],
                "place_90_percent_of_draws": doubt.high[row],
                "best_place_any_weighting": doubt.best[row],
                "worst_place_any_weighting": doubt.worst[row],
                "upper_half_percent_of_draws": 100 * doubt.upper_draw[row],
                "upper_half_percent_of_weightings": 100 * doubt.upper_weighting[row],
            }
        rows.append(line)
    return _frame(rows, "place", "node")


def joint_ranking(ranked: ChainRanking) -> pd.DataFrame:
    """One line per node of all chains, most critical first."""
    return _frame(
        {
            "place": place + 1,
            "chain": chain,
            "node": ranked.by_chain[chain].nodes[row],
            "buyer": ranked.buyer,
            **_ranked(ranked.by_chain[chain], row),
            "best_place_any_weighting": ranked.best[place],
            "worst_place_any_weighting": ranked.worst[place],
            "top_group_percent_of_weightings": 100 * ranked.top[place],
        }
        for place, (chain, row) in enumerate(ranked.rows)
    )


def sets(look: ChainLook) -> pd.DataFrame:
    """One line per smallest set of countries."""
    return _frame(
        (
            {
                "countries": " ".join(one.suppliers),
                "target": look.target,
                "threshold_percent": 100 * look.threshold,
                "rise_of_cost_of_making_percent": 100 * one.rise,
            }
            for one in look.sets
        ),
        "countries",
        "target",
        "threshold_percent",
        "rise_of_cost_of_making_percent",
    )


def cut(look: ChainLook) -> pd.DataFrame:
    """One line per node: what the cuts do to cost and price, at once and in time."""
    first, later = look.cut_at_once, look.cut_in_time
    if first is None or later is None:
        return _frame(())
    return _frame(
        {
            "node": name,
            "buyer": first.buyer,
            "cuts": words.cut_names(first.cuts),
            "making_at_once_percent": 100 * first.making[row],
            "making_in_time_percent": 100 * later.making[row],
            "price_paid_at_once_percent": 100 * first.buying[row],
            "price_paid_in_time_percent": 100 * later.buying[row],
            "home_share_before_percent": 100 * first.home_before[row],
            "home_share_after_at_once_percent": 100 * first.home_after[row],
        }
        for row, name in enumerate(first.nodes)
    )


def exposed(look: ChainLook) -> pd.DataFrame:
    """One line per buyer of the node that was asked for."""
    return _frame(
        (
            {
                "node": look.node,
                "buyer": one.buyer,
                "price_rise_if_leader_cut_percent": 100 * one.rise,
                "leader": one.leader,
                "leader_share_of_purchases_percent": 100 * one.leader_part,
                "home_share_percent": 100 * one.home,
                "share_of_world_purchases_percent": 100 * one.weight,
            }
            for one in words.exposed(look)
        ),
        "node",
        "buyer",
    )


def base_figures(chain: Chain, base: NodeBase) -> pd.DataFrame:
    """One line per figure: as published, at the base year, and as the yearly loop uses it."""
    return _frame(
        {
            "node": base.node,
            "what": one.what,
            "region": one.region,
            "unit": "bn USD" if one.what == "world market" else "percent",
            "published": one.published,
            "year": one.year,
            "base_year": base.base_year,
            "measured_at_base": one.measured,
            "carried_by_pace": one.carried,
            "used": one.used,
            "used_less_measured": one.difference,
            "used_less_measured_standard_errors": one.miss,
            "named_in_source": one.named,
            "confidence": one.given.confidence,
            "source": words.source(chain, one.given.source),
        }
        for one in base.figures
    )


def base_buyers(base: NodeBase) -> pd.DataFrame:
    """One line per buyer in the yearly loop."""
    return _frame(
        {
            "node": base.node,
            "region": one.region,
            "share_of_world_purchases_percent": one.bought,
            "home_share_percent": one.home,
            "home_bias": one.bias,
            "pace_of_world_share_log_odds_a_year": one.pace,
            "pace_measured_on": one.origin,
        }
        for one in base.buyers
    )
