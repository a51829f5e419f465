"""V01 and V03: shares forecast by the estimated process from what was known, and what came.

Nothing that is scored is fitted: posteriors are of what was observed to the origin (`until`). Bands
were set before the model was asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from zizhu.history.panel import chosen, panel
from zizhu.history.series import Confidence, Series, log_odds
from zizhu.laboratory.backtest.forecast import Forecast, from_draws
from zizhu.laboratory.backtest.naive import naive_forecasts
from zizhu.laboratory.backtest.origin import Split, cut
from zizhu.laboratory.backtest.score import crps
from zizhu.laboratory.pace.estimate import posterior_at, stored
from zizhu.laboratory.pace.forecasts import forecast_percents
from zizhu.laboratory.pace.observed import percent, until
from zizhu.laboratory.validation.check import Check, Group, Numbers, Part
from zizhu.laboratory.validation.runs import Runs
from zizhu.parameters import values

# Made in China 2025 was announced in that year; a posterior of it is shipped.
PLAN = 2015
TARGET, TARGET_YEAR = 40.0, 2020
CHIPS = "chips_made_in_china.chn.home"
# The tables of value added end here.
ORIGIN = 2012.0
LATER = (2017, 2022)
_SMALL = {
    "aerospace": "air_and_spacecraft_and_related_machinery.chn.world",
    "software": "software_publishing.chn.world",
}
# Sectors that are one industry in both sources.
_SAME = ("C20", "C21", "C26", "C27", "C28", "C29")
# Carried on by another measure: definitions differ.
_LOW: Confidence = "low"
_BEATEN = ("linear drift", "logistic", "persistence")
_MODEL = "model"
_ONE_FIGURE = (
    "one figure is known, of ten years earlier, so that the drift of all Chinese shares at home "
    "decides, which sources followed where they rose; chips moved at less than half of that pace"
)
_SLOWER = (
    "shares of China rose about half as fast after 2012 as before; the process takes most of the "
    "decade to 2012 for a lasting drift of Chinese makers, and the growth of China's income as it "
    "was in the last five years goes on"
)
_NAMES = (
    "chips 2021",
    "chips 2021 low",
    "chips 2021 high",
    "chips target",
    "cases",
    *(f"crps {name}" for name in (_MODEL, *_BEATEN)),
    *_SMALL,
)


def _named(name: str) -> Series:
    (found,) = (one for one in panel() if one.name == name)
    return found


def _measure(runs: Runs) -> Numbers:
    runs.progress("shares of chips and sectors, forecast from 2015 and 2012")
    return {**_chips(), **_sectors()}


def _chips() -> dict[str, float]:
    """China's chips by location from what was known in 2015: the last figure is of 2011."""
    # Who leads is read from the chain for a share of purchases, so that no other series is needed.
    (known,) = until([_named(CHIPS)], float(PLAN))
    ahead = np.array([TARGET_YEAR, 2021.0]) - known.years[-1]
    rows = np.zeros(len(ahead), dtype=int)
    drawn = forecast_percents([known], stored(PLAN), rows, ahead, values(), year=float(PLAN))
    low, median, high = np.quantile(drawn[1], (0.1, 0.5, 0.9))
    return {
        "chips 2021": float(median),
        "chips 2021 low": float(low),
        "chips 2021 high": float(high),
        "chips target": 100 * float(np.mean(drawn[0] >= TARGET)),
    }


def spliced() -> list[Series]:
    """Shares of value added to 2012, carried on by how log odds of shares of output moved since."""
    output = {
        (one.node, one.region): one
        for one in chosen(kind="sector", place="world")
        if one.measure.startswith("output")
    }
    found = []
    for one in chosen(kind="value_added"):
        later = output.get((one.node, one.region))
        if one.node.removeprefix("sector:") not in _SAME or later is None:
            continue
        if one.years[-1] != ORIGIN or len(one.years) < len(LATER):
            continue
        moved = dict(zip(later.years, log_odds(np.array(later.percents)), strict=True))
        start = float(log_odds(np.array(one.percents[-1:]))[0])
        odds = np.array([start + moved[year] - moved[ORIGIN] for year in LATER])
        came = map(float, percent(odds))
        found.append(
            replace(
                one,
                years=(*one.years, *map(float, LATER)),
                percents=(*one.percents, *came),
                confidences=(*one.confidences, *[_LOW] * len(LATER)),
            )
        )
    return found


def _sectors() -> dict[str, float]:
    posterior = posterior_at(ORIGIN, chosen(kind="value_added"))
    series = spliced()
    known = until(series, ORIGIN)
    split = cut(series, ORIGIN)
    asked = split.asked
    drawn = forecast_percents(known, posterior, asked.row, asked.ahead, values(), year=ORIGIN)
    said = naive_forecasts(split.past, asked) | {_MODEL: from_draws(drawn)}
    small = until([_named(name) for name in _SMALL.values()], ORIGIN)
    ahead = np.array([LATER[-1] - one.years[-1] for one in small])
    rows = np.arange(len(small))
    far = forecast_percents(small, posterior, rows, ahead, values(), year=ORIGIN)
    return (
        {"cases": float(len(asked.row))}
        | {f"crps {name}": _score(said[name], split) for name in (_MODEL, *_BEATEN)}
        | dict(zip(_SMALL, map(float, np.median(far, axis=1)), strict=True))
    )


def _score(said: Forecast, split: Split) -> float:
    return float(crps(said, split.percent).mean())


def _checks(found: Numbers) -> Sequence[Check]:
    def beats(name: str, missed: str) -> Part:
        return Part(
            f"value_added_{name.replace(' ', '_')}",
            f"error of the model less that of {name}, mean CRPS in {LATER[0]} and {LATER[1]}",
            found[f"crps {_MODEL}"] - found[f"crps {name}"],
            "percentage point",
            (-np.inf, 0.0),
            f"F63 to {ORIGIN:g}; OECD tables since",
            note=f"{found[f'crps {_MODEL}']:.2f} against {found[f'crps {name}']:.2f}",
            missed=missed,
        )

    still = beats("persistence", "")
    return (
        Check(
            "V01",
            "Chips made in China, to 2021",
            "China's chip share by location is 15.5 to 18.5 percent in 2021 and misses the target "
            "of 40 percent for 2020 (F60).",
            f"forecast of the estimated process from what was observed to {PLAN}, the year of the "
            "target; the last share known then is 12.7 percent in 2011 (a vintage of 2022); who "
            "leads is read from the chain, which is younger",
            (
                Part(
                    "chips_2021",
                    "share by location in 2021, median",
                    found["chips 2021"],
                    "percent",
                    (15.5, 18.5),
                    "F60 (16.7 percent)",
                    note=f"80 percent between {found['chips 2021 low']:.1f} and "
                    f"{found['chips 2021 high']:.1f}",
                    missed=_ONE_FIGURE,
                ),
                Part(
                    "chips_target",
                    f"probability of {TARGET:g} percent or more in {TARGET_YEAR}",
                    found["chips target"],
                    "percent",
                    (0.0, 10.0),
                    "F60 (15.9 percent); a tenth is judgement",
                    missed=_ONE_FIGURE,
                ),
            ),
        ),
        Check(
            "V03",
            "Value added by sector, 2012 on",
            "Fitted to 2012, shares of world value added beat drift and a logistic curve on later "
            "years; aerospace and software stay below 10 percent (F63).",
            "the estimated process with a posterior of value added to 2012 alone; "
            f"{found['cases']:.0f} shares of China and the United States in {len(_SAME)} sectors, "
            "carried on by how their shares of output moved, since tables of value added end in "
            "2012",
            (
                beats("linear drift", _SLOWER),
                beats("logistic", ""),
                Part(
                    still.name,
                    still.title,
                    still.value,
                    still.unit,
                    None,
                    still.source,
                    "shown",
                    note=still.note,
                ),
                *(
                    Part(
                        f"value_added_{name}",
                        f"{name}: China's part of the world in {LATER[-1]}, median",
                        found[name],
                        "percent",
                        (0.0, 10.0),
                        "V03 (judgement; no figure after 2012 is at hand)",
                        missed=_SLOWER,
                    )
                    for name in _SMALL
                ),
            ),
        ),
    )


GROUP = Group("foreseen", ("V01", "V03"), _NAMES, _measure, lambda found: tuple(_checks(found)))
