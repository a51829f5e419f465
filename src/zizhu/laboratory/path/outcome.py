"""From wedges to the outcome of a path: simulated, audited, labelled, explained."""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

import numpy as np
import xarray as xr

from zizhu.cache import remembered_arrays, use_compilation_cache
from zizhu.errors import ParameterError, ScenarioError, did_you_mean, quoted
from zizhu.indicators.path import (
    BASELINE,
    SCENARIO,
    PathAxes,
    Run,
    path_indicators,
)
from zizhu.indicators.path_tables import audit_table, decomposition_table
from zizhu.indicators.plausibility import Beyond, path_warnings
from zizhu.laboratory.path.arguments import (
    Choices,
    Switches,
    Years,
    choices_of,
    date_of,
    decomposed_years,
    years_of,
)
from zizhu.laboratory.path.case import PathCase, path_case
from zizhu.laboratory.path.chain_labels import labels_of
from zizhu.laboratory.path.decompose import CHANNELS, contributions, games_of, packed, unpacked
from zizhu.laboratory.path.manifest import audit_of, path_manifest
from zizhu.laboratory.path.run import Path, Progress, compile_ahead, simulate_path, start_at
from zizhu.laboratory.path.standing import control_wedges, standing_wedges
from zizhu.laboratory.recount.answers import recount_path
from zizhu.laboratory.recount.misses import Recount
from zizhu.model.path_audit import PathAudit, audit_path
from zizhu.model.path_inputs import Structure, YearWedges
from zizhu.model.path_record import Record
from zizhu.netcdf import write_netcdf
from zizhu.policy.path_wedges import PathWedges
from zizhu.policy.raw_wedge import raw_wedges
from zizhu.world import World, open_world

GivenWedges = str | Iterable[str] | PathWedges | None

_SPREAD = (
    "shares of origin are pooled: the public buyer's preference moves all uses by its part of "
    "spending (origins=separate lets it choose alone, at twice the time)"
)


@dataclass(frozen=True, repr=False, eq=False)
class PathOutcome:
    """What wedges do year by year: indicators, why, audit, and how it was computed.

    Every variable of `dataset` is an attribute as well: `outcome.real_income`.

    dataset   labelled tables, see `zizhu.indicators.path`
    path      records of the model behind them
    audits    of scenario and baseline: by how much each identity misses
    recount   of the tables, the base and the contributions, computed a second time
    warnings  where the answer lies beyond what the model can know
    notes     what was chosen or left out on the way
    manifest  everything that reproduces the run
    """

    dataset: xr.Dataset
    path: Path
    audits: Mapping[str, PathAudit]
    notes: tuple[str, ...]
    manifest: Mapping[str, Any]
    recount: Recount = field(default_factory=Recount)
    warnings: tuple[Beyond, ...] = ()

    def __repr__(self) -> str:
        case = self.path.case
        last = self.dataset["real_income_effect"].isel(year=-1)
        moved = case.world.regions[int(np.abs(last.values).argmax())]
        worst = max(one.largest for one in self.audits.values())
        return (
            f"<PathOutcome on world {case.world.name}, {case.years[0]} to {case.years[-1]}: real "
            f"income {moved} {float(last.sel(region=moved)):+.2f} percent against the baseline in "
            f"{case.years[-1]}; residual {worst:.0e}; {len(self.dataset)} indicators>"
        )

    def __getattr__(self, name: str) -> xr.DataArray:
        # Called only for names that the dataclass does not have.
        if name.startswith("_") or name in self.__dataclass_fields__:
            raise AttributeError(f"an outcome has no {quoted(name)}")
        if name in self.dataset:
            return self.dataset[name]
        hint = did_you_mean(name, map(str, self.dataset))
        raise AttributeError(f"an outcome of a path has no {quoted(name)}{hint}")

    def to_netcdf(self, path: str | FilePath) -> FilePath:
        """Write the dataset, with everything that identifies the run, to a file."""
        return write_netcdf(path, self.dataset)


def simulate(
    world: str | FilePath | World = "2022",
    wedges: GivenWedges = None,
    parameters: Mapping[str, float] | None = None,
    years: Years | None = None,
    *,
    structure: Switches = (),
    controls: str | dt.date | None = None,
    decompose: int | Iterable[int] | None = None,
    progress: Progress = lambda _: None,
) -> PathOutcome:
    """Simulate wedges year by year beside a baseline without them.

    world       catalogue name, path or `World`
    wedges      texts such as `tariff from=USA to=CHN sector=C26 size=25%`, or `PathWedges`
    parameters  replace registered ones by name
    years       the last year, or (first, last); the first is the world's year
    structure   switches such as `ideas=off`, `scale=static` or `elasticities=bartelme`
    controls    date until which the timeline of export controls joins the wedges; what was in force
                at the end of the world's year is in the baseline already
    decompose   years whose real income is explained by channel; by default the last, () for none
    progress    called with the name of each step

    Raises `ScenarioError`, `ParameterError`, `ChainError` or `WorldError` for bad input and
    `NotConverged` if a year was not solved or does not add up.
    """
    began = time.perf_counter()
    use_compilation_cache()
    choices, until = choices_of(structure), date_of(controls)
    if parameters is not None and not isinstance(parameters, Mapping):
        raise ParameterError(f"parameters: {quoted(parameters)} is no mapping of names to numbers")
    progress("reading the world and its chains")
    table = world if isinstance(world, World) else open_world(world)
    span = years_of(years, table.year)
    explained = decomposed_years(decompose, span)
    compile_ahead(table, pooled=choices.origins != "separate")
    case = path_case(
        table,
        span,
        parameters,
        scale=choices.scale,
        elasticities=choices.elasticities,
        origins=choices.origins,
        reaction=choices.switches.get("reaction", False),
    )
    if case.parameters["public_funds"] != 1:
        raise ParameterError(
            f"parameters: public_funds is {case.parameters['public_funds']:g}, but raw wedges do "
            "not say who pays; leave it at 1, or write the measures as a scenario"
        )
    texts, given = _wedges(wedges, case)
    notes: list[str] = []
    if until is not None:
        added = control_wedges(case, until)
        given = given.together(added)
        if added.is_none:
            notes.append(f"no control of the timeline until {until} goes beyond the baseline")
    if given.home_preference.any() and choices.origins == "pooled":
        notes.append(_SPREAD)
    path = simulate_path(case, given, choices.switches, progress)
    return outcome_of(
        path,
        choices,
        texts=texts,
        until=until,
        explained=explained,
        notes=notes,
        began=began,
        progress=progress,
    )


def outcome_of(
    path: Path,
    choices: Choices,
    *,
    texts: tuple[str, ...],
    until: dt.date | None,
    explained: tuple[int, ...],
    notes: list[str],
    began: float,
    progress: Progress,
    key: bytes | None = None,
) -> PathOutcome:
    """Everything that follows from a path's records.

    texts      that wedges were written in, for the record of the run
    until      last day of the timeline of controls in them
    explained  years whose real income is decomposed
    began      `time.perf_counter()` when the run began
    key        under which the decomposition is remembered; it stands for the path
    """
    case = path.case
    standing = standing_wedges(case)
    runs = {
        SCENARIO: Run(path.record, case.year_wedges(standing.together(path.wedges))),
        BASELINE: Run(path.baseline, case.year_wedges(standing)),
    }
    progress("audit")
    audits = _audits(path, runs)
    axes = PathAxes(case.labels, case.chains.names, case.chains.places, labels_of(case.chains))
    dataset = path_indicators(runs[SCENARIO], runs[BASELINE], case.base, case.rates, axes)
    dataset["audit"] = audit_table({name: one.by_identity for name, one in audits.items()})
    if key is None:
        games = games_of(path, explained, progress)
    else:
        arrays = remembered_arrays(
            f"decomposition {explained}",
            key,
            lambda: packed(games_of(path, explained, progress)),
        )
        games = unpacked(arrays, explained)
    values = contributions(games, len(case.world.regions))
    dataset["decomposition"] = decomposition_table(values, explained, case.world.regions, CHANNELS)
    structure = Structure.of(**choices.switches)
    progress("second count")
    recount = recount_path(dataset, path, structure, games)
    ours, theirs = path.record.solution, path.baseline.solution
    warnings = path_warnings(
        dataset,
        case.world,
        case.parameters,
        price=np.exp(np.asarray(ours.log_final_price) - np.asarray(theirs.log_final_price)),
        wage=np.exp(np.asarray(ours.log_wage) - np.asarray(theirs.log_wage)),
        subsidy=path.wedges.subsidy,
    )
    switches = {name: bool(value) for name, value in structure._asdict().items()}
    manifest = path_manifest(
        case,
        path.wedges,
        texts=texts,
        structure=switches,
        choices=choices,
        controls=until,
        audit=audit_of(audits, recount),
        warnings=warnings,
        seconds=time.perf_counter() - began,
    )
    dataset = dataset.assign_attrs(
        title=f"{case.world.name}, {case.years[0]} to {case.years[-1]}",
        world=case.world.name,
        wedges="; ".join(texts),
        notes="; ".join(notes),
        manifest=json.dumps(manifest),
    )
    return PathOutcome(dataset, path, audits, tuple(notes), manifest, recount, warnings)


def _wedges(given: GivenWedges, case: PathCase) -> tuple[tuple[str, ...], PathWedges]:
    """Texts, if wedges are texts, and their arrays."""
    none = case.labels.none()
    if isinstance(given, PathWedges):
        for name, values, like in zip(PathWedges._fields, given, none, strict=True):
            if np.shape(values) != like.shape:
                raise ScenarioError(
                    f"wedges: {name} has shape {np.shape(values)}; {like.shape} is right"
                )
            if not np.isfinite(values).all():
                raise ScenarioError(f"wedges: {name} has values that are not finite")
        return (), given
    if given is not None and not isinstance(given, Iterable):
        raise ScenarioError(
            f"wedges: {quoted(given)} is no list of texts; name key=value ... is one"
        )
    listed = () if given is None else (given,) if isinstance(given, str) else given
    texts = tuple(listed)
    for text in texts:
        if not isinstance(text, str):
            raise ScenarioError(f"wedges: {quoted(text)} is no text; write name key=value ...")
    return texts, raw_wedges(texts, case.labels)


def _audits(path: Path, runs: Mapping[str, Run]) -> dict[str, PathAudit]:
    """Audit of both runs, which raises `NotConverged` if anything does not add up."""
    case = path.case
    fixed = start_at(case, case.rates).fixed
    switches = Structure.of(**path.structure)

    def one(record: Record, wedges: YearWedges) -> PathAudit:
        found = audit_path(record, wedges, case.base, case.rates, switches, fixed=fixed)
        found.require(case.parameters["largest_residual"])
        return found

    # NumPy lets go of Python's lock in the long sums: both at once.
    with ThreadPoolExecutor(2) as pool:
        baseline = pool.submit(one, *runs[BASELINE])
        same = path.record is path.baseline
        scenario = baseline if same else pool.submit(one, *runs[SCENARIO])
        found = baseline.result()
        return {SCENARIO: scenario.result(), BASELINE: found}
