"""Everything on the pages that comes from the package: tables, figures, outputs of commands.

Called by `conf.py` before the pages are read; writes to `docs/_generated/` and keeps what is still
fresh, judged by a hash of the package and of the blocks that a page runs. By hand:
`python docs/generate.py`.
"""

from __future__ import annotations

import ast
import contextlib
import hashlib
import inspect
import io
import json
import os
import re
import shlex
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path
from typing import Any

import plotly.io as pio
from plotly.offline import get_plotlyjs

import zizhu as zz
from zizhu import cli
from zizhu.errors import WorldError
from zizhu.laboratory import economy_of, elasticities_of
from zizhu.model.stability import scale_eigenvalue
from zizhu.parameters import parameters as all_parameters
from zizhu.parameters import regimes, values
from zizhu.parameters.registry import _rates
from zizhu.policy import levers as all_levers
from zizhu.policy import load_scenario, scenario_names
from zizhu.policy.scenario import ElasticityOverrides, Options
from zizhu.replications import REPLICATIONS, replicate
from zizhu.report import figures, words
from zizhu.report.levers import fields_of
from zizhu.world import catalogue, open_world, to_dataset
from zizhu.world.catalogue import INPUT_TABLES

HERE = Path(__file__).resolve().parent
GENERATED = HERE / "_generated"
BENCHMARKS = HERE.parent / "benchmarks" / "README.md"

_EXECUTED = re.compile(
    r"^```\{(?P<kind>command|python|file)\}[ ]*(?P<argument>[^\n]*)\n"
    r"(?P<options>(?::[^\n]*\n)*)(?P<body>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


# What is fresh, what is not.


@lru_cache(maxsize=1)
def _package() -> str:
    """Hash of the package's files and of this one."""
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for file in sorted(Path(zz.__file__).parent.rglob("*")):
        if file.suffix in {".py", ".yaml", ".nc"}:
            digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()


def _stamps() -> dict[str, str]:
    file = GENERATED / "stamps.json"
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}


def _refresh(name: str, key: str, make: Callable[[], None]) -> None:
    """Call `make` unless it was called with the same key before."""
    stamp = hashlib.sha256((_package() + key).encode()).hexdigest()
    if _stamps().get(name) == stamp:
        return
    print(f"docs: generating {name}", file=sys.stderr)
    make()
    text = json.dumps({**_stamps(), name: stamp}, indent=1)
    (GENERATED / "stamps.json").write_text(text, encoding="utf-8")


def _write(name: str, text: str) -> None:
    target = GENERATED / name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text.rstrip() + "\n", encoding="utf-8")


def everything() -> None:
    """Bring every generated part up to date."""
    GENERATED.mkdir(exist_ok=True)
    assets()
    for part in (levers, parameters, worlds, figures_and_indicators, scenarios, stability):
        _refresh(part.__name__, "", part)
    here = [entry.name for entry in catalogue() if "not here" not in entry.location]
    _refresh("replications", " ".join(here), replications)
    benchmarks()
    for page in sorted(HERE.glob("*.md")):
        blocks = _EXECUTED.findall(page.read_text(encoding="utf-8"))
        if blocks:
            _refresh(f"page {page.stem}", json.dumps(blocks), lambda page=page: run_page(page))


# Text.


def _cell(value: object) -> str:
    return str(value).replace("\n", " ").replace("|", "\\|").replace("<", "&lt;")


def table(columns: Iterable[str], rows: Iterable[Iterable[object]], align: str = "") -> str:
    """A Markdown table; `align` has one of l, r for each column."""
    columns = list(columns)
    marks = [":--" if a == "l" else "--:" for a in (align or "l" * len(columns))]
    lines = ["| " + " | ".join(columns) + " |", "| " + " | ".join(marks) + " |"]
    lines += ["| " + " | ".join(_cell(value) for value in row) + " |" for row in rows]
    return "\n".join(lines)


def _number(value: float) -> str:
    if value != 0 and abs(value) < 1e-4:
        return f"{value:.0e}"
    return "infinite" if value == float("inf") else f"{value:g}"


# Static files: plotly and MathJax, copied so that the pages load nothing from elsewhere.


def assets() -> None:
    """Put the scripts of figures and formulas beside the pages."""
    static = GENERATED / "static"
    static.mkdir(parents=True, exist_ok=True)
    if not (static / "plotly.min.js").is_file():
        (static / "plotly.min.js").write_text(get_plotlyjs(), encoding="utf-8")
    if not (static / "mathjax.js").is_file():
        try:
            found = [file for file in files("sphinx-mathjax-offline") or () if _is_mathjax(file)]
            shutil.copyfile(str(found[0].locate()), static / "mathjax.js")
        except (PackageNotFoundError, IndexError):
            sys.exit("sphinx-mathjax-offline is missing; install the extra docs: zizhu[docs]")


def _is_mathjax(file: Any) -> bool:
    return file.name == "tex-svg.js"


# Tables from the registries.


def levers() -> None:
    """One section for every lever, from its schema."""
    common = ("label", "source", "from", "to", "adds")
    parts, shared = [], ""
    for name, schema in all_levers().items():
        rows = fields_of(schema)
        shared = table(
            ("field", "value", "default", "meaning"), [_field(r) for r in rows if r[0] in common]
        )
        example = "\n".join(
            ("- " if number == 0 else "  ") + line
            for number, line in enumerate(schema.example.splitlines())
        )
        own = table(
            ("field", "value", "default", "meaning"),
            [_field(r) for r in rows if r[0] not in common],
        )
        parts.append(
            f"## {name}\n\n{inspect.cleandoc(schema.__doc__ or '')}\n\n"
            f"**Acts through** {schema.acts_through}.\n\n**What is known:** {schema.known}.\n\n"
            f"{own}\n\n```yaml\n{example}\n```"
        )
    overview = table(
        ("lever", "acts through"),
        [
            (f"[{name}](#{_anchor(name)})", schema.acts_through)
            for name, schema in all_levers().items()
        ],
    )
    _write("lever-overview.md", overview)
    _write("lever-common.md", shared)
    _write("levers.md", "\n\n".join(parts))


def _anchor(name: str) -> str:
    return name.lower().replace(" ", "-")


def _field(row: tuple[str, str, str, str]) -> tuple[str, ...]:
    name, kind, default, meaning = row
    return f"`{name}`", kind.replace("'", "`"), _default(default), meaning


def _default(default: str) -> str:
    return default if default in ("required", "") else f"`{default}`"


def parameters() -> None:
    """Scalar parameters, elasticity regimes, exchange rates."""
    rows = [
        (
            f"`{p.name}`",
            p.title,
            _number(p.value),
            f"{_number(p.low)} to {_number(p.high)}",
            "" if p.unit == "1" else p.unit,
            p.source,
        )
        for p in all_parameters().values()
    ]
    _write("parameters.md", table(("name", "what", "value", "range", "unit", "source"), rows))
    parts = []
    for regime in regimes().values():
        rows = []
        for row in regime.rows:
            low, high = row.isic
            span = f"{low:02d}" if low == high else f"{low:02d} to {high:02d}"
            product = f"{row.trade * row.scale:.2f}"
            rows.append((span, row.name, f"{row.trade:g}", f"{row.scale:g}", product))
        parts.append(
            f"### {regime.name}\n\n{regime.title}.\n\nSource: {regime.source}. Services: "
            f"{regime.services}.\n\n"
            + table(("ISIC divisions", "sector", "θ", "ψ", "ψθ"), rows, "llrrr")
        )
    _write("regimes.md", "\n\n".join(parts))
    rates = _rates()
    rows = [
        (currency, f"{min(years)} to {max(years)}", f"{years[max(years)]:g}")
        for currency, years in rates["per_usd"].items()
    ]
    days = [
        f"- {day['currency']} on {day['day']}: {day['rate']:g} per dollar ({day['source']})"
        for day in rates["days"]
    ]
    _write(
        "rates.md",
        f"Source: {rates['source']}.\n\n"
        + table(("currency", "years", "units per dollar, last year"), rows, "llr")
        + "\n\nSingle days, used within half a year around them:\n\n"
        + "\n".join(days),
    )


def worlds() -> None:
    """The catalogue, the world of 2017 and the file format."""
    rows = [
        (f"`{entry.name}`", entry.kind, entry.description)
        for entry in catalogue()
        if entry.name not in INPUT_TABLES
    ]
    rows += [
        (f"`{t.name}`", "replication input", f"{t.description}. Where to get it: {t.where_to_get}")
        for t in INPUT_TABLES.values()
    ]
    _write("catalogue.md", table(("name", "kind", "what"), rows))
    world = open_world("2017")
    dataset = to_dataset(world)
    rows = [
        (f"`{name}`", " x ".join(map(str, v.dims)), v.attrs["units"], v.attrs["definition"])
        for name, v in dataset.data_vars.items()
    ]
    _write("format.md", table(("variable", "dimensions", "unit", "definition"), rows))
    flows = world.flows
    rows = []
    for n, region in enumerate(world.regions):
        bought = flows[:, :, n].sum() - flows[n, :, n].sum()
        duty = (flows[:, :, n] * world.tariff[:, :, n]).sum()
        rows.append(
            (
                f"`{region}`",
                world.region_name(region),
                f"{world.gdp[n] / 1e3:,.0f}",
                f"{world.output[n].sum() / 1e3:,.0f}",
                f"{world.deficit[n] / 1e3:+,.0f}",
                f"{100 * duty / bought:.1f}",
            )
        )
    columns = (
        "code",
        "region",
        "GDP, bn USD",
        "output, bn USD",
        "deficit, bn USD",
        "tariffs paid, %",
    )
    sectors = table(
        ("code", "sector", "ISIC Rev. 4 divisions"),
        [
            (f"`{code}`", world.sector_name(code), ", ".join(f"{d:02d}" for d in world.isic[code]))
            for code in world.sectors
        ],
    )
    gaps = table(
        ("identity", "largest gap, share of output", "where"),
        [(i.statement, f"{i.relative:.0e}", i.where) for i in world.identities()],
    )
    notes = "\n".join(f"- {note[0].upper()}{note[1:]}." for note in world.notes)
    _write(
        "world-2017.md",
        f"Source: {world.source}. Licence: {world.licence}.\n\n{table(columns, rows, 'llrrrr')}"
        f"\n\n{gaps}\n\nNotes that the world carries with it:\n\n{notes}\n\n{sectors}",
    )


@lru_cache(maxsize=1)
def _decoupling() -> Any:
    return zz.run("decoupling")


def figures_and_indicators() -> None:
    """Figures of the decoupling scenario, and the table of all indicators."""
    outcome = _decoupling()
    for name in ("real_income", "self_sufficiency", "variants"):
        html = pio.to_html(
            getattr(figures, name)(outcome),
            include_plotlyjs=False,
            full_html=False,
            config={"displaylogo": False, "displayModeBar": False, "responsive": True},
        )
        script = '<script src="_static/plotly.min.js"></script>'
        _write(f"figures/{name}.html", f'<div class="figure-frame">{script}{html}</div>')
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
    _write("indicators.md", "\n\n".join(parts))


def scenarios() -> None:
    """Every shipped scenario with its measures, options, sources and headline; the options."""
    parts, overview = [], []
    for name in scenario_names():
        scenario = load_scenario(name)
        overview.append((f"[{name}](#{_anchor(name)})", scenario.title))
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
        outcome = _decoupling() if name == "decoupling" else zz.run(name, drivers=False)
        verdict = f"{words.headline(outcome)} {words.doubt(outcome)}".strip()
        text += f"\n\n{{.verdict}}\n{verdict}"
        if rows:
            text += "\n\n" + table(("measure", "lever", "fields", "source"), rows)
        if changed:
            text += f"\n\nOptions that differ from the defaults: {', '.join(changed)}."
        if scenario.parameters:
            chosen = ", ".join(f"`{k}: {_number(v)}`" for k, v in scenario.parameters.items())
            text += f"\n\nParameters: {chosen}."
        if scenario.sources:
            text += "\n\nSources:\n\n" + "\n".join(f"- {source}" for source in scenario.sources)
        parts.append(text)
    _write("scenario-overview.md", table(("scenario", "title"), overview))
    _write("scenarios.md", "\n\n".join(parts))
    _write("option-fields.md", _model_fields(Options))


def _short(value: Any) -> str:
    if isinstance(value, dict):
        return f"by sector ({len(value)} values)"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _model_fields(model: Any) -> str:
    properties = model.model_json_schema()["properties"]
    rows = []
    for name, field in model.model_fields.items():
        entry = properties[name]
        choices = entry.get("enum")
        default = "required" if field.is_required() else entry.get("default", "")
        if isinstance(default, bool):
            default = str(default).lower()
        plain = isinstance(default, str | int | float) and default not in ("", None)
        allowed = ", ".join(f"`{choice}`" for choice in choices) if choices else ""
        shown = _default(str(default)) if plain else ""
        rows.append((f"`{name}`", allowed, shown, field.description or ""))
    if not any(row[1] for row in rows):
        return table(("field", "default", "meaning"), [(a, c, d) for a, _, c, d in rows])
    return table(("field", "values", "default", "meaning"), rows)


def stability() -> None:
    """Largest eigenvalue of the base of 2017 under every regime and scale variable."""
    world = open_world("2017")
    economy = economy_of(world, pooled=True)
    rows = []
    for regime in ("lashkaripour-lugovskyy", "bartelme"):
        for scale, acts_on in (("labour", "labour of the sector"), ("composite", "all inputs")):
            options = Options(elasticities=regime, scale=scale)
            elasticities, _ = elasticities_of(world, options, ElasticityOverrides(), values())
            value = float(scale_eigenvalue(economy, elasticities))
            largest = float((elasticities.scale * elasticities.trade).max())
            rows.append(
                (
                    f"`{regime}`",
                    acts_on,
                    f"{largest:.2f}",
                    f"{value:.2f}",
                    "stable" if value < 1 else "**unstable**",
                )
            )
    columns = ("elasticities", "scale acts on", "largest ψθ", "largest eigenvalue", "base of 2017")
    _write("stability.md", table(columns, rows, "llrrl"))


def replications() -> None:
    """Published numbers against ours; one sentence where the input tables are absent."""
    parts = []
    for name, (title, _) in REPLICATIONS.items():
        text = f"## {name}\n\n{title}.\n\n"
        try:
            found = replicate(name)
        except WorldError:
            text += (
                "The input tables of this replication are not shipped and were not at hand when "
                f"these pages were built; `zizhu replicate {name}` says where to get them."
            )
            parts.append(text)
            continue
        agreeing = sum(row.agrees for row in found.rows)
        text += f"{agreeing} of {len(found.rows)} numbers agree. Source: {found.source}.\n\n"
        rows = [
            (
                row.quantity,
                f"{row.published:.{row.digits}f}",
                _value(row.computed),
                _value(row.difference),
                "agrees" if row.agrees else "**differs**",
            )
            for row in found.rows
        ]
        text += table(("quantity", "published", "computed", "difference", ""), rows, "lrrrl")
        beside = [(quantity, _value(value)) for quantity, value in found.beside.items()]
        text += "\n\nReported beside, without an expectation:\n\n"
        text += table(("quantity", "value"), beside, "lr")
        text += "\n\n" + "\n".join(
            f"- {remark[0].upper()}{remark[1:]}." for remark in found.remarks
        )
        parts.append(text)
    _write("replications.md", "\n\n".join(parts))


def _value(value: float) -> str:
    return f"{value:.0e}" if value != 0 and abs(value) < 1e-4 else f"{value:.4f}"


def benchmarks() -> None:
    """The benchmarks' own README if it is there, without its title and relative links."""
    if not BENCHMARKS.is_file():
        _write("benchmarks.md", "No results have been written down yet.")
        return
    text = re.sub(r"\A# .*\n", "", BENCHMARKS.read_text(encoding="utf-8"))
    text = re.sub(r"\[([^\]]+)\]\((?!https?:|#)[^)]*\)", r"\1", text)
    _write("benchmarks.md", text)


# Blocks that the pages run.


def run_page(page: Path) -> None:
    """Run the `command`, `python` and `file` blocks of a page in order, in an empty folder."""
    outputs: dict[str, str] = {}
    namespace: dict[str, Any] = {}
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            for block in _EXECUTED.finditer(page.read_text(encoding="utf-8")):
                body = block["body"].rstrip("\n")
                if block["kind"] == "file":
                    file = Path(block["argument"].strip())
                    file.parent.mkdir(exist_ok=True)
                    file.write_text(body + "\n", encoding="utf-8")
                elif block["kind"] == "python":
                    outputs[body] = _python(body, namespace)
                else:
                    outputs[body] = "".join(_command(line) for line in body.splitlines())
        finally:
            os.chdir(before)
    _write(f"pages/{page.stem}.json", json.dumps(outputs, indent=1))


def output_of(page: str, source: str) -> str:
    """What a block of a page printed when the parts were generated."""
    text = (GENERATED / "pages" / f"{page}.json").read_text(encoding="utf-8")
    return str(json.loads(text)[source])


def _captured(work: Callable[[], None]) -> str:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        work()
    return "\n".join(line.rstrip() for line in printed.getvalue().splitlines()) + "\n"


def _command(line: str) -> str:
    """Run one `zizhu ...` line in this process; `> FILE` at its end writes to a file."""
    arguments = shlex.split(line)
    target = arguments[arguments.index(">") + 1] if ">" in arguments else None
    arguments = arguments[: arguments.index(">")] if target else arguments
    cli.console.out.width = 80
    if arguments[0] != "zizhu":
        raise ValueError(f"{line!r} is not a zizhu command")

    def work() -> None:
        kept, sys.argv = sys.argv, arguments
        try:
            with contextlib.suppress(SystemExit):
                cli.main()
        finally:
            sys.argv = kept

    printed = _captured(work)
    if target:
        Path(target).write_text(printed, encoding="utf-8")
        return ""
    return printed


def _python(source: str, namespace: dict[str, Any]) -> str:
    """Run Python; the value of a last expression is shown as at a prompt."""
    tree = ast.parse(source)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None

    def work() -> None:
        exec(compile(tree, "<docs>", "exec"), namespace)
        if last is not None:
            value = eval(compile(ast.Expression(last.value), "<docs>", "eval"), namespace)
            if value is not None:
                print(value)

    return _captured(work)


if __name__ == "__main__":
    everything()
