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
    return capital(text)


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


def listed(parts: list[str]) -> str:
    """Parts as they are listed in a sentence."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def capital(text: str) -> str:
    """Text that begins a sentence."""
    return text[:1].upper() + text[1:]
