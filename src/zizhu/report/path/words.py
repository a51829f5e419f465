"""A path in plain words: sentences made from its numbers, used by terminal and HTML alike."""

from __future__ import annotations

import pandas as pd

from zizhu.indicators.path import BASELINE, SCENARIO
from zizhu.laboratory.path.outcome import PathOutcome
from zizhu.parameters import values
from zizhu.policy.raw_wedge import describe
from zizhu.report.path import picks
from zizhu.report.words import second_count, signed

# What the channels of the decomposition are.
CHANNELS = {
    "prices": "duties, subsidies, trade costs, deficits",
    "sourcing": "buyers that turn to other suppliers",
    "ideas": "insight from those one buys from",
    "research": "research spending and talent",
    "scale": "scale and learning of sectors",
    "bottleneck": "technology chains, what they lack, listed firms",
    "outlay": "resources used without welfare",
    "factors": "labour and capital",
    "other": "support, clusters, productivity from outside",
}
_IN_SENTENCE = {
    "prices": "prices and duties",
    "sourcing": "buyers that turn to other suppliers",
    "ideas": "ideas from those it buys from",
    "research": "research and talent",
    "scale": "scale and learning of sectors",
    "bottleneck": "technology chains and listed firms",
    "outlay": "resources that the policy uses",
    "factors": "labour and capital",
    "other": "support, clusters and given productivity",
}
# A channel is named in the verdict from this part of the largest.
_WORTH_NAMING = 0.1
_LACKS_NAMED = 3


def region_name(outcome: PathOutcome, region: str) -> str:
    """Name of a region for people."""
    return outcome.path.case.world.region_name(region)


def in_sentence(name: str) -> str:
    """Name of a region with its article, if it has one."""
    return f"the {name}" if name.startswith(("United", "Netherlands", "Philippines")) else name


def title(outcome: PathOutcome, focus: str) -> str:
    """What the page is about."""
    years = picks.years_of(outcome)
    span = f"{years[0]} to {years[-1]}" if len(years) > 1 else f"{years[0]}"
    name = region_name(outcome, focus)
    if not picks.moves(outcome):
        return f"The baseline, {span}, seen from {name}"
    number = len(outcome.manifest["wedges"]["texts"])
    until = outcome.manifest["controls"]
    parts = [f"{number} wedge{'s' if number > 1 else ''}"] if number else []
    parts += [f"export controls known until {until}"] if until else []
    return f"{name} under {' and '.join(parts) or 'given wedges'}, {span}"


def done(outcome: PathOutcome) -> list[str]:
    """What the scenario does, one sentence a wedge."""
    labels = outcome.path.case.labels
    found = [describe(text, labels) for text in outcome.manifest["wedges"]["texts"]]
    until = outcome.manifest["controls"]
    if until:
        base = picks.years_of(outcome)[0]
        found.append(
            f"Export controls of the timeline as known until {until} bind, beyond those in force "
            f"at the end of {base}, which are in the baseline."
        )
    return found


def verdict(outcome: PathOutcome, focus: str) -> list[str]:
    """The answer in a few sentences."""
    if not picks.moves(outcome):
        return [*_growth(outcome, focus), lacks(outcome, focus)]
    found = [income(outcome, focus), why(outcome, focus), elsewhere(outcome, focus)]
    found += [firm(outcome, str(name)) for name in picks.listed_firms(outcome).index]
    return [sentence for sentence in [*found, lacks(outcome, focus)] if sentence]


def _against(value: float) -> str:
    if abs(value) < picks.SMALL_INCOME:
        return f"within {picks.SMALL_INCOME:g} percent of"
    return f"{abs(value):.2f} percent {'above' if value > 0 else 'below'}"


def income(outcome: PathOutcome, focus: str) -> str:
    """Real income of the focus against the baseline in the middle and in the last year."""
    years = picks.middle_and_last(outcome)
    said = [_against(picks.effect(outcome, focus, year)) for year in years]
    text = f"Real income of {region_name(outcome, focus)} is {said[0]} the baseline in {years[0]}"
    return text + (f" and {said[1]} it in {years[1]}." if len(years) > 1 else ".")


def why(outcome: PathOutcome, focus: str) -> str:
    """The largest channel, the next one of its kind, and the largest that works against them."""
    table = picks.decomposed(outcome, focus)
    if table.empty or table.shape[1] == 0:
        return ""
    year = table.columns[-1]
    parts = table[year].sort_values(key=abs, ascending=False, kind="stable")
    largest = float(parts.iloc[0])
    if abs(largest) < picks.SMALL_INCOME:
        return ""
    told = parts[abs(parts) >= max(_WORTH_NAMING * abs(largest), picks.SMALL_INCOME)]
    along, back = told[told * largest > 0], told[told * largest < 0]
    text = f"In {year} the largest channel is {_channel(along, 0)}"
    if len(along) > 1:
        text += f", then {_channel(along, 1)}"
    if len(back):
        text += f"; {_channel(back, 0)} works the other way"
    return f"{text} (hundredths of a log, about percent)."


def _channel(parts: pd.Series, place: int) -> str:
    return f"{_IN_SENTENCE[str(parts.index[place])]}, {signed(float(parts.iloc[place]))}"


def elsewhere(outcome: PathOutcome, focus: str) -> str:
    """Who else gains and loses most in the last year."""
    year = picks.years_of(outcome)[-1]
    found = outcome.dataset.real_income_effect.sel(year=year).to_series().drop(focus)
    if found.empty:
        return ""
    parts = []
    worst, best = str(found.idxmin()), str(found.idxmax())
    if found[worst] <= -picks.SMALL_INCOME:
        name = region_name(outcome, worst)
        parts.append(f"the largest loss elsewhere in {year} is {name} ({signed(found[worst])})")
    if found[best] >= picks.SMALL_INCOME:
        when = "" if parts else f" in {year}"
        name = region_name(outcome, best)
        parts.append(f"the largest gain elsewhere{when} is {name} ({signed(found[best])})")
    if not parts:
        return f"In {year} nobody else moves by more than {picks.SMALL_INCOME:g} percent."
    text = "; ".join(parts)
    return f"{text[0].upper()}{text[1:]}."


def firm(outcome: PathOutcome, name: str) -> str:
    """Lowest and last revenue of a listed firm."""
    revenue = picks.listed_firms(outcome).loc[name]
    path = dict(zip(picks.years_of(outcome), map(float, revenue), strict=True))
    low, last = min(path, key=path.__getitem__), max(path)
    text = f"{name.capitalize()}, whose inputs are barred, sells {path[low]:.0f} percent of what "
    text += f"it would sell unlisted in {low}"
    return text + (f" and {path[last]:.0f} percent in {last}." if last != low else ".")


def lacks(outcome: PathOutcome, focus: str) -> str:
    """What the focus cannot have in the last year."""
    year, name = picks.years_of(outcome)[-1], in_sentence(region_name(outcome, focus))
    ours = picks.lacking_nodes(outcome, focus)
    if ours.empty:
        return (
            f"By {year} no node of a chain lacks more than {picks.SMALL_LACK:g} percent in {name}."
        )
    theirs = picks.by_node(outcome, focus, "node_lack", BASELINE).iloc[:, -1]
    parts = []
    for node in ours.index[:_LACKS_NAMED]:
        beside = f" ({theirs[node]:.1f} in the baseline)" if picks.moves(outcome) else ""
        parts.append(
            f"{ours[node]:.1f} percent of {_lower(picks.node_name(outcome, node))}{beside}"
        )
    more = len(ours) - len(parts)
    if more:
        parts.append(f"some of {more} more node{'s' if more > 1 else ''}")
    listed = " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
    return f"What {name} still cannot have in {year} at any price: {listed}."


def _lower(name: str) -> str:
    """A name inside a sentence; DUV and NdFeB keep their capitals."""
    first = name.replace("-", " ").replace(",", " ").split()[0]
    return name if first[1:] != first[1:].lower() else f"{name[0].lower()}{name[1:]}"


def _growth(outcome: PathOutcome, focus: str) -> list[str]:
    years = picks.years_of(outcome)
    if len(years) == 1:
        return ["One year is the measured base: nothing moves."]
    rates = picks.growth(outcome, BASELINE, years[0], years[-1])
    expected = picks.outlook(outcome)
    name = region_name(outcome, focus)
    text = (
        f"Without a measure real income of {name} grows by {rates[focus]:.1f} percent a year from "
        f"{years[0]} to {years[-1]}"
    )
    if pd.notna(expected[focus]):
        text += f"; an outlook of its GDP around 2030 has {expected[focus]:.1f}"
    fast, slow = str(rates.idxmax()), str(rates.idxmin())
    apart = (rates - expected).dropna()
    found = [
        f"{text}.",
        f"Fastest is {region_name(outcome, fast)} ({rates[fast]:.1f}), slowest "
        f"{region_name(outcome, slow)} ({rates[slow]:.1f}).",
    ]
    if len(apart):
        near = int((abs(apart) <= 1).sum())
        found.append(
            f"{near} of {len(apart)} regions with an outlook lie within one point of it. "
            "The outlook is recalled, of low confidence, and sets nothing in the model."
        )
    return found


def warnings(outcome: PathOutcome) -> list[str]:
    """Where the answer lies beyond what the model can know, one sentence a kind."""
    return [f"Warning, {one}." for one in outcome.warnings]


def audit_line(outcome: PathOutcome) -> str:
    """Largest miss over all identities of all years, and how hard the solver worked."""
    found = outcome.dataset
    run = max(outcome.audits, key=lambda name: outcome.audits[name].largest)
    worst = outcome.audits[run]
    missed = found.audit.sel(run=run).to_series()
    return (
        f"every year of scenario and baseline: {found.identity.size} identities recomputed, the "
        f"largest miss {worst.largest:.0e} ({str(missed.idxmax()).replace('_', ' ')}); residual of "
        f"markets {float(found.residual.max()):.0e}; {int(found.iterations.max())} iterations a "
        f"year at most; {second_count(outcome.recount)}"
    )


def settings_line(outcome: PathOutcome) -> str:
    """World, years, switches and parameters that differ from the defaults."""
    case, chosen = outcome.path.case, outcome.manifest["structure"]
    world = case.world
    off = [name for name, on in chosen.items() if on is False and name != "reaction"]
    on = ["reaction"] if chosen["reaction"] else []
    parts = [
        f"world {world.name} ({len(world.regions)} regions x {len(world.sectors)} sectors), "
        f"{len(case.chains.names)} chains with {len(case.chains.nodes)} nodes",
        f"scale {chosen['scale']}, elasticities {chosen['elasticities']}, origins "
        f"{chosen['origins']}",
    ]
    parts += [f"switched off: {', '.join(off)}"] if off else []
    parts += [f"switched on: {', '.join(on)}"] if on else []
    usual = values()
    changed = {name: one for name, one in case.parameters.items() if usual.get(name) != one}
    parts += [", ".join(f"{name} {one:g}" for name, one in changed.items())] if changed else []
    return "; ".join(parts)


def assumptions(outcome: PathOutcome) -> list[str]:
    """What the numbers rest on that nobody has measured."""
    confirmed, every = picks.chain_of(outcome).share_counts()
    found = [
        f"{every - confirmed} of {every} supplier shares of the chains are recalled; speeds, "
        "difficulties of nodes and the ceiling are assumptions: zizhu parameters --assumptions",
    ]
    if outcome.manifest["structure"]["reaction"]:
        found.append(
            "controls and the push answer each other with slopes that nobody has estimated"
        )
    return found + list(outcome.notes)


def scenario_words(run: str) -> str:
    """How a run is called in figures."""
    return {SCENARIO: "scenario", BASELINE: "baseline"}[run]
