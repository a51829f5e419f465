"""Dated bases: what sources say about one node, reconciled, and how fast it moved.

`dated` brings a node's figures to the base year by their `pace`; `reconcile` finds the table of
purchases that world shares, home shares and purchases allow.
"""

from zizhu.laboratory.base.at_base import Dated, HomeFigure, carried, dated, market_figure
from zizhu.laboratory.base.market import MarketSize, market_size
from zizhu.laboratory.base.paces import Paces, pace
from zizhu.laboratory.base.table import Measured, Reconciled, reconcile
from zizhu.laboratory.base.vintages import Pace

__all__ = [
    "Dated",
    "HomeFigure",
    "MarketSize",
    "Measured",
    "Pace",
    "Paces",
    "Reconciled",
    "carried",
    "dated",
    "market_figure",
    "market_size",
    "pace",
    "reconcile",
]
