"""Forecasts of what has been observed since, and how good they were."""
