"""How far a number may be off: a distribution, cut to a range and drawn by its quantiles."""

from __future__ import annotations

import math
from typing import Any, Literal

import numpy as np
from jaxtyping import Float
from pydantic import BaseModel, ConfigDict, Field, model_validator

from zizhu.errors import ParameterError

# The numbers that each kind has beside its range.
_NUMBERS: dict[str, tuple[str, ...]] = {
    "fixed": ("centre",),
    "uniform": (),
    "triangular": ("centre",),
    "normal": ("centre", "spread"),
    "lognormal": ("centre", "spread", "origin"),
    "beta": ("shape",),
}
_WITH_CENTRE = tuple(kind for kind, numbers in _NUMBERS.items() if "centre" in numbers)


class Distribution(BaseModel):
    """Where a parameter may lie, and how likely; the same quantile is always the same number.

    kind    fixed, uniform, triangular, normal, lognormal or beta
    low     smallest value
    high    largest value
    centre  the value (fixed), mode (triangular), mean (normal) or median (lognormal) before the cut
    spread  standard deviation (normal), or that of the logarithm (lognormal)
    origin  what a lognormal counts from: the value less the origin has a normal logarithm
    shape   the two exponents of a beta, which spans the whole range
    """

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="strings")

    kind: Literal["fixed", "uniform", "triangular", "normal", "lognormal", "beta"]
    low: float
    high: float
    centre: float | None = None
    spread: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    origin: float | None = None
    shape: tuple[float, float] | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_zero(cls, given: Any) -> Any:
        """A lognormal counts from zero unless it says otherwise."""
        if isinstance(given, dict) and given.get("kind") == "lognormal":
            return {"origin": 0.0, **given}
        return given

    @model_validator(mode="after")
    def _has_its_numbers(self) -> Distribution:
        for name in ("centre", "spread", "origin", "shape"):
            given, needed = getattr(self, name) is not None, name in _NUMBERS[self.kind]
            if needed and not given:
                raise ValueError(f"{self.kind} needs the number {name}")
            if given and not needed:
                raise ValueError(f"{self.kind} has no number {name}")
        if self.kind == "fixed":
            return self
        if not (math.isfinite(self.low) and math.isfinite(self.high)):
            raise ValueError(
                f"{self.kind} needs a finite range; fixed is right for an infinite one"
            )
        if not self.low < self.high:
            raise ValueError(
                f"its range {self.low:g} to {self.high:g} is empty; fixed is right for one value"
            )
        if self.centre is not None and not self.low <= self.centre <= self.high:
            raise ValueError(
                f"centre {self.centre:g} lies outside its range {self.low:g} to {self.high:g}"
            )
        if self.origin is not None and not (self.origin <= self.low and self.origin < self._centre):
            raise ValueError(f"origin {self.origin:g} must lie below the range and the centre")
        if self.shape is not None and min(self.shape) <= 0:
            raise ValueError("shape: both exponents of a beta must be above zero")
        return self

    @property
    def _centre(self) -> float:
        return float("nan") if self.centre is None else self.centre

    def quantile(self, u: Float[np.ndarray, "*draws"] | float) -> Float[np.ndarray, "*draws"]:
        """Value below which the share `u` of draws lies, element by element.

        With F the distribution before the cut to [low, high], this is
        `F^-1(F(low) + u (F(high) - F(low)))`; it rises with `u`. Raises `ParameterError` for a
        `u` outside 0 to 1.
        """
        share = np.asarray(u, dtype=np.float64)
        if not ((share >= 0) & (share <= 1)).all():
            raise ParameterError("quantile: a share of draws outside 0 to 1 was asked for")
        low, high = self.low, self.high
        match self.kind:
            case "fixed":
                return np.full_like(share, self._centre)
            case "uniform":
                drawn = low + share * (high - low)
            case "triangular":
                left, right = self._centre - low, high - self._centre
                drawn = np.where(
                    share * (high - low) < left,
                    low + np.sqrt(share * (high - low) * left),
                    high - np.sqrt((1 - share) * (high - low) * right),
                )
            case "normal":
                drawn = self._centre + float(self.spread or 0) * self._cut_normal(share)
            case "lognormal":
                origin = float(self.origin or 0)
                grown = np.exp(float(self.spread or 0) * self._cut_normal(share))
                drawn = origin + (self._centre - origin) * grown
            case "beta":
                from scipy.special import betaincinv  # noqa: PLC0415 (slow, and only draws need it)

                a, b = self.shape or (1.0, 1.0)
                # The inverse has no answer for some shares that are almost nothing.
                drawn = low + (high - low) * betaincinv(a, b, np.where(share < 1e-15, 0, share))
        return np.asarray(np.clip(drawn, low, high))

    def mean(self) -> float:
        """Expected value after the cut to the range."""
        low, high = self.low, self.high
        match self.kind:
            case "fixed":
                return self._centre
            case "uniform":
                return (low + high) / 2
            case "triangular":
                return (low + self._centre + high) / 3
            case "beta":
                a, b = self.shape or (1.0, 1.0)
                return low + (high - low) * a / (a + b)
        spread = float(self.spread or 0)
        below, above = self._standard_range()
        kept = _normal(above) - _normal(below)
        if self.kind == "normal":
            return self._centre + spread * (_density(below) - _density(above)) / kept
        origin = float(self.origin or 0)
        shifted = _normal(above - spread) - _normal(below - spread)
        return origin + (self._centre - origin) * math.exp(spread**2 / 2) * shifted / kept

    def words(self) -> str:
        """The distribution in words."""
        between = f"between {_short(self.low)} and {_short(self.high)}"
        spread = float(self.spread or 0)
        match self.kind:
            case "fixed":
                return "fixed: draws leave it as it is"
            case "uniform":
                return f"uniform {between}"
            case "triangular":
                return f"triangular {between}, likeliest at {_short(self._centre)}"
            case "normal":
                return f"normal around {_short(self._centre)} +/- {spread:g}, cut to stay {between}"
            case "lognormal":
                since = f" counted from {_short(self.origin)}" if self.origin else ""
                return (
                    f"lognormal around {_short(self._centre)}{since}, log standard deviation "
                    f"{spread:g}, cut to stay {between}"
                )
            case "beta":
                a, b = self.shape or (1.0, 1.0)
                return f"beta {between} with exponents {a:g} and {b:g}"

    def _standard_range(self) -> tuple[float, float]:
        """The range in standard deviations of the normal variable behind the draws."""
        spread = float(self.spread or 0)
        if self.kind == "normal":
            return (self.low - self._centre) / spread, (self.high - self._centre) / spread
        origin = float(self.origin or 0)
        scale = self._centre - origin
        below = -math.inf if self.low == origin else math.log((self.low - origin) / scale) / spread
        return below, math.log((self.high - origin) / scale) / spread

    def _cut_normal(self, share: Float[np.ndarray, "*draws"]) -> Float[np.ndarray, "*draws"]:
        """Quantiles of a standard normal that is cut to the range."""
        from scipy.special import ndtri  # noqa: PLC0415 (slow, and only draws need it)

        below, above = map(_normal, self._standard_range())
        return np.asarray(ndtri(below + share * (above - below)))


def _normal(z: float) -> float:
    return 0.5 * math.erfc(-z / math.sqrt(2))


def _density(z: float) -> float:
    return math.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)


def _short(value: float | None) -> str:
    return f"{value:.6g}"


def completed(given: Any, value: Any, low: Any, high: Any) -> Any:
    """A distribution as written, with the range and the centre of its parameter filled in.

    A single word stands for a kind: `triangular` is `{kind: triangular}`.
    """
    if isinstance(given, str):
        given = {"kind": given}
    if not isinstance(given, dict):
        return given
    filled = {"low": low, "high": high, **given}
    if given.get("kind") in _WITH_CENTRE:
        filled.setdefault("centre", value)
    return filled
