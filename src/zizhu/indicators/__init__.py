"""What an answer means: labelled tables with units and definitions."""

from zizhu.indicators.static import indicators

__all__ = ["indicators"]
