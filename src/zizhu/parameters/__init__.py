"""Every number that is not a table, with its unit, range and source."""

from zizhu.parameters.registry import (
    ElasticityRow,
    ExchangeRate,
    Parameter,
    Regime,
    currencies,
    exchange_rate,
    parameters,
    regime,
    regimes,
    values,
)

__all__ = [
    "ElasticityRow",
    "ExchangeRate",
    "Parameter",
    "Regime",
    "currencies",
    "exchange_rate",
    "parameters",
    "regime",
    "regimes",
    "values",
]
