"""A scenario with years: its measures on a path, what they cost and what each of them bought."""
