"""`python -m zizhu.laboratory.backtest.sector_posterior DATA [FOLDER]`: the process of sectors.

Two panels of comparative advantage (`world.build.persistence`: OECD 2011-2022, 29 regions by 24
goods; WIOD 1995-2011, 41 by 16) are fitted by the process of `motion`, cells weighing as the root
of their part of exports. What the yearly model is told follows from its rates in closed form. With
V = q^2 / (1 - f^2) the variance of momentum v and c the mean change over three years, all in units
of the size of shocks sigma,

    Cov(v, c) = V (f + f^2 + f^3) / 3,   Var(c) = (V (3 + 4 f + 2 f^2) + 3 + 2 n^2) / 9,
    mu = Cov(v, c) / Var(c),
    shock^2 = sigma^2 (E_7 - E_3) / 4,   E_h = h + V sum_ij f^|i-j| - mu^2 A_h^2 Var(c),

E_h the variance of what the rule of the yearly model, x_b + mu A_h c with A_h = sum_j<h f^j, misses
of the lasting level after h years: `sector_shock` is what lasts of a year's shock, as
`world.build.persistence` measures it. Panels are pooled in logs (lambda, shock), log odds (f) and
as it is (mu: about nothing in one panel), with what they differ by beyond their errors
(DerSimonian and Laird 1986) in every covariance; draws are of the pooled normal. A number rests on
the prior where no panel halves the prior's spread. The same data give the same files.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pandas as pd
from jaxtyping import Array, Float
from scipy.special import expit

from zizhu.errors import ZizhuError
from zizhu.laboratory.backtest.motion import Observed, mean_sizes, padded, rates
from zizhu.laboratory.backtest.motion_fit import WIDE, Fit, fit_motion
from zizhu.world.build.persistence import Panel, panels

PARAMETERS = ("sector_reversion", "sector_momentum", "sector_fade", "sector_shock")
_MOMENTUM, _FADE = 1, 2
DRAWS = 256
_SAMPLES, _SEED = 4000, 15
_LONG, _SHORT = 7, 3
# Above this part of the prior's spread the data have not moved a rate (rule of thumb).
_MOVED = 0.5
_SOURCE = (
    "computed by zizhu from OECD Inter-Country Input-Output tables (2025 edition), 2011 to 2022, "
    "and the World Input-Output Database (2013 release), 1995 to 2011"
)
_LICENCE = "OECD terms: reuse with attribution; WIOD CC BY 4.0"


@dataclass(frozen=True)
class Pooled:
    """Normal of the four parameters on the scales on which they are pooled, and of each panel.

    mean, covariance   pooled [4], [4,4]
    between            standard deviation of panels beyond their errors [4]
    panels             name, mean [4] and standard deviation [4] of each panel
    prior              standard deviation of the prior on the same scales [4]
    """

    mean: Float[np.ndarray, " p"]
    covariance: Float[np.ndarray, "p p"]
    between: Float[np.ndarray, " p"]
    panels: tuple[tuple[str, Float[np.ndarray, " p"], Float[np.ndarray, " p"]], ...]
    prior: Float[np.ndarray, " p"]

    def draws(self, count: int = DRAWS, seed: int = _SEED) -> Float[np.ndarray, "d p"]:
        """Joint draws of the parameters in the order of `PARAMETERS`."""
        root = np.linalg.cholesky(self.covariance)
        normal = np.random.default_rng(seed).standard_normal((count, len(self.mean)))
        return natural(self.mean + normal @ root.T)


def natural(scaled: Float[np.ndarray, "*d p"]) -> Float[np.ndarray, "*d p"]:
    """Parameters from the scales on which they are pooled."""
    found = np.exp(scaled)
    found[..., _MOMENTUM] = scaled[..., _MOMENTUM]
    found[..., _FADE] = expit(scaled[..., _FADE])
    return np.asarray(found)


def observed_of(panel: Panel) -> Observed:
    """Comparative advantage of a panel as cells; it reverts to zero, and weighs as root exports."""
    z = panel.level.reshape(len(panel.level), -1).T
    known = np.isfinite(z)
    part = panel.exports / panel.exports.sum(axis=(1, 2), keepdims=True)
    mean = part.mean(axis=0).reshape(-1)
    seen = known.sum(axis=1) > 1
    size = np.log(np.where(seen & (mean > 0), mean, np.min(mean[seen & (mean > 0)])))
    weight = np.sqrt(mean) * seen
    return Observed(
        np.where(known, z, 0.0),
        known,
        (size - size[seen].mean()) / size[seen].std(),
        weight * seen.sum() / weight.sum(),
    )


def scaled_parameters(theta: Float[Array, " p"], seen: Observed) -> Float[Array, " 4"]:
    """Log lambda, mu, log odds of f and log shock that follow from a vector of `motion`."""
    r = rates(theta)
    f, steady = r.fade, r.steady
    covariance = steady * (f + f**2 + f**3) / 3
    variance = (steady * (3 + 4 * f + 2 * f**2) + 3 + 2 * r.noise**2) / 9
    mu = covariance / variance

    def missed(years: int) -> Float[Array, ""]:
        at = jnp.arange(years)
        kept = jnp.sum(f**at)
        together = jnp.sum(f ** jnp.abs(at[:, None] - at[None, :]))
        return years + steady * together - mu**2 * kept**2 * variance

    weight = jnp.asarray(seen.weight)
    size = jnp.sum(weight * mean_sizes(theta, seen)) / jnp.sum(weight)
    shock = size * (missed(_LONG) - missed(_SHORT)) / (_LONG - _SHORT)
    return jnp.stack([theta[0], mu, theta[1], jnp.log(shock) / 2])


_many = jax.jit(jax.vmap(scaled_parameters, in_axes=(0, None)))


def fit_panel(panel: Panel) -> tuple[Fit, Observed]:
    """Best parameters of a panel, errors clustered by region."""
    seen = observed_of(panel)
    regions, sectors = panel.level.shape[1:]
    clusters = [str(i) for i in np.repeat(np.arange(regions), sectors)]
    return fit_motion(seen, WIDE, clusters), padded(seen)


def pool(found: Sequence[Panel]) -> Pooled:
    """The pooled process of panels."""
    means, covariances = [], []
    for panel in found:
        fit, seen = fit_panel(panel)
        drawn = np.asarray(_many(fit.draws(_SAMPLES, _SEED), seen))
        means.append(np.asarray(_many(fit.theta[None, :], seen))[0])
        covariances.append(np.cov(drawn.T))
    # What the prior alone would say of the rates; sizes as in the last panel.
    wide = Fit(WIDE.mean, np.diag(WIDE.sd**2)).draws(_SAMPLES, _SEED)
    prior = np.asarray(_many(wide, seen)).std(axis=0)
    mean, covariance, between = pooled(np.array(means), np.array(covariances))
    each = tuple(
        (panel.name, one, np.sqrt(np.diag(two)))
        for panel, one, two in zip(found, means, covariances, strict=True)
    )
    return Pooled(mean, covariance, between, each, prior)


def pooled(
    means: Float[np.ndarray, "s p"], covariances: Float[np.ndarray, "s p p"]
) -> tuple[Float[np.ndarray, " p"], Float[np.ndarray, "p p"], Float[np.ndarray, " p"]]:
    """Mean and covariance of estimates that differ by their errors and, each number, by more.

    The third is the standard deviation of what they differ by more.
    """
    variance = np.diagonal(covariances, axis1=1, axis2=2)
    weight = 1 / variance
    middle = (weight * means).sum(axis=0) / weight.sum(axis=0)
    excess = (weight * (means - middle) ** 2).sum(axis=0) - (len(means) - 1)
    spare = weight.sum(axis=0) - (weight**2).sum(axis=0) / weight.sum(axis=0)
    between = np.maximum(0.0, excess / spare)
    precision = np.array([np.linalg.inv(one + np.diag(between)) for one in covariances])
    covariance = np.linalg.inv(precision.sum(axis=0))
    mean = covariance @ np.einsum("spq,sq->p", precision, means)
    return mean, covariance, np.sqrt(between)


def summary(found: Pooled) -> pd.DataFrame:
    """One row a parameter: best, mean, sd, 10 and 90 percent, correlations, what it rests on."""
    drawn = found.draws(_SAMPLES)
    correlation = np.corrcoef(drawn.T)
    best = natural(found.mean)
    within = np.min([sd for _, _, sd in found.panels], axis=0)
    rows = []
    for p, name in enumerate(PARAMETERS):
        low, high = np.quantile(drawn[:, p], [0.1, 0.9])
        row: dict[str, object] = {
            "parameter": name,
            "best": best[p],
            "mean": drawn[:, p].mean(),
            "sd": drawn[:, p].std(),
            "p10": low,
            "p90": high,
        }
        row |= {f"r_{other}": correlation[p, q] for q, other in enumerate(PARAMETERS)}
        row["prior_scaled_sd"] = found.prior[p]
        row |= {panel.lower(): natural(mean)[p] for panel, mean, _ in found.panels}
        row |= {f"{panel.lower()}_scaled_sd": sd[p] for panel, _, sd in found.panels}
        if within[p] >= _MOVED * found.prior[p]:
            row["rests_on"] = "prior, little moved by data"
        else:
            differ = found.between[p] > within[p]
            row["rests_on"] = "data, on which the two panels differ" if differ else "data"
        rows.append(row)
    return pd.DataFrame(rows)


def table_path(name: str) -> Path:
    """Where `sector_posterior` and `sector_draws` are."""
    return Path(str(files("zizhu.laboratory.backtest") / "tables" / f"{name}.csv"))


def shipped_draws() -> pd.DataFrame:
    """The shipped joint draws: one column a parameter."""
    return pd.read_csv(table_path("sector_draws"), comment="#")


def build(data: str | Path, folder: str | Path | None = None) -> list[Path]:
    """Fit, pool and write both tables; returns the files. Raises `WorldError` without `data`."""
    found = pool(panels(data))
    tables = {
        "sector_posterior": summary(found),
        "sector_draws": pd.DataFrame(found.draws(), columns=list(PARAMETERS)),
    }
    written = []
    for name, table in tables.items():
        path = table_path(name) if folder is None else Path(folder) / f"{name}.csv"
        body = table.to_csv(index=False, float_format="%.5g", lineterminator="\n")
        path.write_text(f"# source: {_SOURCE}\n# licence: {_LICENCE}\n{body}", encoding="utf-8")
        written.append(path)
    return written


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit("usage: python -m zizhu.laboratory.backtest.sector_posterior DATA [FOLDER]")
    try:
        build(*sys.argv[1:])
    except ZizhuError as error:
        sys.exit(str(error))
