"""Notable AI models by country of the organisation."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from zizhu.history.build.rows import CHINA, REGIONS, frame, share_rows
from zizhu.world.classification import EUROPEAN_UNION

# Of fewer models a year a share says little (judgement).
_FEWEST = 20
_COUNTRIES = {
    "China": CHINA,
    "United States of America": "USA",
    "Japan": "JPN",
    "Korea (Republic of)": "KOR",
    "India": "IND",
    "United Kingdom of Great Britain and Northern Ireland": "GBR",
    "Canada": "CAN",
}
_MEMBERS = {
    "Austria": "AUT",
    "Belgium": "BEL",
    "Czechia": "CZE",
    "Denmark": "DNK",
    "Finland": "FIN",
    "France": "FRA",
    "Germany": "DEU",
    "Greece": "GRC",
    "Italy": "ITA",
    "Netherlands": "NLD",
    "Poland": "POL",
    "Spain": "ESP",
    "Sweden": "SWE",
}


def models(data: Path) -> pd.DataFrame:
    """Shares of notable AI models by year, from the first year of 20 with a known country.

    A model of organisations of several countries counts as a part of one for each of these
    countries, so that shares sum to 100. Hong Kong stands alone.
    """
    raw = pd.read_csv(data / "ai" / "epoch_notable_models_2026-01.csv.gz")
    raw = raw.rename(columns={"Country (of organization)": "country", "Publication date": "date"})
    raw = raw.dropna(subset=["country", "date"])
    lists = raw.country.str.split(",").map(lambda names: sorted(set(names)))
    each = pd.DataFrame(
        {"year": raw.date.str[:4].astype(int), "country": lists, "part": 1 / lists.map(len)}
    ).explode("country")
    each["country"] = each.country.str.strip().map(_code)
    table = each.pivot_table(
        index="year", columns="country", values="part", aggfunc="sum", fill_value=0.0
    )
    world = table.sum(axis=1)
    enough = world.index[world >= _FEWEST - 1e-9]
    fields = {
        "subject": "notable AI models",
        "node": "ai/models",
        "place": "world",
        "basis": "headquarters",
        "measure": "models by country of the organisation",
        "kind": "models",
        "source": "Epoch AI, Notable AI Models, January 2026",
        "confidence": "read",
        "note": "",
    }
    return frame(share_rows(table.loc[enough], world.loc[enough], [*REGIONS, "GBR", "CAN"], fields))


def _code(country: str) -> str:
    if _MEMBERS.get(country) in EUROPEAN_UNION:
        return "EU"
    return _COUNTRIES.get(country, "other")
