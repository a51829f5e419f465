"""How the pace was estimated and how good it was: tables, figures and quoted numbers."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pandas as pd

from generate.backtest_figures import FIGURES
from generate.fresh import write, write_facts
from generate.markdown import figure, table
from zizhu.chains import chain_names, load_chain
from zizhu.history import panel
from zizhu.laboratory.backtest.nodes import CELLS, MODEL, NODE_KINDS, STILL
from zizhu.laboratory.backtest.published import (
    NAMES,
    WORDS,
    Bar,
    best_other,
    by_method,
    published,
)
from zizhu.laboratory.backtest.sector_tables import METHODS, shipped_table
from zizhu.laboratory.pace.estimate import NOW, YEARS, stored, technologies
from zizhu.laboratory.pace.prior import PRIORS
from zizhu.laboratory.pace.told import told
from zizhu.parameters import parameters
from zizhu.parameters.posterior import Joint

BASE_YEAR, OWN = 2022, "CHN"
# Of a standard normal: 80 percent lie between -z and z.
_Z = 1.2816
_MEANS = {
    "follow": "$\\delta$, catching up",
    "growth": "$\\gamma$, growth of the economy",
    "hardness": "$\\kappa$, power of difficulty",
    "drift": "$\\alpha$, drift of makers",
    "spread": "$S$, spread of momentum",
    "fade": "$\\phi$, fading a year",
    "shock": "$\\sigma$, shock a root year",
    "error": "$w$, error of a figure",
}


def backtests() -> None:
    """Everything on the page `backtests.md`."""
    found = stored()
    write("backtests-posterior.md", _posterior(found))
    write("backtests-priors.md", _priors())
    write("backtests-sector-posterior.md", _sector_posterior())
    write("backtests-bars.md", _bars())
    write("backtests-nodes.md", _scores("nodes"))
    write("backtests-left-out.md", _scores("left-out"))
    write("backtests-sectors.md", _sector_scores())
    write("backtests-silent.md", _silent())
    for name, plot in FIGURES.items():
        write(f"figures/backtests-{name}.html", figure(plot()))
    _facts(found)


def _own_unit(of: Joint, name: str, steps: float) -> float:
    place = of.names.index(name)
    value = of.mean[place] + steps * of.spread(name)
    return float(np.exp(value) if of.logs[place] else value)


def _posterior(of: Joint) -> str:
    """A row for every number; the bars of a name are in words."""
    rows = []
    for name in of.names:
        word, _, whose = name.partition(" ")
        prior = PRIORS[name]
        before = np.exp(prior.mean) if prior.log else prior.mean
        rows.append(
            (
                f"{_MEANS[word]}{': ' if whose else ''}{whose}",
                f"{of.value(name):.3f}",
                f"{_own_unit(of, name, -_Z):.3f} to {_own_unit(of, name, _Z):.3f}",
                f"{before:.3g}",
                f"{of.contraction(name):.2f}",
                of.rests_on(name),
            )
        )
    head = ("number", "median", "10 to 90 percent", "prior", "spread over prior's", "rests on")
    return table(head, rows, "lrrrrl")


def _priors() -> str:
    groups: dict[tuple[str, ...], list[str]] = {}
    for name, prior in PRIORS.items():
        word, _, whose = name.partition(" ")
        middle = np.exp(prior.mean) if prior.log else prior.mean
        spread = f"{prior.spread:g}" + (" (of the logarithm)" if prior.log else "")
        groups.setdefault((_MEANS[word], f"{middle:.3g}", spread, prior.reason), []).append(whose)
    rows = []
    for (what, *numbers), whose in groups.items():
        named = f": {whose[0]}" if len(whose) == 1 and whose[0] else ""
        rows.append((f"{what}{named}", *numbers))
    return table(("number", "middle", "standard deviation", "why"), rows, "lrll")


def _sector_posterior() -> str:
    rows = [
        (
            f"`{one.parameter}`",
            f"{one.mean:.3f}",
            f"{one.p10:.3f} to {one.p90:.3f}",
            f"{one.oecd:.3f}",
            f"{one.wiod:.3f}",
            one.rests_on,
        )
        for one in shipped_table("sector_posterior").itertuples()
    ]
    head = ("number", "mean", "10 to 90 percent", "OECD alone", "WIOD alone", "rests on")
    return table(head, rows, "lrrrrl")


def _every_bar() -> list[Bar]:
    return [bar for name in NAMES for bar in published(name).bars]


def _bars() -> str:
    """A row for every bar, a column for every part of a table."""
    parts = []
    for names in (("nodes", "left-out"), ("sectors", "groups")):
        bars = [bar for name in names for bar in published(name).bars]
        of = list(dict.fromkeys(bar.of for bar in bars))
        by = {(bar.what, bar.of): bar for bar in bars}
        rows = []
        for what in dict.fromkeys(bar.what for bar in bars):
            cells = (by.get((what, one)) for one in of)
            rows.append((what, *("" if bar is None else _bar(bar) for bar in cells)))
        parts.append(table(("must hold", *of), rows, "l" + "r" * len(of)))
    return "\n\n".join(parts)


def _bar(bar: Bar) -> str:
    mark = ("\\*" if bar.few else "") + ("~" if bar.unsure else "")
    said = f"met{mark}" if bar.met else f"**missed**{mark}"
    return f"{bar.value:.2f} ({bar.beside}) {said}"


_SHORT = {
    "linear drift": "linear",
    "logit drift, own": "own",
    "logit drift, pooled": "pooled",
    "logistic": "logistic",
}
_HEAD = (
    "cases",
    "CRPS",
    "persistence",
    "best other",
    "error",
    "persistence",
    "50/80",
    "sign",
    "bias",
    "won",
)


def _row(cell: pd.DataFrame) -> tuple[str, ...]:
    by = by_method(cell)
    model, still, other = by[MODEL], by[STILL], best_other(by)
    sign = "-" if np.isnan(model["right_sign"]) else f"{100 * model['right_sign']:.0f}"
    return (
        str(model["cases"]),
        f"{model['crps']:.2f}",
        f"{still['crps']:.2f}",
        f"{by[other]['crps']:.2f} {_SHORT[other]}",
        f"{model['absolute_error']:.2f}",
        f"{still['absolute_error']:.2f}",
        f"{100 * model['cover50']:.0f}/{100 * model['cover80']:.0f}",
        sign,
        f"{model['pace_bias']:+.2f}",
        f"{100 * model['won']:.0f}",
    )


def _scores(name: str) -> str:
    scores = published(name).scores
    whole = scores[scores["horizon"].astype(str) == "all"]
    keys = [key for key in ("origin", "cell") if key in whole]
    rows = []
    for _, cell in whole.groupby(keys, sort=False):
        first = cell.iloc[0]
        mark = " (few)" if first["few"] else ""
        label = [str(first["origin"])] if "origin" in keys else []
        rows.append((*label, f"{first['cell']}{mark}", *_row(cell)))
    head = (*(["origin"] if "origin" in keys else []), "cell", *_HEAD)
    return table(head, rows, "l" * len(keys) + "r" * len(_HEAD))


def _sector_scores() -> str:
    rows = []
    for name in ("sectors", "groups"):
        scores = published(name).scores
        last = scores.groupby(["panel", "kind"])["horizon"].transform("max")
        shown = scores[scores["horizon"] == last]
        for (panel_name, kind), cell in shown.groupby(["panel", "kind"], sort=False):
            years = int(cell["horizon"].iloc[0])
            rows.append((f"{WORDS[str(panel_name)]}, {kind}, {years} years", *_row(cell)))
    return table(("shares", *_HEAD), rows, "l" + "r" * len(_HEAD))


def _silent() -> str:
    """By chain the nodes whose Chinese share nobody saw at two dates."""
    known = told(BASE_YEAR)
    rows = []
    for name in chain_names():
        nodes = [node for node, of in load_chain(name).nodes.items() if of.suppliers]
        silent = [node for node in nodes if (f"{name}/{node}", OWN) not in known]
        later = [
            node
            for node in nodes
            if (one := known.get((f"{name}/{node}", OWN))) is not None and not one.early
        ]
        numbers = (str(len(nodes)), str(len(nodes) - len(silent)), str(len(later)))
        rows.append((name, *numbers, ", ".join(silent)))
    head = ("chain", "nodes", "told", "by later figures alone", "nothing is told of")
    return table(head, rows, "lrrrl")


def _facts(of: Joint) -> None:
    """Numbers that sentences of the page quote."""
    bars = _every_bar()
    series, whole = technologies(), panel()
    dated = [one for one in series if len(one.years) > 1]
    rises = sum(one.rises for one in whole)
    names = of.names
    on_prior = [name for name in names if of.rests_on(name) == "prior"]
    said = {
        "bt_series": str(len(whole)),
        "bt_rises": str(rises),
        "bt_others": str(len(whole) - rises),
        "bt_fitted": f"{of.fit['series']:.0f}",
        "bt_observations": f"{of.fit['observations']:.0f}",
        "bt_once": str(len(series) - len(dated)),
        "bt_effective": f"{100 * of.fit['effective part of draws']:.0f}",
        "bt_numbers": str(len(names)),
        "bt_on_prior": str(len(on_prior)),
        "bt_years": ", ".join(map(str, YEARS[:-1])) + f" and {NOW}",
        "bt_met": str(sum(bar.met for bar in bars)),
        "bt_missed": str(sum(not bar.met for bar in bars)),
        "bt_bars": str(len(bars)),
        "bt_later_part": f"{parameters()['later_pace_part'].value:g}",
        "bt_methods": "; ".join(one.name for one in METHODS),
    }
    kinds = Counter(one.kind in NODE_KINDS for one in dated)
    said["bt_nodes"] = str(kinds[True])
    for year in YEARS:
        said[f"bt_follow_{year}"] = f"{stored(year).value('follow'):.3f}"
        said[f"bt_drift_{year}"] = f"{stored(year).value('drift CHN world'):.3f}"
    said["bt_fade"] = f"{of.value('fade world'):.2f}"
    said["bt_fade_rests"] = of.rests_on("fade world")
    said |= _score_facts()
    standing = shipped_table("standing")
    said["bt_standing_cases"] = str(len(standing))
    said["bt_standing_subjects"] = str(standing["subject"].nunique())
    said["bt_standing_most"] = f"{standing['forecast_pace'].max():.2f}"
    known = told(BASE_YEAR)
    labels = {
        f"{name}/{node}"
        for name in chain_names()
        for node, one in load_chain(name).nodes.items()
        if one.suppliers
    }
    own = [one for (node, region), one in known.items() if region == OWN and node in labels]
    said["bt_chain_nodes"] = str(len(labels))
    said["bt_told"] = str(len(own))
    said["bt_told_early"] = str(sum(one.early for one in own))
    said["bt_silent"] = str(len(labels) - len(own))
    write_facts("backtests", said)


def _score_facts() -> dict[str, str]:
    said: dict[str, str] = {}
    scores = published("nodes").scores
    whole = scores[scores["horizon"].astype(str) == "all"]
    for (origin, cell), rows in whole.groupby(["origin", "cell"]):
        if cell in CELLS:
            said |= _of(f"bt_{origin}_{cell}".replace(" ", "_").lower(), by_method(rows))
    left = published("left-out").scores
    left = left[left["horizon"].astype(str) == "all"]
    for cell, rows in left.groupby("cell"):
        said |= _of(f"bt_left_{cell}".replace(" ", "_").lower(), by_method(rows))
    return said


def _of(key: str, by: Any) -> dict[str, str]:
    model, still = by[MODEL], by[STILL]
    other = best_other(by)
    return {
        f"{key}_crps": f"{model['crps']:.2f}",
        f"{key}_still": f"{still['crps']:.2f}",
        f"{key}_other": f"{by[other]['crps']:.2f}",
        f"{key}_pooled": f"{by['logit drift, pooled']['crps']:.2f}",
        f"{key}_gain": f"{100 * (1 - model['crps'] / still['crps']):.0f}",
        f"{key}_error": f"{model['absolute_error']:.2f}",
        f"{key}_still_error": f"{still['absolute_error']:.2f}",
        f"{key}_bias": f"{model['pace_bias']:+.2f}",
        f"{key}_still_bias": f"{still['pace_bias']:+.2f}",
        f"{key}_short": f"{abs(model['pace_bias']):.2f}",
        f"{key}_still_short": f"{abs(still['pace_bias']):.2f}",
        f"{key}_sign": "-" if np.isnan(model["right_sign"]) else f"{100 * model['right_sign']:.0f}",
        f"{key}_cover": f"{100 * model['cover80']:.0f}",
        f"{key}_cases": str(model["cases"]),
    }
