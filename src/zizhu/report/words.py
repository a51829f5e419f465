"""The outcome in plain words: sentences made from numbers, used by terminal and HTML alike."""

from __future__ import annotations

import math

from zizhu.laboratory import Outcome, VariantResult
from zizhu.laboratory.recount import Recount
from zizhu.report import tables


def signed(value: float, digits: int = 2) -> str:
    """A number with its sign; zero, and what rounds to it, without one; a dash for what is none."""
    if math.isnan(value):
        return "-"
    text = f"{value:+.{digits}f}"
    return text if float(text) != 0 else f"{0:.{digits}f}"


def share(before: float, after: float) -> str:
    """A share before and after, in percent; with more digits where one would show as nothing."""
    if max(before, after) < 0.005:
        return "< 0.01" if max(before, after) > 0 else "none"
    digits = 2 if any(0 < value < 0.05 for value in (before, after)) else 1
    return f"{before:.{digits}f} > {after:.{digits}f}"


def not_made(outcome: Outcome) -> str:
    """Sectors of which the focus region makes nothing, in one line; empty if it makes all."""
    sectors = tables.idle(outcome)
    if not sectors:
        return ""
    return f"not made in {outcome.world.region_name(outcome.focus)}: {', '.join(sectors)}"


def money(value: float, currency: str) -> str:
    """Millions of a currency as billions, with one digit."""
    return f"{signed(value / 1e3, 1)} bn {currency}"


def options_line(outcome: Outcome) -> str:
    """World and options in one line."""
    options = outcome.scenario.options
    world = outcome.world
    scale = "constant returns" if options.scale == "none" else f"scale of {options.scale}"
    if options.scale == "composite":
        scale = "scale of all inputs"
    return (
        f"world {world.name} ({len(world.regions)} regions x {len(world.sectors)} sectors), "
        f"elasticities {options.elasticities}, {scale}, deficits {options.deficits}, "
        f"labour {options.labour}" + _departures(outcome)
    )


def _departures(outcome: Outcome) -> str:
    """What else the scenario sets: parameters, elasticities of sectors, rarer options."""
    scenario = outcome.scenario
    parts = ["scale capped"] if scenario.options.cap_scale else []
    parts += ["origins pooled"] if scenario.options.origins == "pooled" else []
    parts += [f"{name} {value:g}" for name, value in scenario.parameters.items()]
    for kind, table in (
        ("trade", scenario.elasticities.trade),
        ("scale", scenario.elasticities.scale),
    ):
        parts += [f"{kind} elasticity of {sector} {value:g}" for sector, value in table.items()]
    return "".join(f", {part}" for part in parts)


def headline(outcome: Outcome) -> str:
    """Who gains and who loses, in two sentences."""
    if not outcome.scenario.measures:
        return (
            "Nothing changes: with no measure every change is zero to rounding, which is the check "
            "that the base is exact."
        )
    income = outcome.real_income
    values = {str(region): float(income.sel(region=region)) for region in income.region.values}
    name = outcome.world.region_name
    focus = values[outcome.focus]
    verb = "gains" if focus > 0 else "loses"
    first = f"{name(outcome.focus)} {verb} {abs(focus):.2f} percent of real income."
    if abs(focus) < 0.005:
        first = f"Real income of {name(outcome.focus)} hardly moves ({signed(focus, 4)} percent)."
    others = {region: value for region, value in values.items() if region != outcome.focus}
    if not others:
        return first
    worst, best = min(others, key=others.__getitem__), max(others, key=others.__getitem__)
    parts = []
    if others[worst] < -0.005:
        parts.append(f"the largest loss elsewhere is {name(worst)} ({signed(others[worst])})")
    if others[best] > 0.005:
        parts.append(f"the largest gain elsewhere is {name(best)} ({signed(others[best])})")
    if not parts:
        return f"{first} Nobody else moves by more than 0.005 percent."
    second = "; ".join(parts)
    return f"{first} {second[0].upper()}{second[1:]}."


def doubt(outcome: Outcome) -> str:
    """How far the headline depends on choices: the range over variants, and its sign."""
    known = [v for v in outcome.variants if v.real_income and v.stable]
    focus = outcome.focus
    if outcome.scale_eigenvalue >= 1:
        return (
            f"The base is unstable under these scale economies (largest eigenvalue "
            f"{outcome.scale_eigenvalue:.2f}, 1 is the limit): the sign of the answer is not to be "
            "trusted."
        )
    if not known:
        return ""
    values = [v.real_income[focus] for v in known] + [float(outcome.real_income.sel(region=focus))]
    low, high = min(values), max(values)
    name = outcome.world.region_name(focus)
    text = f"Under other choices {name}'s real income changes by {signed(low)} to {signed(high)}"
    if low < -0.005 and high > 0.005:
        text += ": its sign is not settled"
    return text + "."


def warnings(outcome: Outcome) -> list[str]:
    """Where the answer lies beyond what the model can know, one sentence a kind."""
    return [f"Warning, {one}." for one in outcome.warnings]


def variant_value(variant: VariantResult, region: str) -> str:
    """A variant's number, or why there is none."""
    if not variant.real_income:
        return "none found"
    return signed(variant.real_income[region]) + ("" if variant.stable else " !")


def variant_notes(outcome: Outcome) -> list[str]:
    """What the marks in the table of variants mean."""
    notes = []
    unstable = [v for v in outcome.variants if v.real_income and not v.stable]
    if unstable:
        notes.append(
            "! the base is unstable under these scale economies (largest eigenvalue "
            f"{max(v.scale_eigenvalue for v in unstable):.2f}, 1 is the limit): the sign of the "
            "answer is not to be trusted, and it is left out of the range"
        )
    for variant in outcome.variants:
        if variant.note:
            reason = ""
            if not variant.stable:
                reason = f" (the base is unstable, eigenvalue {variant.scale_eigenvalue:.2f})"
            notes.append(f"{variant.title}: {variant.note}{reason}")
    return notes


def driver_line(outcome: Outcome, count: int = 4) -> str:
    """The elasticities that move the headline most."""
    if not outcome.drivers:
        return ""
    names = {
        "trade": "trade elasticity of",
        "scale": "scale elasticity of",
        "inputs": "elasticity between inputs,",
        "value_added": "elasticity of value added,",
        "final": "elasticity in final use,",
    }
    parts = [
        f"{names[driver.elasticity]} {driver.sector} {signed(driver.effect, 3)}"
        for driver in outcome.drivers[:count]
    ]
    return "percentage points per 1 percent more of it: " + "; ".join(parts)


def second_count(recount: Recount) -> str:
    """By how much what is shown misses what was computed a second time."""
    text = (
        f"{len(recount.misses)} kinds of number counted a second time, largest miss "
        f"{recount.largest:.0e} ({recount.worst})"
    )
    if recount.left_out:
        text += f"; not counted again: {', '.join(recount.left_out)}"
    return text


def audit_line(outcome: Outcome) -> str:
    """Residuals of every market, and the state of scale economies."""
    text = (
        f"largest residual {outcome.audit.largest:.0e} ({outcome.audit.worst.replace('_', ' ')}), "
        f"Walras {outcome.audit.walras:.0e}, {outcome.iterations} iterations"
    )
    text += f"; {second_count(outcome.recount)}"
    if outcome.scale_eigenvalue:
        state = "stable" if outcome.scale_eigenvalue < 1 else "UNSTABLE"
        text += f"; base {state} under scale economies (eigenvalue {outcome.scale_eigenvalue:.2f})"
    return text
