"""Draw the picture of the README: the verdict of `zizhu run china-2035` as SVG.

Run: `python docs/picture.py [FILE]`; `tests/test_readme.py` checks that the picture is up to date.
"""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console

from zizhu.laboratory.ensemble.design import DRAWS
from zizhu.laboratory.scenario_path.run import run_path
from zizhu.report.scenario_path.terminal import verdict_page

TARGET = Path(__file__).parent / "verdict.svg"


def picture() -> str:
    """The verdict at 100 columns as SVG, with the reader's own monospace font (no web fonts)."""
    console = Console(record=True, width=100, file=io.StringIO(), force_terminal=True)
    console.print(verdict_page(run_path("china-2035", draws=DRAWS)))
    template = re.sub(r"@font-face \{\{.*?\}\}", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
    svg = console.export_svg(
        title="zizhu run china-2035", code_format=template, unique_id="verdict", clear=True
    )
    return svg.replace("Fira Code", "DejaVu Sans Mono, Menlo, Consolas")


if __name__ == "__main__":
    (Path(sys.argv[1]) if sys.argv[1:] else TARGET).write_text(picture(), encoding="utf-8")
