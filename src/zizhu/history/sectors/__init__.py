"""Yearly shares of countries by good, and domestic shares of groups of Chinese sectors."""

from zizhu.history.sectors.read import SectorSeries, sector_series

__all__ = ["SectorSeries", "sector_series"]
