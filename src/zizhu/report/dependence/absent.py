"""What a question about dependence has nothing of: found in its numbers, said in words.

A region need not make, use, import or export what it is asked about. Shares of nothing are not
numbers; the page leaves them out and says what is not there.
"""

from __future__ import annotations

import math

from zizhu.laboratory import Dependence
from zizhu.report.dependence import words

# Shares below this in percent are shown as 0.0: naming who has them would say nothing.
SHOWN = 0.05
# Columns of a table that say something; without a positive number in any it has nothing to show.
_SPEAKING = {
    "suppliers": ("look_through", "import_share"),
    "inputs": ("look_through", "bought", "reverse_bought"),
    "concentration": ("hhi",),
    "value_added": ("share",),
    "markets": ("value_added_absorbed", "exports"),
    "chokepoints": ("rank",),
    "sectors": ("look_through", "home_share", "final_market"),
    "by_sector": ("look_through", "reverse_look_through"),
    "products": ("imports", "reverse_imports"),
}


def known(answer: Dependence, name: str) -> bool:
    """Whether a leading number is one."""
    return not math.isnan(answer.headlines[name].value)


def makes_none(answer: Dependence) -> bool:
    """Whether the region makes nothing of the sector that is asked about."""
    return bool(answer.sector) and not answer.on and not known(answer, "final_market")


def absent(answer: Dependence, name: str) -> str:
    """Why a table has nothing to show, as a sentence; empty where it has something."""
    if name not in answer.tables:
        return "No ranking of products; a note says why."
    table = answer.tables[name]
    columns = [one for one in _SPEAKING.get(name, ()) if one in table.columns]
    if not columns or bool((table.frame[columns] > 0).to_numpy().any()):
        return ""
    return _why(answer, name)


def _why(answer: Dependence, name: str) -> str:
    here = words.capital(words.the(answer.world.region_name(answer.region)))
    made = "makes none and " if makes_none(answer) else ""
    if answer.on:
        return {
            "inputs": f"Neither buys inputs of {answer.sector} from the other.",
            "by_sector": "Neither needs production of the other, at any tier.",
        }.get(name, "Neither buys anything from the other.")
    if answer.sector:
        return {
            "suppliers": f"{here} {made or 'needs no inputs from abroad and '}imports none.",
            "inputs": f"{here} {made}needs no inputs from abroad, at any tier.",
            "concentration": f"{here} uses none.",
            "value_added": f"{here} {made}exports none.",
            "markets": f"{here} {made}sells none abroad, at any tier.",
        }.get(name, f"No {answer.sector} from abroad reaches its final demand, at any tier.")
    return {
        "suppliers": f"{here} needs no production abroad, at any tier.",
        "markets": f"{here} sells nothing abroad, at any tier.",
        "chokepoints": "No production abroad reaches its final demand.",
    }.get(name, f"{here} makes and uses nothing.")


def leading(answer: Dependence) -> list[str]:
    """Names of leading numbers that are shown: at least one way they are numbers."""
    found = []
    for name in answer.headlines:
        ways = [name]
        if answer.on:
            plain = name.removeprefix("reverse_")
            ways = [plain, f"reverse_{plain}"]
        if any(known(answer, way) for way in ways):
            found.append(name)
    return found


def left_out(answer: Dependence) -> str:
    """Leading numbers that are none, in one line; empty where all are."""
    shown = set(leading(answer))
    labels = dict.fromkeys(one.label for name, one in answer.headlines.items() if name not in shown)
    return f"not shown, shares of nothing: {'; '.join(labels)}" if labels else ""
