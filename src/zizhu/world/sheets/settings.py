"""`world.yaml`: what a table of the user's own says about itself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from zizhu.errors import WorldError, did_you_mean, quoted, short
from zizhu.reading import listed
from zizhu.world.doubt import Doubt
from zizhu.world.negatives import CHOICES, REFUSE, ZERO
from zizhu.world.published.sectors import Sectors, read_sectors
from zizhu.world.published.units import currency_code
from zizhu.world.sheets.numbers import MARKS, number
from zizhu.world.sheets.rows import read_yaml
from zizhu.world.world import FINAL_USES

SETTINGS_FILE = "world.yaml"
FINAL_USE_FIELD = "final_uses"
# End of an error about cells that a setting would lift.
LIFT = f"; negatives: zero in {SETTINGS_FILE} lifts such cells"
_UNITS = {"one": 1.0, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}


@dataclass(frozen=True)
class Settings:
    """Fields of `world.yaml`, read and checked.

    factor     millions of the currency in one unit of the csv files
    use_words  word in the csv files to household, government or investment
    decimal    mark of decimals in the csv files, point or comma; None: the files tell
    merge      regions or sectors that become one before anything is checked
    negatives  `refuse`, or `zero` to lift negative sales and value added by `lift_negatives`
    rounding   largest gap between uses and costs, as a share of output, that counts as rounding
    """

    name: str
    year: int
    currency: str
    factor: float = 1.0
    source: str = ""
    licence: str = ""
    final_uses: tuple[str, ...] = ()
    use_words: Mapping[str, str] = field(default_factory=lambda: {use: use for use in FINAL_USES})
    regions: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    region_names: Mapping[str, str] = field(default_factory=dict)
    sector_names: Mapping[str, str] = field(default_factory=dict)
    isic: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    pooled_origins: bool = False
    merge: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    classification: str | None = None
    negatives: str = REFUSE
    rounding: float = 0.0
    decimal: str | None = None
    doubt: Doubt | None = None
    path: Path = Path(SETTINGS_FILE)

    @property
    def lifts(self) -> bool:
        """Whether negative sales and value added are lifted instead of refused."""
        return self.negatives == ZERO

    def divisions(self, sectors: Sequence[str]) -> Sectors:
        """ISIC divisions of the sectors: as given, or those of their classification."""
        for sector in self.isic:
            if sector not in sectors:
                raise WorldError(
                    f"{self.path}, isic: sector {quoted(sector)} is unknown"
                    f"{did_you_mean(sector, sectors)}"
                )
        if self.classification is None and set(sectors) <= set(self.isic):
            return Sectors(dict(self.isic))
        found = read_sectors(sectors, self.classification, f"{self.path}, classification")
        return Sectors({**found.divisions, **self.isic}, found.note)


def read_settings(path: Path) -> Settings:
    """Read `world.yaml`; raises `WorldError` naming the field."""
    given = read_yaml(path)
    for name in given:
        if name not in FIELDS:
            raise WorldError(f"{path}: field {quoted(name)} is unknown{did_you_mean(name, FIELDS)}")
    for name in ("year", "currency"):
        if not given.get(name):
            raise WorldError(f"{path}: field {name} is missing, for example {name}: "
                             f"{'2022' if name == 'year' else 'USD'}")  # fmt: skip
    found: dict[str, Any] = {"name": path.absolute().parent.name, "path": path}
    for name, value in given.items():
        found.update(FIELDS[name](f"{path}, {name}", value))
    return Settings(**found)


def _text(place: str, value: Any) -> str:
    if not isinstance(value, str):
        raise WorldError(f"{place}: a text is right, not a list or a mapping")
    return value.strip()


def _plain(name: str) -> Callable[[str, Any], dict[str, Any]]:
    return lambda place, value: {name: _text(place, value)}


def _year(place: str, value: Any) -> dict[str, Any]:
    text = _text(place, value)
    if not re.fullmatch(r"\d{1,4}", text):
        raise WorldError(f"{place} is {quoted(text)}; a year such as 2022 is right")
    return {"year": int(text)}


def _currency(place: str, value: Any) -> dict[str, Any]:
    text = _text(place, value)
    if not re.fullmatch(r"[A-Z]{3}", text):
        raise WorldError(
            f"{place} is {quoted(text)}; a code of three capitals such as USD is right"
        )
    return {"currency": currency_code(text)}


def _unit(place: str, value: Any) -> dict[str, Any]:
    text = _text(place, value)
    if text.lower() in _UNITS:
        return {"factor": _UNITS[text.lower()] / 1e6}
    if re.match(r"[\d.]", text):
        size = number(text, place)
        if size > 0:
            return {"factor": size / 1e6}
    raise WorldError(
        f"{place} is {quoted(text)}; {', '.join(_UNITS)} or a number is right, for example "
        "10000 if one "
        "unit of the csv files is 10 000 of the currency"
    )


def _listed(place: str, value: Any) -> list[str]:
    if isinstance(value, str):
        # Only between commas can a label have spaces.
        value = listed(value) if "," in value else value.split()
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise WorldError(f"{place}: a list such as [A, B] is right")
    names = [str(item).strip() for item in value]
    repeated = [name for name, times in Counter(names).items() if times > 1]
    if repeated:
        raise WorldError(f"{place}: {short(repeated[0])} appears twice")
    return names


def _labels(kind: str) -> Callable[[str, Any], dict[str, Any]]:
    """Codes as a list, or as a mapping from code to long name."""

    def read(place: str, value: Any) -> dict[str, Any]:
        if isinstance(value, dict):
            names = {code: _text(f"{place}.{code}", name) for code, name in value.items()}
            return {f"{kind}s": tuple(names), f"{kind}_names": names}
        return {f"{kind}s": tuple(_listed(place, value))}

    return read


def _uses(place: str, value: Any) -> dict[str, Any]:
    """Final uses as a list, or as a mapping from the table's own words to ours."""
    words = value if isinstance(value, dict) else {use: use for use in _listed(place, value)}
    for word, use in words.items():
        if use not in FINAL_USES:
            where = f"{place}.{word}" if isinstance(value, dict) else place
            raise WorldError(
                f"{where}: final use {quoted(use)} is unknown{did_you_mean(use, FINAL_USES)}"
            )
    order = list(dict.fromkeys(words.values()))
    return {"use_words": dict(words), "final_uses": tuple(order)}


def _isic(place: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise WorldError(f"{place}: a mapping such as {{FOOD: [10, 11, 12]}} is right")
    found = {}
    for sector, divisions in value.items():
        listed = _listed(f"{place}.{sector}", divisions)
        for text in listed:
            if not re.fullmatch(r"\d{1,2}", text) or not 1 <= int(text) <= 99:
                raise WorldError(
                    f"{place}.{sector}: {quoted(text)} is not an ISIC Rev. 4 division, a "
                    "number from 1 "
                    "to 99"
                )
        found[sector] = tuple(int(text) for text in listed)
    return {"isic": found}


def _groups(field_name: str) -> Callable[[str, Any], dict[str, Any]]:
    def read(place: str, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise WorldError(f"{place}: a mapping such as {{EU: [DEU, FRA]}} is right")
        found = {name: tuple(_listed(f"{place}.{name}", m)) for name, m in value.items()}
        return {field_name: found}

    return read


def _notes(place: str, value: Any) -> dict[str, Any]:
    lines = [value] if isinstance(value, str) else value
    if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
        raise WorldError(f"{place}: a list of texts is right")
    return {"notes": tuple(line for line in lines if line)}


def _pooled(place: str, value: Any) -> dict[str, Any]:
    text = _text(place, value).lower()
    if text not in ("true", "false"):
        raise WorldError(f"{place} is {quoted(value)}; true or false is right")
    return {"pooled_origins": text == "true"}


def _negatives(place: str, value: Any) -> dict[str, Any]:
    text = _text(place, value)
    if text not in CHOICES:
        raise WorldError(f"{place} is {quoted(text)}; {' or '.join(CHOICES)} is right")
    return {"negatives": text}


def _rounding(place: str, value: Any) -> dict[str, Any]:
    size = number(_text(place, value), place)
    if not 0 <= size <= 0.05:
        raise WorldError(
            f"{place} is {size:g}; a share of output from 0 to 0.05 is right, such as 0.001"
        )
    return {"rounding": size}


def _decimal(place: str, value: Any) -> dict[str, Any]:
    text = _text(place, value)
    if text not in MARKS:
        raise WorldError(f"{place} is {quoted(text)}; {' or '.join(MARKS)} is right")
    return {"decimal": text}


def _doubt(place: str, value: Any) -> dict[str, Any]:
    try:
        return {"doubt": Doubt.from_json(_text(place, value))}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise WorldError(
            f"{place}: it is not what `zizhu world export` writes; leave the field out"
        ) from error


# Every field that `world.yaml` may have, and how it is read.
FIELDS: dict[str, Callable[[str, Any], dict[str, Any]]] = {
    "name": _plain("name"),
    "year": _year,
    "currency": _currency,
    "unit": _unit,
    "source": _plain("source"),
    "licence": _plain("licence"),
    FINAL_USE_FIELD: _uses,
    "regions": _labels("region"),
    "sectors": _labels("sector"),
    "isic": _isic,
    "classification": _plain("classification"),
    "groups": _groups("groups"),
    "merge": _groups("merge"),
    "notes": _notes,
    "pooled_origins": _pooled,
    "negatives": _negatives,
    "rounding": _rounding,
    "decimal": _decimal,
    "doubt": _doubt,
}
