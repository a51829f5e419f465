"""The base year of one node: what sources say, what the yearly loop uses, what they contradict."""

from __future__ import annotations

from html import escape

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from zizhu.chains import Chain
from zizhu.laboratory.base.compared import Buyer, Compared, NodeBase
from zizhu.report.chains import columns, words
from zizhu.report.chains.terminal import grid, heading, meanings, quiet
from zizhu.report.html import html_table

_SHOWN, _BUYERS = 12, 8
# Figures that are hardly there and not contradicted are left to the tables that are written.
_LEAST_SHARE, _LEAST_MISS = 1.0, 0.1
# A contradiction is named in words from half a standard error on.
_NAMED = 0.5
# Beside a figure that was moved to the base year.
_CARRIED = "*"
# Instead of the confidence where a source gives the share of a group only.
_IN_GROUP = "group"
_HEAD = ("figure", "year", "confidence", "measured", "used", "difference", "errors")
_BUYS = ("buyer", "buys, %", "home, %", "home bias", "pace")
_MEANINGS = {
    "confidence": columns.IN_GROUP,
    "measured": columns.MEASURED,
    "used": columns.USED,
    "errors": columns.ERRORS,
    "home bias": columns.BIAS,
    "pace": columns.PACE,
}


def base_section(chain: Chain, base: NodeBase) -> list[RenderableType]:
    """The section of the page in the terminal."""
    made = grid(*_HEAD, left=("figure", "confidence"), space=1)
    shown = _shown(base)
    for one in shown:
        made.add_row(*_cells(one))
    buyers = grid(*_BUYS, left=("buyer",))
    for buyer in base.buyers[:_BUYERS]:
        buyers.add_row(*_buyer_cells(buyer))
    parts: list[RenderableType] = [heading(_title(base))]
    parts += [Text(sentence) for sentence in _sentences(base)]
    left = len(base.figures) - len(shown)
    more = quiet(f"and {left} more figures; --output writes them all") if left > 0 else []
    parts += [made, *more]
    parts += [
        Padding(Text(text, style="dim"), (0, 0, 0, 2)) for text in _sources(chain, base, shown)
    ]
    return [*parts, Text(), buyers, *quiet(*_paces(base)), meanings(_MEANINGS)]


def base_html(chain: Chain, base: NodeBase) -> list[str]:
    """The section of the page in HTML."""
    shown = _shown(base)
    return [
        f"<h4>{escape(_title(base))}</h4>",
        *(f"<p>{escape(sentence)}</p>" for sentence in _sentences(base)),
        html_table(list(_HEAD), [[escape(cell) for cell in _cells(one)] for one in shown]),
        *(f'<p class="src">{escape(text)}</p>' for text in _sources(chain, base, shown)),
        html_table(
            list(_BUYS),
            [[escape(cell) for cell in _buyer_cells(one)] for one in base.buyers[:_BUYERS]],
        ),
        *(f'<p class="src">{escape(text)}</p>' for text in _paces(base)),
        *(f'<p class="src">{escape(name)}: {escape(text)}</p>' for name, text in _MEANINGS.items()),
    ]


def _title(base: NodeBase) -> str:
    return f"Base year {base.base_year} of the yearly loop: measured and used"


def _sentences(base: NodeBase) -> list[str]:
    found = []
    if base.also:
        found.append(f"In the yearly loop it is the same node as {base.also}.")
    worst = base.figures[0]
    if abs(worst.miss) >= _NAMED:
        found.append(
            f"Sources contradict each other most at the {_label(worst)}: "
            f"{words.number(worst.measured)} {_unit(worst)} measured, "
            f"{words.number(worst.used)} used, {abs(worst.miss):.1f} standard errors."
        )
    else:
        found.append(f"No figure is missed by more than {_NAMED:g} standard errors.")
    found.append(
        f"The world buys {words.number(base.size)} bn USD a year of it; cost shares of its users "
        f"imply {words.number(base.implied)}."
    )
    return found


def _shown(base: NodeBase) -> list[Compared]:
    told = [
        one
        for one in base.figures
        if one.what != "world share"
        or abs(one.miss) >= _LEAST_MISS
        or max(one.used, one.measured) >= _LEAST_SHARE
    ]
    return told[:_SHOWN]


def _label(one: Compared) -> str:
    return f"{one.what} {one.region}".rstrip()


def _unit(one: Compared) -> str:
    return "bn USD" if one.what == "world market" else "percent"


def _cells(one: Compared) -> list[str]:
    return [
        _label(one),
        str(one.year),
        one.given.confidence if one.named else _IN_GROUP,
        words.number(one.measured) + (_CARRIED if one.carried else ""),
        words.number(one.used),
        _signed(one.difference),
        f"{one.miss:+z.1f}",
    ]


def _signed(value: float) -> str:
    return "0" if abs(value) < 0.05 else f"{value:+,.1f}"


def _buyer_cells(one: Buyer) -> list[str]:
    return [
        one.region,
        words.number(one.bought),
        words.number(one.home),
        words.number(one.bias) if one.bias > 0 else "",
        f"{one.pace:+z.2f}" if one.origin else "",
    ]


def _paces(base: NodeBase) -> list[str]:
    """What the paces of the buyers that are shown were measured on."""
    found: dict[str, list[str]] = {}
    for one in base.buyers[:_BUYERS]:
        if one.origin:
            found.setdefault(one.origin, []).append(one.region)
    return [f"pace of {', '.join(regions)}: {origin}" for origin, regions in found.items()]


def _sources(chain: Chain, base: NodeBase, shown: list[Compared]) -> list[str]:
    """Sources of the figures shown, each once, with what they say there."""
    carried = any(one.carried for one in shown)
    found = [f"{_CARRIED} carried to {base.base_year} by its pace"] if carried else []
    for one in shown:
        text = f"{one.what}: {words.cited(chain, one.given.source, one.given.confidence)}"
        if text not in found:
            found.append(text)
    return found
