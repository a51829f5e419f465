"""Tables of this room: `python -m zizhu.history.build DATA` makes them from the sources.

Each is a csv file in the panel's format, with its source and licence in lines that start with `#`.
They are small and are shipped, so that the panel is there without the sources.
"""

from zizhu.history.build.make import TABLES, build, text_of

__all__ = ["TABLES", "build", "text_of"]
