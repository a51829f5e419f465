"""Where generated parts go, and which are still fresh."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import zizhu as zz

DOCS = Path(__file__).resolve().parents[1]
GENERATED = DOCS / "_generated"
# Numbers that sentences of the pages quote, by name.
FACTS = "facts"


@lru_cache(maxsize=1)
def _package() -> str:
    """Hash of the package's files."""
    digest = hashlib.sha256()
    for file in sorted(Path(zz.__file__).parent.rglob("*")):
        if file.suffix in {".py", ".yaml", ".nc", ".json", ".csv"}:
            digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()


def _stamps() -> dict[str, str]:
    file = GENERATED / "stamps.json"
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}


def refresh(name: str, make: Callable[[], None], key: str = "") -> None:
    """Call `make` unless it was called before with the same package, module and key."""
    code = Path(make.__code__.co_filename).read_text(encoding="utf-8")
    stamp = hashlib.sha256((_package() + code + key).encode()).hexdigest()
    if _stamps().get(name) == stamp:
        return
    print(f"docs: generating {name}", file=sys.stderr)
    make()
    text = json.dumps({**_stamps(), name: stamp}, indent=1)
    (GENERATED / "stamps.json").write_text(text, encoding="utf-8")


def write(name: str, text: str) -> None:
    """Write one generated part."""
    target = GENERATED / name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text.rstrip() + "\n", encoding="utf-8")


def write_facts(room: str, found: dict[str, str]) -> None:
    """Keep what the pages quote as `{{ name }}`; every room has its own file."""
    write(f"{FACTS}/{room}.json", json.dumps(found, indent=1, ensure_ascii=False))


def facts() -> dict[str, str]:
    """Everything that the pages may quote, by name."""
    every: dict[str, str] = {}
    for file in sorted((GENERATED / FACTS).glob("*.json")):
        every |= json.loads(file.read_text(encoding="utf-8"))
    return every
