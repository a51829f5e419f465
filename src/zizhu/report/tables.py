"""The tables that terminal, HTML and CSV show: picked and sorted, not computed."""

from __future__ import annotations

import pandas as pd

from zizhu.laboratory import Outcome

# Sectors that a region hardly uses are left out of rankings, not of the CSV.
SMALLEST_USE_SHARE = 0.003
# A region that uses nothing has shares of nothing.
TINY = 1e-12


def by_region(outcome: Outcome) -> pd.DataFrame:
    """One row per region: income, wage, terms of trade, public money."""
    found = outcome.indicators
    return pd.DataFrame(
        {
            "region": [outcome.world.region_name(str(r)) for r in found.region.values],
            "real_income": found.real_income.values,
            "real_wage": found.real_wage.values,
            "terms_of_trade": found.terms_of_trade.values,
            "tariff_revenue": (found.tariff_revenue - found.tariff_revenue_base).values,
            "fiscal_cost": found.fiscal_cost.values,
        },
        index=pd.Index([str(r) for r in found.region.values], name="code"),
    )


def by_sector(outcome: Outcome, region: str) -> pd.DataFrame:
    """One row per sector of a region: output, self-sufficiency, inputs, share of the world."""
    found = outcome.indicators.sel(region=region)
    used = outcome.indicators.flow_base.sel(user=region).sum("supplier")
    return pd.DataFrame(
        {
            "sector": [outcome.world.sector_name(str(s)) for s in found.sector.values],
            "output_volume": found.output_volume.values,
            "self_sufficiency_base": found.self_sufficiency_base.values,
            "self_sufficiency": found.self_sufficiency.values,
            "self_sufficiency_change": (
                found.self_sufficiency - found.self_sufficiency_base
            ).values,
            "imported_input_share_base": found.imported_input_share_base.values,
            "imported_input_share": found.imported_input_share.values,
            "world_output_share_base": found.world_output_share_base.values,
            "world_output_share": found.world_output_share.values,
            "use_share": (used / max(float(used.sum()), TINY)).values,
        },
        index=pd.Index([str(s) for s in found.sector.values], name="code"),
    )


def becomes_domestic(outcome: Outcome, count: int = 5) -> pd.DataFrame:
    """Sectors that the focus region makes and whose self-sufficiency moves most there."""
    table = by_sector(outcome, outcome.focus)
    table = table[(table.use_share >= SMALLEST_USE_SHARE) & table.output_volume.notna()]
    order = table.self_sufficiency_change.abs().sort_values(ascending=False, kind="stable").index
    return table.loc[order[:count]]


def idle(outcome: Outcome) -> list[str]:
    """Codes of sectors that the focus region uses and does not make, before and after."""
    table = by_sector(outcome, outcome.focus)
    return list(table.index[table.output_volume.isna() & (table.use_share > 0)])


def csv_tables(outcome: Outcome) -> dict[str, pd.DataFrame]:
    """Every table as it is written to `tables/`."""
    regions = pd.concat(
        {region: by_sector(outcome, region) for region in outcome.world.regions}, names=["region"]
    )
    flow = outcome.indicators[["flow_base", "flow"]].to_dataframe().reset_index()
    tables = {
        "regions": by_region(outcome).reset_index(),
        "sectors": regions.drop(columns="use_share").reset_index(),
        "flows": flow,
        "definitions": pd.DataFrame(
            [
                {
                    "indicator": name,
                    "dimensions": " ".join(map(str, variable.dims)),
                    "units": variable.attrs["units"],
                    "definition": variable.attrs["definition"],
                }
                for name, variable in outcome.indicators.items()
            ]
        ),
    }
    if outcome.variants:
        tables["variants"] = pd.DataFrame(
            [
                {
                    "variant": variant.name,
                    "title": variant.title,
                    "region": region,
                    "real_income": value,
                    "scale_eigenvalue": variant.scale_eigenvalue,
                }
                for variant in outcome.variants
                for region, value in variant.real_income.items()
            ]
        )
    if outcome.drivers:
        tables["drivers"] = pd.DataFrame([vars(driver) for driver in outcome.drivers])
    return tables
