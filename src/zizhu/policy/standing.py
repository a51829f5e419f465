"""What goes on in every run without a new measure: older money that is still at work.

The measures are in `standing.yaml`, written like those of a scenario. The baseline and every
scenario have them; the money of the base year is in its tables, so that only what differs from it
is new.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import numpy as np
from jaxtyping import Bool, Float

from zizhu.errors import ScenarioError
from zizhu.parameters import values
from zizhu.policy.levers.investment_fund import InvestmentFund
from zizhu.policy.path_context import PathContext
from zizhu.policy.path_labels import PathLabels
from zizhu.policy.scenario import validate
from zizhu.reading import Tree, read_tree

_FILE = Path(str(files("zizhu.policy") / "standing.yaml"))


@lru_cache(maxsize=1)
def _written() -> Tree:
    return read_tree(_FILE, "standing measures", ScenarioError)


def standing_measures(parameters: Mapping[str, float]) -> tuple[InvestmentFund, ...]:
    """The shipped measures that stand, their sizes those of the parameters of a run.

    Raises `ScenarioError` for one that is no fund: of other levers what stands is in the tables of
    the base year.
    """
    usual = values()
    changed = {name: value for name, value in parameters.items() if value != usual[name]}
    fields = {"name": "standing", "title": "What stands", "years": 2100, "parameters": changed}
    found = []
    for measure in validate({**fields, "measures": _written()}, _FILE.name).measures:
        if not isinstance(measure, InvestmentFund):
            raise ScenarioError(
                f"{_FILE.name}, measure {measure.label}: {measure.lever} cannot stand; only money "
                "of investment_fund outlasts the years before a path"
            )
        found.append(measure)
    return tuple(found)


def standing_money(
    labels: PathLabels, parameters: Mapping[str, float], traded: Bool[np.ndarray, " m"]
) -> Float[np.ndarray, "t m n"]:
    """Bn USD at work on nodes in each year, the base year's too, of funds from before the path.

    traded  nodes that are bought from suppliers

    A fund of a region or for nodes that the path does not have is left out.
    """
    context = _bare(labels, parameters, traded)
    total = np.zeros_like(labels.none().node_money)
    for fund in standing_measures(parameters):
        names = {name.strip() for names in fund.parts or () for name in names.split(",")}
        if fund.region in labels.world.regions and names <= {*labels.nodes}:
            total = total + fund.standing(context)
    return total


def _bare(
    labels: PathLabels, parameters: Mapping[str, float], traded: Bool[np.ndarray, " m"]
) -> PathContext:
    """A context of labels and parameters only: no baseline has been run yet."""
    world, none = labels.world, labels.none()
    years, regions = none.outlay.shape
    nodes = len(labels.nodes)
    return PathContext(
        world=world,
        groups=world.groups,
        parameters=parameters,
        labels=labels,
        gdp=np.zeros((years, regions)),
        cost=np.zeros(none.support.shape),
        purchases=np.zeros((nodes, regions)),
        made=np.zeros((nodes, regions)),
        sourcing=np.zeros((nodes, regions, regions)),
        barred=none.barred,
        controlled=np.zeros((nodes, regions, regions)),
        research=np.zeros(regions),
        timeline=lambda until, hoarding: none,  # noqa: ARG005 (of the protocol)
        above=np.ones((years, nodes)),
        traded=traded,
        node_sectors=("",) * nodes,
    )
