"""Which final use each column of a published table is."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from zizhu.errors import WorldError, did_you_mean, quoted
from zizhu.world.published.final_use_codes import (
    DISCREPANCY,
    EXPORTS,
    MEANINGS,
    SUMS,
    TOTAL,
    spelled,
)
from zizhu.world.world import FINAL_USES, INVESTMENT

# What `uses` may say of a column that is no final use of a region.
DROP = "drop"
_CHOICES = (*FINAL_USES, DROP)


def meanings(
    categories: Sequence[str], chosen: Mapping[str, str], place: str, held: Collection[str]
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Meaning of every category in `held`, and which of them are known by their code or name.

    A meaning is a final use, `drop`, or `exports`, `total`, `discrepancy` for what is no final use
    of a region. `chosen` decides before the codes do. Raises `WorldError` for a category that is
    not known, and for names in `chosen` that are no category or no use.
    """
    for category, use in chosen.items():
        if category not in categories:
            raise WorldError(
                f"{place}: uses names {quoted(category)}, which is no category of Y"
                f"{did_you_mean(category, categories)}"
            )
        if use not in _CHOICES:
            raise WorldError(f"{place}: use {quoted(use)} is not one of {', '.join(_CHOICES)}")
    found: dict[str, str] = {}
    unknown: list[str] = []
    spellings = {spelled(category) for category in categories}
    for category in categories:
        if category not in held:
            continue
        if category in chosen:
            found[category] = chosen[category]
            continue
        meaning = _known(spelled(category), spellings)
        if meaning is None:
            unknown.append(category)
        else:
            found[category] = meaning
    if unknown:
        shown = ", ".join(repr(one) for one in unknown[:6]) + (", ..." if unknown[6:] else "")
        raise WorldError(
            f"{place}: final use {shown} {'is' if len(unknown) == 1 else 'are'} not known; say "
            f"which use it is with uses={{{quoted(unknown[0])}: '{FINAL_USES[0]}'}} ("
            f"{', '.join(_CHOICES)})"
        )
    return found, tuple(category for category in found if category not in chosen)


def _known(spelling: str, spellings: set[str]) -> str | None:
    parts = SUMS.get(spelling)
    if parts is not None:
        if spellings & set(parts):
            return TOTAL
        # Capital formation as a whole is investment; consumption as a whole is two uses.
        return INVESTMENT if spelling == "p5" else None
    return MEANINGS.get(spelling)


def why_not_a_use(meaning: str, category: str) -> str:
    """End of the sentence that refuses a column which is no final use of a region."""
    reason = {
        EXPORTS: "exports to elsewhere are no final use of a region: a table with all its regions "
        "has their uses instead",
        DISCREPANCY: "a discrepancy is no final use of a region",
        TOTAL: "a total counts other columns twice",
    }[meaning]
    return (
        f"{reason}; leave it out with uses={{{quoted(category)}: '{DROP}'}}, and output falls by it"
    )
