"""The technologies beneath the sectors: nodes, suppliers, substitutes, controls.

A chain is a directed acyclic graph from raw materials and tools to a final product. Every number
has a source and a confidence; a share counts as confirmed only where it was read in a source.
"""

from zizhu.chains.catalogue import chain_names, load_chain, shipped_chains
from zizhu.chains.chain import (
    Attachment,
    Chain,
    Edge,
    HomeShare,
    Node,
    SupplierBlock,
)
from zizhu.chains.controls import Control, Controls, controls, load_controls
from zizhu.chains.motion import Above, Entry, Growth, Market, Research
from zizhu.chains.parts import Ranged, Source

__all__ = [
    "Above",
    "Attachment",
    "Chain",
    "Control",
    "Controls",
    "Edge",
    "Entry",
    "Growth",
    "HomeShare",
    "Market",
    "Node",
    "Ranged",
    "Research",
    "Source",
    "SupplierBlock",
    "chain_names",
    "controls",
    "load_chain",
    "load_controls",
    "shipped_chains",
]
