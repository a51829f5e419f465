"""Reading what people wrote: one loader of YAML for all files, every complaint one sentence."""

from zizhu.reading.complaint import sentence
from zizhu.reading.fields import Day, Listed, Year, listed
from zizhu.reading.files import commented_rows, read_mapping, read_text, read_tree
from zizhu.reading.tree import Complaint, Tree, tree_of

__all__ = [
    "Complaint",
    "Day",
    "Listed",
    "Tree",
    "Year",
    "commented_rows",
    "listed",
    "read_mapping",
    "read_text",
    "read_tree",
    "sentence",
    "tree_of",
]
