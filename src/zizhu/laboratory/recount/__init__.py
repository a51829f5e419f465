"""What is shown, counted a second time: indicators, contributions, money and timing of an answer.

The model's own audit watches equations and stocks. Between those and a printed number stand tables,
a decomposition, and the levers that made wedges of measures: this folder recomputes them in plain
NumPy from the stored equilibrium, the world and the scenario, with no function of the rooms that it
checks. What differs beyond rounding is an error (`NotConverged`), never a number.
"""

from zizhu.laboratory.recount.misses import Recount

__all__ = ["Recount"]
