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
from rallynov_graph.cli.options import programme_option
from rallynov_graph.cli.programmes import restart_where_needed
from rallynov_graph.cli.words import Group, language, of_click, remark, t

COMMANDS: Final[dict[str, str]] = {
    "new": "build",
    "build": "build",
    "validate": "validate",
    "serve": "serve",
    "publish": "export",
    "mcp": "serve",
    "ask": "query",
    "query": "query",
    "claim": "claim",
    "why": "claim",
    "export": "export",
    "load": "export",
    "diff": "diff",
    "check": "validate",
    "withdraw": "curate",
    "reanchor": "curate",
    "propose": "desk",
    "identity": "identity",
    "desk": "desk",
    "import": "desk",
    "write": "desk",
    "compare-readings": "compare_readings",
    "cite": "cite",
}
"""The commands in the order of the list, each with the module that has it."""

PIPE_BROKE: Final = 141
"""The exit status that shells show for a program ended by SIGPIPE."""


class _CommandsByName(Group):
    """A group that lists its commands by name and imports each when it is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"rallynov_graph.cli.{COMMANDS[cmd_name]}")
        commands = (it for it in vars(module).values() if isinstance(it, click.Command))
        return next(it for it in commands if it.name == cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            from rallynov_graph.matching.near_names import near

            found = near(name, COMMANDS, 1)
            every = t("rallynov.all", names=", ".join(COMMANDS))
            hint = t("rallynov.near", name=found[0]) if found else every
            ctx.fail(t("rallynov.unknown", name=name, hint=hint))
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; end quietly if the reader of its output has gone."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            _discard_output()
            raise SystemExit(PIPE_BROKE) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list without importing a single command."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, t(f"{name}.short")) for name in COMMANDS])


@click.group(
    cls=_CommandsByName,
    table="rallynov",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@programme_option
@click.version_option(__version__, prog_name="rallynov", help="--version")
def cli() -> None:
    pass


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit: 0 done, 1 the data violate a rule, 2 an error to fix."""
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
        remark(_one_sentence(error))
        sys.exit(2)
    except RallynovError as error:
        if arguments is None:
            restart_where_needed(error)
        remark(error.text(language()))
        sys.exit(2)
    except BrokenPipeError:
        _discard_output()
        sys.exit(PIPE_BROKE)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        remark(t("rallynov.unwritable", reason=error.strerror))
        _discard_output()
        sys.exit(2)
    sys.exit(status if isinstance(status, int) else 0)


def _one_sentence(error: click.ClickException) -> str:
    """Return click's message on one line, with a pointer to the help."""
    message = of_click(" ".join(error.format_message().split()))
    context = error.ctx if isinstance(error, click.UsageError) else None
    command_path = context.command_path if context else "rallynov"
    return t("rallynov.see", message=message, command=command_path)


def _set_up_output() -> None:
    """Set up standard output for UTF-8 in pipes and files, and for complete writes or an error.

    Without a buffer (``python -u``), Python loses what a pipe does not accept in the first write.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        if isinstance(sys.stdout.buffer, io.RawIOBase):
            buffered = io.BufferedWriter(sys.stdout.buffer)
            sys.stdout = io.TextIOWrapper(buffered, write_through=True)
        sys.stdout.reconfigure(encoding=None if sys.stdout.isatty() else "utf-8", errors="replace")


def _discard_output() -> None:
    """Discard the buffered output after the reader of the pipe has gone."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
