"""Directives for what the pages run: `command`, `python` and `file`.

`generate.py` runs these blocks before the pages are read; the directives show what came out.
"""

from __future__ import annotations

from typing import Any, ClassVar

import generate
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective


def _block(text: str, language: str) -> nodes.literal_block:
    block = nodes.literal_block(text, text)
    block["language"] = language
    return block


def _printed(text: str) -> nodes.literal_block:
    block = _block(text, "text")
    block["classes"].append("printed")
    return block


class Command(SphinxDirective):
    """A command line with its real output, cut after `head` lines if asked.

    `refused` says that the command answers with an error on purpose; tests check that.
    """

    has_content = True
    option_spec: ClassVar[dict[str, Any]] = {
        "head": directives.nonnegative_int,
        "refused": directives.flag,
    }

    def run(self) -> list[nodes.Node]:
        source = "\n".join(self.content)
        shown = generate.output_of(self.env.docname, source).splitlines()
        head = self.options.get("head", len(shown))
        if head and len(shown) > head:
            shown = [*shown[:head], "..."]
        elif not head:
            shown = []
        prompt = "\n".join(f"$ {line}" for line in source.splitlines())
        found: list[nodes.Node] = [_block(prompt, "console")]
        if shown:
            found.append(_printed("\n".join(shown)))
        return found


class Python(SphinxDirective):
    """Python code and, below it, what it prints."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        source = "\n".join(self.content)
        found: list[nodes.Node] = [_block(source, "python")]
        printed = generate.output_of(self.env.docname, source)
        if printed.strip():
            found.append(_printed(printed.rstrip()))
        return found


class File(SphinxDirective):
    """A file of the reader's own; later commands of the page may read it."""

    has_content = True
    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        name = self.arguments[0]
        languages = {"py": "python", "csv": "text"}
        language = languages.get(name.rsplit(".", 1)[-1], "yaml")
        block = _block("\n".join(self.content), language)
        caption = nodes.caption(name, "", nodes.literal(name, name))
        frame = nodes.container("", caption, block, literal_block=True)
        frame["classes"].append("literal-block-wrapper")
        return [frame]


def setup(app: Any) -> dict[str, bool]:
    app.add_directive("command", Command)
    app.add_directive("python", Python)
    app.add_directive("file", File)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
