"""Countries of chains and how they map to the regions of a world.

Chains name suppliers by ISO 3166 codes, by EUR (Europe as a whole) and OTHER (the rest). A world
may merge some of these countries; the matrix says which part of a chain's region lies in which
region of the world.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from zizhu.chains.chain import OTHER
from zizhu.errors import ChainError, did_you_mean, quoted
from zizhu.world.classification import EUROPEAN_UNION
from zizhu.world.world import World

EUROPE = "EUR"

# What sources mean by Europe: the Union, the United Kingdom, Switzerland and Norway (assumption).
BEYOND_UNION = ("GBR", "CHE", "NOR")
_EUROPEANS = (*EUROPEAN_UNION, *BEYOND_UNION)
# Names that worlds use for regions of several countries, tried in this order.
_UNIONS = ("REU", "EU", "EU27", "EU28")
_WIDER = {"GBR": ("EU28", "EU"), "AUS": ("ANZ",), "NZL": ("ANZ",), "HKG": ("CHN",)}
_REST = ("ROW", "RoW", "WWW")

# ISO 3166-1 alpha-3.
_ISO = (
    "ABW AFG AGO AIA ALA ALB AND ARE ARG ARM ASM ATA ATF ATG AUS AUT AZE BDI BEL BEN BES BFA "
    "BGD BGR BHR BHS BIH BLM BLR BLZ BMU BOL BRA BRB BRN BTN BVT BWA CAF CAN CCK CHE CHL CHN "
    "CIV CMR COD COG COK COL COM CPV CRI CUB CUW CXR CYM CYP CZE DEU DJI DMA DNK DOM DZA ECU "
    "EGY ERI ESH ESP EST ETH FIN FJI FLK FRA FRO FSM GAB GBR GEO GGY GHA GIB GIN GLP GMB GNB "
    "GNQ GRC GRD GRL GTM GUF GUM GUY HKG HMD HND HRV HTI HUN IDN IMN IND IOT IRL IRN IRQ ISL "
    "ISR ITA JAM JEY JOR JPN KAZ KEN KGZ KHM KIR KNA KOR KWT LAO LBN LBR LBY LCA LIE LKA LSO "
    "LTU LUX LVA MAC MAF MAR MCO MDA MDG MDV MEX MHL MKD MLI MLT MMR MNE MNG MNP MOZ MRT MSR "
    "MTQ MUS MWI MYS MYT NAM NCL NER NFK NGA NIC NIU NLD NOR NPL NRU NZL OMN PAK PAN PCN PER "
    "PHL PLW PNG POL PRI PRK PRT PRY PSE PYF QAT REU ROU RUS RWA SAU SDN SEN SGP SGS SHN SJM "
    "SLB SLE SLV SMR SOM SPM SRB SSD STP SUR SVK SVN SWE SWZ SXM SYC SYR TCA TCD TGO THA TJK "
    "TKL TKM TLS TON TTO TUN TUR TUV TWN TZA UGA UKR UMI URY USA UZB VAT VCT VEN VGB VIR VNM "
    "VUT WLF WSM YEM ZAF ZMB ZWE"
)
# Réunion's code: worlds here use it for the rest of the European Union.
COUNTRIES = frozenset(_ISO.split()) - {"REU"}
CODES = COUNTRIES | {EUROPE, OTHER}


def check_code(code: str, place: str) -> None:
    """Raise `ChainError` naming `place` unless `code` is a country, EUR or OTHER."""
    if code not in CODES:
        hint = did_you_mean(code, sorted(CODES)) if len(code) == len("ISO") else ""
        raise ChainError(
            f"{place}: country {quoted(code)} is unknown; three-letter ISO codes, EUR and "
            "OTHER are right"
            f"{hint if 'mean' in hint else ''}"
        )


def region_of(country: str, regions: Sequence[str]) -> str:
    """Region of a world that holds a country: itself, its union, or the rest of the world.

    Raises `ChainError` if the world has none of them.
    """
    wider = _WIDER.get(country, ()) + (_UNIONS if country in EUROPEAN_UNION else ())
    for name in (country, *wider, *_REST):
        if name in regions:
            return name
    raise ChainError(
        f"country {country} lies in no region of this world, which has no rest of the world either"
    )


def _europe(regions: Sequence[str]) -> list[str]:
    """Regions that hold Europe; the rest of the world only where nothing else does."""
    found = {region_of(code, regions) for code in _EUROPEANS}
    return sorted(found - set(_REST)) or sorted(found)


def sector_output(world: World, sectors: Sequence[str]) -> Float[np.ndarray, " region"]:
    """Sales of the sectors by region of the world, million units of its currency."""
    columns = [world.sectors.index(sector) for sector in sectors]
    sold = world.intermediate[:, columns].sum((1, 2, 3)) + world.final[:, columns].sum((1, 2, 3))
    return np.asarray(sold)


def region_matrix(
    named: Sequence[str], regions: Sequence[str], output: Float[np.ndarray, " region"]
) -> Float[np.ndarray, "named region"]:
    """Part of each region that a chain names that lies in each of `regions`; rows sum to one.

    A country lies in the region that holds it. Europe is spread over its regions, and the rest
    over all regions that `named` does not name, in proportion to `output` (assumption). Raises
    `ChainError` for a country that lies nowhere.
    """
    matrix = np.zeros((len(named), len(regions)))
    place = {region: number for number, region in enumerate(regions)}
    europe = _europe(regions) if EUROPE in named else []
    countries = [code for code in named if code not in (EUROPE, OTHER)]
    held = {region_of(code, regions) for code in countries}
    for row, code in enumerate(named):
        if code == EUROPE:
            # Named countries of Europe are counted already.
            spread = [region for region in europe if region not in held] or europe
        elif code == OTHER:
            taken = held | set(europe)
            spread = [region for region in regions if region not in taken] or list(regions)
        else:
            matrix[row, place[region_of(code, regions)]] = 1.0
            continue
        weights = np.array([output[place[region]] for region in spread])
        weights = weights if weights.sum() > 0 else np.ones(len(spread))
        matrix[row, [place[region] for region in spread]] = weights / weights.sum()
    return matrix
