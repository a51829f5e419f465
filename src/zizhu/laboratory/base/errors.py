"""Standard errors of published figures by confidence (registered parameters)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import Float

from zizhu.chains import HomeShare, SupplierBlock
from zizhu.chains.chain import OTHER
from zizhu.chains.regions import EUROPE, region_matrix
from zizhu.laboratory.base.table import ROUNDED, logit

MARK = {"high": "confirmed", "medium": "medium", "low": "recalled"}


def code_error(block: SupplierBlock, code: str, parameters: Mapping[str, float]) -> float:
    """Relative standard error of one supplier's share."""
    if code in block.confirmed:
        return parameters["share_error_confirmed"]
    low = block.confidence == "low"
    return parameters["share_error_recalled" if low else "share_error_medium"]


def region_errors(
    block: SupplierBlock,
    regions: Sequence[str],
    output: Float[np.ndarray, " n"],
    parameters: Mapping[str, float],
) -> Float[np.ndarray, " n"]:
    """Relative standard errors of the shares by region of a world.

    Europe and the rest of the market are spread over regions by output, so that no source says what
    a region's part is: `share_error_spread`, whatever the confidence of the block.
    """
    codes = list(block.shares)
    share = np.array(list(block.shares.values()))
    error = np.array([code_error(block, code, parameters) for code in codes])
    matrix = region_matrix(codes, regions, output)
    vague = np.array([code in (OTHER, EUROPE) for code in codes])
    error = np.where(vague, np.maximum(error, parameters["share_error_spread"]), error)
    parts = matrix * share[:, None]
    total = parts.sum(axis=0)
    spread = np.sqrt(((parts * error[:, None]) ** 2).sum(axis=0))
    unknown = np.full(len(regions), parameters["share_error_spread"])
    return np.asarray(np.divide(spread, total, out=unknown, where=total > 0))


def triangle_error(ends: Float[np.ndarray, " 3"]) -> float:
    """Standard deviation of a triangular distribution: its low end, its peak, its high end."""
    low, mid, high = map(float, ends)
    variance = (low**2 + mid**2 + high**2 - low * mid - low * high - mid * high) / 18
    return float(np.sqrt(max(variance, 0.0)))


def home_error(home: HomeShare, parameters: Mapping[str, float]) -> float:
    """Standard error of a measured home share in log odds.

    That of its confidence, or of its range read as a triangle in log odds where that is wider; a
    share near none or all is rounded besides.
    """
    ends = logit(np.array([home.low, home.value, home.high]) / 100)
    named = parameters[f"home_share_error_{MARK[home.confidence]}"]
    share = min(max(home.value / 100, ROUNDED), 1 - ROUNDED)
    rounded = parameters["home_share_error_absolute"] / (share * (1 - share))
    return float(np.hypot(max(named, triangle_error(ends)), rounded))
