"""V18: controls and the push that answer each other, on and off."""

from __future__ import annotations

import numpy as np

from zizhu.laboratory.path.draws import draws
from zizhu.laboratory.validation.check import Check, Group, Numbers, Part
from zizhu.laboratory.validation.embargo import embargo
from zizhu.laboratory.validation.runs import BUYER, Runs
from zizhu.model.reaction import loop_gain

_LOOP = ("control_response", "push_response", "reaction_persistence")
_DRAWS, _SEED = 2000, 0
_FIRST, _LAST = 2023, 2035
_CASES = ("happened", "embargo")
_NAMES = (
    *(
        f"{what}_{case}_{on}"
        for case in _CASES
        for on in ("on", "off")
        for what in ("loss", "most")
    ),
    *(
        f"{what}_{case}_{on}"
        for case in _CASES
        for on in ("on", "off")
        for what in ("early", "late")
    ),
    "push_embargo",
    "gain",
    "gain_median",
    "gain_above_one",
)


def _measure(runs: Runs) -> Numbers:
    case = runs.answering
    drive = runs.happened.wedges
    place = runs.place(BUYER)
    found: dict[str, float] = {}
    for name in _CASES:
        for on in (True, False):
            texts = () if name == "happened" else (embargo(runs.world),)
            path = runs.run(
                f"{name}, reaction {'on' if on else 'off'}",
                *texts,
                wedges=drive if name == "happened" else None,
                case=case,
                reaction=on,
            )
            word = f"{name}_{'on' if on else 'off'}"
            years = range(_FIRST, _LAST + 1)
            found[f"loss_{word}"] = float(np.mean([runs.effect(path, year) for year in years]))
            found[f"early_{word}"] = runs.effect(path, 2026)
            found[f"late_{word}"] = runs.effect(path, _LAST)
            state = path.record.stocks.reaction
            found[f"most_{word}"] = 100 * float(np.asarray(state.controls).max())
            if name == "embargo" and on:
                found["push_embargo"] = 100 * float(np.asarray(state.push)[:, place].max())
    drawn = draws(_DRAWS, _SEED, names=_LOOP)
    gains = np.array([_gain(one) for one in drawn])
    return found | {
        "gain": float(loop_gain(case.rates.responses)),
        "gain_median": float(np.median(gains)),
        "gain_above_one": float(100 * (gains > 1).mean()),
    }


def _gain(one: dict[str, float]) -> float:
    """The loop's gain of drawn parameters: r_C r_P / (1 - d)^2."""
    left = 1 - one["reaction_persistence"]
    return one["control_response"] * one["push_response"] / left**2


def _checks(found: Numbers) -> tuple[Check, ...]:
    why = (
        "the answer puts money to work on the very nodes that are barred, which brings ability; "
        "most of what added controls may bar is barred by the embargo already"
    )
    words = {"happened": "controls and drive as they were", "embargo": "all advanced tools barred"}
    losses = tuple(
        Part(
            f"reaction_{case}",
            f"{words[case]}: real income of the world with the reaction less without, "
            f"mean {_FIRST}-{_LAST}",
            found[f"loss_{case}_on"] - found[f"loss_{case}_off"],
            "percentage point",
            (-np.inf, 0.0),
            "judgement: escalation costs the world",
            note=f"2026: {found[f'early_{case}_on']:.4f} against {found[f'early_{case}_off']:.4f}; "
            f"{_LAST}: {found[f'late_{case}_on']:.4f} against {found[f'late_{case}_off']:.4f}",
            missed=why,
        )
        for case in _CASES
    )
    parts = (
        *losses,
        Part(
            "controls_off",
            "controls in answer to the push, reaction off: most in any region and year",
            max(found[f"most_{case}_off"] for case in _CASES),
            "percent",
            (0.0, 0.0),
            "identity",
        ),
        Part(
            "controls_on",
            "the same, reaction on",
            min(found[f"most_{case}_on"] for case in _CASES),
            "percent",
            (1e-6, np.inf),
            "F59 (controls were followed by controls; that they rise at all is asked)",
            note=f"{found['most_embargo_on']:.2f} under the embargo, where the push reaches "
            f"{found['push_embargo']:.2f} percent of purchases",
        ),
        Part(
            "loop_gain",
            "gain of the loop at the median of its parameters",
            found["gain_median"],
            "1",
            (0.0, 1.0),
            "judgement: above 1 it explodes to its caps",
            note=f"{found['gain']:.2f} at the registered values; above 1 in "
            f"{found['gain_above_one']:.0f} percent of {_DRAWS} draws",
        ),
    )
    return (
        Check(
            "V18",
            "Action and reaction",
            "Without the reaction the world loses less and controls stay where they are; the gain "
            "of the loop is reported.",
            f"two scenarios with the switch `reaction` on and off, {_FIRST} to {_LAST}; the loop "
            "starts from felt cost and from the money that a scenario puts to work on nodes that "
            "can be barred",
            parts,
        ),
    )


GROUP = Group("reaction", ("V18",), _NAMES, _measure, _checks)
