"""Reading any `pymrio.IOSystem` as a world."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from zizhu.errors import WorldError, did_you_mean, quoted
from zizhu.world.aggregate import Groups, with_the_rest
from zizhu.world.negatives import CHOICES, REFUSE, rounding_to_zero, without_negatives
from zizhu.world.published.money import money_of
from zizhu.world.published.pymrio_tables import PLACE, Merge, final_uses, labels_of
from zizhu.world.published.sectors import read_sectors
from zizhu.world.published.value_added import accounts, published_value_added
from zizhu.world.world import FINAL_USES, TOLERANCE, World


def from_pymrio(
    iosystem: Any,
    *,
    name: str = "pymrio",
    year: int = 0,
    currency: str | None = None,
    factor: float | None = None,
    uses: Mapping[str, str] | None = None,
    isic: Mapping[str, tuple[int, ...]] | None = None,
    classification: str | None = None,
    regions: Groups | None = None,
    sectors: Groups | None = None,
    negatives: str = REFUSE,
    source: str = "",
    licence: str = "",
) -> World:
    """Build a world from the `Z` and `Y` tables of a `pymrio.IOSystem`.

    factor          millions of `currency` in one unit of the table; both are read from the
                    system's unit (`M EUR`, `millions of US$`, `000 USD`) where not given
    year            0 means unknown
    uses            final use (household, government, investment) of each category of `Y`, or `drop`
                    to leave a column out. Those not named are known by the codes and names of the
                    OECD, WIOD, Eurostat, EXIOBASE, Eora and GLORIA; others are refused
    classification  of the sectors, such as ISIC3 or WIOD2013; recognised where the labels fit one
                    only. `isic` gives ISIC Rev. 4 divisions of sectors one by one, and decides
    regions         groups to merge before anything is checked, `{"CHN": ["CHN", "CN1", "CN2"]}`;
    sectors         labels that are not named stay
    negatives       `refuse`, or `zero` to lift negative sales and value added by the rule of
                    `lift_negatives`

    Exports, totals and discrepancies are no final uses of a region: exports are refused, totals and
    small discrepancies left out with a note. Negative final uses are removed by
    `remove_negative_uses`. Taxes less subsidies on products that an extension of the system states
    are the world's taxes; value added is what is left of output, and its distance from published
    value added is noted, with a warning above one percent of output. Tariffs are zero.

    Raises `WorldError` if a table is missing, rows and columns disagree, labels in the arguments
    match nothing, or cells are negative that cannot be.
    """
    for table in ("Z", "Y"):
        if getattr(iosystem, table, None) is None:
            raise WorldError(f"{PLACE}: table {table} is missing; run calc_all() first")
    if negatives not in CHOICES:
        raise WorldError(
            f"{PLACE}: negatives is {quoted(negatives)}; {' or '.join(CHOICES)} is right"
        )
    money = money_of(iosystem, factor, currency, PLACE)
    own = labels_of(iosystem.Z)
    read = read_sectors(own.sectors, classification, PLACE)
    _check_names("isic", isic or {}, own.sectors)
    divisions = {**read.divisions, **(isic or {})}
    notes = [read.note] if read.note and not set(own.sectors) <= set(isic or {}) else []
    region_groups = with_the_rest("region", own.regions, regions or {}, PLACE)
    sector_groups = with_the_rest("sector", own.sectors, sectors or {}, PLACE)
    merged = Merge(own, region_groups, sector_groups)
    flows = merged.both(iosystem.Z.reindex(index=own.cells, columns=own.cells), money.factor)
    final = final_uses(iosystem.Y, merged, uses or {}, money.factor, notes)
    for table, found in (("Z", flows), ("Y", final)):
        if not np.isfinite(found).all():
            at = merged.names[
                int(np.argmax(~np.isfinite(found).reshape(len(found), -1).all(axis=1)))
            ]
            raise WorldError(f"{PLACE}: table {table} has a cell that is no number, in row {at}")
    present = [u for u in range(len(FINAL_USES)) if np.any(final[:, :, u] != 0)]
    if not present:
        raise WorldError(f"{PLACE}: table Y holds no final use")
    flat = np.ascontiguousarray(final[:, :, present]).reshape(len(final), -1)
    output = flows.sum(axis=1) + flat.sum(axis=1)
    left = output - flows.sum(axis=0)
    published = published_value_added(iosystem, merged.columns, money.factor_of)
    taxes, said = accounts(published, left, output, merged.names)
    notes += said
    value_added = rounding_to_zero(left - taxes, output, TOLERANCE)
    try:
        (flows, flat, value_added, taxes), said = without_negatives(
            (flows, flat, value_added, taxes),
            merged.names,
            negatives,
            "merge regions or sectors, or lift them with negatives='zero'",
        )
    except WorldError as error:
        raise WorldError(f"{PLACE}: {error}") from error
    notes += said
    if merged.changed:
        notes.append(
            f"merged from {len(own.regions)} regions and {len(own.sectors)} sectors before it was "
            "checked"
        )
    shape = (len(merged.regions), len(merged.sectors))
    return World(
        name=name,
        year=year,
        currency=money.currency,
        regions=merged.regions,
        sectors=merged.sectors,
        final_uses=tuple(FINAL_USES[u] for u in present),
        intermediate=flows.reshape(*shape, *shape),
        final=flat.reshape(*shape, shape[0], len(present)),
        value_added=value_added.reshape(shape),
        taxes=taxes.reshape(shape),
        tariff=np.zeros((*shape, shape[0])),
        isic={
            label: tuple(sorted({one for member in members for one in divisions[member]}))
            for label, members in merged.sector_members.items()
        },
        source=source,
        licence=licence,
        notes=tuple(notes),
    )


def _check_names(what: str, given: Iterable[str], known: Sequence[str]) -> None:
    for label in given:
        if label not in known:
            raise WorldError(
                f"{PLACE}: {what} names {quoted(label)}, which is no "
                f"sector{did_you_mean(label, known)}"
            )
