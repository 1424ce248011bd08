"""Options and arguments shared by several commands, each declared once, and their types.

Their help is in ``words.toml``, under the name of the command, else under ``options``.
"""

import math
import re
from collections.abc import Callable, Sequence
from ipaddress import ip_network
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from rallynov_graph.cli import programmes
from rallynov_graph.cli.words import t

if TYPE_CHECKING:
    from rallynov_graph.questions.evidence_profile import Profile
    from rallynov_graph.release.store_location import StoreKind

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]
PATH: Final = click.Path(path_type=Path)
_SIZE: Final = re.compile(r"([0-9]{1,15}) ?([KMGT]?)(?:i?B)?", re.IGNORECASE | re.ASCII)
_TIMES: Final = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}


class Seconds(click.FloatRange):
    """A finite number of seconds within bounds: nan and inf are refused."""

    name = "number of seconds"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Return the number; fail with a sentence for anything else."""
        number = float(super().convert(value, param, ctx))
        if not math.isfinite(number):
            self.fail(t("shared.no_time", value=value), param, ctx)
        return number


def size_in_bytes(text: str) -> int:
    """Return the bytes of a size as Docker writes it: 512M, or in KiB, MiB, GiB or TiB."""
    found = _SIZE.fullmatch(text.strip())
    if not found or not int(found[1]):
        raise click.BadParameter(t("shared.no_size", value=repr(text)))
    return int(found[1]) * _TIMES[found[2].upper()]


def network(text: str) -> str:
    """Return an IP address, a network, or ``*`` for all, as written."""
    try:
        if text != "*":
            ip_network(text)
    except ValueError:
        raise click.BadParameter(t("shared.no_address", value=repr(text))) from None
    return text


def _kind(_context: click.Context, _parameter: click.Parameter, value: str) -> "StoreKind":
    from rallynov_graph.release.store_location import StoreKind

    return StoreKind(value)


def _profile(
    _context: click.Context, _parameter: click.Parameter, value: str | None
) -> "Profile | None":
    from rallynov_graph.questions import evidence_profile

    return None if value is None else evidence_profile.named(value)


programme_option: Final = click.option(
    "--programme",
    type=PATH,
    metavar="FOLDER",
    expose_value=False,
    is_eager=True,
    callback=programmes.chosen,
)
programme_argument: Final = click.argument(
    "folder",
    metavar="[FOLDER]",
    required=False,
    type=PATH,
    expose_value=False,
    callback=programmes.chosen,
)
folder_argument: Final = click.argument("folder", type=PATH)
release_option: Final = click.option("--release", "folder", metavar="FOLDER", type=PATH)
releases_option: Final = click.option(
    "--release", "folders", multiple=True, metavar="FOLDER", type=PATH
)
data_option: Final = click.option("--data", "files", multiple=True, metavar="FILE", type=PATH)
data_folder_option: Final = click.option(
    "--data",
    type=click.Path(file_okay=False, exists=True, path_type=Path),
    metavar="FOLDER",
    callback=programmes.data_folder,
    help="--data-folder",
)
store_option: Final = click.option(
    "--store",
    "kind",
    type=click.Choice(["auto", "memory", "disk"]),
    default="auto",
    show_default=True,
    callback=_kind,
)
profile_option: Final = click.option("--profile", metavar="NAME", callback=_profile)
endpoint_option: Final = click.option("--endpoint", metavar="URL")
texts_option: Final = click.option("--source", "texts", multiple=True, metavar="FILE", type=PATH)
base_option: Final = click.option("--base", default="", metavar="IRI")
document_option: Final = click.option("--document", metavar="NAME")
reader_option: Final = click.option(
    "--reader", metavar="AGENT", default="agent/curateurs", show_default=True
)
dry_run_option: Final = click.option("--dry-run", is_flag=True)
query_timeout_option: Final = click.option(
    "--query-timeout",
    default=20.0,
    show_default=True,
    type=Seconds(0.1, 3600),
    metavar="SECONDS",
)


def format_option(*formats: str) -> Decorator:
    """Return the option ``--format`` with these formats, by default the first."""
    return click.option(
        "--format", "form", type=click.Choice(formats), default=formats[0], show_default=True
    )


def port_option(default: int) -> Decorator:
    """Return the option ``--port``; 0 chooses a free port."""
    return click.option(
        "--port",
        default=default,
        show_default=True,
        metavar="NUMBER",
        type=click.IntRange(0, 65535),
    )


def refuse_profile(profile: object, files: Sequence[Path], endpoint: str | None = None) -> None:
    """Raise UsageError for a profile of a release, which has its own."""
    if profile is not None and not (files or endpoint):
        raise click.UsageError(t("shared.profile_of_release"))


def only_one(**options: object) -> None:
    """Raise UsageError if more than one of these options is given."""
    named = [f"--{name.replace('_', '-')}" for name, value in options.items() if value]
    if len(named) > 1:
        raise click.UsageError(t("shared.exclude", names=t("shared.and").join(named)))
