"""The proof of the shipped worlds: the tables of `zizhu world proof`, and numbers for the text."""

from __future__ import annotations

from generate.fresh import write, write_facts
from generate.markdown import table
from zizhu.report.proof import proof_tables
from zizhu.world import open_proof
from zizhu.world.build.proof import AS_USED, AS_USED_WITHOUT
from zizhu.world.build.rehearsal import EDITION_NOISE

_NAMES = ("full", "sources", "electronics", "figures", "cells", "gdp")


def proof() -> None:
    """Every table as a part of its own, and what the text says of them."""
    found = open_proof()
    for name, one in zip(_NAMES, proof_tables(found), strict=True):
        text = [column.strip() or "" for column in one.columns]
        rows = table(text, one.rows, "l" + "r" * (len(text) - 1))
        write(f"proof-{name}.md", f"**{one.title}.** {one.reading}\n\n{rows}")
    degraded = {(one["sources"], one["year"]): one for one in found["degraded"]}
    years = sorted({year for _, year in degraded})

    def mean(sources: str, what: str = "intermediate") -> float:
        return sum(degraded[sources, year][what] for year in years) / len(years)

    def span(sources: str) -> str:
        every = [degraded[sources, year]["intermediate"] for year in years]
        return f"{min(every):.3f} to {max(every):.3f}"

    full = next(one for one in found["full"] if (one["from"], one["to"]) == (2005, 2010))
    gdp = {one["region"]: one for one in found["gdp"] if one["year"] == 2022 and one["published"]}
    apart = {code: 100 * (one["world"] / one["published"] - 1) for code, one in gdp.items()}
    figure = {
        (one["figure"], one["kind"], one["structure"], one["partner"]): one["error"]
        for one in found["figures"]
    }
    cells = [one for one in found["classes"] if one["origin"] == "imported"]
    imported = [one for one in cells if one["supply"] == "goods" and one["structure"] == "own"]
    weight = sum(one["value_share"] for one in imported)
    square = sum(one["value_share"] * one["error"] ** 2 for one in imported)
    write_facts(
        "proof",
        {
            "full_known": f"{full['known']['intermediate']:.3f}",
            "full_unknown": f"{full['unknown']['intermediate']:.3f}",
            "full_scaled": f"{full['scaled']['intermediate']:.3f}",
            "full_known_imported": f"{full['known']['imported']:.3f}",
            "as_used": span(AS_USED),
            "as_used_mean": f"{mean(AS_USED):.3f}",
            "as_used_without": f"{mean(AS_USED_WITHOUT):.3f}",
            "as_used_imported": f"{mean(AS_USED, 'imported'):.3f}",
            "all_sources": span("all sources"),
            "all_sources_mean": f"{mean('all sources'):.3f}",
            "no_old": f"{mean('no old tables'):.3f}",
            "no_official": f"{mean('no official table'):.3f}",
            "no_origins": f"{mean('old tables, but not for origins'):.3f}",
            "no_origins_imported": f"{mean('old tables, but not for origins', 'imported'):.3f}",
            "all_sources_imported": f"{mean('all sources', 'imported'):.3f}",
            "no_technology": f"{mean('old tables, but not for technology'):.3f}",
            "no_gdp": f"{mean('no GDP'):.3f}",
            "crude": span("pooled structure and trade only"),
            "crude_mean": f"{mean('pooled structure and trade only'):.3f}",
            "apart_41": f"{found['every_country']['intermediate']:.3f}",
            "noise_home": f"{EDITION_NOISE['home']:g}",
            "noise_abroad": f"{EDITION_NOISE['abroad']:g}",
            "gdp_korea": f"{apart['KOR']:+.1f}",
            "gdp_largest": ", ".join(
                f"{code} {apart[code]:+.1f}"
                for code in sorted(apart, key=lambda code: -abs(apart[code]))[:5]
            ),
            "error_inputs_foreign": (
                f"{figure['inputs look-through', 'goods', 'own', 'foreign']:.2f}"
            ),
            "error_inputs_pair": (
                f"{figure['inputs face value', 'goods', 'own', 'share >= 5%']:.2f}"
            ),
            "error_cells_imported": f"{(square / weight) ** 0.5:.2f}",
        },
    )
