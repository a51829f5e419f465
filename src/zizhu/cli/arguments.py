"""What no argument of any command may be, looked at before a command is chosen."""

from __future__ import annotations

import re
from collections.abc import Sequence

from zizhu.errors import ScenarioError, quoted

# A path has no more characters, and no text that people write on a command line comes near it.
LONGEST = 4_000
# All but the tab and the end of a line; half characters stand for bytes that are no UTF-8.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def check(arguments: Sequence[str]) -> None:
    """Refuse an argument that is empty, too long or not text.

    Nothing that is asked for has an empty name; a shell gives one where a variable is not set.
    Raises `ScenarioError`.
    """
    for place, one in enumerate(arguments):
        option, equals, value = one.partition("=") if one.startswith("--") else ("", "", one)
        if equals or not option:
            before = arguments[place - 1] if place else ""
            option = option or (before if before.startswith("-") else "an argument")
            if not value.strip():
                raise ScenarioError(
                    f"{quoted(option)[1:-1]}: it is empty; leave it out or say what is meant"
                )
        if len(one) > LONGEST:
            raise ScenarioError(
                f"the argument {quoted(one)} is longer than {LONGEST:,} characters; put a long "
                "text into a file"
            )
        if _UNPRINTABLE.search(one):
            raise ScenarioError(
                f"the argument {quoted(one)} holds a character that cannot be shown; letters, "
                "digits and marks are right"
            )
