"""Tables of a user, written and read as csv and yaml files."""
