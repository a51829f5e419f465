"""Whatever the terminal, the disk and the machine are like: output, or one sentence and a code."""

from __future__ import annotations

import ast
import io
import json
import os
import sys
import warnings
from contextlib import suppress
from pathlib import Path

import pytest
from processes import UNTOLD, command, environment, run

import zizhu
from zizhu import cache
from zizhu.cli import console, streams
from zizhu.cli.failures import failure
from zizhu.cli.plain import plain
from zizhu.world import save

SOURCES = Path(zizhu.__file__).parent
# A command of this test in a process that is the command line's own.
OWN = """\
import os, sys, warnings, logging
import zizhu.cli.commands
from zizhu.cli import main
@zizhu.cli.app.command()
def mine():
{body}
sys.argv = ['zizhu', 'mine']
main()
"""


def line_of(body):
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    return [sys.executable, "-c", OWN.format(body=lines)]


def own(body, folder, **variables):
    return run(line_of(body), folder, environment(folder / "cache", **variables))


# Through typer, rich and straight; more than a pipe or a buffer holds.
WRITERS = {
    "help": command("--help"),
    "page": line_of("zizhu.cli.console.show('many words ' * 20_000)"),
    "json": line_of("zizhu.cli.console.show_json(['many words'] * 20_000)"),
}


@pytest.fixture
def abroad(tables, tmp_path):
    """A world whose names few encodings have."""
    names = {"N": "Côte d\u2019Ivoire → 中国", "S": "Łódź — Türkiye…"}
    save(zizhu.World(**tables(region_names=names, source="ß ≤ ½")), tmp_path / "abroad.nc")
    return tmp_path


def test_nearest_characters():
    given = "é Ł ø ß æ “a” ‘b’ – — … → ← ─ │ ├ █ ⠋ ½ ² × ≤ ± \u00a0中"  # noqa: RUF001
    assert "".join(map(plain, given)) == (
        "e L o ss ae \"a\" 'b' - - ~ > < - | | # * 1/2 2 x <= +-  ??"
    )
    assert all(plain(chr(code)).isascii() for code in range(0x250))


@pytest.mark.parametrize("encoding", ["cp932", "cp437", "ascii"])
def test_no_character_stops_output(encoding, abroad):
    ended = run(
        command("world", "show", "abroad.nc"),
        abroad,
        environment(abroad, PYTHONIOENCODING=encoding),
    )
    assert (ended.code, ended.err) == (0, "")
    assert "d'Ivoire > " in ended.out or encoding == "cp932"
    assert "Turkiye" in ended.out or encoding == "cp437"
    assert max(map(len, ended.out.splitlines())) <= 80


def test_the_old_c_locale_is_served_and_files_are_utf8(abroad):
    """Nothing that is read or written takes the encoding of the locale."""
    variables = environment(
        abroad, LC_ALL="C", LANG="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0", PYTHONIOENCODING=""
    )
    ended = run(command("world", "export", "abroad.nc", "out"), abroad, variables)
    assert (ended.code, ended.err) == (0, "")
    assert "Łódź — Türkiye…" in (abroad / "out" / "world.yaml").read_text(encoding="utf-8")
    ended = run(command("world", "check", "nö.nc"), abroad, variables)
    assert ended.code == 2
    assert ended.err.startswith("error: ")


def test_every_file_is_opened_with_an_encoding():
    def opens_text(call):
        name = getattr(call.func, "attr", getattr(call.func, "id", ""))
        given = [ast.unparse(one) for one in call.args]
        named = {one.arg for one in call.keywords}
        if isinstance(call.func, ast.Attribute) and name in ("read_text", "write_text"):
            return "encoding" not in named and not any("utf" in one for one in given)
        return name == "open" and bool(given) and "encoding" not in named and "b'" not in str(given)

    found = [
        f"{path.name}:{node.lineno}"
        for path in SOURCES.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and opens_text(node) and "os.open" not in ast.unparse(node)
    ]
    assert found == []


@pytest.mark.parametrize("encoding", ["ascii", "cp437", "utf-8"])
def test_json_stays_json(encoding, monkeypatch):
    shown = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(shown, encoding=encoding))
    content = {"name": "Łódź 中国 😀 \ud800", "plain": "é"}
    console.show_json(content)
    sys.stdout.flush()
    assert json.loads(shown.getvalue().decode(encoding)) == content


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no full device")
@pytest.mark.parametrize("writer", WRITERS)
def test_a_full_device_is_told(writer, tmp_path):
    with open("/dev/full", "w") as full:
        ended = run(WRITERS[writer], tmp_path, environment(tmp_path), stdout=full)
    assert ended.code == 2
    assert ended.err == "error: standard output cannot be written: No space left on device\n"


@pytest.mark.skipif(os.name != "posix", reason="pipes of POSIX")
@pytest.mark.parametrize("writer", WRITERS)
def test_a_reader_that_went_away_is_no_error(writer, tmp_path):
    reader, pipe = os.pipe()
    os.close(reader)
    with os.fdopen(pipe, "w") as closed:
        ended = run(WRITERS[writer], tmp_path, environment(tmp_path), stdout=closed)
    assert ended == (0, "", "", False, 0.0)


@pytest.mark.skipif(os.name != "posix", reason="a shell of POSIX")
def test_closed_streams(tmp_path):
    """No file takes the number of a closed stream, and an error keeps its code."""
    shell = (
        f'z="{sys.executable} -m zizhu.cli"; $z --help <&- >&- 2>&- || exit 7; '
        "$z nothing <&- >&- 2>&-"
    )
    assert run(["sh", "-c", shell], tmp_path, environment(tmp_path))[:3] == (2, "", "")


@pytest.mark.parametrize("columns", ["0", "20"])
def test_narrow_terminals(columns, tmp_path):
    """Pages are laid out for 80 columns at least; a sentence is never cut."""
    body = "warnings.warn('many words ' * 20)\nzizhu.cli.console.show('many words ' * 20)"
    ended = own(body, tmp_path, COLUMNS=columns)
    assert (ended.code, ended.err) == (0, f"note: {'many words ' * 20}".strip() + "\n")
    assert 70 < max(map(len, ended.out.splitlines())) <= 80


@pytest.mark.skipif(os.name != "posix", reason="terminals of POSIX")
@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_a_terminal_without_colour(name, value, tmp_path):
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    variables = environment(tmp_path, **{"TERM": "xterm", name: value})
    body = "zizhu.cli.console.out.print('a page', style='red')"
    ended = run(line_of(body), tmp_path, variables, stdout=theirs)
    os.close(theirs)
    shown = b""
    with suppress(OSError):
        while more := os.read(ours, 65536):
            shown += more
    os.close(ours)
    assert ended.code == 0
    assert b"a page" in shown
    assert b"\x1b[3" not in shown  # a colour


def test_warnings_and_logs_of_libraries(tmp_path):
    """A warning is a note of one line without code; a log is for developers."""
    ended = own(
        "warnings.warn('two\\n lines')\nlogging.getLogger('jax').warning('a log')\nprint('done')",
        tmp_path,
    )
    assert ended[:3] == (0, "done\n", "note: two lines\n")


@pytest.mark.skipif(not os.path.exists("/proc"), reason="a place that cannot be written to")
def test_the_compiler_s_log_reaches_nobody(tmp_path):
    """XLA tells with LOG(ERROR) that it cannot dump, as it does that compiling is slow."""
    body = "import jax\nprint(jax.jit(lambda x: x + 1)(1.0))"
    flags = {"XLA_FLAGS": "--xla_dump_to=/proc/nowhere"}
    for asked in ({}, {"TF_CPP_MIN_LOG_LEVEL": "1"}):
        assert own(body, tmp_path, **flags, **asked)[:3] == (0, "2.0\n", "")
    assert "dump.cc" in own(body, tmp_path, TF_CPP_MIN_LOG_LEVEL="0", **flags).err


@pytest.mark.parametrize(
    ("raised", "said"),
    [
        ("MemoryError()", "not enough memory"),
        ("MemoryError('Unable to allocate 7 TiB for an array')", "it could not allocate 7 TiB"),
        ("RuntimeError('RESOURCE_EXHAUSTED: Out of memory')", "not enough memory"),
        ("ImportError('x.so: failed to map segment from shared object')", "not enough memory"),
        ('RuntimeError("can\'t start new thread")', "no thread can be started"),
        ("OSError(28, 'No space left on device')", "no space left on device"),
        ("PermissionError(13, 'Permission denied', 'a.csv')", "a.csv: Permission denied"),
    ],
)
def test_what_the_machine_is_to_blame_for(raised, said):
    sentence = failure(eval(raised))
    assert sentence is not None
    assert said in sentence
    assert "\n" not in sentence


def test_failures_end_with_code_2_and_our_own_with_a_traceback(tmp_path):
    ended = own("raise OSError(28, 'No space left on device')", tmp_path)
    assert ended[:3] == (2, "", "error: no space left on device\n")
    ended = own("raise ZeroDivisionError", tmp_path)
    assert ended.code == 1
    assert "ZeroDivisionError" in ended.err
    assert failure(ZeroDivisionError()) is None


def test_a_device_that_is_not_there(tmp_path):
    ended = run(
        command("run", "decoupling", "--quick"),
        tmp_path,
        {**environment(tmp_path / "cache"), "JAX_PLATFORMS": "nosuch"},
    )
    assert ended.code == 2
    assert ended.err.startswith("error: JAX_PLATFORMS=nosuch: JAX finds no such device here")
    assert len(ended.err.splitlines()) == 1
    assert not (tmp_path / "zizhu-out").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="limits of Linux")
@pytest.mark.parametrize("megabytes", [100, pytest.param(1200, marks=pytest.mark.long)])
def test_a_limit_on_memory(megabytes, tmp_path):
    """Libraries abort or call exit where they find none: a parent tells it."""
    shell = f'ulimit -v {megabytes}000; "{sys.executable}" -m zizhu.cli run decoupling --quick'
    ended = run(["sh", "-c", shell], tmp_path, environment(tmp_path / "cache"))
    assert ended.code == 2
    assert ended.err.startswith("error: not enough memory")
    assert len(ended.err.splitlines()) == 1
    assert not any(word in ended.err for word in UNTOLD)


@pytest.fixture
def homeless(monkeypatch):
    """A user without an entry in passwd and without HOME."""
    pwd = pytest.importorskip("pwd")

    def unknown(*_):
        raise KeyError("uid not found")

    monkeypatch.setattr(pwd, "getpwuid", unknown)
    for name in ("HOME", "XDG_CACHE_HOME", cache.CACHE_VARIABLE):
        monkeypatch.delenv(name, raising=False)


def test_a_user_without_a_home(homeless, tmp_path, monkeypatch, zz):
    """Nothing is kept, nothing is written to a folder called ~, and it is said once."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(OSError, match="this user has none"):
        cache.cache_folder()
    with pytest.warns(UserWarning, match=r"home folder: this user has none\): every run compiles"):
        assert cache.use_compilation_cache.__wrapped__() is False
    assert cache.remembered("a test", [1.0], lambda: [2.0]) == [2.0]
    assert zz("parameters").code == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("inside", [True, False])
def test_a_cache_that_cannot_be_written(inside, tmp_path, monkeypatch):
    file = tmp_path / "file"
    file.write_text("mine")
    monkeypatch.setenv(cache.CACHE_VARIABLE, str(file / "deep" if inside else file))
    with pytest.warns(UserWarning, match="cache folder cannot be written"):
        assert cache.use_compilation_cache.__wrapped__() is False
    assert cache.remembered("a test", [1.0], lambda: [2.0]) == [2.0]
    assert file.read_text() == "mine"


def test_entries_of_the_compiler_s_cache_are_whole(tmp_path, monkeypatch):
    """A full disk leaves no half an entry, which would never be read nor written again."""
    lru = pytest.importorskip("jax._src.lru_cache")
    monkeypatch.setattr(lru.LRUCache, "put", lru.LRUCache.put)
    cache._write_entries_whole(tmp_path)
    kept = lru.LRUCache(str(tmp_path), max_size=-1)
    write = Path.write_bytes

    def full(path, data):
        write(path, data[:1])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    kept.put("key", b"program")
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setattr(Path, "write_bytes", write)
    kept.put("key", b"program")
    assert kept.get("key") == b"program"


def test_a_current_folder_that_is_gone(tmp_path):
    if os.name != "posix":
        pytest.skip("folders in use cannot be removed")
    shell = (
        f'mkdir gone; cd gone; rmdir ../gone; "{sys.executable}" -m zizhu.cli world export 2017 x'
    )
    ended = run(["sh", "-c", shell], tmp_path, environment(tmp_path / "cache"))
    assert ended.code == 2
    assert ended.err == "error: folder x cannot be written: No such file or directory\n"


def test_a_note_in_the_middle_of_work(capsys, monkeypatch):
    monkeypatch.setattr(warnings, "showwarning", warnings.showwarning)
    streams._note(UserWarning("a\nb"), UserWarning, "file.py", 1)
    assert capsys.readouterr().err == "note: a b\n"
