"""Sphinx configuration: generated parts are made first, then pages are built, all offline."""

from __future__ import annotations

import os
import re
import sys
from importlib.metadata import version as installed
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
os.environ.setdefault("JAX_PLATFORMS", "cpu")
# Half the time of compiling, the same numbers to rounding; see zizhu/model/program.py.
os.environ.setdefault(
    "XLA_FLAGS", "--xla_backend_optimization_level=1 --xla_cpu_use_fusion_emitters=false"
)

import generate  # noqa: E402  (the folder of this file is on the path now)

generate.everything()

project = "zizhu"
author = "The zizhu developers"
project_copyright = "The zizhu developers"
version = release = installed("zizhu")
html_title = "zizhu"

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.mathjax", "directives"]
exclude_patterns = ["_build", "_generated"]
templates_path: list[str] = []

myst_enable_extensions = [
    "dollarmath",
    "colon_fence",
    "deflist",
    "attrs_inline",
    "attrs_block",
    "substitution",
]
# Numbers in sentences: `{{ name }}` is what the code computed (generate/fresh.py).
myst_substitutions = generate.facts()
myst_heading_anchors = 3
myst_dmath_double_inline = True

html_theme = "furo"
html_static_path = ["_static", "_generated/static"]
html_css_files = ["zizhu.css"]
html_copy_source = False
html_show_sphinx = False
mathjax_path = "mathjax.js"
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#0072B2", "color-brand-content": "#0072B2"},
    "dark_css_variables": {"color-brand-primary": "#56B4E9", "color-brand-content": "#56B4E9"},
}
pygments_style = "friendly"
pygments_dark_style = "monokai"

default_role = "code"
add_module_names = False
autodoc_typehints = "none"
autodoc_preserve_defaults = True
autodoc_member_order = "bysource"
python_maximum_signature_line_length = 110
python_trailing_comma_in_multi_line_signatures = False

_NAMED = re.compile(r"^(?P<names>[a-z]\w*(?:, [a-z]\w*)*)\s{2,}(?P<text>\S.*)$")
_ENTRY = re.compile(r"^(?P<names>[a-z]\w*(?:, [a-z]\w*)*)\s+(?P<text>\S.*)$")


def _plain(text: str) -> str:
    """Escape what reStructuredText would read as markup, outside of `code`."""
    parts = re.split(r"(``?[^`]+``?)", text)
    parts[::2] = [re.sub(r"([|*]|(?<=\w)_(?=\W|$))", r"\\\1", part) for part in parts[::2]]
    return "".join(parts)


def tidy(_app: Any, _what: str, _name: str, _object: Any, _options: Any, lines: list[str]) -> None:
    """Turn aligned `name  meaning` paragraphs of docstrings into definition lists."""
    paragraphs = "\n".join(lines).split("\n\n")
    result: list[str] = []
    for paragraph in paragraphs:
        rows = [row for row in paragraph.splitlines() if row.strip()]
        if rows and _NAMED.match(rows[0]):
            for row in rows:
                entry = None if row.startswith(" ") else _ENTRY.match(row)
                if entry:
                    result += ["", f"``{entry['names']}``", f"    {_plain(entry['text'])}"]
                else:
                    result.append(f"    {_plain(row.strip())}")
        else:
            result += ["", *(_plain(row) for row in rows)]
    lines[:] = result


def setup(app: Any) -> None:
    app.connect("autodoc-process-docstring", tidy)
