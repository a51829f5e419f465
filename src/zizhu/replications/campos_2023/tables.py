"""Reading the archive of Campos and others (2023): trade, trade costs, blocs, results."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from jaxtyping import Float

from zizhu.errors import WorldError


def _read(file: Path, separator: str, columns: Sequence[str]) -> pd.DataFrame:
    try:
        found = pd.read_csv(file, sep=separator)
    except (OSError, ValueError, EOFError) as error:
        raise WorldError(f"table {file} cannot be read") from error
    missing = [column for column in columns if column not in found]
    if missing:
        raise WorldError(f"table {file}: column {missing[0]} is missing")
    return found


def matrix(
    file: Path, column: str, separator: str = ","
) -> tuple[tuple[str, ...], Float[np.ndarray, "i n"]]:
    """Countries and a square of one column, origin by destination; what is missing is zero."""
    found = _read(file, separator, ("iso_o", "iso_d", column))
    countries = list(dict.fromkeys(found.iso_o))
    square = found.pivot_table(index="iso_o", columns="iso_d", values=column, aggfunc="sum")
    square = square.reindex(index=countries, columns=countries).fillna(0.0)
    return tuple(countries), square.to_numpy(dtype=float)


def blocs(file: Path) -> dict[str, str]:
    """Bloc of every country."""
    found = _read(file, ";", ("iso", "bloc"))
    return dict(zip(found.iso, found.bloc, strict=True))


def results(file: Path, columns: Sequence[str], index: str = "iso") -> pd.DataFrame:
    """Expected results by country (or bloc), in percent."""
    return _read(file, ",", (index, *columns)).set_index(index)[list(columns)]
