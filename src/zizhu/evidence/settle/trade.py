"""Trade: foreign content of exports, reliance on imports and exports, weight in manufacturing."""

from __future__ import annotations

import numpy as np
import pandas as pd

from zizhu.evidence.claims import Claim
from zizhu.evidence.derived import derived
from zizhu.evidence.settle.finding import Finding, Number, cited
from zizhu.world import open_history, open_world
from zizhu.world.history import ALL_SERVICES

CHINA = "CHN"
_OLD, _OURS = "WIOD 2013", "zizhu"


def _content(exports: str = "all") -> tuple[pd.Series, pd.Series]:
    """Foreign value added in exports by year, percent: published table, our own tables."""
    frame = derived("foreign_value_added").frame
    frame = frame[frame.exports == exports]
    old, ours = (frame[frame.table == name].set_index("year").percent for name in (_OLD, _OURS))
    return old, ours


def _of(series: pd.Series, year: int, table: str, what: str = "foreign content") -> Number:
    source = "derived table foreign_value_added, from " + (
        "the World Input-Output Database 2013" if table == _OLD else "our tables on OECD data"
    )
    return Number(f"{what}, {year}", float(series[year]), "percent", "value_added", source)


def foreign_content_of_exports(claim: Claim) -> Finding:
    """Foreign value added in Chinese exports, 1995 to 2022, beside the OECD's two figures."""
    old, ours = _content()
    first, last = _of(old, 2008, _OLD), _of(ours, 2018, _OURS)
    said_first = cited("F6F", "foreign_content_2008", "value_added", "OECD, 2008")
    said_last = cited("F6F", "foreign_content_2018", "value_added", "OECD, 2018")
    if claim.id == "C062":
        peak = int(str(old.idxmax()))
        before = _of(old, 2001, _OLD)
        top = _of(old, peak, _OLD)
        newest = _of(ours, int(ours.index.max()), _OURS)
        return Finding(
            "foreign_content_of_exports",
            claim.id,
            (top, before, first, newest, said_first),
            f"Foreign content rose from {before.value:.1f} percent in 2001, the year of accession, "
            f"to a peak of {top.value:.1f} in {peak} and was {first.value:.1f} in 2008.",
            "the peak lies before 2010",
            peak < 2010 and top.value > before.value,
        )
    if claim.id == "C059":
        then, later = (
            Number(
                f"domestic part of exports, {one.label[-4:]}",
                100 - one.value,
                one.unit,
                one.definition,
                one.source,
            )
            for one in (first, last)
        )
        return Finding(
            "foreign_content_of_exports",
            claim.id,
            (then, later, said_first, said_last),
            f"The domestic part of export value was {then.value:.1f} percent in 2008 and "
            f"{later.value:.1f} in 2018, from two tables; the OECD's figures leave "
            f"{100 - said_first.value:.1f} and {100 - said_last.value:.1f}.",
            "a domestic part of about four fifths says neither a low nor a high position; what was "
            "kept out is not in it",
            None,
        )
    electronics = _of(_content("electronics")[1], 2018, _OURS, "of electronics")
    gaps = (first.value - said_first.value, last.value - said_last.value)
    return Finding(
        "foreign_content_of_exports",
        claim.id,
        (first, said_first, last, said_last, electronics),
        f"Our figures are {first.value:.1f} percent for 2008 and {last.value:.1f} for 2018, "
        f"{gaps[0]:+.1f} and {gaps[1]:+.1f} points from the OECD's; the two years come from two "
        "tables.",
        "the foreign part of exports measures reliance, not what a country has to do about it",
        None,
    )


def _goods(year: int) -> dict[str, float]:
    """Chinese trade in goods in one year, from the published flows; million USD and percent."""
    flow = open_history().flow.sel(year=year).drop_sel(sector=ALL_SERVICES).sum("sector")
    cells = np.asarray(flow.values, dtype=float)
    china = list(map(str, flow.supplier.values)).index(CHINA)
    own = cells[china, china]
    exports, imports = cells[china].sum() - own, cells[:, china].sum() - own
    return {
        "sold_abroad": float(100 * exports / cells[china].sum()),
        "foreign_use": float(100 * imports / cells[:, china].sum()),
        "surplus": float((exports - imports) / 1e3),
    }


def import_and_export_reliance(claim: Claim) -> Finding:
    """Chinese trade in goods 2018 and 2022: foreign part of use, part sold abroad, surplus."""
    history = open_history()
    source = f"flows (goods, 29 regions; {history.attrs['source']})"
    first, last = 2018, int(history.year.values[-1])
    old, new = _goods(first), _goods(last)
    labels = {
        "sold_abroad": ("goods output sold abroad", "percent", "gross_trade"),
        "foreign_use": ("foreign part of goods used", "percent", "gross_trade"),
        "surplus": ("surplus in goods", "bn USD", "gross_trade"),
    }

    def number(name: str, year: int) -> Number:
        label, unit, tag = labels[name]
        value = (old if year == first else new)[name]
        return Number(f"{label}, {year}", value, unit, tag, source)

    if claim.id == "C055":
        said = cited("F98", "goods_surplus_2024", "gross_trade", "surplus in goods")
        numbers: tuple[Number, ...] = (
            number("surplus", last),
            number("surplus", first),
            said,
            number("sold_abroad", first),
            number("sold_abroad", last),
        )
        return Finding(
            "import_and_export_reliance",
            claim.id,
            numbers,
            f"The surplus in goods went from {old['surplus']:.0f} bn USD in {first} to "
            f"{new['surplus']:.0f} in {last}, and {new['sold_abroad']:.1f} percent of goods output "
            f"was sold abroad after {old['sold_abroad']:.1f}.",
            "exports recede: surplus and part of output sold abroad both fall",
            new["surplus"] < old["surplus"] and new["sold_abroad"] < old["sold_abroad"],
        )
    content = _content()[1]
    numbers = (
        number("foreign_use", last),
        number("foreign_use", first),
        number("sold_abroad", last),
        number("sold_abroad", first),
        _of(content, last, _OURS, "foreign content of exports"),
    )

    def moved(name: str) -> str:
        how = "fell" if new[name] < old[name] else "rose"
        return f"{how} from {old[name]:.1f} percent in {first} to {new[name]:.1f} in {last}"

    return Finding(
        "import_and_export_reliance",
        claim.id,
        numbers,
        f"The foreign part of goods used {moved('foreign_use')}; the part of goods output sold "
        f"abroad {moved('sold_abroad')}. Foreign content of exports went from "
        f"{content[first]:.1f} to {content[last]:.1f}.",
        "the foreign part of goods used and the part of output sold abroad both fall; know-how is "
        "not in the flows",
        all(new[name] < old[name] for name in ("foreign_use", "sold_abroad")),
    )


def _manufacturing(name: str) -> float:
    """Chinese share of the world's value added in manufacturing, percent."""
    world = open_world(name)
    sectors = [
        at
        for at, sector in enumerate(world.sectors)
        if world.isic.get(sector) and all(10 <= one <= 33 for one in world.isic[sector])
    ]
    made = world.value_added[:, sectors].sum(axis=1)
    return float(100 * made[world.regions.index(CHINA)] / made.sum())


def manufacturing_weight(claim: Claim) -> Finding:
    """Chinese share of world manufacturing by value added, beside the published one."""
    old, new = _manufacturing("2017"), _manufacturing("2022")
    said = cited("F98", "world_manufacturing_2023", "world_share", "published")
    numbers = (
        Number("share of world manufacturing, 2022", new, "percent", "value_added", "world 2022"),
        Number("share of world manufacturing, 2017", old, "percent", "value_added", "world 2017"),
        said,
        cited("F98", "world_manufacturing_2015", "world_share", "published"),
    )
    return Finding(
        "manufacturing_weight",
        claim.id,
        numbers,
        f"China made {old:.1f} percent of the world's manufacturing value added in 2017 and "
        f"{new:.1f} in 2022; the published figure for 2023 is {said.value:g}.",
        "within 1.5 points of the published figure (judgement)",
        abs(new - said.value) <= 1.5,
    )
