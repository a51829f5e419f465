"""Reading scenarios: shipped or the user's own, with `extends`, overrides and --set."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from zizhu.errors import ScenarioError, did_you_mean, quoted, short
from zizhu.policy.scenario import MOST_NAME, Scenario, validate
from zizhu.reading import Complaint, read_mapping, tree_of

_MERGED = ("options", "parameters", "groups", "budget")
# Names of the way to a field: measures.LABEL.size.C26, and none is longer.
_DEEPEST = 6
# What a name of a scenario does not have; see `Scenario`.
_ODD = re.compile(r"[^\w .,()&'+=@!#-]+|^\W+")


def _folder() -> Path:
    return Path(str(files("zizhu.policy") / "scenarios"))


def scenario_names() -> list[str]:
    """Names of the shipped scenarios."""
    return sorted(file.stem for file in _folder().glob("*.yaml"))


def load_scenario(name: str | Path, settings: Iterable[str] = ()) -> Scenario:
    """Read a scenario by name or path, apply `path=value` settings, check everything.

    Settings reach any field: `options.deficits=zero`, `measures.LABEL.size=10 percentage points`,
    `elasticities.scale.C19=0`. Raises `ScenarioError` with file, field and remedy.
    """
    raw = _resolve(str(name), ())
    for setting in settings:
        _apply(raw, setting)
    return validate(raw, f"scenario {name}")


def scenario_of(scenario: str | Path | Scenario, settings: Iterable[str] = ()) -> Scenario:
    """A scenario as it is given, or read by name or path with settings; raises `ScenarioError`."""
    if not isinstance(scenario, Scenario):
        return load_scenario(scenario, settings)
    if list(settings):
        raise ScenarioError("settings apply to scenario files; change the Scenario instead")
    return scenario


def _locate(name: str, beside: Path | None) -> Path:
    if name in scenario_names():
        return _folder() / f"{name}.yaml"
    path = Path(os.path.expanduser(name))
    candidates = [path] if path.is_absolute() or beside is None else [beside / path, path]
    for candidate in candidates:
        if os.path.isfile(candidate):
            return candidate
    hint = did_you_mean(name, scenario_names())
    raise ScenarioError(f"scenario {quoted(name)} is neither shipped nor a file{hint}")


def _read(path: Path) -> dict[str, Any]:
    raw = read_mapping(path, "scenario file", ScenarioError, "`title:` and `measures:`")
    # A file may have a name that no folder should have.
    raw.setdefault("name", _ODD.sub("-", path.stem)[:MOST_NAME].strip(" -") or "scenario")
    return raw


def _resolve(name: str, chain: tuple[Path, ...]) -> dict[str, Any]:
    path = _locate(name, chain[-1].parent if chain else None).resolve()
    if path in chain:
        loop = " extends ".join(p.stem for p in (*chain[chain.index(path) :], path))
        raise ScenarioError(f"scenario {chain[0].stem} extends itself: {loop}")
    child = _read(path)
    parent_name = child.pop("extends", None)
    overrides, without = child.pop("overrides", None) or {}, child.pop("without", None) or []
    parent: dict[str, Any] = {}
    if parent_name is not None:
        if not isinstance(parent_name, str):
            raise ScenarioError(f"scenario file {path}, field extends: one name or path is right")
        parent = _resolve(parent_name, (*chain, path))
    elif overrides or without:
        raise ScenarioError(
            f"scenario file {path}: overrides and without change an extended scenario; say which "
            "one with extends"
        )
    return _merge(parent, child, overrides, without, path)


def _merge(
    parent: dict[str, Any],
    child: dict[str, Any],
    overrides: Any,
    without: Any,
    path: Path,
) -> dict[str, Any]:
    merged = {**parent, **child}
    for field in _MERGED:
        if isinstance(parent.get(field), Mapping) and isinstance(child.get(field), Mapping):
            merged[field] = {**parent[field], **child[field]}
    if merged.get("years") is not None and "variants" not in child:
        # Variants are of static runs: a path that extends one of those leaves them behind.
        merged.pop("variants", None)
    inherited = _inherited(parent, path)
    if not isinstance(overrides, Mapping) or not isinstance(without, list):
        raise ScenarioError(
            f"scenario file {path}: overrides is a mapping of labels, without a list of labels"
        )
    for label in [*overrides, *without]:
        if not isinstance(label, str) or label not in inherited:
            raise ScenarioError(
                f"scenario file {path}: measure {quoted(label)} is not in the extended scenario"
                f"{did_you_mean(label, inherited)}"
            )
    for label, change in overrides.items():
        if not isinstance(change, Mapping):
            raise ScenarioError(f"scenario file {path}, overrides.{short(label)}: fields are right")
        inherited[label].update(change)
    kept = [measure for label, measure in inherited.items() if label not in without]
    own = child.get("measures") or []
    merged["measures"] = [*kept, *own] if isinstance(own, list) else own
    return merged


def _inherited(parent: Mapping[str, Any], path: Path) -> dict[str, dict[str, Any]]:
    """Measures of the extended scenario by label."""
    found: dict[str, dict[str, Any]] = {}
    measures = parent.get("measures") or []
    for measure in measures if isinstance(measures, list) else [measures]:
        label = measure.get("label") if isinstance(measure, Mapping) else None
        if not isinstance(label, str) or label in found:
            raise ScenarioError(
                f"scenario file {path}, field extends: the extended scenario has a measure without "
                "a label of its own"
            )
        found[label] = dict(measure)
    return found


def _apply(raw: dict[str, Any], setting: str) -> None:
    """Apply one `path=value` to a raw scenario."""
    path, equals, text = setting.partition("=")
    keys = [key.strip() for key in path.split(".")]
    if not equals or not all(keys) or len(keys) > _DEEPEST:
        raise ScenarioError(
            f"--set {quoted(setting)}: write path=value, for example options.scale=none"
        )
    try:
        value = tree_of(text)
    except Complaint as error:
        raise ScenarioError(
            f"--set {quoted(setting)}: the value cannot be read, {error}"
        ) from error
    place: Any = raw
    for depth, key in enumerate(keys[:-1]):
        if isinstance(place, list):
            # Measures are found by their label, variants by their name.
            entries = [entry for entry in place if isinstance(entry, dict)]
            labelled = {str(entry.get("label", entry.get("name"))): entry for entry in entries}
            if key not in labelled:
                raise ScenarioError(
                    f"--set {quoted(setting)}: {short(keys[depth - 1])} has no {quoted(key)}"
                    f"{did_you_mean(key, labelled)}"
                )
            place = labelled[key]
        else:
            if not isinstance(place.get(key), dict | list):
                if depth == 0 and key == "measures":
                    raise ScenarioError(f"--set {quoted(setting)}: the scenario has no measures")
                place[key] = {}
            place = place[key]
    if isinstance(place, list):
        raise ScenarioError(
            f"--set {quoted(setting)}: name a field, as in measures.LABEL.size=10 %"
        )
    place[keys[-1]] = value
