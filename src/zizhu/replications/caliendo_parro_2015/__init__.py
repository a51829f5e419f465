"""Caliendo and Parro (2015): what NAFTA's tariff cuts did (table 2)."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import jax.numpy as jnp
import numpy as np

from zizhu.errors import WorldError
from zizhu.indicators import indicators
from zizhu.model import Elasticities
from zizhu.model.audit import audit
from zizhu.model.equilibrium import solve
from zizhu.model.rebase import rebase
from zizhu.model.shock import NoShock
from zizhu.reading import read_mapping
from zizhu.replications.caliendo_parro_2015.tables import Tables, read
from zizhu.replications.result import Replication, Row
from zizhu.world import locate

TITLE = "Caliendo and Parro (2015), table 2: NAFTA tariff cuts, percent"
SOURCE = "Caliendo and Parro (2015), Review of Economic Studies 82(1), 1-44"
_COUNTRIES = ("Mexico", "Canada", "USA")


def replicate(data: str | Path | None = None) -> Replication:
    """Run the published counterfactual with zero and with fixed deficits.

    Raises `WorldError` if the tables are not found.
    """
    tables = read(locate("cp2015", data))
    file = Path(str(files(__package__) / "published.yaml"))
    published = read_mapping(file, "published results", WorldError, "`zero_deficits:`")
    rows: list[Row] = []
    beside: dict[str, float] = {}
    for rule in ("zero_deficits", "fixed_deficits"):
        found, residual = _counterfactual(tables, zero_deficits=rule == "zero_deficits")
        words = rule.replace("_", " ")
        for country in _COUNTRIES:
            ours = found[country]
            if rule == "zero_deficits":
                exact = float(published["real_wage_exact"][country])
                rows.append(
                    Row(f"{words}, {country}, real wage (4 digits)", exact, ours["real_wage"], 4)
                )
            rows += [
                Row(f"{words}, {country}, {name.replace('_', ' ')}", float(value), ours[name])
                for name, value in published[rule][country].items()
            ]
            beside[f"{words}, {country}, exact real income Y/P"] = ours["real_income"]
        beside[f"{words}, largest audit residual"] = residual
    return Replication(
        name="cp2015",
        title=TITLE,
        source=SOURCE,
        rows=tuple(rows),
        beside=beside,
        remarks=(
            "published welfare is the first-order sum of terms of trade and volume of trade; the "
            "exact change of real income Y/P stands beside it",
        ),
    )


def _counterfactual(
    tables: Tables, *, zero_deficits: bool
) -> tuple[dict[str, dict[str, float]], float]:
    elasticities = Elasticities.of(tables.theta)
    base = rebase(tables.economy, elasticities, zero_deficits=zero_deficits)
    shock = NoShock.of(base)._replace(tariff=jnp.asarray(tables.tariff_after) - base.tariff)
    solution = solve(base, elasticities, shock)
    checked = audit(base, elasticities, shock, solution)
    checked.require(1e-9)
    found = indicators(
        base, solution, regions=tables.regions, sectors=tables.sectors, currency="USD"
    )
    result = {}
    for country in _COUNTRIES:
        row = found.sel(region=country)
        values = {
            name: float(np.asarray(row[name]))
            for name in ("terms_of_trade", "volume_of_trade", "real_wage", "real_income")
        }
        values["welfare"] = values["terms_of_trade"] + values["volume_of_trade"]
        result[country] = values
    return result, checked.largest
