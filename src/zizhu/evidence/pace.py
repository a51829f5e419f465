"""V04 and pace: whether shares move in the order, and at the speed, in which they were seen to.

What was observed lies before and after the base year and is of the firms and markets that sources
counted, so that bands are wide. Where a chain has figures of several dates they are in the node's
momentum in the base year, and in what all Chinese makers have in common (`zizhu.laboratory.pace`):
of such nodes a number is a calibration, of all others nearly a test.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.stats import kendalltau

from zizhu.evidence.moves import LEAST, MOST, STANDS_BELOW, logit, median_pace, moves, pace_by_node
from zizhu.laboratory.path.run import Path
from zizhu.laboratory.validation.check import Check, Group, Kind, Numbers, Part
from zizhu.laboratory.validation.runs import BUYER, Runs

DRIVE = "china-2035"
BASE = "baseline"
_RUNS = (BASE, DRIVE)
_YEARS = (2022, 2027, 2035)
_EARLY, _LATE = (2022, 2027), (2027, 2035)
# Nodes on which there is something to win or lose: home shares in percent (judgement).
_OPEN = (1.0, 90.0)
# Of random orders of as many technologies, about one in twenty has a tau as high.
LEAST_TAU = 0.3
BAND = (0.1, 0.4)
MOST_STILL = 0.05
# An order of fewer says nothing.
_FEWEST = 5
_OBSERVED = "observed_moves (F60, F61, F62, F64, F69, F6C, press)"
_BAND_FROM = f"{_OBSERVED}; band is judgement"


def _key(run: str, node: str, market: str, year: int) -> str:
    return f"{run} {market} {node} {year}"


_NODES = tuple(pace_by_node())
_NAMES = (
    *(f"dated {node}" for node in dict.fromkeys(node for node, _ in _NODES)),
    *(_key(run, *node, year) for run in _RUNS for node in _NODES for year in _YEARS),
    *(f"{run} all {span}" for run in _RUNS for span in ("early", "late", "nodes", "still")),
)


def _share(runs: Runs, path: Path, node: str, market: str, year: int) -> float:
    read = runs.world_share if market == "world" else runs.home
    return read(path, node, year)


def _measure(runs: Runs) -> Numbers:
    paths = {BASE: runs.run(BASE), DRIVE: runs.scenario(DRIVE)}
    figures, buyer = runs.case.chains.figures, runs.place(BUYER)
    found = {
        f"dated {node}": float(node in figures and bool(figures[node].paces.observed[buyer]))
        for node in dict.fromkeys(node for node, _ in _NODES)
    }
    for run, path in paths.items():
        for node in _NODES:
            for year in _YEARS:
                found[_key(run, *node, year)] = _share(runs, path, *node, year)
        found |= {f"{run} all {name}": value for name, value in _all_nodes(runs, path).items()}
    return found


def _all_nodes(runs: Runs, path: Path) -> Numbers:
    """Median pace of home shares over all nodes that are bought and open."""
    rows, buyer = runs.case.chains.places, runs.place(BUYER)
    home = 100 * np.asarray(path.record.chains.home)[:, rows, buyer]
    bought = np.asarray(path.record.flows.demand.bought)[0, rows, buyer]
    chosen = (bought > 0) & (home[0] > _OPEN[0]) & (home[0] < _OPEN[1])
    share = np.clip(home[:, chosen], LEAST, MOST) / 100
    odds = np.log(share / (1 - share))

    def pace(span: tuple[int, int]) -> np.ndarray:
        first, last = map(runs.at, span)
        return np.asarray(np.abs(odds[last] - odds[first]) / (span[1] - span[0]))

    early = pace(_EARLY)
    return {
        "early": float(np.median(early)),
        "late": float(np.median(pace(_LATE))),
        "nodes": float(chosen.sum()),
        "still": float(100 * np.mean(early < 0.01)),
    }


def model_pace(
    found: Numbers, run: str, node: tuple[str, str], span: tuple[int, int] = _EARLY
) -> float:
    """Change of the logit of a share a year in a run, signed."""
    first, last = (logit(found[_key(run, *node, year)]) for year in span)
    return (last - first) / (span[1] - span[0])


def dated(found: Numbers, node: tuple[str, str]) -> bool:
    """Whether figures of several dates are in the node's momentum in the base year."""
    return found[f"dated {node[0]}"] > 0


def tau(found: Numbers, run: str, nodes: Sequence[tuple[str, str]]) -> float:
    """Kendall's tau-b between observed paces and the model's moves 2022 to 2035.

    0 where nothing moves, or all alike.
    """
    seen = pace_by_node()
    moved = [model_pace(found, run, node, (_YEARS[0], _YEARS[-1])) for node in nodes]
    answer = float(kendalltau([seen[node] for node in nodes], np.round(moved, 6)).statistic)
    return 0.0 if np.isnan(answer) else answer


def _checks(found: Numbers) -> tuple[Check, ...]:
    return _order(found), _pace(found)


def _order(found: Numbers) -> Check:
    def shown(run: str) -> str:
        moved = {n: model_pace(found, run, n, (_YEARS[0], _YEARS[-1])) for n in _NODES}
        order = sorted(_NODES, key=lambda node: -moved[node])
        return ", ".join(f"{node.partition('/')[2]} {moved[node, at]:.2f}" for node, at in order)

    known = [node for node in _NODES if dated(found, node)]
    others = [node for node in _NODES if node not in known]
    # An order that mostly was put in is not found.
    kind: Kind = "calibration" if 2 * len(known) > len(_NODES) else "test"
    what = f"Kendall's tau between observed paces and moves {_YEARS[0]} to {_YEARS[-1]}"
    source = f"{_OBSERVED}; {LEAST_TAU:g} is judgement: about one random order in twenty has it"
    parts = [
        Part(
            f"order_{name}",
            f"{what}, {run}",
            tau(found, run, _NODES),
            "1",
            (LEAST_TAU, np.inf),
            source,
            kind,
            note=f"{shown(run)} logit a year",
        )
        for run, name in ((BASE, "baseline"), (DRIVE, "drive"))
    ]
    if len(others) >= _FEWEST:
        parts.append(
            Part(
                "order_undated",
                f"{what}, {DRIVE}, of {len(others)} nodes whose chain has figures of one date",
                tau(found, DRIVE, others),
                "1",
                (LEAST_TAU, np.inf),
                source,
                note=", ".join(node.partition("/")[2] for node, _ in others),
                missed="nodes seen at one date have the pace of all Chinese makers, while "
                "quotas and bars move small shares most in log odds",
            )
        )
    return Check(
        "V04",
        "Order of moves",
        "Technologies whose Chinese shares were seen to move fast move further than those that "
        "stood: dry etch, films, robots and databases ahead of lithography, resist processing and "
        "process control.",
        f"change of the logit of world or home shares, as observed, at {len(_NODES)} nodes; what "
        f"stood below {STANDS_BELOW:g} percent of the world in 2024 has an observed pace of zero; "
        f"figures of several dates are in the momentum of {len(known)} nodes, as far as own speeds "
        "last",
        tuple(parts),
    )


def _pace(found: Numbers) -> Check:
    moved = [node for node, pace in pace_by_node().items() if pace != 0]
    stood = [node for node in _NODES if node not in moved]

    def median(run: str, nodes: list[tuple[str, str]], span: tuple[int, int]) -> float:
        return float(np.median([abs(model_pace(found, run, node, span)) for node in nodes]))

    seen = median_pace(moves())
    read = median_pace([one for one in moves() if one.confidence == "read"])
    groups: tuple[tuple[str, str, Kind, list[tuple[str, str]]], ...] = (
        ("undated", "of one date", "test", [n for n in moved if not dated(found, n)]),
        ("dated", "of several dates", "calibration", [n for n in moved if dated(found, n)]),
    )
    early, late = (median(DRIVE, moved, span) for span in (_EARLY, _LATE))
    unit = "logit a year"
    ahead = f"{_EARLY[0]}-{_EARLY[1]}"
    count = sum(one.pace is not None for one in moves())
    return Check(
        "pace",
        "Pace of Chinese shares",
        "With the drive, technologies that were seen to move go on at 0.1 to 0.4 logit a year in "
        "the first years and more slowly later; those that stood stay nearly still.",
        "median absolute change of the logit of world or home shares a year, as observed, over "
        f"nodes that have an observation; {DRIVE} and the baseline; paths are no forecasts of "
        "the years that were observed",
        (
            Part(
                "pace_observed",
                f"observed: median of {count} moves, 2010-2025",
                seen,
                unit,
                None,
                _OBSERVED,
                kind="shown",
                note=f"{read:.2f} where the figures were read in a source",
            ),
            *(
                Part(
                    f"pace_{name}",
                    f"{DRIVE}: nodes that were seen to move, figures {figures}, {ahead}",
                    median(DRIVE, nodes, _EARLY),
                    unit,
                    BAND,
                    _BAND_FROM,
                    kind,
                    note=f"{len(nodes)} nodes; {median(BASE, nodes, _EARLY):.3f} in the baseline",
                    missed="few nodes, of which world shares were seen; the drive wins customers "
                    "at home, and bars shrink the Chinese plants that buy these tools",
                )
                for name, figures, kind, nodes in groups
                if nodes
            ),
            Part(
                "pace_falls",
                f"{DRIVE}: all of them, {_LATE[0]}-{_LATE[1]} less {ahead}",
                late - early,
                unit,
                (-np.inf, 0.0),
                "momentum fades and policies end (judgement)",
                note=f"{early:.3f}, then {late:.3f}",
            ),
            Part(
                "pace_still",
                f"{BASE}: nodes that stood below one percent of the world in 2024, {ahead}",
                median(BASE, stood, _EARLY),
                unit,
                (0.0, MOST_STILL),
                f"F64; {MOST_STILL:g} is judgement",
                note=f"{len(stood)} nodes; {median(DRIVE, stood, _EARLY):.3f} with {DRIVE}",
                missed="in log odds the drift of all Chinese makers moves small shares as it moves "
                "others; in points it is tenths a year, but for process control, whose home "
                "figures (2 percent in 2020, 5 in 2024) say that it moves",
            ),
            *(
                Part(
                    f"pace_all_{name}",
                    f"{run}: home shares of all open nodes, {ahead}",
                    found[f"{run} all early"],
                    unit,
                    None,
                    f"open are {found[f'{run} all nodes']:.0f} nodes with a home share of "
                    f"{_OPEN[0]:g} to {_OPEN[1]:g} percent",
                    kind="shown",
                    note=f"{found[f'{run} all late']:.3f} in {_LATE[0]}-{_LATE[1]}; "
                    f"{found[f'{run} all still']:.0f} percent of them move by less than 0.01",
                )
                for run, name in ((BASE, "baseline"), (DRIVE, "drive"))
            ),
        ),
    )


GROUP = Group("pace", ("V04", "pace"), _NAMES, _measure, _checks)
