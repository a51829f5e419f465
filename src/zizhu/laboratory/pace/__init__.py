"""How fast shares of technologies move: estimated on what was observed, with its posterior."""
