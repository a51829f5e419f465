"""V08: whether being controlled makes a country more able or less."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from zizhu.laboratory.path.controls import chip_tools
from zizhu.laboratory.path.draws import drawn_rates
from zizhu.laboratory.path.many import run_many
from zizhu.laboratory.validation.check import Check, Group, Numbers, Part
from zizhu.laboratory.validation.runs import BUYER, Runs
from zizhu.model.path_record import Record
from zizhu.parameters import parameters
from zizhu.policy.raw_wedge import raw_wedges

_TOOLS = (*chip_tools(), "semiconductors/lith_duv")
_YEAR = 2030
# What the answer leans on; each at both ends of its registered range, one at a time.
_ENDS = (
    "catch_up",
    "effort_productivity",
    "cross_border_spillover",
    "foreign_experience",
    "reach_gap",
)
_BARRED = f"barred from=USA,JPN,NLD to={BUYER} node={','.join(_TOOLS)} size=50% years=2023-"
_ISOLATED = f"isolation of={BUYER} from=USA size=100% years=2023-"
_CASES = ("central", *(f"{name} {end}" for name in _ENDS for end in ("low", "high")))
_NAMES = (
    *(f"{kind} {case}" for case in _CASES for kind in ("control", "listing")),
    "answered",
    "answered_high",
    "money",
    "made",
    "caught",
    "caught_alone",
)


def _measure(runs: Runs) -> Numbers:
    case = runs.case
    rows, place, at = [runs.node(name) for name in _TOOLS], runs.place(BUYER), runs.at(_YEAR)

    def ability(record: Record) -> tuple[Float[np.ndarray, " m"], Float[np.ndarray, " m"]]:
        made = np.asarray(record.flows.demand.made)[at, rows, place].copy()
        return np.asarray(record.stocks.chains.ability.gain)[at, rows, place].copy(), made

    known = parameters()
    rates = [case.rates]
    for name in _ENDS:
        for value in (known[name].low, known[name].high):
            rates.append(drawn_rates(case, {name: value}))
    control = raw_wedges([_BARRED], case.labels)
    listing = raw_wedges([_BARRED, _ISOLATED], case.labels)
    none = case.labels.none()
    wedges = [none, control, listing]
    runs.progress("controls on tools, at the ends of parameters")
    read = run_many(
        case,
        [one for _ in rates for one in wedges],
        ability,
        rates=[one for one in rates for _ in wedges],
    )
    # Nothing barred, and nothing learnt from others: the wedge cuts openness to all of them.
    others = ",".join(region for region in runs.world.regions if region != BUYER)
    alone = raw_wedges([f"isolation of={BUYER} from={others} size=100% years=2023-"], case.labels)
    ((cut_off, _),) = run_many(case, [alone], ability)
    found: dict[str, float] = {}
    for number, name in enumerate(_CASES):
        (gain, made), controlled, listed = read[3 * number : 3 * number + 3]
        weight = made / made.sum()
        found[f"control {name}"] = float(100 * weight @ (controlled[0] - gain))
        found[f"listing {name}"] = float(100 * weight @ (listed[0] - gain))
        if name == "central":
            found["caught"] = float(100 * weight @ gain)
            found["caught_alone"] = float(100 * weight @ cut_off)
            found["made"] = float(100 * (controlled[1].sum() / made.sum() - 1))
    return found | _answered(runs)


def _answered(runs: Runs) -> dict[str, float]:
    """The same control where the push answers it with money."""
    case = runs.answering
    rows, place, at = [runs.node(name) for name in _TOOLS], runs.place(BUYER), runs.at(_YEAR)
    control, none = raw_wedges([_BARRED], case.labels), case.labels.none()
    strong = drawn_rates(case, {"push_response": parameters()["push_response"].high})

    def read(record: Record) -> tuple[Float[np.ndarray, " m"], Float[np.ndarray, " m"], float]:
        made = np.asarray(record.flows.demand.made)[at, rows, place].copy()
        gain = np.asarray(record.stocks.chains.ability.gain)[at, rows, place].copy()
        return gain, made, float(np.asarray(record.node_money)[at, rows, place].sum())

    runs.progress("controls on tools that are answered")
    before, after, before_strong, after_strong = run_many(
        case,
        [none, control, none, control],
        read,
        rates=[case.rates, case.rates, strong, strong],
        structure={"reaction": True},
    )
    weight = before[1] / before[1].sum()
    return {
        "answered": float(100 * weight @ (after[0] - before[0])),
        "answered_high": float(100 * weight @ (after_strong[0] - before_strong[0])),
        "money": after[2] - before[2],
    }


def _checks(found: Numbers) -> tuple[Check, ...]:
    answers = {
        name: value for name, value in found.items() if name.startswith(("control ", "listing "))
    }
    answers |= {name: found[name] for name in ("answered", "answered_high")}
    highest = max(answers, key=lambda name: answers[name])
    lowest = min(answers, key=lambda name: answers[name])
    unit = "log points x 100"
    parts = (
        Part(
            "response_high",
            f"ability of Chinese tool makers, {_YEAR}: upper end of the interval",
            answers[highest],
            unit,
            (0.0, np.inf),
            "F51 (treated firms patent 41 percent more)",
            note=f"at {highest}. The sign is there and the size is not: in the model effort comes "
            "from policy, and being controlled as such moves ability through sales alone",
        ),
        Part(
            "response_low",
            f"ability of Chinese tool makers, {_YEAR}: lower end of the interval",
            answers[lowest],
            unit,
            (-np.inf, 0.0),
            "F52 (listed firms patent less)",
            note=f"at {lowest}",
        ),
        Part(
            "response_control",
            "the same: half of foreign tools barred, central parameters",
            found["control central"],
            unit,
            None,
            "F53 finds no effect on groups as a whole",
            kind="shown",
            note=f"their output changes by {found['made']:+.0f} percent",
        ),
        Part(
            "response_listing",
            "the same, with all openness to the United States cut",
            found["listing central"],
            unit,
            None,
            "F52",
            kind="shown",
        ),
        Part(
            "response_answered",
            "the same, where the push answers the control with money (reaction on)",
            found["answered"],
            unit,
            None,
            "assumption: no estimate of the answer is known",
            kind="shown",
            note=f"{1000 * found['money']:.1f} million USD more at work on these tools in {_YEAR}; "
            f"{found['answered_high']:+.2f} with the strongest answer",
        ),
    )
    return (
        Check(
            "V08",
            "Innovation under a control",
            "The interval of the response covers both published signs: more innovation where a "
            "control opens the home market (F51), less where it cuts people off (F52).",
            f"half of what the United States, Japan and the Netherlands sell of {len(_TOOLS)} "
            "chip-making tools barred from 2023 on, with and without openness to the United States "
            f"cut; {len(_ENDS)} parameters at both ends of their ranges, one at a time",
            parts,
        ),
    )


GROUP = Group("controls", ("V08",), _NAMES, _measure, _checks)
