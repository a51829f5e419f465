"""The builder's ingredients from OECD's tables, WIOD and the World Bank: 29 regions, 38 sectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float

from zizhu.errors import WorldError
from zizhu.world.build.gdp import gdp_table
from zizhu.world.build.ingredients import Ingredients, Official, Old, Pooled
from zizhu.world.build.wiod import read_wiod
from zizhu.world.classification import EUROPEAN_UNION

OFFICIAL_YEAR, POOLED_YEAR, OLD_YEAR = 2020, 2017, 2011

_REGIONS = (
    "CHN HKG USA JPN KOR TWN DEU NLD FRA ITA REU GBR CHE IND VNM MYS SGP THA IDN PHL ANZ CAN MEX "
    "BRA RUS SAU TUR ISR ROW"
)
SINGLE = tuple(_REGIONS.split())
REGION_NAMES = {
    "CHN": "China",
    "HKG": "Hong Kong",
    "USA": "United States",
    "JPN": "Japan",
    "KOR": "Korea",
    "TWN": "Taiwan",
    "DEU": "Germany",
    "NLD": "Netherlands",
    "FRA": "France",
    "ITA": "Italy",
    "REU": "Rest of the European Union",
    "GBR": "United Kingdom",
    "CHE": "Switzerland",
    "IND": "India",
    "VNM": "Viet Nam",
    "MYS": "Malaysia",
    "SGP": "Singapore",
    "THA": "Thailand",
    "IDN": "Indonesia",
    "PHL": "Philippines",
    "ANZ": "Australia and New Zealand",
    "CAN": "Canada",
    "MEX": "Mexico",
    "BRA": "Brazil",
    "RUS": "Russia",
    "SAU": "Saudi Arabia",
    "TUR": "Türkiye",
    "ISR": "Israel",
    "ROW": "Rest of the world",
}
# Each sector: its rows in the cube, in the table of 2017, its official group, its WIOD sectors.
_SECTORS = """
A01_02    A01,A02   A01_02  AGRI_MIN_FOOD      AtB
A03       A03       A03     AGRI_MIN_FOOD      AtB
B05_06    B05,B06   B05_06  AGRI_MIN_FOOD      C
B07_08    B07,B08   B07_08  AGRI_MIN_FOOD      C
B09       B09       B09     AGRI_MIN_FOOD      C
C10T12    C10T12    C10T12  AGRI_MIN_FOOD      15t16
C13T15    C13T15    C13T15  MANUF_EXFOOD       17t18,19
C16       C16       C16     MANUF_EXFOOD       20
C17_18    C17_18    C17_18  MANUF_EXFOOD       21t22
C19       C19       C19     MANUF_EXFOOD       23
C20       C20       C20     MANUF_EXFOOD       24
C21       C21       C21     MANUF_EXFOOD       24
C22       C22       C22     MANUF_EXFOOD       25
C23       C23       C23     MANUF_EXFOOD       26
C24A      C24A      C24     MANUF_EXFOOD       27t28
C24B      C24B      C24     MANUF_EXFOOD       27t28
C25       C25       C25     MANUF_EXFOOD       27t28
C26       C26       C26     MANUF_EXFOOD       30t33
C27       C27       C27     MANUF_EXFOOD       30t33
C28       C28       C28     MANUF_EXFOOD       29
C29       C29       C29     MANUF_EXFOOD       34t35
C301      C301      C30     MANUF_EXFOOD       34t35
C302T309  C302T309  C30     MANUF_EXFOOD       34t35
C31T33    C31T33    C31T33  MANUF_EXFOOD       36t37
D_E       -         D,E     UTILITIES          E
F         -         F       CONSTRUCTION       F
G         -         G       TRADE              50,51,52
H         -         H49,H50,H51,H52,H53  TRANSPORT  60,61,62,63
I         -         I       ACCOM_ICT          H
J58T60    -         J58T60  ACCOM_ICT          O,P
J61       -         J61     ACCOM_ICT          64
J62_63    -         J62_63  ACCOM_ICT          71t74
K         -         K       FIN_REALESTATE     J
L         -         L       FIN_REALESTATE     70
M_N       -         M,N     PROF_ADMIN_PUBADM  71t74
O         -         O       PROF_ADMIN_PUBADM  L
P_Q       -         P,Q     EDU_HEALTH         M,N
R_S       -         R,S     ARTS_OTHER         O,P
"""


@dataclass(frozen=True)
class Row:
    """One sector of our worlds and what it is called elsewhere."""

    code: str
    cube: tuple[str, ...]
    pooled: tuple[str, ...]
    official: str
    wiod: tuple[str, ...]


def _rows() -> tuple[Row, ...]:
    def several(text: str) -> tuple[str, ...]:
        return () if text == "-" else tuple(text.split(","))

    rows = []
    for line in _SECTORS.strip().splitlines():
        code, cube, pooled, official, wiod = line.split()
        rows.append(Row(code, several(cube), several(pooled), official, several(wiod)))
    return tuple(rows)


ROWS = _rows()
SECTORS = tuple(row.code for row in ROWS)
GOODS = sum(bool(row.cube) for row in ROWS)
SERVICES_OF_THE_CUBE = "Services (aggregate)"
# Taiwan is not in the World Bank's table: IMF, rounded, million US dollars.
TAIWAN_GDP = {2022: 760_000.0}


def region_of(country: str) -> str:
    """Our region of a country of the cube."""
    if country in ("AUS", "NZL"):
        return "ANZ"
    if country in SINGLE:
        return country
    return "REU" if country in EUROPEAN_UNION else "ROW"


def membership(of: Sequence[str], groups: Sequence[str]) -> Float[np.ndarray, "old new"]:
    """0/1 matrix from the group that each label belongs to."""
    return np.array([[float(one == group) for group in groups] for one in of])


def read(folder: str | Path, name: str) -> dict[str, np.ndarray]:
    """Arrays of one file of the data folder. Raises `WorldError` if it is missing."""
    file = Path(folder) / name
    if not file.is_file():
        raise WorldError(f"{name} is not in {folder}")
    with np.load(file) as data:
        return {key: data[key] for key in data.files}


@dataclass(frozen=True)
class Cube:
    """Bilateral sales [i, goods + services, n] and tariffs [i, goods, n] of our regions."""

    trade: Float[np.ndarray, "i g i"]
    tariff: Float[np.ndarray, "i h i"]


def read_cube(folder: str | Path, year: int) -> Cube:
    """The cube of one year, summed to our regions and sectors; tariffs weighted by trade."""
    data = read(folder, f"icio_cube/icio_cube_{year}.npz")
    countries, codes = list(map(str, data["countries"])), list(map(str, data["sectors"]))
    r = membership([region_of(code) for code in countries], SINGLE)
    s = np.zeros((len(codes), GOODS + 1))
    for k, row in enumerate(ROWS[:GOODS]):
        for code in row.cube:
            s[codes.index(code), k] = 1.0
    s[codes.index(SERVICES_OF_THE_CUBE), GOODS] = 1.0
    trade = data["trade"].astype(float)
    duties = trade * data["tariff"].astype(float)
    flows = np.einsum("ikn,ia,kb,nc->abc", trade, r, s, r, optimize=True)
    paid = np.einsum("ikn,ia,kb,nc->abc", duties, r, s, r, optimize=True)
    tariff = np.divide(paid, flows, out=np.zeros_like(paid), where=flows > 0)[:, :GOODS]
    own = np.arange(len(SINGLE))
    tariff[own, :, own] = 0.0
    return Cube(flows, tariff)


def read_pooled(folder: str | Path) -> Pooled:
    """The structure of 2017 in seven groups of regions."""
    data = read(folder, "calibration_2017_7x44.npz")
    groups, codes = list(map(str, data["regions"])), list(map(str, data["sectors"]))
    outside = {"BRA", "CHN", "IND", "JPN", "USA"}
    union = {*EUROPEAN_UNION, "REU", "GBR"}
    pool = membership(
        [c if c in outside else "EU" if c in union else "ROW" for c in SINGLE], groups
    )
    cube = read_cube(folder, POOLED_YEAR).trade
    used = np.einsum("ign,nr->gr", cube, pool)
    made = np.einsum("ign,ir->gr", cube, pool)
    # Where 2017 joins what the cube separates, rows go by use and columns by output.
    rows = np.zeros((len(codes), len(SECTORS), len(groups)))
    columns = np.zeros_like(rows)
    for k, row in enumerate(ROWS):
        for code in row.pooled:
            alike = [m for m, other in enumerate(ROWS) if code in other.pooled]
            rows[codes.index(code), k] = used[k] / used[alike].sum(0) if len(alike) > 1 else 1.0
            columns[codes.index(code), k] = made[k] / made[alike].sum(0) if len(alike) > 1 else 1.0
    output = data["trade"].sum(axis=2)
    value_added = data["va_share"] * output
    inputs = np.einsum("rkj,rj->krj", data["input_share"], output - value_added)
    spent = (data["trade"] * (1 + data["tariff_prewar"])).sum(axis=(0, 1))
    final = data["final_share"] * (spent - inputs.sum(axis=(0, 2)))[:, None]
    output_here = np.einsum("rj,jmr->rm", output, columns)
    return Pooled(
        membership=pool,
        inputs=np.einsum("krj,kar,jbr->arb", inputs, rows, columns, optimize=True),
        final=np.einsum("rk,kar->ar", final, rows),
        value_added=np.einsum("rj,jmr->rm", value_added, columns) / output_here,
        trade=np.einsum("okr,kao->oar", data["trade"], columns),
    )


def read_official(folder: str | Path) -> Official:
    """The official table of 2020 in eleven groups of sectors."""
    data = read(folder, "icio_2020_77x11.npz")
    countries, codes = list(map(str, data["countries"])), list(map(str, data["sectors"]))
    r = membership([region_of(code) for code in countries], SINGLE)
    count, width = len(countries), len(codes)
    flows = data["Z"].reshape(count, width, count, width)
    final = np.maximum(data["Y"], 0.0).reshape(count, width, count, 3)
    # Final uses are consumption, investment, purchases abroad (counted as consumption).
    kinds = np.array([[1, 0], [0, 1], [1, 0]], dtype=float)
    output = r.T @ data["X"].reshape(count, width)
    intermediate = np.einsum("iknj,ia,nc->akcj", flows, r, r, optimize=True)
    uses = np.einsum("iknu,ia,nc,uw->akcw", final, r, r, kinds, optimize=True)
    on_final = r.T @ data["TLS_fd"].reshape(count, 3).sum(axis=1)
    return Official(
        membership=membership([row.official for row in ROWS], codes),
        intermediate=intermediate,
        final=uses,
        value_added=(r.T @ data["VA"].reshape(count, width)) / output,
        taxes=(r.T @ data["TLS_int"].reshape(count, width)) / output,
        final_taxes=on_final / uses.sum(axis=(0, 1, 3)),
    )


def read_old(folder: str | Path) -> Old:
    """WIOD of 2011: countries that are regions here, the others in the rest."""
    table = read_wiod(folder, OLD_YEAR)
    known = sorted({region_of(code) for code in table.regions})
    regions = {label: [c for c in table.regions if region_of(c) == label] for label in known}
    joined = tuple(dict.fromkeys(row.wiod for row in ROWS))
    sectors = np.array([[float(code in group) for group in joined] for code in table.sectors])
    old = table.pooled(regions, sectors)
    return Old(
        country=membership([label if label in regions else "ROW" for label in SINGLE], known),
        sectors=np.array([[float(row.wiod == group) for group in joined] for row in ROWS]),
        uses=old.uses,
        value_added=old.value_added,
    )


def read_ingredients(folder: str | Path, year: int) -> Ingredients:
    """Everything that a table of `year` (2011 to 2022) is made of."""
    gdp = gdp_table(folder)
    gdp |= {("TWN", at): value for at, value in TAIWAN_GDP.items()}
    members = {"REU": [c for c in EUROPEAN_UNION if c not in SINGLE], "ANZ": ["AUS", "NZL"]}
    found = np.full(len(SINGLE), np.nan)
    for n, label in enumerate(SINGLE):
        countries = members.get(label, [label])
        if label != "ROW" and all((code, year) in gdp for code in countries):
            found[n] = sum(gdp[code, year] for code in countries)
    return Ingredients(
        year=year,
        regions=SINGLE,
        sectors=SECTORS,
        goods=GOODS,
        trade=read_cube(folder, year).trade,
        trade_then=read_cube(folder, OFFICIAL_YEAR).trade,
        pooled=read_pooled(folder),
        official=read_official(folder),
        old=read_old(folder),
        gdp=found,
    )
