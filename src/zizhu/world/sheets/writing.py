"""Writing a world as a folder of csv files (see `layout`), to read, edit and import again."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from zizhu.beside import beside, put
from zizhu.errors import OutputError
from zizhu.world.sheets.layout import COLUMNS, FLOWS, TARIFFS, TAXES, VALUE_ADDED
from zizhu.world.sheets.rows import open_text
from zizhu.world.sheets.settings import SETTINGS_FILE
from zizhu.world.world import World


def write_csv(world: World, folder: str | Path, *, packed: bool = False) -> Path:
    """Write a world into a new folder in the layout of `read_csv`, whole or not at all.

    Reading it again gives the same numbers to the last digit. `packed` writes csv.gz. Raises
    `OutputError` if the folder exists and is not empty, or cannot be written.
    """
    target = Path(os.path.expanduser(folder))
    try:
        if target.exists() and (not target.is_dir() or any(target.iterdir())):
            raise OutputError(f"folder {target} is there and not empty; name a new one")
        with beside(target.absolute().parent) as place:
            whole = place / "world"
            whole.mkdir()
            _write_all(world, whole, ".csv.gz" if packed else ".csv")
            if target.exists():
                target.rmdir()
            put({whole: target})
    except OSError as error:
        raise OutputError(
            f"folder {target} cannot be written: {error.strerror or error}"
        ) from error
    return target


def _write_all(world: World, folder: Path, end: str) -> None:
    (folder / SETTINGS_FILE).write_text(
        yaml.safe_dump(_settings(world), sort_keys=False, allow_unicode=True, width=90),
        encoding="utf-8",
    )
    r, s = world.regions, world.sectors
    uses = np.concatenate([world.intermediate, world.final], axis=3)
    tables: dict[str, tuple[np.ndarray, tuple[Sequence[str], ...]]] = {
        FLOWS: (uses, (r, s, r, (*s, *world.final_uses))),
        VALUE_ADDED: (world.value_added, (r, s)),
        TAXES: (world.taxes, (r, s)),
        TARIFFS: (world.tariff, (r, s, r)),
    }
    for stem, (table, labels) in tables.items():
        # A world with tariffs whose taxes are zero says so by a file without rows.
        if stem in (FLOWS, VALUE_ADDED) or table.any() or (stem == TAXES and world.tariff.any()):
            _write_table(folder / f"{stem}{end}", COLUMNS[stem], table, labels)


def _write_table(
    path: Path, columns: Iterable[str], table: np.ndarray, labels: Sequence[Sequence[str]]
) -> None:
    with open_text(path, "wt", "utf-8") as text:
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(columns)
        index = np.nonzero(table)
        names = [
            [known[at] for at in places.tolist()]
            for known, places in zip(labels, index, strict=True)
        ]
        # `repr` has the digits that give the same number again.
        writer.writerows(zip(*names, map(repr, table[index].tolist()), strict=True))


def _settings(world: World) -> dict[str, Any]:
    def named(labels: Sequence[str], names: Mapping[str, str]) -> Any:
        return {label: names.get(label, label) for label in labels} if names else list(labels)

    doubt = {"doubt": world.doubt.to_json()} if world.doubt else {}
    return {
        "name": world.name,
        "year": world.year,
        "currency": world.currency,
        "unit": "million",
        "source": world.source,
        "licence": world.licence,
        "final_uses": list(world.final_uses),
        "regions": named(world.regions, world.region_names),
        "sectors": named(world.sectors, world.sector_names),
        "isic": {sector: list(world.isic.get(sector, ())) for sector in world.sectors},
        "groups": {name: list(members) for name, members in world.groups.items()},
        "notes": list(world.notes),
        "pooled_origins": world.pooled_origins,
        **doubt,
    }
