"""Tables of the world economy that add up, and where they come from."""

from zizhu.world.aggregate import aggregate
from zizhu.world.catalogue import catalogue, locate, open_world
from zizhu.world.doubt import LARGE_ERROR, Doubt
from zizhu.world.draw import draw
from zizhu.world.from_pymrio import from_pymrio
from zizhu.world.history import open_history
from zizhu.world.negatives import lift_negatives, remove_negative_uses
from zizhu.world.proof import open_proof
from zizhu.world.sheets.reading import read_csv
from zizhu.world.sheets.writing import write_csv
from zizhu.world.store import load, save, to_dataset
from zizhu.world.updating.margins import Wanted, own_margins, read_margins, write_margins
from zizhu.world.updating.update import Update, update
from zizhu.world.world import Identity, World

__all__ = [
    "LARGE_ERROR",
    "Doubt",
    "Identity",
    "Update",
    "Wanted",
    "World",
    "aggregate",
    "catalogue",
    "draw",
    "from_pymrio",
    "lift_negatives",
    "load",
    "locate",
    "open_history",
    "open_proof",
    "open_world",
    "own_margins",
    "read_csv",
    "read_margins",
    "remove_negative_uses",
    "save",
    "to_dataset",
    "update",
    "write_csv",
    "write_margins",
]
