"""From a scenario to the wedges on a world, refusing measures that contradict each other."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from zizhu.errors import ScenarioError, ZizhuError, did_you_mean, quoted, short
from zizhu.parameters import values
from zizhu.policy.context import BUILT_IN, Context
from zizhu.policy.scenario import Scenario
from zizhu.policy.wedges import Wedges
from zizhu.world import World


def context_of(scenario: Scenario, world: World) -> Context:
    """The world as the scenario's measures see it."""
    for group, members in scenario.groups.items():
        if group in (*world.regions, *world.sectors, *BUILT_IN):
            raise ScenarioError(
                f"scenario {scenario.name}, groups.{short(group)}: a region, a sector or a "
                "built-in group has this name already; choose another one"
            )
        for member in (one for name in members for one in world.groups.get(name, (name,))):
            if member not in world.regions and member not in world.sectors:
                raise ScenarioError(
                    f"scenario {scenario.name}, groups.{short(group)}: {quoted(member)} is "
                    f"neither a region nor a sector of world {world.name}"
                    f"{did_you_mean(member, [*world.regions, *world.sectors, *world.groups])}"
                )
    # A scenario's group of the same name stands before the world's.
    named = {
        group: tuple(one for name in members for one in world.groups.get(name, (name,)))
        for group, members in scenario.groups.items()
    }
    return Context(world, {**world.groups, **named}, values(scenario.parameters))


def focus_of(scenario: Scenario, world: World) -> str:
    """Region whose answer is the headline: the scenario's, or the world's first.

    Raises `ScenarioError` for one that the world does not have.
    """
    focus = scenario.focus or world.regions[0]
    if focus in world.groups:
        raise ScenarioError(
            f"scenario {scenario.name}, focus: {short(focus)} is a group of regions; one of "
            f"them is right, such as {', '.join(world.groups[focus][:3])}"
        )
    if focus not in world.regions:
        raise ScenarioError(
            f"scenario {scenario.name}, focus: region {quoted(focus)} is not in world {world.name}"
            f"{did_you_mean(focus, world.regions)} (--set focus={world.regions[0]} sets another)"
        )
    return focus


def remarks(scenario: Scenario, world: World) -> tuple[str, ...]:
    """What the scenario's measures want their reader to know."""
    context = context_of(scenario, world)
    return tuple(remark for measure in scenario.measures for remark in measure.remarks(context))


def compile_wedges(scenario: Scenario, world: World) -> Wedges:
    """All measures of the scenario as wedges on the world.

    Raises `ScenarioError` naming the measure and field, or two measures of one lever that set the
    same thing.
    """
    context = context_of(scenario, world)
    total = context.none()
    done: list[tuple[str, Wedges]] = []
    for measure in scenario.measures:
        place = f"scenario {scenario.name}, measure {measure.label}"
        try:
            measure.require(context, scenario.options.model_dump())
            wedges = measure.wedges(context)
        except ZizhuError as error:
            raise ScenarioError(f"{place}, {error}") from error
        for label, other in done:
            if measure.adds:
                continue
            overlap = _overlap(wedges, other, world)
            if overlap:
                raise ScenarioError(
                    f"{place}: it overlaps with measure {label} on {overlap}; merge the two, or "
                    "say `adds: true` if both apply"
                )
        done.append((measure.label, wedges))
        total = total.together(wedges)
    if (world.tariff + total.tariff < -0.95).any():
        raise ScenarioError(f"scenario {scenario.name}: tariffs fall below -95 % in total")
    if (total.subsidy >= 0.9).any():
        raise ScenarioError(f"scenario {scenario.name}: subsidies exceed 90 % of cost in total")
    return total


def _overlap(one: Wedges, other: Wedges, world: World) -> str:
    """First target that both touch, in words, or an empty string."""
    axes = {1: (world.regions,), 2: (world.regions, world.sectors)}
    for name in one._fields:
        if name in ("outlay", "deficit"):  # sums over a region: two measures may well share one
            continue
        # An iceberg cost and a limit on the same flow are two ways to restrict it.
        rivals = (name, "log_flow_limit") if name == "log_iceberg" else (name,)
        rivals = (name, "log_iceberg") if name == "log_flow_limit" else rivals
        both = one.touched(name) * sum(_aligned(other, rival, one, name) for rival in rivals)
        if both.any():
            at = np.argwhere(both)[0]
            labels = axes.get(both.ndim, (world.regions, world.sectors, world.regions))
            words = [names[int(i)] for names, i in zip(labels, at, strict=False)]
            if both.ndim >= 3:
                return f"{words[1]} from {words[0]} to {words[2]}"
            return " ".join(words)
    return ""


def _aligned(other: Wedges, rival: str, one: Wedges, name: str) -> Float[np.ndarray, "..."]:
    """Where `other` touches `rival`, in the shape of `one`'s wedge `name`."""
    touched = other.touched(rival)
    if touched.ndim > getattr(one, name).ndim:
        return np.asarray(touched.max(axis=-1))
    if touched.ndim < getattr(one, name).ndim:
        return np.asarray(touched[..., None] + np.zeros_like(getattr(one, name)))
    return touched
