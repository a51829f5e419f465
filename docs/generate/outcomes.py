"""What scenarios give: figures, indicators, verdicts, and whether their base is stable."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import zizhu as zz
from generate.fresh import write, write_facts
from generate.markdown import anchor, figure, model_fields, number, table
from zizhu.laboratory import economy_of, elasticities_of
from zizhu.laboratory.ensemble.design import DRAWS
from zizhu.laboratory.scenario_path.run import run_path
from zizhu.model.stability import scale_eigenvalue
from zizhu.parameters import values
from zizhu.policy import Scenario, load_scenario, scenario_names
from zizhu.policy.scenario import ElasticityOverrides, Options
from zizhu.report import figures, words
from zizhu.report.scenario_path import words as path_words
from zizhu.world import open_world

# The scenario with years that the pages explain.
DRIVE = "china-2035"


@lru_cache(maxsize=1)
def _decoupling() -> Any:
    return zz.run("decoupling")


@lru_cache(maxsize=1)
def drive() -> Any:
    """The flagship scenario with years, run once for all pages."""
    return run_path(DRIVE, draws=DRAWS)


def figures_and_indicators() -> None:
    """Figures of the decoupling scenario, and the table of all indicators."""
    outcome = _decoupling()
    for name in ("real_income", "self_sufficiency", "variants"):
        write(f"figures/{name}.html", figure(getattr(figures, name)(outcome)))
    groups: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    for name, variable in outcome.indicators.items():
        if str(name).endswith("_base"):
            continue
        base = "yes" if f"{name}_base" in outcome.indicators else ""
        row = (f"`{name}`", variable.attrs["units"], variable.attrs["definition"], base)
        groups.setdefault(tuple(map(str, variable.dims)), []).append(row)
    parts = [
        f"## By {', '.join(dims[:-1]) + ' and ' if len(dims) > 1 else ''}{dims[-1]}\n\n"
        + table(("indicator", "unit", "definition", "`_base`"), rows)
        for dims, rows in groups.items()
    ]
    write("indicators.md", "\n\n".join(parts))


def scenarios() -> None:
    """Every shipped scenario with its measures, options, sources and headline; the options."""
    parts, overview = [], []
    for name in scenario_names():
        scenario = load_scenario(name)
        overview.append((f"[{name}](#{anchor(name)})", scenario.title))
        defaults = Options().model_dump()
        changed = [
            f"`{field}: {value}`"
            for field, value in scenario.options.model_dump().items()
            if value != defaults[field]
        ]
        rows = []
        for measure in scenario.measures:
            fields = {
                (field.alias or key): getattr(measure, key)
                for key, field in type(measure).model_fields.items()
                if key in measure.model_fields_set and key not in ("lever", "label", "source")
            }
            fields_text = "; ".join(f"{field} {_short(value)}" for field, value in fields.items())
            source = measure.source
            rows.append((f"`{measure.label}`", f"`{measure.lever}`", fields_text, source))
        text = f"## {name}\n\n**{scenario.title}.** {scenario.context}"
        if scenario.years is not None:
            text += f"\n\nYear by year to {scenario.years}, see [](scenario_paths.md)."
        verdict = _verdict(scenario)
        text += f"\n\n{{.verdict}}\n{verdict}" if verdict else ""
        if rows:
            text += "\n\n" + table(("measure", "lever", "fields", "source"), rows)
        if changed:
            text += f"\n\nOptions that differ from the defaults: {', '.join(changed)}."
        if scenario.parameters:
            chosen = ", ".join(f"`{k}: {number(v)}`" for k, v in scenario.parameters.items())
            text += f"\n\nParameters: {chosen}."
        if scenario.sources:
            text += "\n\nSources:\n\n" + "\n".join(f"- {source}" for source in scenario.sources)
        parts.append(text)
    write("scenario-overview.md", table(("scenario", "title"), overview))
    write("scenarios.md", "\n\n".join(parts))
    write("option-fields.md", model_fields(Options))


def _verdict(scenario: Scenario) -> str:
    """The answer in words; of scenarios with years only the flagship's, since each takes long."""
    if scenario.name == DRIVE:
        return " ".join(path_words.verdict(drive()))
    if scenario.years is not None:
        return ""
    name = scenario.name
    outcome = _decoupling() if name == "decoupling" else zz.run(name, drivers=False)
    return f"{words.headline(outcome)} {words.doubt(outcome)}".strip()


def _short(value: Any) -> str:
    if isinstance(value, dict):
        return f"by sector ({len(value)} values)"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def stability() -> None:
    """Largest eigenvalue of the shipped bases under every regime, scale variable and strength."""
    worlds = {name: open_world(name) for name in ("2022", "2017")}
    economies = {name: economy_of(world, pooled=False) for name, world in worlds.items()}
    default = values()["scale_strength"]
    rows, found = [], {}
    for regime in ("lashkaripour-lugovskyy", "bartelme"):
        for scale, acts_on in (("labour", "labour of the sector"), ("composite", "all inputs")):
            for strength in (default, 1.0):
                cells = []
                for name, world in worlds.items():
                    options = Options(elasticities=regime, scale=scale)
                    chosen = {**values(), "scale_strength": strength}
                    elasticities, _ = elasticities_of(world, options, ElasticityOverrides(), chosen)
                    value = float(scale_eigenvalue(economies[name], elasticities))
                    found[f"{regime}_{scale}_{strength:g}_{name}"] = value
                    cells.append(f"{value:.2f}" + ("" if value < 1 else " **unstable**"))
                largest = float((elasticities.scale * elasticities.trade).max())
                rows.append((f"`{regime}`", acts_on, f"{strength:g}", f"{largest:.2f}", *cells))
    columns = (
        "elasticities",
        "scale acts on",
        "strength",
        "largest ψθ",
        *(f"base of {name}" for name in worlds),
    )
    write("stability.md", table(columns, rows, "llrrll"))
    default_regime = "lashkaripour-lugovskyy"
    write_facts(
        "stability",
        {
            "scale_strength": f"{default:g}",
            **{
                f"eigenvalue_{scale}_{word}_{name}": (
                    f"{found[f'{default_regime}_{scale}_{strength:g}_{name}']:.2f}"
                )
                for scale in ("labour", "composite")
                for word, strength in (("whole", 1.0), ("default", default))
                for name in worlds
            },
        },
    )


# The same tariffs on the 7 x 44 table of 2017 with the whole published elasticities, computed in
# this project before its worlds had 29 regions; percent of real income.
_EARLIER = {"CHN": -0.92, "USA": 0.055}


def war() -> None:
    """The tariff war of 2018-19 beside an earlier table, under every choice."""
    outcome = zz.run("tariff-war-2018", drivers=False)
    rows = [
        (
            "earlier table of 7 regions, whole elasticities",
            *(f"{v:+.3g}" for v in _EARLIER.values()),
            "",
            "",
        ),
        (
            "this run",
            *(f"{float(outcome.real_income.sel(region=r)):+.2f}" for r in _EARLIER),
            f"{outcome.scale_eigenvalue:.2f}",
            "",
        ),
    ]
    for one in outcome.variants:
        solved = bool(one.real_income)
        rows.append(
            (
                one.title,
                *((f"{one.real_income[r]:+.2f}" if solved else "none found") for r in _EARLIER),
                f"{one.scale_eigenvalue:.2f}" if one.scale_eigenvalue else "",
                "" if one.stable else "**unstable**",
            )
        )
    columns = ("choice", "China, %", "United States, %", "eigenvalue", "base")
    write("war.md", table(columns, rows, "lrrrl"))
    full = next(one for one in outcome.variants if one.name == "full-scale")
    flat = next(one for one in outcome.variants if one.name == "constant-returns")
    write_facts(
        "war",
        {
            "war_china": f"{float(outcome.real_income.sel(region='CHN')):+.2f}",
            "war_us": f"{float(outcome.real_income.sel(region='USA')):+.2f}",
            "war_full": (
                f"it is {full.real_income['CHN']:+.2f} and {full.real_income['USA']:+.2f}, on a "
                f"base that is then unstable (eigenvalue {full.scale_eigenvalue:.2f}), so that no "
                "weight should be put on it"
                if full.real_income
                else "no equilibrium is found, as may happen from a base that is unstable"
            ),
            "war_china_flat": f"{flat.real_income['CHN']:+.2f}",
            "war_us_flat": f"{flat.real_income['USA']:+.2f}",
            "war_eigenvalue": f"{outcome.scale_eigenvalue:.2f}",
        },
    )
