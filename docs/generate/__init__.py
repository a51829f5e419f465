"""Everything on the pages that comes from the package: tables, figures, outputs of commands.

Called by `conf.py` before the pages are read; writes to `docs/_generated/` and keeps what is still
fresh, judged by a hash of the package, of the module that makes it and of the blocks that a page
runs. By hand, in `docs/`: `python -m generate`.
"""

from __future__ import annotations

import json

from generate import (
    backtests,
    chains,
    checks,
    cut_off,
    evidence,
    exposure,
    old_parameters,
    outcomes,
    pages,
    path,
    proof,
    registries,
    responses,
    scenario_paths,
    validation,
    worlds,
)
from generate.assets import assets
from generate.fresh import DOCS, GENERATED, facts, refresh
from generate.pages import output_of
from zizhu.world import catalogue

__all__ = ["everything", "facts", "output_of"]


def everything() -> None:
    """Bring every generated part up to date."""
    GENERATED.mkdir(exist_ok=True)
    assets()
    for part in (
        registries.levers,
        registries.parameters,
        worlds.worlds,
        worlds.making,
        proof.proof,
        outcomes.figures_and_indicators,
        outcomes.scenarios,
        outcomes.stability,
        outcomes.war,
        exposure.exposure,
        evidence.evidence,
        path.path,
        scenario_paths.scenario_paths,
        cut_off.cut_off,
        responses.responses,
        validation.validation,
        backtests.backtests,
    ):
        refresh(part.__name__, part)
    old = old_parameters.FILE.read_text(encoding="utf-8")
    refresh("old_parameters", old_parameters.old_parameters, old)
    refresh("chains", chains.chains, chains.EXAMPLE.read_text(encoding="utf-8"))
    here = [entry.name for entry in catalogue() if "not here" not in entry.location]
    refresh("replications", checks.replications, " ".join(here))
    checks.benchmarks()
    for page in sorted(DOCS.glob("*.md")):
        blocks = pages.blocks_of(page)
        if blocks:

            def run(page=page):
                pages.run_page(page)

            refresh(f"page {page.stem}", run, json.dumps(blocks))
