"""What an answer means: labelled tables with units and definitions.

`indicators` reads an equilibrium against its base; all others read the accounts of a `World`.
"""

from zizhu.indicators.chokepoints import chokepoints
from zizhu.indicators.circulation import circulation
from zizhu.indicators.concentration import concentration
from zizhu.indicators.dependence import dependence
from zizhu.indicators.doubt import LARGE_ERROR, figure_errors
from zizhu.indicators.extraction import extraction
from zizhu.indicators.leontief import Leontief
from zizhu.indicators.position import position
from zizhu.indicators.reliance import input_reliance, input_reliance_by_input, market_reliance
from zizhu.indicators.self_sufficiency import self_sufficiency
from zizhu.indicators.static import indicators
from zizhu.indicators.value_added_trade import value_added_trade

__all__ = [
    "LARGE_ERROR",
    "Leontief",
    "chokepoints",
    "circulation",
    "concentration",
    "dependence",
    "extraction",
    "figure_errors",
    "indicators",
    "input_reliance",
    "input_reliance_by_input",
    "market_reliance",
    "position",
    "self_sufficiency",
    "value_added_trade",
]
