"""What the model says where something else is known: published ranges, measured shares, identities.

A check has an id of the list of findings (V04, V13, ...) or a name, numbers with bands, and a
status that follows from them. A check that fails is published as failed with the likely reason;
nothing is moved to make one pass. What was used to set a parameter is a calibration and tests
nothing.

A group of checks measures its numbers on paths of the model and makes checks of them; numbers are
remembered, so that a second look costs nothing.
"""

from zizhu.laboratory.validation.check import Check, Part, Status
from zizhu.laboratory.validation.groups import GROUPS
from zizhu.laboratory.validation.memory import recall, remember
from zizhu.laboratory.validation.runs import Runs

__all__ = ["GROUPS", "Check", "Part", "Runs", "Status", "recall", "remember"]
