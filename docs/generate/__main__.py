"""`python -m generate`."""

from generate import everything

everything()
