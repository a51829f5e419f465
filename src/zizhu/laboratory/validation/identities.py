"""V21: every identity of audited paths and of the shipped static scenarios."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from zizhu.laboratory.experiment import run
from zizhu.laboratory.path.run import Path, start_at
from zizhu.laboratory.path.standing import (
    standing_base,
    standing_wedges,
)
from zizhu.laboratory.validation.check import Check, Group, Numbers, Part
from zizhu.laboratory.validation.runs import BUYER, Runs
from zizhu.model.path_audit import LARGEST_MISS, PathAudit, audit_path
from zizhu.model.path_inputs import Structure
from zizhu.policy import load_scenario, scenario_names
from zizhu.policy.raw_wedge import raw_wedges

# Identities of a path's audit; `years` says where, it is none.
IDENTITIES = tuple(name for name in PathAudit.__dataclass_fields__ if name != "years")
_MARKETS = "markets"
LARGEST_RESIDUAL = 1e-9
# Every kind of stock moves: trade, research, people, funds, clusters, firms, bars and stores.
_BUSY = (
    f"tariff from=USA to={BUYER} sector=C26,C28 size=30%",
    f"subsidy region={BUYER} sector=C26 size=5% years=2023-",
    f"support region={BUYER} sector=C26 size=2% years=2024-",
    f"isolation of={BUYER} from=USA size=50%",
    f"research region={BUYER} size=20bn years=2023-",
    f"graduates region={BUYER} size=10% years=2023-",
    f"returnees region={BUYER} size=2% years=2024-2028",
    f"density region={BUYER} sector=C26 size=10% years=2024-",
    "listed firm=huawei size=100% years=2024-",
    f"commitment node=semiconductors/etch region={BUYER} size=10bn years=2023-2024",
)
_PATHS = ("happened", "busy")
_NAMES = (*(f"{name} {path}" for path in _PATHS for name in IDENTITIES), "static", "scenarios")


def _audit(path: Path) -> PathAudit:
    standing = standing_wedges(path.case)
    case = replace(path.case, base=standing_base(path.case))
    return audit_path(
        path.record,
        case.year_wedges(standing.together(path.wedges)),
        case.base,
        case.rates,
        Structure.of(**path.structure),
        fixed=start_at(case, case.rates).fixed,
    )


def _measure(runs: Runs) -> Numbers:
    found: dict[str, float] = {}
    case = runs.answering
    busy = runs.run(
        "everything at once",
        wedges=raw_wedges(_BUSY, case.labels).together(runs.happened.wedges),
        case=case,
        reaction=True,
    )
    for name, path in (("happened", runs.happened), ("busy", busy)):
        runs.progress(f"audit of {name}")
        found |= {f"{one} {name}": miss for one, miss in _audit(path).by_identity.items()}
    worst = []
    for name in scenario_names():
        scenario = load_scenario(name)
        if scenario.years is None:
            runs.progress(f"audit of {name}")
            worst.append(run(scenario, variants=False, drivers=False).audit.largest)
    return found | {"static": float(np.max(worst)), "scenarios": float(len(worst))}


def _checks(found: Numbers) -> tuple[Check, ...]:
    words = {
        "happened": "controls and drive as they were",
        "busy": "ten kinds of wedges at once, with the reaction",
    }
    parts = []
    for path in _PATHS:
        stocks = {name: found[f"{name} {path}"] for name in IDENTITIES if name != _MARKETS}
        worst = max(stocks, key=lambda name: stocks[name])
        parts += [
            Part(
                f"identities_{path}",
                f"{words[path]}: worst of {len(stocks)} identities of stocks, prices and flows",
                stocks[worst],
                "1",
                (0.0, LARGEST_MISS),
                "identity",
                note=f"worst is {worst}",
            ),
            Part(
                f"markets_{path}",
                f"{words[path]}: worst market of any year",
                found[f"{_MARKETS} {path}"],
                "1",
                (0.0, LARGEST_RESIDUAL),
                "identity",
            ),
        ]
    parts.append(
        Part(
            "markets_static",
            f"worst market of {found['scenarios']:.0f} shipped static scenarios",
            found["static"],
            "1",
            (0.0, LARGEST_RESIDUAL),
            "identity",
        )
    )
    return (
        Check(
            "V21",
            "Identities",
            "Every stock, price and market adds up, recomputed by code that shares nothing with "
            "the model.",
            f"the {len(IDENTITIES)} identities of the audit of a path, on two paths; the audit of "
            "the static equilibrium on every shipped scenario without years",
            tuple(parts),
            exact=True,
        ),
    )


GROUP = Group("identities", ("V21",), _NAMES, _measure, _checks)
