"""The worked example of docs/user_tables.md: its files, commands and Python run in their order."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "user_tables.md"
_BLOCK = re.compile(
    r"^```\{(command|python|file)\}[ ]*([^\n]*)\n((?::[^\n]*\n)*)(.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


def test_the_example_runs(zz, tmp_path):
    kinds, refusals = [], []
    for kind, argument, options, body in _BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        kinds.append(kind)
        if kind == "file":
            path = tmp_path / argument.strip()
            path.parent.mkdir(exist_ok=True)
            path.write_text(body, encoding="utf-8")
        elif kind == "python":
            exec(compile(body, PAGE.name, "exec"), {})
        else:
            answer = zz(*shlex.split(body)[1:])
            wanted = 2 if ":refused:" in options else 0
            assert answer.code == wanted, (body, answer.err)
            assert max(map(len, answer.out.splitlines()), default=0) <= 80, body
            refusals += [answer.complaint] if wanted else []
    assert (kinds.count("command"), kinds.count("file"), kinds.count("python")) == (9, 8, 1)
    assert "looks like percent; write 0.25 for 25 percent" in refusals[0]
    assert "sector 'TOOLS' in group GOODS is not in the world; did you mean TOOL" in refusals[1]
    assert "the sum for supplier NORTH is 155 by `sales by supplier and user`" in refusals[2]


def test_the_sentences_shown_are_those_that_are_said(zz, tmp_path):
    """What the page lists as errors is what the example answers when it is broken so."""
    text = PAGE.read_text(encoding="utf-8")
    folder = tmp_path / "islands"
    folder.mkdir()
    files = {
        argument.strip(): body
        for kind, argument, _, body in _BLOCK.findall(text)
        if kind == "file" and argument.startswith("islands/") and "tariffs" not in argument
    }
    flows = files["islands/flows.csv"]
    added = "region,sector,value\nNORTH,FOOD,85\nNORTH,TOOL,45\nSOUTH,FOOD,53\nSOUTH,TOOL,50\n"
    broken = [
        {"flows": flows.replace("TOOL,SOUTH,TOOL,5", "TOOL,SOUHT,TOOL,5")},
        {"flows": flows + "NORTH,FOOD,NORTH,TOOL,1\n"},
        {"flows": flows.replace("TOOL,SOUTH,TOOL,5", 'TOOL,SOUTH,TOOL,"1,234"')},
        {"flows": flows.replace("SOUTH,TOOL,SOUTH,FOOD", "South,TOOL,SOUTH,FOOD")},
        {"flows": flows.replace("NORTH,FOOD,20", "NORTH,FOOD,120")},
        {"value_added": added},
    ]
    shown = re.findall(r"^- `((?:flows|value_added)\.csv, .*)`$", text, re.MULTILINE)
    assert len(shown) == len(broken)
    for sentence, change in zip(shown, broken, strict=True):
        for name, body in files.items():
            (tmp_path / name).write_text(body, encoding="utf-8")
        for name, body in change.items():
            (folder / f"{name}.csv").write_text(body, encoding="utf-8")
        said = zz("world", "check", "islands").complaint.removeprefix("islands/")
        assert said.startswith(sentence.removesuffix("...")), (sentence, said)
