"""How the economy answers: pure functions on arrays, jitted, batched, differentiable.

No labels, no units, no files. Axis order everywhere: supplier region, supplied sector, user
region, using sector or use. Numbers are float64: the audits ask for residuals below 1e-9.
"""

import jax

jax.config.update("jax_enable_x64", True)

from zizhu.model.economy import Economy
from zizhu.model.elasticities import Elasticities

__all__ = ["Economy", "Elasticities"]
