"""Joint posteriors of numbers that were estimated together: a normal in unbounded form.

A file `posteriors/NAME.csv` has a row for each number: how it is unbounded (`log` or `none`), mean
and standard deviation there, the prior's, and the covariances with all others in columns `c_...`.
Lines that begin with `# fit:` say what was fitted and how well the normal describes the posterior.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np
from jaxtyping import Float

from zizhu.errors import ParameterError, quoted
from zizhu.reading import commented_rows

# A number whose posterior is as wide as this part of its prior rests on the prior (judgement).
RESTS_ON_PRIOR = 0.8
_FIT = "# fit: "


@dataclass(frozen=True)
class Joint:
    """Numbers with their joint normal, unbounded: of the logarithm where `logs`.

    fit          what was fitted, in numbers
    prior_mean, prior_spread  of each number on its own, unbounded
    """

    names: tuple[str, ...]
    logs: tuple[bool, ...]
    mean: Float[np.ndarray, " p"]
    covariance: Float[np.ndarray, "p p"]
    prior_mean: Float[np.ndarray, " p"]
    prior_spread: Float[np.ndarray, " p"]
    fit: Mapping[str, float]

    def value(self, name: str) -> float:
        """The median, in its own unit."""
        place = self.names.index(name)
        return float(np.exp(self.mean[place]) if self.logs[place] else self.mean[place])

    def spread(self, name: str) -> float:
        """Standard deviation, of the logarithm where the number is above zero."""
        place = self.names.index(name)
        return float(np.sqrt(self.covariance[place, place]))

    def contraction(self, name: str) -> float:
        """Posterior over prior standard deviation: near 1 where data say nothing."""
        return self.spread(name) / float(self.prior_spread[self.names.index(name)])

    def rests_on(self, name: str) -> str:
        """`data`, or `prior` where the posterior is nearly as wide."""
        return "prior" if self.contraction(name) >= RESTS_ON_PRIOR else "data"

    def draws(self, number: int, seed: int) -> Float[np.ndarray, "d p"]:
        """Unbounded points drawn from the normal, correlations kept; the same seed, the same."""
        factor = np.linalg.cholesky(self.covariance)
        normal = np.random.default_rng(seed).standard_normal((number, len(self.names)))
        return np.asarray(self.mean + normal @ factor.T)


def text_of(joint: Joint, head: Mapping[str, str]) -> str:
    """The file of a posterior; `head` has source and licence."""
    lines = [f"# {key}: {value}" for key, value in head.items()]
    lines += [f"{_FIT}{key} = {value:.6g}" for key, value in joint.fit.items()]
    columns = ["name", "unbounded", "mean", "sd", "prior_mean", "prior_sd", "rests_on"]
    lines.append(",".join(columns + [f"c_{name}" for name in joint.names]))
    for place, name in enumerate(joint.names):
        numbers = [
            joint.mean[place],
            joint.spread(name),
            joint.prior_mean[place],
            joint.prior_spread[place],
        ]
        row = [name, "log" if joint.logs[place] else "none", *(f"{x:.8g}" for x in numbers)]
        row += [joint.rests_on(name), *(f"{x:.8g}" for x in joint.covariance[place])]
        lines.append(",".join(row))
    return "\n".join(lines) + "\n"


@lru_cache(maxsize=8)
def joint(name: str) -> Joint:
    """A shipped posterior; raises `ParameterError` if there is none of that name."""
    file = files("zizhu.parameters") / "posteriors" / f"{name}.csv"
    if not file.is_file():
        raise ParameterError(f"posterior {quoted(name)} is not shipped")
    text = file.read_text(encoding="utf-8")
    said = [
        line.removeprefix(_FIT).split(" = ") for line in text.splitlines() if line.startswith(_FIT)
    ]
    rows = commented_rows(text)
    names = tuple(row["name"] for row in rows)

    def column(field: str) -> Float[np.ndarray, " p"]:
        return np.array([float(row[field]) for row in rows])

    # What is printed is not quite symmetric.
    covariance = np.array([column(f"c_{one}") for one in names])
    return Joint(
        names=names,
        logs=tuple(row["unbounded"] == "log" for row in rows),
        mean=column("mean"),
        covariance=(covariance + covariance.T) / 2,
        prior_mean=column("prior_mean"),
        prior_spread=column("prior_sd"),
        fit={key: float(value) for key, value in said},
    )
