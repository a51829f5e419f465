"""`python -m zizhu.laboratory.pace`: the posterior of the pace, from the shipped panel alone.

Writes `parameters/posteriors/pace_YEAR.csv` for each of `YEARS`: what was known then and no more.
The last is what the yearly model uses, the others are what backtests forecast from.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from zizhu.history.panel import observations
from zizhu.history.series import Series
from zizhu.laboratory.pace.observed import observed, until
from zizhu.laboratory.pace.posterior import fit
from zizhu.parameters import values
from zizhu.parameters.posterior import Joint, joint, text_of

# Until when the panel is read: today's, and those of the backtests.
NOW = 2025
YEARS = (2015, 2019, 2022, NOW)
FOLDER = Path(__file__).parents[2] / "parameters" / "posteriors"
_HEAD = {
    "source": "estimated by zizhu from its panel of observed shares (zizhu.history) without the "
    "sector series, each figure with its own source there; python -m zizhu.laboratory.pace",
    "licence": "Apache-2.0; the figures of the panel keep their own licences",
}


def technologies() -> list[Series]:
    """The panel without sectors, whose process is estimated on their own panels."""
    return [one for one in observations() if one.kind != "sector"]


def posterior_at(year: float, series: Sequence[Series] | None = None) -> Joint:
    """The posterior from what was observed up to a year; series of one date say nothing."""
    given = technologies() if series is None else series
    known = [one for one in until(given, year) if len(one.years) > 1]
    numbers = values()
    return fit(observed(known, numbers, year=year), numbers["chain_sourcing_elasticity"])


def stored(year: int = NOW) -> Joint:
    """The shipped posterior of a year."""
    return joint(f"pace_{year}")


def build(
    years: Sequence[int] = YEARS,
    folder: Path = FOLDER,
    progress: Callable[[str], None] = lambda _: None,
) -> list[Path]:
    """Estimate and write; returns the files."""
    files = []
    for year in years:
        progress(f"posterior of what was observed to {year}")
        path = folder / f"pace_{year}.csv"
        path.write_text(text_of(posterior_at(float(year)), _HEAD), encoding="utf-8")
        files.append(path)
    return files
