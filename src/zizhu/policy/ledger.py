"""What measures cost: by year, measure and payer, with the cost of public funds.

Amounts are planned: million of the world's currency at prices of the base year, at the output and
GDP of the baseline. What a subsidy costs in the scenario, where output differs, is an outcome.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from zizhu.errors import ScenarioError
from zizhu.policy.action import PUBLIC, Payer


@dataclass(frozen=True)
class Entry:
    """What one payer of one region plans to spend on one measure.

    by_year  [t] million of the world's currency at prices of the base year
    before   in the baseline already: announced before the base year, changes nothing
    """

    measure: str
    lever: str
    payer: Payer
    region: str
    by_year: Float[np.ndarray, " t"]
    before: bool = False

    @property
    def public(self) -> bool:
        """Whether the money comes out of taxes."""
        return self.payer in PUBLIC


@dataclass(frozen=True)
class Ledger:
    """Planned spending of a scenario.

    years         of the path
    entries       one for each measure, region and payer
    public_funds  what one unit of public money costs the economy: 1 with lump-sum taxes
    """

    years: tuple[int, ...]
    entries: tuple[Entry, ...]
    public_funds: float

    def of(
        self, *, region: str | None = None, measure: str | None = None, payer: str | None = None
    ) -> Ledger:
        """The entries of a region, a measure, a payer."""
        wanted = {"region": region, "measure": measure, "payer": payer}
        kept = tuple(
            entry
            for entry in self.entries
            if all(name is None or getattr(entry, key) == name for key, name in wanted.items())
        )
        return Ledger(self.years, kept, self.public_funds)

    @property
    def new(self) -> Ledger:
        """Without what stands in the baseline."""
        kept = tuple(entry for entry in self.entries if not entry.before)
        return Ledger(self.years, kept, self.public_funds)

    @property
    def by_year(self) -> Float[np.ndarray, " t"]:
        """Spending of each year."""
        return _sum(self.entries, len(self.years))

    @property
    def cost_by_year(self) -> Float[np.ndarray, " t"]:
        """Spending with the cost of public funds: firms' money counts once."""
        public = _sum([entry for entry in self.entries if entry.public], len(self.years))
        return self.by_year + (self.public_funds - 1.0) * public

    @property
    def total(self) -> float:
        """Sum over years."""
        return float(self.by_year.sum())

    @property
    def measures(self) -> tuple[str, ...]:
        """Labels in order of appearance."""
        return tuple(dict.fromkeys(entry.measure for entry in self.entries))

    def require_financed(
        self,
        gdp: Mapping[str, Float[np.ndarray, " t"]],
        limit: float,
        budget: Mapping[str, Float[np.ndarray, " t"]],
    ) -> None:
        """Refuse public spending that nobody has said how to pay for.

        gdp     [t] by region
        limit   part of GDP up to which no financing need be named
        budget  [t] by region, what the scenario says that it will raise a year

        Raises `ScenarioError` naming the first region and year in which new public spending is
        beyond both.
        """
        for region in dict.fromkeys(entry.region for entry in self.entries):
            spent = _sum(
                [e for e in self.new.entries if e.region == region and e.public], len(self.years)
            )
            allowed = np.maximum(limit * gdp[region], budget.get(region, np.zeros(len(spent))))
            over = np.flatnonzero(spent > allowed * (1 + 1e-9))
            if over.size:
                at = int(over[0])
                share = 100 * spent[at] / gdp[region][at]
                raised = 100 * allowed[at] / gdp[region][at]
                raise ScenarioError(
                    f"budget: measures of {region} spend {share:.1f} % of GDP in "
                    f"{self.years[at]}, and {raised:.1f} % is financed; write `budget: {{{region}: "
                    f"{np.ceil(10 * share) / 10:g} % of GDP}}` if taxes will pay for it"
                )


def _sum(entries: Iterable[Entry], years: int) -> Float[np.ndarray, " t"]:
    total = np.zeros(years)
    for entry in entries:
        total = total + entry.by_year
    return total
