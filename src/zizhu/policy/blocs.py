"""Blocs of regions that could part, read from `blocs.yaml`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from zizhu.chains import shipped_chains
from zizhu.errors import ScenarioError, did_you_mean, quoted
from zizhu.reading import read_mapping, sentence


class Bloc(BaseModel):
    """Regions that act together against another bloc.

    title      for the middle of a sentence
    members    regions, or groups of regions, in no more than one bloc
    withholds  chain whose nodes it may stop selling
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    title: str = Field(min_length=1)
    members: tuple[str, ...] = Field(min_length=1)
    withholds: str
    source: str = Field(min_length=1)

    def regions(
        self, known: Sequence[str], groups: Mapping[str, Collection[str]]
    ) -> tuple[str, ...]:
        """Its members among the regions of a world; a world may hold a group as one region."""
        named = [one for name in self.members for one in (name, *groups.get(name, ()))]
        return tuple(one for one in dict.fromkeys(named) if one in known)


@lru_cache(maxsize=1)
def blocs() -> dict[str, Bloc]:
    """The shipped blocs by name."""
    return read_blocs(Path(str(files("zizhu.policy") / "blocs.yaml")))


def read_blocs(path: Path) -> dict[str, Bloc]:
    """Read a file of blocs; raises `ScenarioError` naming file, bloc and field."""
    found: dict[str, Bloc] = {}
    for name, fields in read_mapping(path, "blocs file", ScenarioError, "`members:`").items():
        place = f"blocs file {path}, {quoted(name)}"
        if not isinstance(fields, dict):
            raise ScenarioError(f"{place}: fields are right, such as `members:` and `withholds:`")
        try:
            bloc = Bloc.model_validate({**fields, "name": name})
        except ValidationError as error:
            raise ScenarioError(f"{place}, {sentence(error, Bloc)}") from error
        if bloc.withholds not in shipped_chains():
            raise ScenarioError(
                f"{place}, field withholds: {quoted(bloc.withholds)} is no chain"
                f"{did_you_mean(bloc.withholds, shipped_chains())}"
            )
        for other in found.values():
            both = [one for one in bloc.members if one in other.members]
            if both:
                raise ScenarioError(
                    f"{place}, field members: {quoted(both[0])} is in bloc {other.name} too; one "
                    "of the two is right"
                )
        found[name] = bloc
    return found
