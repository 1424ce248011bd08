"""The command line as a whole."""

import os
import pty
import subprocess
import sys
import threading
from contextlib import suppress

from rallynov_graph import __version__
from rallynov_graph.cli.main import COMMANDS


def test_help_names_every_command_and_shows_examples(rallynov):
    ran = rallynov("--help")
    assert ran.status == 0
    assert all(name in ran.out for name in COMMANDS)
    assert "Examples:" in ran.out
    assert rallynov().status == 2


def test_each_commands_help_shows_examples(rallynov):
    for name in COMMANDS:
        ran = rallynov(name, "--help")
        assert ran.status == 0
        assert f"rallynov {name}" in ran.out.partition("Examples:")[2]


def test_the_help_imports_nothing_heavy():
    code = (
        "import sys; from rallynov_graph.cli.main import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: print(sorted({'rdflib', 'pyshacl', 'flask', 'rich', 'pyoxigraph'}"
        " & set(sys.modules)), file=sys.stderr)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stderr == "[]\n"


def read_whole(terminal, shown):
    """Read a terminal up to its end: it holds little, and a writer waits while it is full."""
    with suppress(OSError):
        while part := os.read(terminal, 1024):
            shown += part


def test_long_work_shows_on_a_terminal_and_not_in_a_pipe(tmp_path, standins):
    code = (
        "import pathlib, sys; from rallynov_graph.base import resources\n"
        "resources._shared = pathlib.Path(sys.argv[1]).joinpath\n"
        "from rallynov_graph.cli.main import main; main(['build', '--out', 'out'])"
    )
    ours, theirs = pty.openpty()
    shown = bytearray()
    reading = threading.Thread(target=read_whole, args=(ours, shown))
    reading.start()
    ran = subprocess.run(
        [sys.executable, "-c", code, standins.data.parent],
        cwd=tmp_path,
        env=os.environ | {"TERM": "xterm-256color"},
        stderr=theirs,
        stdout=subprocess.PIPE,
        check=True,
    )
    os.close(theirs)
    reading.join()
    os.close(ours)
    step = "making the indexes"  # the last one: a terminal is drawn anew at most 12 times a second
    assert step in shown.decode()
    printed = ran.stdout.decode()
    assert step not in printed and "\x1b" not in printed
    assert (tmp_path / printed.splitlines()[-1] / "manifest.json").is_file()


def test_the_package_can_be_run_as_a_module():
    command = [sys.executable, "-m", "rallynov_graph", "--version"]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert __version__ in ran.stdout


def test_what_is_written_into_a_pipe_is_utf_8_in_every_locale(tmp_path):
    (tmp_path / "a.ttl").write_text("<https://example.org/été> a <x:y> .", "utf-8")
    (tmp_path / "s.ttl").write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
        "<x:s> a sh:NodeShape ; sh:targetClass <x:y> ; sh:nodeKind sh:Literal ."
    )
    ran = subprocess.run(
        [sys.executable, "-m", "rallynov_graph", "validate", "--shapes", "s.ttl", "a.ttl"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=False,
    )
    assert ran.returncode == 1
    assert "<https://example.org/été>" in ran.stdout.decode("utf-8")
