"""Files of parameters: every wrong entry is one sentence with file, parameter and field."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from zizhu.errors import ParameterError, quoted, short
from zizhu.parameters.parameter import Parameter
from zizhu.reading import read_mapping, sentence


def load_parameters(path: str | Path) -> dict[str, Parameter]:
    """Read a YAML file of parameters, one entry each, and check all of them.

    Raises `ParameterError` naming the file, the parameter and the field.
    """
    return read_all([Path(os.path.expanduser(path))])


def read_all(paths: Iterable[Path]) -> dict[str, Parameter]:
    """Read several files; no name may be in two, and no symbol twice in one room."""
    found: dict[str, Parameter] = {}
    symbols: dict[tuple[str, str], str] = {}
    for path in paths:
        entries = read_mapping(
            path, "parameter file", ParameterError, "`my_parameter:` with symbol, unit and value"
        )
        for name, entry in entries.items():
            place = f"parameter file {path}, parameter {short(name)}"
            parameter = _checked(name, entry, place)
            if name in found:
                raise ParameterError(f"{place}: another file has a parameter of this name")
            key = (parameter.used_by, parameter.symbol)
            if key in symbols:
                raise ParameterError(
                    f"{place}, field symbol: {quoted(parameter.symbol)} is the symbol of "
                    f"{symbols[key]} in {parameter.used_by} too; one of its own is right"
                )
            symbols[key] = name
            found[name] = parameter
    return found


def _checked(name: Any, entry: Any, place: str) -> Parameter:
    if not isinstance(entry, dict):
        raise ParameterError(
            f"{place}: {quoted(entry)} found; fields such as value and unit are right"
        )
    if "name" in entry:
        raise ParameterError(
            f"{place}, field name: the name stands before the fields; leave it out"
        )
    try:
        return Parameter.model_validate({"name": name, **entry})
    except ValidationError as error:
        raise ParameterError(f"{place}, {sentence(error, Parameter)}") from error
