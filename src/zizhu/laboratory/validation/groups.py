"""All groups of checks that the model answers, in the order of the list of findings."""

from __future__ import annotations

from zizhu.laboratory.validation import (
    bloc_embargo,
    blocs,
    budget,
    controls,
    duplication,
    embargo,
    equal_cost,
    foreseen,
    growth,
    identities,
    lockdown,
    plants,
    reaction,
    spared,
    subsidy,
    talent,
    tools,
)
from zizhu.laboratory.validation.check import Group

GROUPS: dict[str, Group] = {
    group.name: group
    for group in (
        foreseen.GROUP,
        controls.GROUP,
        subsidy.GROUP,
        equal_cost.GROUP,
        duplication.GROUP,
        blocs.GROUP,
        talent.GROUP,
        reaction.GROUP,
        budget.GROUP,
        identities.GROUP,
        tools.GROUP,
        plants.GROUP,
        embargo.GROUP,
        bloc_embargo.GROUP,
        spared.GROUP,
        growth.GROUP,
        lockdown.GROUP,
    )
}
