"""Scaling a world to margins that a user gives, accounts kept."""
