"""The yearly loop: tables of wedges, switches and outcomes, figures of the worked example."""

from __future__ import annotations

import re
from typing import Any

import zizhu as zz
from generate.fresh import write, write_facts
from generate.markdown import figure, table
from zizhu.laboratory.path.run import LAST_YEAR
from zizhu.model.path_inputs import Structure
from zizhu.parameters import parameters
from zizhu.policy.wedge_kinds import WEDGES
from zizhu.report.path import figures

# The example of the page, whose command stands there in full; tests compare the two.
EXAMPLE = (
    "barred from=USA,JPN,NLD to=CHN node=etch,dep_cvd size=80% years=2024-",
    "listed firm=huawei size=100% years=2024-",
    "commitment region=CHN node=etch size=10bn years=2024-2026",
)
FOCUS = "CHN"
_OFF = "reaction"
# Numbers that the page quotes: fact, parameter, factor.
_QUOTED = {
    "path_diffusion": ("idea_diffusion", 1),
    "path_research": ("research_elasticity", 1),
    "path_research_speed": ("research_speed", 1),
    "path_scale_speed": ("scale_speed", 1),
    "path_building": ("building_years", 1),
    "path_graduate_lag": ("graduate_lag", 1),
    "path_paid_in": ("paid_in_ratio", 100),
    "path_life": ("pay_in_life", 1),
    "path_lag": ("deployment_lag", 1),
    "path_leakage": ("leakage", 100),
    "path_at_once": ("chain_elasticity_at_once", 1),
    "path_in_time": ("chain_sourcing_elasticity", 1),
    "path_reach": ("reach_gap", 1),
    "path_reach_width": ("reach_width", 1),
    "path_response": ("plant_response", 1),
    "path_effort": ("effort_productivity", 1),
    "path_catch_up": ("catch_up", 1),
    "path_fade": ("momentum_fade", 1),
}


def path() -> None:
    """Everything on the page `path.md`."""
    outcome = zz.simulate(wedges=EXAMPLE)
    _wedges()
    _structure()
    _outcomes(outcome)
    for name in ("real_income", "home_shares"):
        write(f"figures/path-{name}.html", figure(getattr(figures, name)(outcome, FOCUS)))
    known = parameters()
    found = {fact: f"{factor * known[name].value:g}" for fact, (name, factor) in _QUOTED.items()}
    found["path_old_tools"] = f"{100 * (1 - known['capital_new_share'].value):g}"
    spread = known["effort_productivity"]
    found["path_effort_low"], found["path_effort_high"] = f"{spread.low:g}", f"{spread.high:g}"
    found["path_first"] = str(outcome.path.case.years[0])
    found["path_last"] = str(LAST_YEAR)
    found["path_example_year"] = "2024"
    write_facts("path", found)


def _wedges() -> None:
    rows = []
    for name, kind in WEDGES.items():
        keys = [f"`{key}`" for key in kind.keys if key not in ("size", "years")]
        rows.append((f"`{name}`", kind.title, ", ".join(keys), kind.limits, f"`{kind.example}`"))
    head = ("wedge", "changes", "targets", "size", "example")
    write("path-wedges.md", table(head, rows))


def _structure() -> None:
    """Switches with their meaning from the class that defines them."""
    rows = []
    for name in Structure._fields:
        found = re.search(rf"^ +{name} +(\S.*)$", Structure.__doc__ or "", re.MULTILINE)
        meaning = found[1] if found else ""
        rows.append((f"`{name}`", "off" if name == _OFF else "on", meaning))
    write("path-structure.md", table(("switch", "usually", "what it is"), rows))


def _outcomes(outcome: Any) -> None:
    groups: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    for name, variable in outcome.dataset.items():
        row = (f"`{name}`", variable.attrs["units"], variable.attrs["definition"])
        groups.setdefault(tuple(map(str, variable.dims)), []).append(row)
    parts = []
    for dims, rows in groups.items():
        by = ", ".join(dims[:-1]) + (" and " if len(dims) > 1 else "") + dims[-1]
        parts.append(f"### By {by.replace('_', ' ')}\n\n")
        parts[-1] += table(("variable", "unit", "definition"), rows)
    write("path-outcomes.md", "\n\n".join(parts))
