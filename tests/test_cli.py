"""The command line as a whole."""

import subprocess
import sys

import pytest

from rallynov_graph import __version__
from rallynov_graph.cli import COMMANDS


def test_help_names_every_command_and_shows_examples(rallynov):
    ran = rallynov("--help")
    assert ran.status == 0
    assert all(name in ran.out for name in COMMANDS)
    assert "Examples:" in ran.out


@pytest.mark.parametrize("name", COMMANDS)
def test_each_commands_help_shows_examples(rallynov, name):
    ran = rallynov(name, "--help")
    assert ran.status == 0
    assert f"rallynov {name}" in ran.out.partition("Examples:")[2]


def test_without_a_command_the_help_is_shown(rallynov):
    assert rallynov().status == 2


def test_the_version_is_told(rallynov):
    assert __version__ in rallynov("--version").out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["biuld"], "did you mean build?"),
        (["xyz"], "there are build, validate, serve, query, export"),
        (["--fast"], "--fast"),
        (["build", "--outt", "x"], "--out"),
        (["validate", "--format", "tutle"], "turtle"),
        (["export"], "--format"),
        (["export", "--format", "tll"], "did you mean ttl?"),
    ],
)
def test_what_is_misspelt_is_said_in_one_sentence(rallynov, arguments, told):
    ran = rallynov(*arguments)
    assert ran.status == 2
    assert told in ran.err
    assert ran.err.count("\n") == 1
    assert ran.out == ""


def test_the_help_imports_nothing_heavy():
    code = (
        "import sys; from rallynov_graph.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: print(sorted({'rdflib', 'pyshacl', 'flask', 'rich', 'pyoxigraph'}"
        " & set(sys.modules)), file=sys.stderr)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stderr == "[]\n"
