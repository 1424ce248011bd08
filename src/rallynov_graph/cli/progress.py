"""Progress of long work on a terminal; nothing is shown in a pipe."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count

from rallynov_graph.rdf.sources import Progress


@contextmanager
def steps() -> Iterator[Callable[[str], None]]:
    """Yield a function that shows the step that begins, as the next stage of a road."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    with Console(stderr=True).status("…") as status:
        stages = count()

        def show(step: str) -> None:
            status.update(f"[yellow]{'●━━' * next(stages)}○[/] {step} …")

        yield show


@contextmanager
def bar(label: str) -> Iterator[Progress | None]:
    """Yield a function that shows how much is done as a bar; None in a pipe."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task(label)
        yield lambda done, total: bars.update(task, completed=done, total=total)
