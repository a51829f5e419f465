"""`python -m zizhu.laboratory.pace [YEAR ...]`: see `estimate`."""

from __future__ import annotations

import sys
from pathlib import Path

from zizhu.errors import ZizhuError
from zizhu.laboratory.pace.estimate import NOW, YEARS, build
from zizhu.laboratory.pace.told import TABLE, text_of


def _said(what: str) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


def main(words: list[str]) -> int:
    """Estimate the posteriors of some years, all by default; returns the exit status."""
    if not all(word.isdigit() for word in words):
        sys.stderr.write("usage: python -m zizhu.laboratory.pace [YEAR ...]\n")
        return 2
    try:
        chosen = [int(word) for word in words] or list(YEARS)
        build(chosen, progress=_said)
        if NOW in chosen:
            _said("what the panel tells of nodes")
            (Path(__file__).parent / TABLE).write_text(text_of(), encoding="utf-8")
    except ZizhuError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
