"""Wedges written in one line of text, for the command line and for quick questions in Python.

One text is one wedge: its name, then `key=value` in any order, such as
`tariff from=USA to=CHN sector=C26 size=25% years=2025-2030`. Several names are separated by commas
and may be groups of the world; a node is `CHAIN/NODE`, `CHAIN/*` or a name that only one chain has;
years are `2024`, `2024-2030`, `2024-` or `-2030`, all of the path if left out; a size such as
`0%..25%` runs in equal steps over its years. A size holds for each target and each year; own sales
are never touched. Wedges add up; of parts such as barred sales what one wedge leaves is cut by the
next.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import reduce

import numpy as np
from jaxtyping import Bool, Float

from zizhu.errors import ScenarioError, ZizhuError, did_you_mean, quoted
from zizhu.policy.path_labels import PathLabels
from zizhu.policy.path_wedges import PathWedges
from zizhu.policy.wedge_kinds import AGAINST, SIZE, WEDGES, YEARS, WedgeKind
from zizhu.policy.wedge_units import MILLION_USD
from zizhu.world import World
from zizhu.world.world import GOVERNMENT

__all__ = ["WEDGES", "PathLabels", "WedgeKind", "describe", "raw_wedges"]

# A complaint shows no more of a text than this.
_SHOWN = 160
_LONGEST = 80
# Keys that name two sides of which one and the same region cannot be both.
_SIDES = (("from", "to"), ("of", "from"), ("region", AGAINST))

_Values = Float[np.ndarray, "..."]


def raw_wedges(texts: Iterable[str], labels: PathLabels) -> PathWedges:
    """All wedges of `texts` together.

    Raises `ScenarioError`, one sentence, naming the wedge, the key, what was found and what would
    be right.
    """
    wedges = [_read(text, labels) for text in ([texts] if isinstance(texts, str) else texts)]
    arrays = [wedge.arrays(labels) for wedge in wedges]
    total = reduce(PathWedges.together, arrays, labels.none())
    for limit in _LIMITS:
        limit.check(wedges, arrays, total, labels)
    return total


def describe(text: str, labels: PathLabels) -> str:
    """One plain sentence that says what the wedge does; raises like `raw_wedges`."""
    raw_wedges([text], labels)
    wedge = _read(text, labels)
    unit, sizes, signed = wedge.kind.unit, wedge.sizes, wedge.kind.range[0] < 0
    first, last = (labels.years[wedge.years[at]] for at in (0, -1))
    start, end = (unit.say(float(sizes[at]), signed=signed) for at in (0, -1))
    if start != end:
        steps = ", in equal steps," if len(sizes) > 2 else ""
        when = f"{start} in {first} and{steps} {end} in {last}"
    else:
        when = f"{start} in {first}" if first == last else f"{start} a year from {first} to {last}"
        when = when if unit.is_money else when.replace("a year from", "in each year from")
    targets = int(np.prod([len(wedge.targets[key]) for key in wedge.kind.axes]))
    if unit.is_money and targets * len(sizes) > 1:
        each = f" for each of {targets} targets" if targets > 1 else ""
        when += f"{each}, {unit.say(float(sizes.sum()) * targets, signed=signed)} in total"
    words = {key: labels.words(key, wedge.written[key]) for key in wedge.targets}
    sentence = f"{wedge.kind.sentence.format(**words)} {when}."
    return sentence[0].upper() + sentence[1:]


@dataclass(frozen=True)
class _Wedge:
    """A text that has been understood: places of its targets, and a size for each of its years.

    sizes  fractions, bn USD or years
    """

    text: str
    kind: WedgeKind
    written: Mapping[str, str]
    targets: Mapping[str, list[int]]
    years: list[int]
    sizes: Float[np.ndarray, " t"]

    def arrays(self, labels: PathLabels) -> PathWedges:
        """The wedge alone, in arrays."""
        none = labels.none()
        values = np.zeros(getattr(none, self.kind.field).shape)
        mask = self._mask(values.shape[1:], labels.world)
        stored = self.kind.unit.store(self.sizes)
        values[self.years] = stored.reshape(-1, *[1] * mask.ndim) * mask
        return none._replace(**{self.kind.field: values})

    def _mask(self, shape: tuple[int, ...], world: World) -> _Values:
        """1 on the targets, never on own sales; the other side of a deficit shares minus their sum.

        The other side shares in proportion to its GDP in the base year (assumption).
        """
        mask = np.zeros(shape)
        mask[np.ix_(*[self.targets[key] for key in self.kind.axes])] = 1.0
        sides = [at for at, key in enumerate(self.kind.axes) if key in ("of", "from", "to")]
        if len(sides) == 2:
            own = np.arange(len(world.regions))
            np.moveaxis(mask, sides, (0, 1))[own, own] = 0.0
        if AGAINST in self.targets:
            partners = self.targets[AGAINST]
            gdp = world.gdp[partners]
            mask[partners] -= mask.sum() * gdp / gdp.sum()
        return mask


def _shown(text: str) -> str:
    return repr(text if len(text) <= _SHOWN else text[:_SHOWN] + "...")


def _read(text: str, labels: PathLabels) -> _Wedge:
    """Understand one text; every complaint names it."""
    try:
        return _understood(text, labels)
    except ZizhuError as error:
        raise ScenarioError(f"wedge {_shown(text)}, {error}") from error


def _understood(text: str, labels: PathLabels) -> _Wedge:
    words = text.split()
    if not words:
        raise ScenarioError(f"it is empty; write for example '{WEDGES['tariff'].example}'")
    for piece in re.split(r"[\s,=]+", text):
        if len(piece) > _LONGEST:
            raise ScenarioError(f"'{piece[:20]}...' is longer than any name or number can be")
    name, *pairs = words
    if name not in WEDGES:
        found = f"name: {quoted(name)} is unknown"
        if "=" in name:
            found = f"name: {quoted(name)} stands where the name of the wedge should"
        raise ScenarioError(f"{found}{did_you_mean(name.split('=')[0], WEDGES)}")
    kind = WEDGES[name]
    written = _pairs(pairs, name, kind)
    _check_world(name, kind, labels.world)
    targets = {
        key: labels.places(key, given) for key, given in written.items() if key not in (SIZE, YEARS)
    }
    if AGAINST in targets:
        targets[AGAINST] = [n for n in targets[AGAINST] if n not in targets["region"]]
    _check_sides(targets, written)
    years = labels.span(written[YEARS]) if YEARS in written else list(range(len(labels.years)))
    return _Wedge(text, kind, written, targets, years, _sizes(written[SIZE], kind, len(years)))


def _pairs(pairs: list[str], name: str, kind: WedgeKind) -> dict[str, str]:
    """Keys and values as written, and the defaults of what was left out."""
    written: dict[str, str] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals:
            raise ScenarioError(f"{quoted(pair)} is not key=value; a value has no spaces in it")
        if key not in kind.keys:
            raise ScenarioError(f"{name} has no key {quoted(key)}{did_you_mean(key, kind.keys)}")
        if key in written:
            raise ScenarioError(f"{key} appears twice; separate several names with commas")
        if not value:
            what = key if key in (SIZE, YEARS) else "the target"
            raise ScenarioError(f"{key}: {what} is empty; write for example '{kind.example}'")
        written[key] = value
    for key in kind.keys:
        if key not in written and key not in (YEARS, *kind.defaults):
            raise ScenarioError(f"{key} is missing; write for example '{kind.example}'")
    return {**kind.defaults, **written}


def _check_world(name: str, kind: WedgeKind, world: World) -> None:
    """Refuse what the world cannot hold."""
    if kind.unit is MILLION_USD and world.currency != "USD":
        raise ScenarioError(
            f"{name} is in USD and world {world.name} in {world.currency}; a world in USD is right"
        )
    if name == "home_preference" and GOVERNMENT not in world.final_uses:
        raise ScenarioError(
            f"world {world.name} has no government use; its uses are {', '.join(world.final_uses)}"
        )


def _check_sides(targets: Mapping[str, list[int]], written: Mapping[str, str]) -> None:
    """Refuse a target that is nothing but a region and itself."""
    for one, two in _SIDES:
        if one not in targets or two not in targets:
            continue
        same = targets[one] == targets[two] and len(targets[one]) == 1
        if same or not targets[two]:
            raise ScenarioError(
                f"{two}: the target is empty, as it names {written[two]} like {one} and what a "
                "region does with itself is never touched; name another region"
            )


def _sizes(given: str, kind: WedgeKind, years: int) -> Float[np.ndarray, " t"]:
    """One size a year: constant, or in equal steps between the two ends of a ramp."""
    ends = given.split("..")
    if len(ends) > 2 or "" in ends or "..." in given:
        raise ScenarioError(f"size: {quoted(given)} is not a size; a ramp is written 0%..25%")
    values = [_size(end, kind) for end in ends]
    if len(ends) == 2 and years == 1:
        raise ScenarioError(f"size: {quoted(given)} is a ramp, and there is one year; name a span")
    percent = {end.endswith("%") for end, value in zip(ends, values, strict=True) if value}
    if kind.unit.is_fraction and len(percent) == 2:
        raise ScenarioError(
            f"size: one end of {quoted(given)} is in percent; write both ends with %"
        )
    return np.linspace(values[0], values[-1], years)


def _size(given: str, kind: WedgeKind) -> float:
    try:
        value = kind.unit.read(given)
    except ScenarioError as error:
        raise ScenarioError(f"size: {error}") from error
    least, most = kind.range
    if least <= value <= most:
        return value
    plain = kind.unit.is_fraction and not given.endswith("%")
    slip = f"; a plain number is a fraction, so {given}% may be meant" if plain else ""
    raise ScenarioError(
        f"size: {kind.unit.say(value)} is out of range; {kind.limits} is right{slip}"
    )


@dataclass(frozen=True)
class _Limit:
    """What wedges that are fine alone may not come to together.

    name    of the wedge
    broken  whether a total is beyond what can be
    right   what would be, in words
    """

    name: str
    broken: Callable[[_Values], Bool[np.ndarray, "..."]]
    right: str

    def check(
        self,
        wedges: list[_Wedge],
        arrays: list[PathWedges],
        total: PathWedges,
        labels: PathLabels,
    ) -> None:
        """Raise `ScenarioError` naming the wedges, the place and the total there."""
        kind = WEDGES[self.name]
        parts = [getattr(one, kind.field) for one in arrays]
        values = changes = getattr(total, kind.field)
        base = ""
        if self.name == "tariff":
            values = labels.world.tariff + changes
            base = " with the tariff of the world's table"
        places = np.argwhere(self.broken(values) & (changes != 0))
        if not len(places):
            return
        place = tuple(map(int, places[0]))
        pairs = zip(kind.axes, place[1:], strict=True)
        where = " ".join(f"{key}={labels.axis(key)[at]}" for key, at in pairs)
        texts = [
            _shown(wedge.text) for wedge, part in zip(wedges, parts, strict=True) if part[place]
        ]
        raise ScenarioError(
            f"wedge{'s' if len(texts) > 1 else ''} {' and '.join(texts)}, size: the total of "
            f"{self.name}{base} comes to {kind.unit.say(float(values[place]))} at {where} in "
            f"{labels.years[place[0]]}; {self.right} is right"
        )


# Sums of floats miss their limits by less than this.
_SLACK = 1e-9

_LIMITS = (
    _Limit("tariff", lambda total: total < -0.95 - _SLACK, "-95 or more"),
    _Limit("export_tax", lambda total: total < -0.95 - _SLACK, "-95 or more"),
    _Limit("subsidy", lambda total: total >= 0.9 - _SLACK, "less than 90"),
    _Limit("subsidy", lambda total: total <= -1.0 + _SLACK, "more than -100"),
    _Limit("graduates", lambda total: total < -1.0 - _SLACK, "-100 or more"),
    _Limit("stay_rate", lambda total: np.abs(total) > 1.0 + _SLACK, "-100 to 100"),
    _Limit("returnees", lambda total: total > 1.0 + _SLACK, "100 or less"),
)
