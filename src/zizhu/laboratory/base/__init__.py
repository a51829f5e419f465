"""Dated bases: what sources say about one node, reconciled, and how fast it moved.

`reconcile` finds the table of purchases that world shares, home shares and purchases allow;
`pace_of` measures how fast shares moved from figures of one definition at several dates;
`dated` brings a node's figures to the base year.
"""

from zizhu.laboratory.base.reconcile import Measured, Reconciled, reconcile

__all__ = ["Measured", "Reconciled", "reconcile"]
