"""Bands: a scenario and its baseline under many draws of what is not known."""
