"""What the columns of a ranking mean: one sentence each, under every table that has them."""

from __future__ import annotations

SCORE = "0 to 1, the geometric mean of cost, dependence, concentration and time, equal weights"
RISE = (
    "by how many percent the cost of making the choked stage at home rises if every supplier "
    "outside is barred from the node, before substitutes are qualified"
)
CHOKED = "of the stages that use the node, the one whose cost rises most"
HOME = "percent of purchases of the node that the buyer makes from itself"
LEADER = "largest supplier outside and its percent of the buyer's purchases"
YEARS = "years until a substitute is qualified at useful volume, central value"
WEIGHTINGS = "best and worst place under every weighting that gives no mark less than a tenth"
DRAWS = "10 to 90 percent of its place when shares, cost shares and years are drawn in their ranges"
FINAL = "by how many percent the cost of making the final product at home rises, same cut"
COST = "mark: logarithm of one plus the rise over the logarithm of the choke price, 0 to 1"
DEPENDENCE = "mark: part of purchases from outside, 0 to 1"
CONCENTRATION = "mark: Herfindahl index of the suppliers outside, 0 to 1"
TIME = "mark: years over ten, at most 1"
PLACES = WEIGHTINGS

MADE = "rise of the cost of making the node at home, percent"
PAID = "rise of the price paid for the node, percent; for what the buyer assembles, of its inputs"
CUT_HOME = "percent of purchases from itself, before and after the cut, at once"
AT_ONCE = "before substitutes are qualified: other suppliers hardly stand in"
IN_TIME = "after they are qualified: other suppliers stand in as trade elasticities say"

EXPOSED_RISE = "rise of the price that it pays if its leader is cut, percent, at once"
WEIGHT = "percent of world purchases (output of the sectors that use the chain)"

IN_GROUP = "of the source; group: it gives only the share of Europe or of a rest, spread by output"
MEASURED = "percent, or bn USD a year, as its source has it, carried to the base year with *"
USED = "what the yearly loop has, after all figures of the node were reconciled"
ERRORS = "used less measured in standard errors of the figure, its age included"
BIAS = "how many times likelier it buys at home than others buy from it"
PACE = "log odds a year by which its world share moved around the base year; empty: not observed"


def top(size: int, every: int) -> str:
    """What being in the top group means."""
    return f"percent of those weightings that place it among the first {size} of {every} nodes"
