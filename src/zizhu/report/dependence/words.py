"""An answer about dependence in plain words: sentences made from its numbers."""

from __future__ import annotations

import math

from zizhu.laboratory import Dependence
from zizhu.laboratory.dependence import Headline, Table
from zizhu.world import LARGE_ERROR

_ARTICLE = ("United", "Netherlands", "Philippines", "Rest", "EU")
MARK = "~"


def the(name: str) -> str:
    """A region's name as it stands in a sentence."""
    if not name.startswith(_ARTICLE):
        return name
    return f"the {name[0].lower() + name[1:] if name.startswith('Rest') else name}"


def number(value: float, digits: int = 1, *, marked: bool = False) -> str:
    """A number with its mark; a dash for what is not a number."""
    if math.isnan(value):
        return "-"
    text = f"{value:,.{digits}f}"
    if float(text.replace(",", "")) == 0:
        text = text.removeprefix("-")
    return text + (MARK if marked else "")


def cell(table: Table, row: int, column: str, digits: int = 1) -> str:
    """One number of a table as it is shown."""
    value = float(table.frame[column].iloc[row])
    return number(value, digits, marked=table.marked(row, column))


def spread(one: Headline, digits: int = 1) -> str:
    """The range of a headline over drawn tables, empty without one."""
    if one.low is None or one.high is None:
        return ""
    return f"{number(one.low, digits)} to {number(one.high, digits)}"


def short(units: str) -> str:
    """A unit for a column head or a narrow table."""
    return units.replace("percent", "%")


def digits_of(one: Headline) -> int:
    """Digits that a headline is shown with: more for small numbers and for ratios."""
    small = abs(one.value) < 10 and not one.column.units.startswith("percent")
    return 2 if small or abs(one.value) < 1 else 1


def title(answer: Dependence) -> str:
    """The question as a title."""
    name = answer.world.region_name
    here = the(name(answer.region))
    product = ""
    if answer.sector:
        product = f"{answer.world.sector_name(answer.sector)} ({answer.sector}): "
    if answer.on:
        text = f"{product}how {here} and {the(name(answer.on))} depend on each other"
    else:
        text = f"{product}where {here} is exposed, and to whom"
    return _capital(text)


def subtitle(answer: Dependence) -> str:
    """World, year and size in one line."""
    world = answer.world
    ranges = f", ranges over {answer.draws} drawn tables" if answer.draws else ""
    return (
        f"{world_name(answer)}, {len(world.regions)} regions x {len(world.sectors)} "
        f"sectors; by location of production{ranges}"
    )


def world_name(answer: Dependence) -> str:
    """Name of the world, and its year where the name is another."""
    name, year = answer.world.name, str(answer.world.year)
    return f"world {name}" if name == year else f"world {name}, {year}"


def verdict(answer: Dependence) -> list[str]:
    """The answer in a few sentences."""
    if answer.on:
        return _pair(answer)
    return _sector(answer) if answer.sector else _region(answer)


def _value(answer: Dependence, name: str) -> str:
    one = answer.headlines[name]
    return number(one.value, digits_of(one), marked=one.marked)


def _percent(answer: Dependence, name: str) -> str:
    one = answer.headlines[name]
    around = spread(one, digits_of(one))
    return f"{_value(answer, name)} percent" + (f" ({around})" if around else "")


def _region(answer: Dependence) -> list[str]:
    name, sector_name = answer.world.region_name, answer.world.sector_name
    here = the(name(answer.region))
    sectors, suppliers = answer.tables["sectors"], answer.tables["suppliers"]
    markets = answer.tables["markets"]
    first = [
        f"{sector_name(sectors.frame.sector[row])} "
        f"({cell(sectors, row, 'look_through', 0)} percent of its inputs)"
        for row in range(min(3, len(sectors.frame)))
    ]
    order = [
        row for row, code in enumerate(suppliers.frame.supplier) if not is_rest(answer, str(code))
    ]
    order = order or list(range(len(suppliers.frame)))
    leaders = [
        f"{the(name(suppliers.frame.supplier[row]))} ({cell(suppliers, row, 'look_through')})"
        for row in order[:3]
    ]
    buyers = [
        f"{the(name(markets.frame.market[row]))} ({cell(markets, row, 'value_added_absorbed')})"
        for row in range(min(3, len(markets.frame)))
    ]
    exported = sectors.frame.exports.sort_values(ascending=False).index[:3]
    sold = _listed([sector_name(sectors.frame.sector[row]) for row in exported])
    found = [
        f"{_capital(here)} makes {_value(answer, 'home_share_goods')} percent of the goods that "
        f"it uses. Of what its producers buy as inputs {_value(answer, 'direct_share')} percent "
        f"comes from abroad; of all production behind them, tier after tier, "
        f"{_percent(answer, 'look_through')} is foreign.",
        f"The largest countries behind them are {_listed(leaders)}, in percent of all inputs.",
        f"Exposure weighs most in {_listed(first)}.",
        f"Of its income {_percent(answer, 'external_share')} lives from demand abroad, most "
        f"from {_listed(buyers)}. It sells abroad above all {sold}. Demand at home carries "
        f"{_value(answer, 'dual_circulation_ratio')} times as much income as demand abroad.",
    ]
    return [*found, *_worst_cut(answer)]


def _sector(answer: Dependence) -> list[str]:
    name = answer.world.region_name
    here, code = the(name(answer.region)), answer.sector or ""
    product = answer.world.sector_name(code)
    suppliers = answer.tables["suppliers"]
    imports = suppliers.frame.import_share.fillna(0.0).sort_values(ascending=False).index[:3]
    sellers = [
        f"{the(name(suppliers.frame.supplier[row]))} ({cell(suppliers, row, 'import_share')})"
        for row in imports
    ]
    markets = answer.tables["markets"]
    buyer = the(name(markets.frame.market[0]))
    leader = answer.headlines["leader_look_through"]
    found = [
        f"{product} in {here}: {_value(answer, 'direct_share')} percent of the inputs bought "
        f"come from abroad; of all production behind them, tier after tier, "
        f"{_percent(answer, 'look_through')} is foreign. "
        f"{_capital(the(leader.label.removeprefix('of these from ')))} is the largest single "
        f"country there ({_value(answer, 'leader_look_through')} percent).",
        f"Imports of the product itself come above all from {_listed(sellers)}, in percent.",
        f"Self-sufficiency depends on the definition: {_value(answer, 'home_share')} percent by "
        f"home share of use, {_value(answer, 'value_added_home_share')} by home value added in "
        f"final use, {_value(answer, 'output_to_use')} by output over use.",
        f"Final demand abroad takes {_percent(answer, 'final_market')} of its output, "
        f"{buyer} most; {_percent(answer, 'foreign_in_exports')} of its exports is foreign value "
        "added.",
    ]
    return [*found, *_worst_cut(answer)]


def _worst_cut(answer: Dependence) -> list[str]:
    suppliers = answer.tables["suppliers"]
    loss = suppliers.frame.real_income_loss
    named = loss[[not is_rest(answer, str(code)) for code in suppliers.frame.supplier]].dropna()
    if named.empty:
        return []
    row = int(str(named.idxmax()))
    there = the(answer.world.region_name(suppliers.frame.supplier[row]))
    return [
        f"Of the countries, {there} would be missed most: if imports of {cut_words(answer)} from "
        f"it fell by {100 * answer.cut:.0f} percent, real income would "
        f"{_moves(suppliers, row, 'real_income_loss')} and its own would "
        f"{_moves(suppliers, row, 'supplier_real_income_loss')}, after buyers and prices adjust."
    ]


def _pair(answer: Dependence) -> list[str]:
    name = answer.world.region_name
    here, there = the(name(answer.region)), the(name(answer.on or ""))
    product = answer.world.sector_name(answer.sector) if answer.sector else ""
    of = f"the inputs of {product} in {here}" if product else f"the inputs of {here}"
    what = f"products of {answer.sector}" if product else "goods"
    found = [
        f"{_capital(there)} makes {_percent(answer, 'look_through')} of {of}, all tiers "
        f"({_value(answer, 'direct_share')} percent of those bought directly); the other way "
        f"round, {here} makes {_percent(answer, 'reverse_look_through')} of those of {there} "
        f"({_value(answer, 'reverse_direct_share')}).",
        f"{_capital(there)} supplies {_value(answer, 'import_share')} percent of imports of "
        f"{what} and {_value(answer, 'use_share')} percent of their use in {here}; {here} supplies "
        f"{_value(answer, 'reverse_import_share')} and {_value(answer, 'reverse_use_share')} "
        f"percent in {there}.",
        f"In final demand of {here}, {_value(answer, 'value_added')} percent is value added of "
        f"{there}; in that of {there}, {_value(answer, 'reverse_value_added')} percent is value "
        f"added of {here}.",
    ]
    losses = answer.tables["losses"]
    if losses.frame.real_income_loss.notna().all():
        found.append(
            f"If {here} lost {100 * answer.cut:.0f} percent of its imports of {what} from {there}, "
            f"its real income would {_moves(losses, 0, 'real_income_loss')} and that of {there} "
            f"would {_moves(losses, 0, 'supplier_real_income_loss')}. If {there} lost those from "
            f"{here}, its real income would {_moves(losses, 1, 'real_income_loss')} and that of "
            f"{here} would {_moves(losses, 1, 'supplier_real_income_loss')}."
        )
    return found


def _moves(table: Table, row: int, column: str) -> str:
    """A loss of real income as what it does: fall, or rise where it is a gain."""
    value = float(table.frame[column].iloc[row])
    verb = "rise" if value < 0 else "fall"
    return f"{verb} by {number(abs(value), 2, marked=table.marked(row, column))} percent"


def cut_words(answer: Dependence) -> str:
    """What the loss columns cut."""
    return f"products of {answer.sector}" if answer.sector else "goods"


def doubt(answer: Dependence) -> list[str]:
    """What marks and ranges mean, or that there are none."""
    if not answer.doubtful:
        return [
            "This world does not say how wrong its cells may be: no number carries a mark or a "
            "range. That is no sign that they are exact."
        ]
    found = [
        f"{MARK} the number is of a class whose error, measured where the truth is known, is "
        f"above {100 * LARGE_ERROR:.0f} percent of its value: its order of magnitude, not its "
        "digits"
    ]
    if answer.draws:
        found.append(
            f"ranges: the middle 80 percent of {answer.draws} tables drawn from the errors of "
            "cells, or of the error measured for such figures where that is wider (content of "
            "exports and demand abroad take the error of look-through shares). Without a range, "
            "published data alone determine the number"
        )
    return found


def limits(answer: Dependence) -> list[str]:
    """What the page cannot say."""
    world = answer.world
    found = [
        "Location is not ownership: what a foreign firm makes in a country counts as that "
        "country's, and what its firms make abroad does not.",
        "Goods that are finished in, or only pass through, Viet Nam, Mexico or Hong Kong count as "
        "theirs in the last stage; look-through sees what is inside them only as far as the table "
        "knows their inputs.",
        "No firm, no product below the sector, no technology: a sector that looks safe can hang on "
        "one machine or one design, and a large share of a thing that many can make is no "
        "chokepoint. Rail stock and aircraft are one sector.",
        "Who uses an import is estimated in every such table: official statistics mostly spread "
        "imports of a product over users in proportion.",
        f"Losses cut {100 * answer.cut:.0f} percent of {cut_words(answer)}, an assumption. The "
        "accounting columns are bounds, not forecasts: nobody replaces anything. The model's "
        "losses let everybody adjust, by elasticities that are long-run and of whole sectors; a "
        "sudden cut costs more.",
    ]
    if answer.tables.get("chokepoints"):
        found.append(
            "The chokepoint rank weighs loss, concentration and difficulty to replace equally, an "
            "assumption; the range of ranks shows how much hangs on it."
        )
    if answer.doubtful:
        found.append(
            "Flows by service are estimated; sales of goods between regions, and of all services "
            "together, are published."
        )
    if world.doubt is not None:
        found.append(f"Errors: {world.doubt.source}.")
    return found


def model_line(answer: Dependence) -> str:
    """Which model the losses are from, with its audit."""
    if not answer.model:
        return ""
    options = answer.model
    return (
        f"model: elasticities {options['elasticities']}, scale {options['scale']}, deficits "
        f"{options['deficits']}, labour {options['labour']}; largest residual "
        f"{float(options['largest_residual']):.0e}"
    )


def is_rest(answer: Dependence, region: str) -> bool:
    """Whether a region stands for all countries that are not named."""
    return region == "ROW" or answer.world.region_name(region).startswith("Rest of")


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
