"""From the panel's series to the arrays of `process`: what is seen up to a date, and no more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import jax.numpy as jnp
import numpy as np
from jaxtyping import Float
from scipy.special import expit

from zizhu.chains import chain_names, load_chain
from zizhu.chains.chain import OTHER, Node
from zizhu.history.series import LEAST, MOST, Series, log_odds
from zizhu.laboratory.pace.law import catching_up, income_growth, relative_research
from zizhu.laboratory.pace.process import Future, Observations
from zizhu.world.classification import EUROPEAN_UNION

# Half of the last digit that is printed, percentage points (assumption).
_PRINTED = 0.25
# Years to qualify a substitute of an ordinary tool (etch, films): difficulty 1 (assumption).
ORDINARY_YEARS = 3.0
# Of what others make, the part of the largest of them where no source tells (assumption).
_LARGEST_OTHER = 0.5

KINDS = ("world", "home", "mineral", "patents", "industry")
_KIND = {"mineral": "mineral", "patents": "patents", "value_added": "industry", "trade": "industry"}
MAKERS = ("CHN", "others")
CONFIDENCES = ("read", "medium", "low")


@dataclass(frozen=True)
class Panel:
    """Arrays of what was seen up to a date, with the names of the series.

    first  [j] year of the first observation
    last   [j] year of the last
    """

    names: tuple[str, ...]
    first: Float[np.ndarray, " j"]
    last: Float[np.ndarray, " j"]
    observations: Observations
    pushes: tuple[Pushes, ...]

    def __len__(self) -> int:
        return len(self.names)

    def future(self, years: Float[np.ndarray, "j f"]) -> Future:
        """Where each series is asked for, with shares held as last seen."""
        sums = [of.sums(at) for of, at in zip(self.pushes, years, strict=True)]
        times = years - self.first[:, None]
        return Future(jnp.asarray(times), *jnp.asarray(sums).swapaxes(0, 1))


@dataclass(frozen=True)
class Pushes:
    """Sums of B and G since a series' first year, by year."""

    years: Float[np.ndarray, " y"]
    follow: Float[np.ndarray, " y"]
    growth: Float[np.ndarray, " y"]

    def sums(self, at: Float[np.ndarray, " f"]) -> Float[np.ndarray, "2 f"]:
        """Both sums at some years; beyond the last they go on as in the last year."""

        def at_years(total: Float[np.ndarray, " y"]) -> Float[np.ndarray, " f"]:
            pace = total[-1] - total[-2]
            beyond = np.maximum(at - self.years[-1], 0.0)
            return np.asarray(np.interp(at, self.years, total) + pace * beyond)

        return np.array([at_years(one) for one in (self.follow, self.growth)])


def percent(odds: Float[np.ndarray, "*n"]) -> Float[np.ndarray, "*n"]:
    """Series in percent of log odds."""
    return np.asarray(100 * expit(odds))


def kind_of(series: Series) -> str:
    """Which of `KINDS` a series is: sources of one kind are alike in how much their shares move."""
    return _KIND.get(series.kind, "home" if series.place == "home" else "world")


def until(series: Iterable[Series], year: float) -> list[Series]:
    """Series as known up to a year, its own figures included; none without a date."""
    found = []
    for one in series:
        kept = [place for place, at in enumerate(one.years) if at <= year]
        if kept:
            found.append(one.at(kept))
    return found


def observed(
    series: Sequence[Series],
    parameters: Mapping[str, float],
    *,
    known: Sequence[Series] = (),
    year: float = np.inf,
) -> Panel:
    """Arrays of series; `known` are all that may be read for who leads, by default the same.

    parameters  `chain_sourcing_elasticity` and `widest_gap`
    year        until which incomes and research may be read
    """
    beside = _Beside(known or series)
    longest = max(len(one.years) for one in series)
    shape = (len(series), longest)
    times, odds, rounding = np.zeros(shape), np.zeros(shape), np.ones(shape)
    doubt, seen = np.zeros(shape, dtype=int), np.zeros(shape, dtype=bool)
    sums = np.zeros((2, *shape))
    along = _pushes(series, beside, parameters, year)
    for row, one in enumerate(series):
        count = len(one.years)
        years = np.array(one.years)
        times[row, :count] = years - years[0]
        odds[row, :count] = log_odds(np.array(one.percents))
        share = np.clip(np.array(one.percents), LEAST, MOST) / 100
        rounding[row, :count] = _PRINTED / 100 / (share * (1 - share))
        known_as = ["low" if c == "recalled" else c for c in one.confidences]
        doubt[row, :count] = [CONFIDENCES.index(c) for c in known_as]
        seen[row, :count] = True
        sums[:, row, :count] = along[row].sums(years)
    arrays = Observations(
        times=jnp.asarray(times),
        odds=jnp.asarray(odds),
        rounding=jnp.asarray(rounding),
        doubt=jnp.asarray(doubt),
        seen=jnp.asarray(seen),
        follow=jnp.asarray(sums[0]),
        growth=jnp.asarray(sums[1]),
        hardness=jnp.asarray([np.log(_difficulty(one.node)) for one in series]),
        kind=jnp.asarray([KINDS.index(kind_of(one)) for one in series]),
        maker=jnp.asarray([MAKERS.index("CHN" if s.region == "CHN" else "others") for s in series]),
        weight=jnp.asarray(_weights(series)),
    )
    return Panel(
        names=tuple(one.name for one in series),
        first=np.array([one.years[0] for one in series]),
        last=np.array([one.years[-1] for one in series]),
        observations=arrays,
        pushes=tuple(along),
    )


def _weights(series: Sequence[Series]) -> Float[np.ndarray, " j"]:
    """One over the number of series that tell of the same makers of the same node."""
    same = [(one.node or one.subject, one.region, kind_of(one)) for one in series]
    count = Counter(same)
    return np.array([1 / count[key] for key in same])


class _Beside:
    """Who else makes what a series counts."""

    def __init__(self, series: Iterable[Series]) -> None:
        self._world: dict[tuple[str, str, str], list[Series]] = {}
        for one in series:
            if one.place == "world":
                self._world.setdefault(_technology(one), []).append(one)

    def shares(
        self, one: Series, years: Float[np.ndarray, " y"]
    ) -> tuple[Float[np.ndarray, " y"], Float[np.ndarray, " y"], str] | None:
        """World shares of the region's makers and of the largest other, and whose that is."""
        if one.place == "home":
            return _of_node(one.node, one.region, years)
        share = _along(one, years)
        others = [s for s in self._world.get(_technology(one), []) if s.region != one.region]
        if not others and (found := _of_node(one.node, one.region, years)) is not None:
            return share, found[1], found[2]
        rest = np.maximum(1 - share, LEAST / 100)
        if not others:
            return share, _LARGEST_OTHER * rest, ""
        them = np.array([_along(s, years) for s in others])
        largest = int(them.mean(axis=1).argmax())
        return share, np.minimum(them[largest], rest), others[largest].region


def _technology(one: Series) -> tuple[str, str, str]:
    return one.subject, one.basis, one.measure


def _along(one: Series, years: Float[np.ndarray, " y"]) -> Float[np.ndarray, " y"]:
    """World share by year, 0 to 1, held beyond what was seen."""
    return percent(np.interp(years, one.years, log_odds(np.array(one.percents)))) / 100


def _node(label: str) -> Node | None:
    name, _, node = label.partition("/")
    if name not in chain_names():
        return None
    return load_chain(name).nodes.get(node)


def _of_node(
    label: str, region: str, years: Float[np.ndarray, " y"]
) -> tuple[Float[np.ndarray, " y"], Float[np.ndarray, " y"], str] | None:
    """The same from the first block of the chain's node, held over time."""
    node = _node(label)
    if node is None or not node.suppliers:
        return None
    shares = node.suppliers[0].shares
    inside = EUROPEAN_UNION if region == "EU" else (region,)
    total = sum(shares.values())
    own = sum(value for code, value in shares.items() if code in inside) / total
    others = {c: v / total for c, v in shares.items() if c not in inside and c != OTHER}
    largest = max(others, key=lambda c: others[c], default="")
    leads = others.get(largest, _LARGEST_OTHER * (1 - own))
    ones, least = np.ones(len(years)), LEAST / 100
    return ones * max(own, least), ones * max(leads, least), largest


def _difficulty(label: str) -> float:
    node = _node(label)
    return 1.0 if node is None else node.years_to_qualify.value / ORDINARY_YEARS


def _pushes(
    series: Sequence[Series], beside: _Beside, parameters: Mapping[str, float], until: float
) -> list[Pushes]:
    """Of all series at once: one call of the model's law."""
    spans = [np.arange(one.years[0], one.years[-1] + 2.0) for one in series]
    found = [beside.shares(one, years) for one, years in zip(series, spans, strict=True)]
    known = [row for row, of in enumerate(found) if of is not None]
    behind = [np.zeros(len(years)) for years in spans]
    if known:
        shares, leaders, research = [], [], []
        for row in known:
            of = found[row]
            assert of is not None
            shares.append(of[0])
            leaders.append(of[1])
            who = (series[row].region, of[2])
            research.append(np.array([relative_research(r, spans[row], until) for r in who]))
        eta, widest = parameters["chain_sourcing_elasticity"], parameters["widest_gap"]
        every = catching_up(
            np.concatenate(shares),
            np.concatenate(leaders),
            np.concatenate(research, axis=1),
            eta,
            widest,
        )
        ends = np.cumsum([len(spans[row]) for row in known])[:-1]
        for row, part in zip(known, np.split(every, ends), strict=True):
            behind[row] = part
    return [
        Pushes(years, _sums(part), _sums(_grown(one, years, until)))
        for one, years, part in zip(series, spans, behind, strict=True)
    ]


def _grown(one: Series, years: Float[np.ndarray, " y"], until: float) -> Float[np.ndarray, " y"]:
    """Growth of the economy that is felt in the world market, not at home."""
    if one.place != "world":
        return np.zeros(len(years))
    return income_growth(one.region, np.minimum(years, until))


def _sums(part: Float[np.ndarray, " y"]) -> Float[np.ndarray, " y"]:
    return np.concatenate([[0.0], np.cumsum((part[1:] + part[:-1]) / 2)])
