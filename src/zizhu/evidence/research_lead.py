"""V17: who leads in research does not for that have the market.

The list of leads by technology (F2A) is not shipped, only its counts. Patent families by field are,
and stand for research here: a count without quality (F28, F29).
"""

from __future__ import annotations

import numpy as np

from zizhu.evidence.derived import derived
from zizhu.laboratory.validation.check import Check, Group, Numbers, Part
from zizhu.laboratory.validation.runs import BUYER, Runs

# Field of patents and the node of a chain that it is read against (judgement).
PAIRS: dict[str, str] = {
    "semiconductors": "semiconductors/ic",
    "optics": "semiconductors/lith_duv",
    "measurement": "semiconductors/process_control",
    "surface technology, coating": "semiconductors/dep_cvd",
    "electrical machinery, apparatus, energy": "batteries_nev/cell",
    "transport": "batteries_nev/nev",
    "engines, pumps, turbines": "commercial_aircraft/engine",
    "handling": "robots_cnc/robot",
    "control": "robots_cnc/robot_ctrl",
    "mechanical elements": "robots_cnc/bearing",
    "machine tools": "robots_cnc/machine_tool",
    "pharmaceuticals": "biotech_pharma/therapy",
    "biotechnology": "biotech_pharma/discovery",
    "medical technology": "biotech_pharma/imaging",
    "computer technology": "software_stack/cpu_isa",
    "materials, metallurgy": "rare_earths_magnets/magnet",
}
MOST = 0.5
_NAMES = tuple(f"{what} {field}" for what in ("patents", "market") for field in PAIRS)


def _measure(runs: Runs) -> Numbers:
    runs.progress("research against markets")
    table = derived("patent_fields").frame.set_index("field")
    share = 100 * table.china / table.world
    world = np.asarray(runs.case.base.technology.world)
    place = runs.place(BUYER)
    found = {f"patents {field}": float(share[field]) for field in PAIRS}
    return found | {
        f"market {field}": 100 * float(world[runs.node(node), place])
        for field, node in PAIRS.items()
    }


def _checks(found: Numbers) -> tuple[Check, ...]:
    patents, market = (
        np.array([found[f"{what} {field}"] for field in PAIRS]) for what in ("patents", "market")
    )
    # A constant correlates with nothing.
    varies = patents.std() > 0 and market.std() > 0
    correlation = float(np.corrcoef(patents, market)[0, 1]) if varies else 0.0
    shown = ", ".join(
        f"{field} {found[f'patents {field}']:.0f} and {found[f'market {field}']:.0f}"
        for field in list(PAIRS)[:5]
    )
    return (
        Check(
            "V17",
            "Research lead against market share",
            "Across technologies China's part of research and its part of the market correlate by "
            "less than 0.5.",
            f"China's part of patent families in {len(PAIRS)} fields, 2020, against its part of "
            "the world's supply of a node of the chains; leads by technology (F2A) are not shipped",
            (
                Part(
                    "research_market",
                    f"correlation over {len(PAIRS)} pairs of field and node",
                    correlation,
                    "1",
                    (-1.0, MOST),
                    "F2A, F63 (which node stands for which field is judgement)",
                    note=f"patents from {patents.min():.0f} to {patents.max():.0f} percent, "
                    f"markets from {market.min():.0f} to {market.max():.0f}; {shown}, ...",
                    missed="fields are wide and nodes narrow, and both follow what China makes",
                ),
            ),
        ),
    )


GROUP = Group("research-lead", ("V17",), _NAMES, _measure, _checks)
