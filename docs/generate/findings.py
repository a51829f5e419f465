"""What the yearly loop says where something else is known."""

from __future__ import annotations

import math

from generate.fresh import write, write_facts
from generate.markdown import table
from zizhu.laboratory.path.experiments import Experiments
from zizhu.laboratory.path.findings import Finding, findings

_MEASURED = ("etch", "dep_cvd", "dep_pvd", "cleaning", "cmp_tool", "lith_duv", "process_control")


def path_findings() -> None:
    """Everything on the page `findings.md`."""
    runs = Experiments()
    found = findings(runs)
    rows = [
        (one.title, _value(one), _band(one), _verdict(one), one.source, one.note) for one in found
    ]
    write(
        "findings.md",
        table(("finding", "here", "band", "", "against", "more"), rows, "lrllll"),
    )
    tested = [one for one in found if one.kind == "test"]
    agree = sum(one.agrees is True for one in tested)
    ratio = runs.effect(runs.blocs, 2035) / runs.effect(runs.blocs_without_ideas, 2035)
    first = runs.home(runs.happened, "etch", 2023) - runs.home(runs.happened, "etch", 2022)
    facts = {f"finding_{one.name}": _plain(one.value) for one in found}
    facts |= {
        "findings_tested": str(len(tested)),
        "findings_agree": str(agree),
        "findings_miss": str(len(tested) - agree),
        "finding_plants_2022": f"{runs.home(runs.happened, 'fab_mature', 2022):.0f}",
        "finding_plants_2024": f"{runs.home(runs.happened, 'fab_mature', 2024):.0f}",
        "finding_plants_2035": f"{runs.home(runs.happened, 'fab_mature', 2035):.0f}",
        "finding_advanced_2022": f"{runs.world_share(runs.happened, 'fab_adv', 2022):.1f}",
        "finding_advanced_2030": f"{runs.world_share(runs.happened, 'fab_adv', 2030):.1f}",
        "finding_etch_2022": f"{runs.world_share(runs.happened, 'etch', 2022):.1f}",
        "finding_etch_2024": f"{runs.world_share(runs.happened, 'etch', 2024):.1f}",
        "finding_embargo_price": f"{runs.effect(runs.embargo_by_price, 2026, 'CHN'):.2f}",
        "finding_autarky_2024": f"{runs.chip_price(runs.autarky, 2024):.0f}",
        "finding_blocs_2035": f"{ratio:.2f}",
        "finding_embargo_2035": f"{runs.effect(runs.embargo, 2035, 'CHN'):.2f}",
        "finding_etch_first": f"{first:.0f}",
    }
    write_facts("findings", facts)
    write("findings-home.md", _home_shares(runs))


def _home_shares(runs: Experiments) -> str:
    """Home shares of tools in China beside those measured in its market."""
    joined = runs.case.chains.joined
    rows = []
    for name in _MEASURED:
        known = joined.nodes[f"semiconductors/{name}"].home_share("CHN")
        known = known or joined.nodes[f"semiconductors/{name}"].home_share("CHN", "installed_use")
        year = known.year if known else 2024
        rows.append(
            (
                joined.nodes[f"semiconductors/{name}"].name,
                *(f"{runs.home(runs.happened, name, y):.1f}" for y in (2022, 2024, 2025, 2030)),
                f"{known.value:g} ({year}, {known.confidence} confidence)" if known else "",
            )
        )
    columns = ("node", "2022", "2024", "2025", "2030", "measured in China's market")
    return table(columns, rows, "lrrrrl")


def _plain(value: float) -> str:
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def _value(one: Finding) -> str:
    return _plain(one.value) + ("" if one.unit == "1" else f" {one.unit}")


def _band(one: Finding) -> str:
    if one.band is None:
        return {"calibration": "calibrated"}.get(one.kind, "shown")
    low, high = one.band
    if math.isinf(high):
        return f"{low:g} or more"
    if math.isinf(low):
        return f"{high:g} or less"
    return f"{low:.3g} to {high:.3g}"


def _verdict(one: Finding) -> str:
    return {True: "agrees", False: "**misses**", None: ""}[one.agrees]
