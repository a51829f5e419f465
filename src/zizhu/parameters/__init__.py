"""Every number that is not a table, with its unit, range, distribution and source."""

from zizhu.parameters.distribution import Distribution
from zizhu.parameters.parameter import ROOMS, Parameter
from zizhu.parameters.read import load_parameters
from zizhu.parameters.registry import (
    ElasticityRow,
    ExchangeRate,
    Regime,
    currencies,
    exchange_rate,
    of_room,
    parameter,
    parameters,
    regime,
    regimes,
    values,
)

__all__ = [
    "ROOMS",
    "Distribution",
    "ElasticityRow",
    "ExchangeRate",
    "Parameter",
    "Regime",
    "currencies",
    "exchange_rate",
    "load_parameters",
    "of_room",
    "parameter",
    "parameters",
    "regime",
    "regimes",
    "values",
]
