"""Static files, plotly and MathJax, copied so that the pages load nothing from elsewhere."""

from __future__ import annotations

import shutil
import sys
from importlib.metadata import PackageNotFoundError, files
from typing import Any

from plotly.offline import get_plotlyjs

from generate.fresh import GENERATED


def assets() -> None:
    """Put the scripts of figures and formulas beside the pages."""
    static = GENERATED / "static"
    static.mkdir(parents=True, exist_ok=True)
    if not (static / "plotly.min.js").is_file():
        (static / "plotly.min.js").write_text(get_plotlyjs(), encoding="utf-8")
    if not (static / "mathjax.js").is_file():
        try:
            found = [file for file in files("sphinx-mathjax-offline") or () if _is_mathjax(file)]
            shutil.copyfile(str(found[0].locate()), static / "mathjax.js")
        except (PackageNotFoundError, IndexError):
            sys.exit("sphinx-mathjax-offline is missing; install the extra docs: zizhu[docs]")


def _is_mathjax(file: Any) -> bool:
    return file.name == "tex-svg.js"
