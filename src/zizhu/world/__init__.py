"""Tables of the world economy that add up, and where they come from."""

from zizhu.world.aggregate import aggregate
from zizhu.world.catalogue import catalogue, locate, open_world
from zizhu.world.from_pymrio import from_pymrio
from zizhu.world.negatives import remove_negative_uses
from zizhu.world.store import load, save, to_dataset
from zizhu.world.world import Identity, World

__all__ = [
    "Identity",
    "World",
    "aggregate",
    "catalogue",
    "from_pymrio",
    "load",
    "locate",
    "open_world",
    "remove_negative_uses",
    "save",
    "to_dataset",
]
