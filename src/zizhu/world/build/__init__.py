"""Builders of the shipped worlds from published tables, and their proof."""
