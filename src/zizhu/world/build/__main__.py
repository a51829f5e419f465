"""`python -m zizhu.world.build DATA [FOLDER]`: prove the builder, build and write the worlds."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from rich.console import Console

from zizhu.errors import ZizhuError
from zizhu.world.build.make import gdp_differences, make_history, make_world, own_structure
from zizhu.world.build.proof import errors_by_class, errors_by_figure, prove
from zizhu.world.doubt import Doubt
from zizhu.world.history import HISTORY_FILE
from zizhu.world.past import FOLDER, PAST_YEARS, small
from zizhu.world.proof import PROOF_FILE
from zizhu.world.store import save

YEARS = (2017, 2022)
SHIPPED = Path(__file__).parents[1] / "tables"
ERRORS_FROM = (
    "value-weighted root mean square of ln(rebuilt / true) over WIOD 2005, 2010 and 2011, rebuilt "
    "from what the builder has for 2022"
)


def main(data: str, folder: str | Path = SHIPPED) -> None:
    """Write proof.json and one file per year."""
    target = Path(folder)
    with Console(stderr=True).status("reading") as status:
        proof = prove(data, lambda step: status.update(f"proof: {step}"))
        doubt = Doubt(errors_by_class(proof), errors_by_figure(proof), own_structure(), ERRORS_FROM)
        worlds = []
        for year in YEARS:
            status.update(f"building {year}")
            worlds.append(make_world(data, year, doubt))
        past = []
        for year in PAST_YEARS:
            status.update(f"building {year} in few regions")
            past.append(small(make_world(data, year)))
        history = make_history(data)
    proof["gdp"] = [row for world in worlds for row in gdp_differences(data, world)]
    target.mkdir(parents=True, exist_ok=True)
    for world in worlds:
        save(world, target / f"{world.name}.nc", compact=True)
    (target / FOLDER).mkdir(exist_ok=True)
    for world in past:
        save(world, target / FOLDER / f"{world.name}.nc", compact=True)
    packed = {"flow": {"zlib": True, "complevel": 9, "shuffle": True}}
    (target / HISTORY_FILE).parent.mkdir(exist_ok=True)
    history.to_netcdf(target / HISTORY_FILE, engine="h5netcdf", encoding=packed)
    (target / PROOF_FILE).write_text(json.dumps(proof, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit("usage: python -m zizhu.world.build DATA_FOLDER [TARGET_FOLDER]")
    try:
        main(*sys.argv[1:])
    except ZizhuError as error:
        sys.exit(str(error))
