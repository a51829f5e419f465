"""Reading any `pymrio.IOSystem` as a world."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from zizhu.errors import WorldError
from zizhu.world.classification import isic_divisions
from zizhu.world.negatives import remove_negative_uses
from zizhu.world.world import FINAL_USES, GOVERNMENT, HOUSEHOLD, INVESTMENT, World

# Words by which the published tables call their final uses.
_WORDS: dict[str, tuple[str, ...]] = {
    GOVERNMENT: ("gov", "gggfc", "public"),
    INVESTMENT: ("capital", "gfcf", "invest", "invnt", "inventor", "stock"),
    HOUSEHOLD: ("hous", "hfce", "consumption", "npish", "non-profit", "direct purchases", "dpabr"),
}


def _use_of(category: str) -> str:
    text = category.lower()
    for use, words in _WORDS.items():
        if any(word in text for word in words):
            return use
    return HOUSEHOLD


_UNIT = re.compile(
    r"^(?P<scale>M|Mill|Million|Mio|Bn|Billion|k|Thousand)?[. ]*(?P<code>[A-Z]{3})$", re.I
)
_SCALES = {"": 1e-6, "k": 1e-3, "thousand": 1e-3, "bn": 1e3, "billion": 1e3}


def _unit(iosystem: Any) -> tuple[float, str]:
    """Factor to millions and currency of the system's one money unit."""
    unit = getattr(iosystem, "unit", None)
    found = [] if unit is None else sorted({str(value).strip() for value in unit.iloc[:, 0]})
    match = _UNIT.match(found[0]) if len(found) == 1 else None
    if match is None:
        raise WorldError(
            f"pymrio system: its unit {found or 'is missing and'} does not say a currency; give "
            "currency='USD' and factor (to millions)"
        )
    return _SCALES.get((match["scale"] or "").lower(), 1.0), match["code"].upper()


def from_pymrio(
    iosystem: Any,
    *,
    name: str = "pymrio",
    year: int = 0,
    currency: str | None = None,
    factor: float | None = None,
    uses: Mapping[str, str] | None = None,
    isic: Mapping[str, tuple[int, ...]] | None = None,
    source: str = "",
    licence: str = "",
) -> World:
    """Build a world from the `Z` and `Y` tables of a `pymrio.IOSystem`.

    `factor` turns the table's unit into millions of `currency`; both are read from the system's
    unit (`M EUR`, `Million USD`) when not given. `year` 0 means unknown. `uses` says which final
    use (household, government, investment) each category of `Y` is; categories not named are
    guessed from their words and the guess is noted. Negative final uses are removed by the rule
    of `remove_negative_uses`;
    value added is output less inputs (net taxes included), tariffs are zero. `isic` gives the
    ISIC Rev. 4 divisions of each sector so that named elasticity regimes can be used.

    Raises `WorldError` if a table is missing, rows and columns disagree, or value added is
    negative.
    """
    for table in ("Z", "Y"):
        if getattr(iosystem, table, None) is None:
            raise WorldError(f"pymrio system: table {table} is missing; run calc_all() first")
    if currency is None or factor is None:
        unit_factor, unit_currency = _unit(iosystem)
        factor = unit_factor if factor is None else factor
        currency = currency or unit_currency
    z, y = iosystem.Z, iosystem.Y
    if not z.index.equals(z.columns):
        raise WorldError("pymrio system: rows and columns of Z are labelled differently")
    regions = tuple(map(str, dict.fromkeys(z.index.get_level_values(0))))
    sectors = tuple(map(str, dict.fromkeys(z.index.get_level_values(1))))
    if len(z.index) != len(regions) * len(sectors):
        raise WorldError(
            f"pymrio system: {len(z.index)} rows are not {len(regions)} regions times "
            f"{len(sectors)} sectors"
        )
    wanted = [(region, sector) for region in regions for sector in sectors]
    z = z.reindex(index=wanted, columns=wanted)
    y = y.reindex(index=wanted)
    chosen = dict(uses or {})
    for use in chosen.values():
        if use not in FINAL_USES:
            raise WorldError(f"pymrio system: use {use!r} is not one of {', '.join(FINAL_USES)}")
    guessed: dict[str, str] = {}
    final = np.zeros((len(wanted), len(regions), len(FINAL_USES)))
    for column, (region, category) in enumerate(y.columns):
        name_of = str(category)
        use = chosen.get(name_of) or guessed.setdefault(name_of, _use_of(name_of))
        final[:, regions.index(str(region)), FINAL_USES.index(use)] += (
            y.iloc[:, column].to_numpy(dtype=float) * factor
        )
    present = [u for u in range(len(FINAL_USES)) if np.any(final[:, :, u] != 0)]
    flat = final[:, :, present].reshape(len(wanted), -1)
    flows = z.to_numpy(dtype=float) * factor
    output = flows.sum(axis=1) + flat.sum(axis=1)
    taxes = np.zeros(len(wanted))
    flows, flat, value_added, taxes, removed = remove_negative_uses(
        flows, flat, output - flows.sum(axis=0), taxes
    )
    shape = (len(regions), len(sectors))
    notes = ["value added is output less inputs: it contains net taxes on products"]
    if removed > 0:
        notes.append(
            f"negative final uses of {100 * removed:.2g} percent of final use set to zero, output "
            "rebuilt by the Leontief inverse"
        )
    notes += [f"final use {category!r} read as {use}" for category, use in guessed.items()]
    divisions = {sector: isic_divisions(sector) for sector in sectors}
    return World(
        name=name,
        year=year,
        currency=currency,
        regions=regions,
        sectors=sectors,
        final_uses=tuple(FINAL_USES[u] for u in present),
        intermediate=flows.reshape(*shape, *shape),
        final=flat.reshape(*shape, len(regions), len(present)),
        value_added=value_added.reshape(shape),
        taxes=taxes.reshape(shape),
        tariff=np.zeros((*shape, len(regions))),
        isic={**divisions, **(isic or {})},
        source=source,
        licence=licence,
        notes=tuple(notes),
    )
