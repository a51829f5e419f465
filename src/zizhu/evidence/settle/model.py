"""What the yearly model says of claims that ask for it.

Numbers are those of the checks that read the same runs. They are computed by `zizhu validate`
and remembered; a look at a claim shows them if they are known and runs nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from zizhu.evidence.claims import Claim
from zizhu.evidence.settle.finding import Finding, Number
from zizhu.laboratory.validation import GROUPS, recall, remember
from zizhu.laboratory.validation.check import Numbers
from zizhu.laboratory.validation.plants import GAPS
from zizhu.laboratory.validation.runs import Runs
from zizhu.laboratory.validation.subsidy import SECTORS
from zizhu.laboratory.validation.tools import RISING

_TAG, _SOURCE = "own_computation", "yearly model on the world of 2022"


def _number(label: str, value: float, unit: str) -> Number:
    return Number(label, value, unit, _TAG, _SOURCE)


def _finding(
    claim: Claim, group: str, numbers: tuple[Number, ...], words: tuple[str, str], *, agrees: bool
) -> Finding:
    return Finding(f"model_{group}", claim.id, numbers, *words, agrees)


def _graduates(claim: Claim, found: Numbers) -> Finding:
    lag, early, late = (found[k] for k in ("graduates_four", "research_three", "research_last"))
    numbers = (
        _number("years until a fifth more places is more graduates", lag, "years"),
        _number("productivity after three years", early, "percent"),
        _number("productivity in 2035", late, "percent"),
    )
    return _finding(
        claim,
        "talent",
        numbers,
        (
            f"A fifth more places from 2023 on brings more graduates after {lag:.0f} years; "
            f"productivity moves by {early:.3f} percent in three years and {late:.2f} by 2035.",
            "graduates rise four years later and productivity by less than a hundredth of a "
            "percent in the first three (judgement)",
        ),
        agrees=lag == 4 and abs(early) < 0.01 < late,
    )


def _subsidy(claim: Claim, found: Numbers) -> Finding:
    weight = [found[f"weight {sector}"] for sector in SECTORS]

    def mean(what: str) -> float:
        values = (found[f"{what} {sector} 2035"] for sector in SECTORS)
        return sum(w * v for w, v in zip(weight, values, strict=True)) / sum(weight)

    jobs, productivity = mean("jobs"), mean("productivity")
    numbers = (
        _number("employment of four subsidised sectors, 2035", jobs, "percent"),
        _number("their productivity, 2035", productivity, "percent"),
        _number("part of it that is scale", mean("scale"), "percent"),
    )
    return _finding(
        claim,
        "subsidy",
        numbers,
        (
            f"One percent of cost in subsidy moves employment by {jobs:+.2f} percent and "
            f"productivity by {productivity:+.2f}, in which economies of scale have "
            f"{mean('scale'):+.2f}.",
            "jobs rise and productivity does not",
        ),
        agrees=jobs > 0 >= productivity,
    )


def _loop(claim: Claim, found: Numbers) -> Finding:
    extra = found["loss_embargo_on"] - found["loss_embargo_off"]
    numbers = (
        _number("gain of the loop, median", found["gain_median"], "1"),
        _number("chance of a gain above 1", found["gain_above_one"], "percent"),
        _number("controls in answer, most", found["most_embargo_on"], "percent"),
        _number("world income under an embargo, loop on less off", 1000 * extra, "points / 1000"),
    )
    return _finding(
        claim,
        "reaction",
        numbers,
        (
            f"The loop's gain is {found['gain_median']:.2f} at the median and above 1 in "
            f"{found['gain_above_one']:.0f} percent of draws; with it the world's income is "
            f"{extra:+.4f} points different, since the answer also pays for ability.",
            "gain under 1 at the median, and the world loses less without the loop; it starts from "
            "what controls cost and from the money of the drive",
        ),
        agrees=found["gain_median"] < 1 and extra < 0,
    )


def _duplication(claim: Claim, found: Numbers) -> Finding:
    price, upfront = found["price_2030"], found["upfront"]
    numbers = (
        _number("price of chips, 2030, every maker's plants at home", price, "percent"),
        _number("plants begun beyond the baseline, to 2035", upfront, "bn USD"),
        _number("the same for China alone: its price of chips", found["alone_price"], "percent"),
        _number("China alone: plants begun", found["alone_upfront"], "bn USD"),
    )
    return _finding(
        claim,
        "duplication",
        numbers,
        (
            f"Chips cost {price:.0f} percent more in 2030 if every maker's plants are at home; "
            f"plants begun change by {upfront:.0f} bn USD, as most regions have no maker who could "
            "build them.",
            "35 to 65 percent dearer and 0.9 to 1.3 tn USD (judgement around F80)",
        ),
        agrees=35 <= price <= 65 and 900 <= upfront <= 1300,
    )


def _split(claim: Claim, found: Numbers) -> Finding:
    ratio = found["world"] / found["world_alone"]
    numbers = (
        _number("real income of the world, 2040, tariffs of 32 points", found["world"], "percent"),
        _number("loss with diffusion over loss without", ratio, "1"),
        _number("the same by trade costs of 160 percent", found["iceberg"], "percent"),
    )
    return _finding(
        claim,
        "blocs",
        numbers,
        (
            f"Two blocs cost the world {-found['world']:.1f} percent by 2040 through tariffs and "
            f"{-found['iceberg']:.1f} through trade costs, {ratio:.1f} times as much with the "
            "diffusion of ideas as without.",
            "minus 0.2 to minus 7 percent, and more with diffusion; research is not in the rule",
        ),
        agrees=-7 <= found["world"] <= -0.2 and ratio > 1,
    )


def _learning(claim: Claim, found: Numbers) -> Finding:
    open_, alone = found["caught"], found["caught_alone"]
    numbers = (
        _number("ability of Chinese tool makers, 2022-2030", open_, "log points x 100"),
        _number("the same, cut off from all others since 2023", alone, "log points x 100"),
    )
    return _finding(
        claim,
        "controls",
        numbers,
        (
            f"Chinese tool makers gain {open_:+.1f} log points of ability to 2030, and "
            f"{alone:+.1f} cut off from people, patents and licences of all others.",
            "less without the spill-over",
        ),
        agrees=alone < open_,
    )


def _distance(claim: Claim, found: Numbers) -> Finding:
    change = {name: found[f"gap {name} 2035"] - found[f"gap {name} 2022"] for name in GAPS}
    names = ("advanced logic", "immersion lithography", "battery cells")
    numbers = tuple(
        _number(f"gap of {word}, 2035 less 2022", value, "log points x 100")
        for word, value in zip(names, change.values(), strict=True)
    )
    logic, lithography, cells = change.values()
    return _finding(
        claim,
        "plants",
        numbers,
        (
            f"Without new measures the gap moves by {logic:+.1f} log points in advanced logic, "
            f"{lithography:+.1f} in lithography and {cells:+.1f} in battery cells, where China "
            f"starts {found[f'gap {GAPS[2]} 2022']:.1f} behind the ablest.",
            "logic and lithography grow or stay, within a log point (judgement); batteries do not "
            "grow",
        ),
        agrees=logic > -1 and lithography > -1 and cells <= 0,
    )


def _controlled(claim: Claim, found: Numbers) -> Finding:
    rise = {name: found[f"{name} 2030"] - found[f"{name} 2022"] for name in RISING}
    flat = {
        name: found[f"{name} 2030"] - found[f"{name} 2022"]
        for name in ("lith_duv", "process_control")
    }
    least = min(rise, key=lambda name: rise[name])
    numbers = (
        *(_number(f"home share of {k}, 2030 less 2022", v, "points") for k, v in flat.items()),
        _number(f"least rise of five other tools ({least})", rise[least], "points"),
    )
    return _finding(
        claim,
        "tools",
        numbers,
        (
            f"From 2022 to 2030 immersion lithography moves by {flat['lith_duv']:+.1f} points of "
            f"home share and process control by {flat['process_control']:+.1f}; of five other "
            f"tools {least} rises least, by {rise[least]:.1f}.",
            "the two move by less than two points, all others by more than five (judgement)",
        ),
        agrees=max(flat.values()) < 2 and rise[least] > 5,
    )


_Settle = Callable[[Claim, Numbers], Finding]
# Group of checks whose numbers answer, by claim.
MODEL: dict[str, tuple[str, _Settle]] = {
    "C003": ("talent", _graduates),
    "C022": ("subsidy", _subsidy),
    "C047": ("reaction", _loop),
    "C048": ("duplication", _duplication),
    "C052": ("blocs", _split),
    "C058": ("controls", _learning),
    "C060": ("plants", _distance),
    "C078": ("reaction", _loop),
    "C081": ("tools", _controlled),
}


def settle_by_model(claim: Claim, runs: Runs | None = None) -> Finding | None:
    """What the model finds of a claim.

    Without `runs` only numbers that are known already are read. Nothing if the model is not asked
    for, or if its numbers are not known.
    """
    if claim.id not in MODEL:
        return None
    group, say = MODEL[claim.id]
    found = recall(GROUPS[group]) if runs is None else remember(GROUPS[group], runs)
    return None if found is None else say(claim, found)
