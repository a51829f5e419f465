"""The walk from scenario to outcome: `run`, and what it is made of."""

from zizhu.laboratory.balanced import rebase_world
from zizhu.laboratory.case import economy_of, elasticities_of
from zizhu.laboratory.dependence import Dependence
from zizhu.laboratory.dependence import dependence as dependence_of
from zizhu.laboratory.experiment import run
from zizhu.laboratory.extraction import equilibrium_extraction
from zizhu.laboratory.manifest import world_hash
from zizhu.laboratory.outcome import Driver, Outcome, VariantResult

__all__ = [
    "Dependence",
    "Driver",
    "Outcome",
    "VariantResult",
    "dependence_of",
    "economy_of",
    "elasticities_of",
    "equilibrium_extraction",
    "rebase_world",
    "run",
    "world_hash",
]
