"""How long work shows on a terminal; in a pipe it is quiet."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count

from rallynov_graph.rdf.sources import Progress


@contextmanager
def steps() -> Iterator[Callable[[str], None]]:
    """Give a function that shows the step that begins now, as the next stage of a road."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    with Console(stderr=True).status("…") as status:
        stages = count()

        def tell(step: str) -> None:
            status.update(f"[yellow]{'●━━' * next(stages)}○[/] {step} …")

        yield tell


@contextmanager
def bar(what: str) -> Iterator[Progress | None]:
    """Give a function that shows how much of a work is done as a bar, None in a pipe."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task(what)
        yield lambda done, total: shown.update(task, completed=done, total=total)
