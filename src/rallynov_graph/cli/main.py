"""The command line: the list of commands, each imported only when it is used."""

import errno
import io
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any, Final

import click

from rallynov_graph import __version__
from rallynov_graph.base.errors import RallynovError
from rallynov_graph.cli.programmes import programme_option, restart_where_needed
from rallynov_graph.server import allocator

COMMANDS: Final[dict[str, str]] = {
    "new": "Make a folder for the newsletters of another programme.",
    "build": "Check the data and freeze them as a release.",
    "validate": "Check RDF data against SHACL shapes.",
    "serve": "Serve the pages and the SPARQL endpoint.",
    "publish": "Write a release as files that need no server.",
    "mcp": "Let an assistant on this machine ask the graph (MCP).",
    "query": "Ask one of the questions, or a query of your own.",
    "claim": "Tell whether a claim holds, with its evidence.",
    "why": "Show why a fact holds, down to the passages.",
    "export": "Write the graph in a format of your choice.",
    "load": "Fill another SPARQL server with a release.",
    "diff": "Tell what changed from one release to another.",
    "check": "Check a release or an edition again: its hashes, then shapes.",
    "withdraw": "Take a thing out of the data, for good.",
    "reanchor": "Carry passages to a better text of their document.",
    "propose": "Print what a document may state, for you to decide.",
    "identity": "Decide which addresses name the same thing.",
    "desk": "Read documents into facts, in a browser on this machine.",
    "import": "Take facts from files into the decisions on a document.",
    "write": "Write the TriG of documents as their readers decided.",
    "compare-readings": "Tell what two readers of a document differ in, and settle it.",
    "cite": "Verify the citation of an answer.",
}

_MODULES: Final = {"import": "import_files"}
"""The module of a command whose name a module cannot have."""
PIPE_BROKE: Final = 141
"""The exit status that shells show for a program ended by SIGPIPE."""


def module_of(command: str) -> str:
    """Return the name of the module of a command."""
    return f"rallynov_graph.cli.{_MODULES.get(command, command.replace('-', '_'))}"


class LazyGroup(click.Group):
    """A group that lists its commands by name and imports ``<name>.py`` when one is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(module_of(cmd_name))
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            from rallynov_graph.matching.near_names import near

            found = near(name, COMMANDS, 1)
            hint = f"did you mean {found[0]}?" if found else f"there are {', '.join(COMMANDS)}."
            ctx.fail(f"No command is called {name}: {hint}")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; a reader of its output that goes away ends it quietly."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            _discard_output()
            raise SystemExit(PIPE_BROKE) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list without importing a single command."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="""\b
Examples:
  rallynov build
  rallynov serve --port 8080
  rallynov query --list
  rallynov export --format ttl --out carnet.ttl

The documents are pages of the site: rallynov serve, then /docs.
""",
)
@programme_option
@click.version_option(__version__, prog_name="rallynov")
def cli() -> None:
    """The Rally'nov rally, or another programme, as a linked open knowledge graph."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit: 0 done, 1 the data break a rule, 2 something to mend."""
    if arguments is None and sys.argv[1:2] == ["serve"]:
        allocator.keep_more_at_hand()
    _set_up_output()
    try:
        status = cli.main(arguments, prog_name="rallynov", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.Abort:
        sys.exit(130)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(2)
    except click.ClickException as error:
        click.echo(f"rallynov: {_one_sentence(error)}", err=True)
        sys.exit(2)
    except RallynovError as error:
        if arguments is None:
            restart_where_needed(error)
        click.echo(f"rallynov: {error}", err=True)
        sys.exit(2)
    except BrokenPipeError:
        _discard_output()
        sys.exit(PIPE_BROKE)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        click.echo(f"rallynov: the output cannot be written: {error.strerror}.", err=True)
        _discard_output()
        sys.exit(2)
    sys.exit(status if isinstance(status, int) else 0)


def _one_sentence(error: click.ClickException) -> str:
    """Return click's message in one line, with the help that explains the arguments."""
    message = " ".join(error.format_message().split())
    context = error.ctx if isinstance(error, click.UsageError) else None
    command_path = context.command_path if context else "rallynov"
    return f"{message} (See {command_path} --help.)"


def _set_up_output() -> None:
    """Set standard output up for UTF-8 in pipes and files, and for complete writes or an error.

    Unbuffered (``python -u``), Python drops what a pipe does not accept in the first write.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        if isinstance(sys.stdout.buffer, io.RawIOBase):
            buffered = io.BufferedWriter(sys.stdout.buffer)
            sys.stdout = io.TextIOWrapper(buffered, write_through=True)
        sys.stdout.reconfigure(encoding=None if sys.stdout.isatty() else "utf-8", errors="replace")


def _discard_output() -> None:
    """Discard what is still buffered: the reader of the pipe has gone."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
