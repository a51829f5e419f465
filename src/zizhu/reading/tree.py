"""From YAML to mappings, lists and text, within limits: the only place that parses YAML.

Every scalar stays the text that was written, so that `NO`, `004` and `10:12` are codes and not
False, 4 and 612; the schema of a file says which of its fields are numbers, dates or truths. Only
`null`, `~` and nothing at all stand for None. There are no tags, since a schema says more than
they do. Anchors, aliases and merge keys (`<<`) are copies of what they name.

The tree is built from the parser's events one by one, without recursion, and what is too deep or
too large once aliases are written out is refused before it is built.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import yaml

from zizhu.errors import quoted, short

Tree = dict[str, Any] | list[Any] | str | None

# No file of zizhu comes near any of these; a tree within them is read in less than a second.
DEEPEST = 40
MOST_NODES = 100_000
MOST_CHARACTERS = 20_000_000

# The parser in C is the same ten times faster, where PyYAML was built with it.
_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TEXT_TAGS = (None, "!", "tag:yaml.org,2002:str")
_NULLS = ("", "~", "null", "Null", "NULL")
# YAML's spellings of what Python and its readers of numbers spell without the point.
_INFINITE = re.compile(r"([+-]?)\.(inf|Inf|INF|nan|NaN|NAN)", re.ASCII)
_MERGE = "<<"
# Beside the end of a line and the tab: what no terminal, table or page can show.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


class Complaint(Exception):
    """What is wrong inside a text, with the line, before the file is named."""

    def __init__(self, problem: str, mark: Any = None) -> None:
        super().__init__(problem)
        self.line = mark.line + 1 if mark is not None else None

    @property
    def place(self) -> str:
        """`, line 3`, or nothing."""
        return f", line {self.line}" if self.line is not None else ""


def tree_of(text: str, *, nulls: bool = True) -> Tree:
    """The one document in `text`; None if it is empty.

    nulls  whether `null`, `~` and nothing at all stand for None; else they are text as well

    Raises `Complaint`.
    """
    builder = _Builder(nulls)
    takes = builder.takes()
    try:
        for event in yaml.parse(text, Loader=_PARSER):
            if take := takes.get(type(event)):
                take(event)
    except yaml.YAMLError as found:
        problem = getattr(found, "problem", None) or getattr(found, "reason", None)
        mark = getattr(found, "problem_mark", None)
        raise Complaint(f"not valid YAML ({problem or 'it cannot be parsed'})", mark) from found
    except UnicodeError as found:
        raise Complaint("it holds characters that no text has") from found
    return builder.root


@dataclass
class _Open:
    """A mapping or list that is being read.

    start   event that opened it
    before  nodes and characters read before it
    height  levels of what is inside
    key     of the mapping whose value comes next
    merges  whether that key is the merge key
    merged  mappings behind its merge key, the first one stands before the others
    """

    start: Any
    before: tuple[int, int]
    items: dict[str, Any] | list[Any]
    height: int = 1
    key: str | None = None
    merges: bool = False
    merged: list[dict[str, Any]] = field(default_factory=list)

    def close(self) -> dict[str, Any] | list[Any]:
        if isinstance(self.items, dict):
            for one in self.merged:
                self.items = {**one, **self.items}
        return self.items


@dataclass(frozen=True)
class _Anchored:
    """What an anchor names, and its size with all aliases written out."""

    value: Tree
    nodes: int
    characters: int
    height: int


class _Builder:
    def __init__(self, nulls: bool) -> None:
        self.root: Tree = None
        self._nulls = nulls
        self._open: list[_Open] = []
        self._anchors: dict[str, _Anchored] = {}
        self._nodes = self._characters = self._documents = 0

    def takes(self) -> dict[type, Callable[[Any], None]]:
        """What is done with each kind of event."""
        return {
            yaml.ScalarEvent: self._scalar,
            yaml.MappingStartEvent: self._begin,
            yaml.SequenceStartEvent: self._begin,
            yaml.MappingEndEvent: self._end,
            yaml.SequenceEndEvent: self._end,
            yaml.AliasEvent: self._alias,
            yaml.DocumentStartEvent: self._document,
        }

    def _document(self, event: Any) -> None:
        self._documents += 1
        if self._documents > 1:
            raise Complaint("a second document starts; one is right", event.start_mark)

    def _scalar(self, event: Any) -> None:
        text, plain = event.value, not event.style and event.tag is None
        mark = event.start_mark
        if event.tag not in _TEXT_TAGS:
            raise _tagged(event)
        self._grow(1, len(text), mark)
        if event.style == '"' and _UNPRINTABLE.search(text):
            raise Complaint(f"{quoted(text)} holds a character that cannot be shown", mark)
        if self._at_a_key():
            self._name(text, plain, event)
            return
        value: Tree = text
        if plain and self._nulls and text in _NULLS:
            value = None
        elif plain and (infinite := _INFINITE.fullmatch(text)):
            value = f"{infinite[1]}{infinite[2].lower()}"
        if event.anchor is not None:
            self._anchors[event.anchor] = _Anchored(value, 1, len(text), 0)
        self._put(value, 0, mark)

    def _name(self, text: str, plain: bool, event: Any) -> None:
        """A key: the name of the value that comes next."""
        place, mark = self._open[-1], event.start_mark
        if not text.strip() or "\n" in text or event.anchor is not None:
            raise Complaint(f"{quoted(text)} cannot name a field; a word is right", mark)
        if text in place.items or (text == _MERGE and plain and place.merged):
            raise Complaint(f"the field {short(text)} appears twice", mark)
        place.key, place.merges = text, text == _MERGE and plain

    def _begin(self, event: Any) -> None:
        if event.tag is not None:
            raise _tagged(event)
        self._not_a_key(event.start_mark)
        if len(self._open) >= DEEPEST:
            raise _too_deep(event.start_mark)
        before = (self._nodes, self._characters)
        self._grow(1, 0, event.start_mark)
        items: dict[str, Any] | list[Any] = {} if isinstance(event, yaml.MappingStartEvent) else []
        self._open.append(_Open(event, before, items))

    def _end(self, _: Any) -> None:
        done = self._open.pop()
        value, event = done.close(), done.start
        if event.anchor is not None:
            nodes, characters = done.before
            self._anchors[event.anchor] = _Anchored(
                value, self._nodes - nodes, self._characters - characters, done.height
            )
        self._put(value, done.height, event.start_mark)

    def _alias(self, event: Any) -> None:
        mark, name = event.start_mark, event.anchor
        self._not_a_key(mark)
        if any(one.start.anchor == name for one in self._open):
            raise Complaint(f"*{short(name)} stands inside what it stands for", mark)
        if name not in self._anchors:
            raise Complaint(f"*{short(name)} stands for nothing named before it", mark)
        one = self._anchors[name]
        self._grow(one.nodes, one.characters, mark)
        if len(self._open) + one.height > DEEPEST:
            raise _too_deep(mark)
        self._put(copy.deepcopy(one.value), one.height, mark)

    def _put(self, value: Tree, height: int, mark: Any) -> None:
        """A finished value goes where it belongs."""
        if not self._open:
            self.root = value
            return
        place = self._open[-1]
        place.height = max(place.height, height + 1)
        if isinstance(place.items, list):
            place.items.append(value)
            return
        key, place.key = place.key, None
        assert key is not None  # the parser gives a name before each value
        if not place.merges:
            place.items[key] = value
            return
        listed = value if isinstance(value, list) else [value]
        place.merged += [one for one in listed if isinstance(one, dict)]
        if not listed or not all(isinstance(one, dict) for one in listed):
            raise Complaint("<< takes over the fields of a mapping, and there is none", mark)

    def _at_a_key(self) -> bool:
        """Whether a key of a mapping comes next."""
        place = self._open[-1] if self._open else None
        return place is not None and place.key is None and isinstance(place.items, dict)

    def _not_a_key(self, mark: Any) -> None:
        if self._at_a_key():
            raise Complaint("a list or mapping cannot name a field", mark)

    def _grow(self, nodes: int, characters: int, mark: Any) -> None:
        self._nodes += nodes
        self._characters += characters
        if self._nodes > MOST_NODES:
            raise Complaint(f"more than {MOST_NODES:,} entries are too many to read", mark)
        if self._characters > MOST_CHARACTERS:
            raise Complaint(f"more than {MOST_CHARACTERS:,} characters are too many to read", mark)


def _tagged(event: Any) -> Complaint:
    tag = event.tag.replace("tag:yaml.org,2002:", "!!")
    return Complaint(f"the tag {quoted(tag)} says nothing here; leave it out", event.start_mark)


def _too_deep(mark: Any) -> Complaint:
    return Complaint(f"it is nested too deeply; {DEEPEST} levels are the most", mark)
