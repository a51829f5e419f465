"""The yearly path of the world: what it starts from, and how its stocks move year by year."""
