"""Sizes that a measure leaves out: those of registered parameters, which a run may draw."""

from __future__ import annotations

from zizhu.parameters import parameters
from zizhu.policy.context import Context
from zizhu.policy.units import Size

_HUNDREDTHS = ("percent", "percentage point", "% of GDP")


def fraction(context: Context, given: Size | None, name: str) -> float:
    """The size given, or else the value of the parameter `name`, as a fraction."""
    if given is not None:
        return given.fraction
    value = context.parameters[name]
    return value / 100 if parameters()[name].unit in _HUNDREDTHS else value
