"""What is known of the nodes of chains on a world whatever the year."""

from __future__ import annotations

import numpy as np

from zizhu.indicators.asked import ASSEMBLED
from zizhu.indicators.path_content import graph_of
from zizhu.indicators.tiers import ChainLabels, chain_labels, tier_of
from zizhu.laboratory.path.technology import Chains


def labels_of(chains: Chains) -> ChainLabels:
    """How nodes are counted, their tiers and chains, and what is in final products."""
    nodes = [chains.joined.nodes[name] for name in chains.nodes]
    technology, places = chains.technology, chains.places
    plant = np.asarray(technology.plant)[places]
    return chain_labels(
        graph_of(technology),
        np.asarray(technology.final),
        places,
        [ASSEMBLED if node.assembled else node.suppliers[0].basis for node in nodes],
        [tier_of(node, plant=bool(is_one)) for node, is_one in zip(nodes, plant, strict=True)],
    )
