"""The command line as a whole."""

import os
import pty
import re
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import click

from rallynov_graph import __version__
from rallynov_graph import cli as cli_folder
from rallynov_graph.cli.main import COMMANDS, cli
from rallynov_graph.cli.words import words
from rallynov_graph.release import building


def test_help_names_every_command_and_shows_examples(rallynov):
    ran = rallynov("--help")
    assert ran.status == 0
    assert all(name in ran.out for name in COMMANDS)
    assert "Examples:" in ran.out
    assert rallynov().status == 2


def commands():
    """Return each command by the words that call it, those of groups included."""
    found = {(): cli} | {(name,): cli.get_command(click.Context(cli), name) for name in COMMANDS}
    below = {(*call, name): it for call, group in found.items() if call
             for name, it in getattr(group, "commands", {}).items()}  # fmt: skip
    return found | below


def test_each_commands_help_is_whole_in_both_languages_and_shows_examples(rallynov):
    for call in commands():
        english, french = (rallynov(*call, "--lang", lang, "--help") for lang in ("en", "fr"))
        assert (english.status, french.status) == (0, 0)
        if len(call) == 1:
            assert f"rallynov {call[0]}" in english.out.partition("Examples:")[2]
            assert f"rallynov {call[0]}" in french.out.partition("Exemples :")[2]
        assert not re.search(r"^ *[:;?!»]", french.out, re.MULTILINE), call
        both = {*english.out.splitlines()} & {*french.out.splitlines()}
        told = [
            line for line in both if not re.match(r" *(rallynov |echo |--[a-z-]+ \S+$|$)", line)
        ]
        assert [line for line in told if not re.match(r" +--(reason|assign) ", line)] == [], call


def test_the_language_is_that_of_the_option_else_of_the_locale(rallynov, monkeypatch):
    french, english = "Usage : rallynov [OPTIONS] COMMANDE", "Usage: rallynov [OPTIONS] COMMAND"
    for locale, options, usage in (
        ("C.UTF-8", (), english),
        ("de_DE.UTF-8", (), english),
        ("fr_FR.UTF-8", (), french),
        ("fr_FR.UTF-8", ("--lang", "en"), english),
        ("C.UTF-8", ("--lang=fr",), french),
    ):
        monkeypatch.setenv("LC_ALL", locale)
        assert rallynov(*options, "--help").out.startswith(usage), (locale, options)
    assert rallynov("--lang", "fr", "check", "nowhere").err == (
        "rallynov: nowhere n’existe pas : indiquez le dossier d’une version, ou lancez rallynov "
        "build.\n"
    )
    monkeypatch.delenv("LC_ALL")
    monkeypatch.setenv("LANG", "fr_BE")
    assert "Il manque l’argument 'DOSSIER'." in rallynov("check").err


def test_words_say_the_same_in_both_languages_and_each_is_used():
    code = "".join(
        path.read_text("utf-8") for path in Path(cli_folder.__file__).parent.glob("*.py")
    )
    code += Path(building.__file__).read_text("utf-8")
    named = {re.sub(r"\{[^}]*\}", ".*", it) + r"(\.|$)" for it in re.findall(KEY, code)}
    shown = "".join(it.get_usage(click.Context(it)) for it in commands().values())
    shown += "".join(str(p.metavar) for it in commands().values() for p in it.params)
    helps = {f"{it.table}.{name}" for it in commands().values() for name in ("help", "notes",
             "examples", "short", *(key for p in it.params for key in p.opts))}  # fmt: skip
    for key, texts in words().items():
        table, name = key.split(".", 1)
        assert {*texts} >= {"fr", "en"} and "" not in texts.values(), key
        french, english = texts["fr"], texts["en"]
        assert french != english or name in ("examples", "steps.pages"), key
        fields = [sorted(re.findall(r"\{\w+", it)) for it in (french, english)]
        assert fields[0] == fields[1] and ("'" not in french or name == "examples"), key
        is_used = key in helps or table == "options" or any(re.match(it, key) for it in named)
        assert is_used or name in shown or (table == "steps" and english in code), key


KEY = r"""["']([a-z-]+\.[^"' ]+)["']"""


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
