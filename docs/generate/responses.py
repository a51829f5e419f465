"""What the levers of the flagship do at no, their own, twice and four times their size."""

from __future__ import annotations

import xarray as xr

from generate.fresh import write
from generate.markdown import table
from generate.outcomes import drive
from zizhu.laboratory.scenario_path.scaled import responses as scaled_responses


def responses() -> None:
    """The table of responses on the page `scenario_paths.md`."""
    answer = drive()
    found = scaled_responses(
        answer.scenario,
        answer.outcome.path,
        answer.compiled,
        answer.outcome.dataset,
        answer.focus,
    )
    write("scenario-path-responses.md", sections(found))


def sections(found: xr.Dataset) -> str:
    """One table for each kind: share without it, then points added at each factor."""
    factors = found["factor"].values.tolist()
    head = ("battleground", "without, %", *(f"x {factor:g}" for factor in factors if factor))
    parts = []
    for kind in found["kind"].values.tolist():
        one = found.sel(kind=kind)
        rows = [
            (
                str(field["title"].item()),
                f"{float(field['share'].sel(factor=0)):.1f}",
                *(f"{float(field['points'].sel(factor=f)):+.2f}" for f in factors if f),
            )
            for field in (one.sel(battleground=b) for b in one["battleground"].values)
        ]
        rows += [
            ("*planned spending, bn USD*", "", *(f"{v:,.0f}" for v in _but_zero(one["outlay"]))),
            (
                "*real income against the baseline, %*",
                f"{float(one['income'].sel(factor=0)):+.2f}",
                *(f"{v:+.2f}" for v in _but_zero(one["income"])),
            ),
        ]
        labels = ", ".join(f"`{label}`" for label in str(one["measures"].item()).split(", "))
        parts.append(
            f"### {kind.capitalize()}\n\nMeasures: {labels}.\n\n"
            + table(head, rows, "l" + "r" * (len(head) - 1))
        )
    return "\n\n".join(parts)


def _but_zero(values: xr.DataArray) -> list[float]:
    return [float(value) for value in values.where(values["factor"] != 0, drop=True)]
