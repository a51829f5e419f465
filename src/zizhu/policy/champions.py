"""Firms that may be listed one by one, read from `champions.yaml`."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from zizhu.chains import shipped_chains
from zizhu.errors import ScenarioError, did_you_mean, quoted
from zizhu.reading import read_mapping, sentence

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,79}", re.ASCII)


class ListedFirm(BaseModel):
    """A firm by name: where it makes what, and the node `chain/node` it cannot do without."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    region: str = Field(min_length=1)
    sector: str = Field(min_length=1)
    node: str
    source: str = Field(min_length=1)


@lru_cache(maxsize=1)
def listed_firms() -> dict[str, ListedFirm]:
    """The shipped firms by name."""
    return read_listed_firms(Path(str(files("zizhu.policy") / "champions.yaml")))


def read_listed_firms(path: Path) -> dict[str, ListedFirm]:
    """Read a file of firms; raises `ScenarioError` naming file, firm and field."""
    nodes = [f"{chain.chain}/{node}" for chain in shipped_chains().values() for node in chain.nodes]
    found: dict[str, ListedFirm] = {}
    for name, fields in read_mapping(path, "firms file", ScenarioError, "`node:`").items():
        place = f"firms file {path}, {quoted(name)}"
        if not _NAME.fullmatch(name):
            raise ScenarioError(f"{place}: small letters, digits, - and _ are right")
        if not isinstance(fields, dict):
            raise ScenarioError(f"{place}: fields are right, such as `region:` and `node:`")
        try:
            firm = ListedFirm.model_validate({**fields, "name": name})
        except ValidationError as error:
            raise ScenarioError(f"{place}, {sentence(error, ListedFirm)}") from error
        if firm.node not in nodes:
            raise ScenarioError(
                f"{place}, field node: {quoted(firm.node)} is no node"
                f"{did_you_mean(firm.node, nodes)}"
            )
        found[name] = firm
    return found
