"""Reading YAML that people wrote: keys once, every complaint one sentence."""

from __future__ import annotations

import datetime as dt
import re
import reprlib
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError
from yaml.constructor import SafeConstructor

from zizhu.errors import ZizhuError, did_you_mean

# Bytes; no file of zizhu comes near it.
_LARGEST = 20_000_000


class _Complaint(Exception):
    """What is wrong inside a file, before the file is named."""


class _Unique(SafeConstructor):
    """Refuses a key written twice, which plain YAML resolves silently."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key, _ in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                raise _Complaint(f"line {line}: a list or mapping cannot name a field")
            if key.value in seen:
                raise _Complaint(f"line {line}: the field {key.value} appears twice")
            seen.add(key.value)
        return super().construct_mapping(node, deep)

    def construct_yaml_timestamp(self, node: Any) -> Any:
        try:
            return super().construct_yaml_timestamp(node)
        except ValueError as error:
            line = node.start_mark.line + 1
            raise _Complaint(f"line {line}: no calendar has the date {node.value}") from error


_Unique.yaml_constructors = {
    **SafeConstructor.yaml_constructors,
    "tag:yaml.org,2002:timestamp": _Unique.construct_yaml_timestamp,
}


class _Written(_Unique, yaml.SafeLoader):
    """YAML of users. The loader in C does not survive a file that is nested too deeply."""


class _Shipped(_Unique, getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML of the package: the same ten times faster, where PyYAML was built with it."""


_PACKAGE = Path(__file__).resolve().parent


def read_mapping(path: Path, what: str, error: type[ZizhuError], fields: str) -> dict[str, Any]:
    """Read a YAML file that holds one mapping; `fields` names two that it would have.

    Raises `error` with `what`, the path, the line and what would be right.
    """
    try:
        if path.exists() and not path.is_file():
            raise error(f"{what} {path} is not a file; a YAML file is right")
        if path.is_file() and path.stat().st_size > _LARGEST:
            raise error(f"{what} {path} is larger than {_LARGEST // 10**6} MB, too large to read")
        shipped = path.resolve().is_relative_to(_PACKAGE)
        raw = yaml.load(path.read_text(encoding="utf-8"), _Shipped if shipped else _Written)
    except yaml.YAMLError as found:
        mark = getattr(found, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        problem = getattr(found, "problem", None) or "it cannot be parsed"
        raise error(f"{what} {path}{where}: not valid YAML ({problem})") from found
    except UnicodeDecodeError as found:
        raise error(f"{what} {path}: it is not UTF-8 text") from found
    except RecursionError as found:
        raise error(f"{what} {path}: it is nested too deeply") from found
    except OSError as found:
        raise error(f"{what} {path} cannot be read as text") from found
    except _Complaint as found:
        raise error(f"{what} {path}, {found}") from found
    if not isinstance(raw, dict):
        holds = "is empty" if raw is None else f"holds a {type(raw).__name__}"
        raise error(f"{what} {path}: it {holds}; fields such as {fields} are right")
    return raw


def sentence(error: ValidationError, schema: type[BaseModel]) -> str:
    """The first complaint of pydantic as one sentence: field, what was found, what is right."""
    complaints = error.errors()
    # A union complains once for each branch: the one that got furthest knows best.
    same = [one for one in complaints if one["loc"][:1] == complaints[0]["loc"][:1]]
    first = max(same, key=lambda one: len(_parts(one["loc"])))
    parts = _parts(first["loc"])
    location = ".".join(parts)
    kind, found = first["type"], _shown(first.get("input"))
    message = str(first["msg"]).removeprefix("Value error, ")
    if kind == "value_error":
        return f"field {location}: {message}" if location else message
    if kind == "extra_forbidden":
        said = f"there is no such field{_nearest_field(schema, parts)}"
    elif kind == "missing":
        said = "it is missing"
    elif kind == "literal_error":
        said = f"{found} found, {first['ctx']['expected']} is right"
    elif kind.startswith("date_"):
        said = f"{found} is not a date; write 2018-07-06"
    elif kind in ("model_type", "dict_type"):
        said = f"{found} found; a mapping of fields is right"
    elif kind in ("list_type", "tuple_type"):
        said = f"{found} found; a list such as [A, B] is right"
    else:
        said = f"{found} found; {message[0].lower()}{message[1:]}".replace(
            "input should", "it should"
        )
    return f"field {location}: {said}"


def _parts(location: tuple[int | str, ...]) -> list[str]:
    """The location without the names of a union's branches, which are not for users."""
    return [str(part) for part in location if not re.search(r"^str$|[\[(]", str(part))]


def _shown(found: object) -> str:
    """What was found, in no more than a few words."""
    # reprlib stops early where a file refers to itself a million times.
    short = repr(found) if isinstance(found, str) else reprlib.repr(found)
    text = f"'{found}'" if isinstance(found, dt.date) else short
    return text if len(text) <= 80 else f"{text[:77]}..."


def _nearest_field(schema: type[BaseModel], parts: list[str]) -> str:
    """Suggest a field of the schema, or of the nested one that the parts lead to."""
    for part in parts[:-1]:
        field = schema.model_fields.get(part)
        inner = field.annotation if field else None
        if not (isinstance(inner, type) and issubclass(inner, BaseModel)):
            return ""
        schema = inner
    names = [field.alias or name for name, field in schema.model_fields.items()]
    return did_you_mean(parts[-1], names)
