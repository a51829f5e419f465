"""Published numbers against ours, and benchmarks."""

from __future__ import annotations

import re

from generate.fresh import DOCS, write, write_facts
from generate.markdown import table
from zizhu.errors import WorldError
from zizhu.replications import REPLICATIONS, replicate

# What `foreign-value-added` gave when these pages were last built with its sources at hand.
_FOREIGN = {"all exports": 16.3, "electronics (C26)": 25.1}
BENCHMARKS = DOCS.parent / "benchmarks" / "README.md"


def replications() -> None:
    """Published numbers against ours; one sentence where the input tables are absent."""
    parts, foreign = [], dict(_FOREIGN)
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
        if name == "foreign-value-added":
            foreign = {row.quantity: row.computed for row in found.rows}
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
    write("replications.md", "\n\n".join(parts))
    every, electronics = foreign.values()
    write_facts(
        "replications",
        {
            "foreign_all": f"{every:.1f}",
            "foreign_all_miss": f"{17.2 - every:.1f}",
            "foreign_electronics": f"{electronics:.1f}",
            "foreign_electronics_miss": f"{27.1 - electronics:.1f}",
        },
    )


def _value(value: float) -> str:
    return f"{value:.0e}" if value != 0 and abs(value) < 1e-4 else f"{value:.4f}"


def benchmarks() -> None:
    """The benchmarks' own README if it is there, without its title and relative links."""
    if not BENCHMARKS.is_file():
        write("benchmarks.md", "No results have been written down yet.")
        return
    text = re.sub(r"\A# .*\n", "", BENCHMARKS.read_text(encoding="utf-8"))
    text = re.sub(r"\[([^\]]+)\]\((?!https?:|#)[^)]*\)", r"\1", text)
    write("benchmarks.md", text)
