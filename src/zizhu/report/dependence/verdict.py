"""The verdict about dependence: a few sentences, of what is there and of what is not."""

from __future__ import annotations

import pandas as pd

from zizhu.laboratory import Dependence
from zizhu.laboratory.dependence import Table
from zizhu.report.dependence.absent import SHOWN, known, makes_none
from zizhu.report.dependence.words import (
    capital,
    cell,
    cut_words,
    digits_of,
    is_rest,
    listed,
    number,
    spread,
    the,
)


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


def _shows(answer: Dependence, name: str) -> bool:
    return answer.headlines[name].value >= SHOWN


def _named(
    answer: Dependence, table: Table, key: str, column: str, rows: list[int] | None = None
) -> list[str]:
    """The first three of a table with their shares; those whose share shows as zero are none."""
    found = [
        row
        for row in (range(len(table.frame)) if rows is None else rows)
        if float(table.frame[column].iloc[row]) >= SHOWN
    ]
    name = answer.world.region_name
    return [
        f"{the(name(str(table.frame[key].iloc[row])))} ({cell(table, row, column)})"
        for row in found[:3]
    ]


def _region(answer: Dependence) -> list[str]:
    here = the(answer.world.region_name(answer.region))
    goods = (
        f"{capital(here)} makes {_value(answer, 'home_share_goods')} percent of the goods that it "
        "uses."
        if known(answer, "home_share_goods")
        else f"{capital(here)} uses no goods."
    )
    inputs = _inputs_of_region(answer)
    return [
        f"{goods} {inputs}",
        *_leaders(answer),
        *_exposed(answer),
        _income(answer),
        *_worst_cut(answer),
    ]


def _inputs_of_region(answer: Dependence) -> str:
    if not known(answer, "look_through"):
        return "Its producers buy no inputs."
    if answer.headlines["look_through"].value <= 0:
        return "All that goes into its output, tier after tier, is made at home."
    return (
        f"Of what its producers buy as inputs {_value(answer, 'direct_share')} percent comes from "
        f"abroad; of all production behind them, tier after tier, "
        f"{_percent(answer, 'look_through')} is foreign."
    )


def _leaders(answer: Dependence) -> list[str]:
    suppliers = answer.tables["suppliers"]
    codes = [str(code) for code in suppliers.frame.supplier]
    order = [row for row, code in enumerate(codes) if not is_rest(answer, code)]
    named = _named(answer, suppliers, "supplier", "look_through", order or None)
    if not named:
        return []
    who = "countries behind them are" if len(named) > 1 else "country behind them is"
    return [f"The largest {who} {listed(named)}, in percent of all inputs."]


def _exposed(answer: Dependence) -> list[str]:
    sectors = answer.tables["sectors"]
    rows = [
        row for row in range(min(3, len(sectors.frame))) if sectors.frame.weight.iloc[row] >= SHOWN
    ]
    first = [
        f"{answer.world.sector_name(sectors.frame.sector[row])} "
        f"({cell(sectors, row, 'look_through', 0)} percent of its inputs)"
        for row in rows
    ]
    return [f"Exposure weighs most in {listed(first)}."] if first else []


def _income(answer: Dependence) -> str:
    """What demand abroad is to the region."""
    exports = answer.tables["sectors"].frame.set_index("sector").exports
    exports = exports[exports > 0].sort_values(ascending=False)
    sold = [answer.world.sector_name(str(code)) for code in exports.index[:3]]
    parts = ["Its income lives from demand at home alone."]
    if _shows(answer, "external_share"):
        buyers = _named(answer, answer.tables["markets"], "market", "value_added_absorbed")
        most = f", most from {listed(buyers)}" if buyers else ""
        parts = [
            f"Of its income {_percent(answer, 'external_share')} lives from demand abroad{most}."
        ]
    parts.append(
        f"It sells abroad above all {listed(sold)}." if sold else "It sells nothing abroad."
    )
    if known(answer, "dual_circulation_ratio") and _shows(answer, "external_share"):
        parts.append(
            f"Demand at home carries {_value(answer, 'dual_circulation_ratio')} times as much "
            "income as demand abroad."
        )
    return " ".join(parts)


def _sector(answer: Dependence) -> list[str]:
    here = the(answer.world.region_name(answer.region))
    imports = answer.tables["suppliers"]
    order = imports.frame.import_share.fillna(0.0).sort_values(ascending=False).index
    sellers = _named(answer, imports, "supplier", "import_share", [int(row) for row in order])
    return [
        _inputs_of_sector(answer, here),
        f"Imports of the product itself come above all from {listed(sellers)}, in percent."
        if sellers
        else f"{capital(here)} imports none of the product.",
        _self_sufficiency(answer, here),
        *([] if makes_none(answer) else [_sales_of_sector(answer)]),
        *_worst_cut(answer),
    ]


def _inputs_of_sector(answer: Dependence, here: str) -> str:
    product = answer.world.sector_name(answer.sector or "")
    if makes_none(answer):
        nobody = "" if known(answer, "world_share") else ", nor does anybody else in this world"
        return (
            f"{product}: {here} makes none{nobody}, so that there are no inputs, exports or "
            "markets of it."
        )
    if not known(answer, "look_through"):
        return f"{product} in {here} buys no inputs."
    if answer.headlines["look_through"].value <= 0:
        return f"{product} in {here}: none of its inputs come from abroad, at any tier."
    text = (
        f"{product} in {here}: {_value(answer, 'direct_share')} percent of the inputs bought come "
        f"from abroad; of all production behind them, tier after tier, "
        f"{_percent(answer, 'look_through')} is foreign."
    )
    if _shows(answer, "leader_look_through"):
        leader = answer.headlines["leader_look_through"].label.removeprefix("of these from ")
        text += (
            f" {capital(the(leader))} is the largest single country there "
            f"({_value(answer, 'leader_look_through')} percent)."
        )
    return text


def _self_sufficiency(answer: Dependence, here: str) -> str:
    by = {
        "home_share": "by home share of use",
        "value_added_home_share": "by home value added in final use",
        "output_to_use": "by output over use",
    }
    found = [f"{_value(answer, name)} {text}" for name, text in by.items() if known(answer, name)]
    if not found:
        return f"{capital(here)} uses none of it: there is no self-sufficiency to measure."
    first, *others = found
    head = first.replace(" by", " percent by", 1)
    return f"Self-sufficiency depends on the definition: {', '.join([head, *others])}."


def _sales_of_sector(answer: Dependence) -> str:
    text = "Final demand abroad takes none of its output"
    if answer.headlines["final_market"].value > 0:
        markets = answer.tables["markets"]
        most = ""
        if markets.frame.value_added_absorbed.iloc[0] >= SHOWN:
            most = f", {the(answer.world.region_name(markets.frame.market[0]))} most"
        text = f"Final demand abroad takes {_percent(answer, 'final_market')} of its output{most}"
    if not known(answer, "foreign_in_exports"):
        return f"{text}; it exports none."
    return (
        f"{text}; {_percent(answer, 'foreign_in_exports')} of its exports is foreign value added."
    )


def _worst_cut(answer: Dependence) -> list[str]:
    suppliers = answer.tables["suppliers"]
    loss: pd.Series[float] = suppliers.frame.real_income_loss
    named = loss[[not is_rest(answer, str(code)) for code in suppliers.frame.supplier]].dropna()
    if not (named != 0).any():
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
    what = f"products of {answer.sector}" if answer.sector else "goods"
    found = [
        f"{capital(_made_for(answer, here, there, ''))}; the other way round, "
        f"{_made_for(answer, there, here, 'reverse_')}.",
        f"{capital(_supplied(answer, here, there, what, ''))}; "
        f"{_supplied(answer, there, here, what, 'reverse_')}.",
        f"{capital(_in_final_demand(answer, here, there, ''))}; "
        f"{_in_final_demand(answer, there, here, 'reverse_')}.",
    ]
    losses = answer.tables["losses"]
    if losses.frame.real_income_loss.notna().all() and (losses.frame.real_income_loss != 0).any():
        found.append(
            f"If {here} lost {100 * answer.cut:.0f} percent of its imports of {what} from {there}, "
            f"its real income would {_moves(losses, 0, 'real_income_loss')} and that of {there} "
            f"would {_moves(losses, 0, 'supplier_real_income_loss')}. If {there} lost those from "
            f"{here}, its real income would {_moves(losses, 1, 'real_income_loss')} and that of "
            f"{here} would {_moves(losses, 1, 'supplier_real_income_loss')}."
        )
    return found


def _made_for(answer: Dependence, user: str, maker: str, way: str) -> str:
    """What `maker` makes of the inputs of `user`, in words."""
    product = answer.world.sector_name(answer.sector) if answer.sector else ""
    if not known(answer, f"{way}look_through"):
        return f"{product} in {user} buys no inputs" if product else f"{user} buys no inputs"
    of = f"the inputs of {product} in {user}" if product else f"the inputs of {user}"
    return (
        f"{maker} makes {_percent(answer, f'{way}look_through')} of {of}, all tiers "
        f"({_value(answer, f'{way}direct_share')} percent of those bought directly)"
    )


def _supplied(answer: Dependence, user: str, maker: str, what: str, way: str) -> str:
    """What `maker` supplies of what `user` imports and uses, in words."""
    if not known(answer, f"{way}use_share"):
        return f"{user} uses no {what}"
    if not known(answer, f"{way}import_share"):
        return f"{user} imports no {what}"
    return (
        f"{maker} supplies {_value(answer, f'{way}import_share')} percent of imports of {what} and "
        f"{_value(answer, f'{way}use_share')} percent of their use in {user}"
    )


def _in_final_demand(answer: Dependence, user: str, maker: str, way: str) -> str:
    """What of final demand is value added of the other, in words."""
    if not known(answer, f"{way}value_added"):
        return f"{user} has no final demand"
    share = _value(answer, f"{way}value_added")
    return f"in final demand of {user}, {share} percent is value added of {maker}"


def _moves(table: Table, row: int, column: str) -> str:
    """A loss of real income as what it does: fall, or rise where it is a gain."""
    value = float(table.frame[column].iloc[row])
    verb = "rise" if value < 0 else "fall"
    return f"{verb} by {number(abs(value), 2, marked=table.marked(row, column))} percent"
