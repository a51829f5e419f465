"""What the panel tells of the nodes of the chains in a base year, row by row: the shipped table.

Momentum u of each node and region that has figures of two dates or more, at the middle of the
posterior: its mean and standard deviation in the base year given the figures up to it. Where only
later figures tell, of the whole series, and just a part of it counts (`later_pace_part`): what
began since then is in scenarios. Of several series those up to the base year come first, then
shares of the world, then the longest. `python -m zizhu.laboratory.pace` writes the table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

import jax.numpy as jnp
import numpy as np

from zizhu.history.series import Series
from zizhu.laboratory.pace.estimate import stored, technologies
from zizhu.laboratory.pace.observed import KINDS, observed, until
from zizhu.laboratory.pace.prior import numbers_of
from zizhu.laboratory.pace.process import momentum
from zizhu.parameters import values
from zizhu.reading import commented_rows

# Base years of the shipped worlds.
BASE_YEARS = (2017, 2022)
TABLE = "tables/told.csv"
_KINDS = ("market", "capacity", "mineral")


class Told(NamedTuple):
    """Momentum of a region's share of a node in a base year.

    kind          of figure, see `observed.KINDS`
    early         whether figures of two dates reach up to the base year
    mean, spread  log odds a year
    behind        B in the base year
    first, last   years of the figures
    series        name in the panel
    """

    base_year: int
    node: str
    region: str
    kind: str
    early: bool
    mean: float
    spread: float
    behind: float
    first: float
    last: float
    series: str


def told(year: int) -> Mapping[tuple[str, str], Told]:
    """By node and region; of the shipped base years from the table, else computed."""
    rows = _shipped() if year in BASE_YEARS else _computed(year)
    return {(one.node, one.region): one for one in rows if one.base_year == year}


@lru_cache(maxsize=1)
def _shipped() -> tuple[Told, ...]:
    text = (files("zizhu.laboratory.pace") / TABLE).read_text(encoding="utf-8")
    numbers = ("mean", "spread", "behind", "first", "last")
    return tuple(
        Told(
            **{  # type: ignore[arg-type]
                **row,
                "base_year": int(row["base_year"]),
                "early": row["early"] == "yes",
                **{name: float(row[name]) for name in numbers},
            }
        )
        for row in commented_rows(text)
    )


@lru_cache(maxsize=4)
def _computed(year: int) -> tuple[Told, ...]:
    return tuple(told_of(year))


def told_of(year: int) -> list[Told]:
    """Computed from the panel and the stored posterior."""
    numbers, posterior = values(), stored()
    every = technologies()
    best = _best([one for one in every if one.kind in _KINDS and "/" in one.node], year)
    cuts = [cut for cut, _ in best.values()]
    panel = observed(cuts, numbers, known=until(every, float(year)), year=float(year))
    by = numbers_of(jnp.asarray(posterior.mean))
    at = jnp.asarray(year - panel.first)[:, None]
    found = momentum(by, panel.observations, at, numbers["chain_sourcing_elasticity"])
    mean = np.asarray(found.mean)[:, 0]
    spread = np.sqrt(np.maximum(np.asarray(found.covariance)[:, 0, 0], 0.0))
    span = np.array([year, year + 1.0]) + np.zeros((len(panel), 1))
    behind = np.diff(np.asarray(panel.future(span).follow), axis=1)[:, 0]
    return [
        Told(
            base_year=year,
            node=cut.node,
            region=cut.region,
            kind=KINDS[int(panel.observations.kind[row])],
            early=early,
            mean=float(mean[row]),
            spread=float(spread[row]),
            behind=float(behind[row]),
            first=cut.years[0],
            last=cut.years[-1],
            series=cut.name,
        )
        for row, (cut, early) in enumerate(best.values())
    ]


def _best(series: Sequence[Series], year: int) -> dict[tuple[str, str], tuple[Series, bool]]:
    """By node and region the series that tells most, and whether it does up to the year."""
    found: dict[tuple[str, str], tuple[tuple[bool, bool, int], Series]] = {}
    for one in series:
        early = until([one], float(year))
        by_then = bool(early) and len(early[0].years) > 1
        cut = early[0] if by_then else one
        rank = (by_then, one.place == "world", len(cut.years))
        key = (one.node, one.region)
        if len(cut.years) > 1 and (key not in found or rank > found[key][0]):
            found[key] = (rank, cut)
    return {key: (cut, rank[0]) for key, (rank, cut) in sorted(found.items())}


def text_of() -> str:
    """The table as text."""
    lines = [
        "# source: computed by zizhu from its panel of observed shares and the posterior of 2025",
        "# licence: Apache-2.0; the figures of the panel keep their own licences",
        ",".join(Told._fields),
    ]
    for year in BASE_YEARS:
        for one in told_of(year):
            row = one._asdict() | {"early": "yes" if one.early else "no"}
            numbers = ("mean", "spread", "behind", "first", "last")
            row |= {name: f"{row[name]:.6g}" for name in numbers}
            lines.append(",".join(map(str, row.values())))
    return "\n".join(lines) + "\n"
