"""Shapley values: what each player adds, averaged over every order in which they can come in.

    phi_p  =  sum over coalitions S without p of |S|! (n - |S| - 1)! / n!  (v(S + p) - v(S))

Nobody's order counts, who changes nothing gets nothing, and all together get v(all) - v(none)
(Shapley 1953).
"""

from __future__ import annotations

from math import factorial

import numpy as np
from jaxtyping import Float


def shapley(worth: Float[np.ndarray, "coalitions n"]) -> Float[np.ndarray, "players n"]:
    """Shapley values of players from the worth of each coalition, for several games at once.

    Row s of `worth` is the coalition of the players whose bits are set in s: row 0 is nobody, the
    last row everybody. There are 2^players rows.
    """
    rows = np.arange(len(worth))
    players = len(worth).bit_length() - 1
    size = np.array([int(row).bit_count() for row in rows])
    weight = np.array([factorial(s) * factorial(max(players - s - 1, 0)) for s in size])
    weight = weight / factorial(players)
    values = np.empty((players, worth.shape[1]))
    for player in range(players):
        without = rows[(rows >> player) & 1 == 0]
        gains = worth[without | (1 << player)] - worth[without]
        values[player] = weight[without] @ gains
    return values
