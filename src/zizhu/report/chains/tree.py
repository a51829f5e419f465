"""The chain from its final product down, as lines of text with guides."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import wrap

from zizhu.chains import Chain, Edge

_BRANCH, _LAST, _PIPE, _SPACE = "├─ ", "└─ ", "│  ", "   "


@dataclass(frozen=True)
class Branch:
    """One place in the tree.

    guide, follow  what stands before the first line of the label and before the others
    repeated       whether the node and its inputs were shown further up
    """

    node: str
    edge: Edge | None
    guide: str
    follow: str
    repeated: bool

    def label(self, text: str, width: int) -> str:
        """The label behind its guides, wrapped."""
        room = max(width - len(self.guide), 12)
        lines = wrap(text, room, break_long_words=False) or [""]
        return "\n".join([self.guide + lines[0], *(self.follow + line for line in lines[1:])])


def branches(chain: Chain) -> list[Branch]:
    """The tree in the order of printing; a node's inputs stand once, at its first place."""
    found: list[Branch] = []
    shown: set[str] = set()

    def walk(node: str, edge: Edge | None, before: str, guide: str, below: str) -> None:
        repeated = node in shown
        shown.add(node)
        inputs = [] if repeated else chain.inputs(node)
        follow = before + below + (_PIPE if inputs else _SPACE)
        found.append(Branch(node, edge, before + guide, follow, repeated))
        for one in inputs:
            last = one is inputs[-1]
            walk(
                one.input,
                one,
                before + below,
                _LAST if last else _BRANCH,
                _SPACE if last else _PIPE,
            )

    walk(chain.final, None, "", "", "")
    return found
