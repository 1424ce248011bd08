"""How many keys entering a document takes: ``python bench/desk_keys.py --trial FOLDER``.

A script that has a keyboard alone enters the invented documents from their lists in a real browser
(A only where ``--trial`` names its folder), once from what is proposed and once from nothing. It
tells how many facts of the list are stated then, how many keys that took, those that are held
included, beside the characters of TriG a fact that the desk writes, for how long the page worked on
a key at most, and whether the folder builds without a fault. No position is ever typed.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests" / "support"), str(ROOT / "tests")]

from entering import facts  # noqa: E402

from browsing import HEIGHT, WIDE, launched  # noqa: E402
from decided import rallynov, trig_size  # noqa: E402
from decided_trial import (  # noqa: E402
    Entered,
    at_desk,
    to_enter_alone,
    to_enter_beside_carnet_2,
)
from desk_entering import DeskEntering, shown  # noqa: E402
from desk_keyboard import TIMES, DeskKeyboard  # noqa: E402
from desks import desk  # noqa: E402
from rallynov_graph.release import building  # noqa: E402

MOST_SHARE, MOST_MILLISECONDS = 0.1, 50
"""Aims: keys a fact of the characters of TriG a fact, and what the page may work on a key."""


@dataclass(frozen=True)
class Keys:
    """What entering a document took."""

    name: str
    stated: int
    listed: int
    keys: int
    trig: float
    """Characters of TriG a fact."""
    slowest: float
    """Milliseconds for which the page worked on a key at most."""
    faults: str
    seconds: float

    def row(self) -> str:
        """Return it as a row of the table."""
        each = self.keys / max(self.stated, 1)
        return (
            f"{self.name:<20}{self.stated:>7}{self.listed:>8}{self.keys:>8}{each:>8.1f}"
            f"{self.trig:>8.0f}{each / self.trig:>8.1%}{self.slowest:>9.0f}{self.seconds:>9.0f}"
            f"  {self.faults}"
        )


def entered(
    browser: Browser, it: Entered, name: str, *, from_proposals: bool, most: int
) -> tuple[Keys, list[str]]:
    """Return what it took to enter a document, and which facts could not be stated."""
    began = time.perf_counter()
    with desk(it.root, it.document.slug) as running:
        page = browser.new_page(viewport={"width": WIDE, "height": HEIGHT})
        page.add_init_script(TIMES)
        page.goto(running.address)
        page.locator("body[data-ready]").wait_for()
        hand = DeskKeyboard(page, it.document.text)
        someone = DeskEntering(it.document, hand)
        if from_proposals:
            someone.decide()
        stated = someone.enter(most)
        someone.describe()
        slowest, keys = hand.slowest(), hand.keys
        page.close()
    said = rallynov("write", it.root)
    trig = trig_size(it.folder) / max(facts(it.folder), 1) if said.status == 0 else 1
    done = Keys(
        name,
        stated,
        len(someone.every),
        keys,
        trig,
        slowest,
        said.err.strip()[:80] if said.status else faults(it),
        time.perf_counter() - began,
    )
    return done, [*shown(someone.missed)]


def faults(it: Entered) -> str:
    """Return what the first build finds."""
    try:
        found = building.build(it.root / "release", data=it.root / "data").manifest.findings
    except Exception as error:
        return " ".join(str(error).split())[:160]
    return f"builds, {found['Violation']} faults, {found.get('Warning', 0)} warnings"


def runs(lists: Path | None) -> Iterator[tuple[str, Callable[[Path], Entered]]]:
    """Yield the documents, and what makes the folder of each."""
    yield "C", to_enter_alone
    if lists is not None:
        yield "A", lambda root: to_enter_beside_carnet_2(root, lists)


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    given = os.environ.get("RALLYNOV_TRIAL")
    parser.add_argument(
        "--trial",
        type=Path,
        default=Path(given) if given else None,
        help="the folder of document A; without it, C alone is entered",
    )
    parser.add_argument("--most", type=int, default=10**6, help="so many facts, to try it out")
    parser.add_argument("--only", help="one of the rows, such as C-nothing")
    arguments = parser.parse_args()
    rows, left = [], []
    with sync_playwright() as playwright, launched(playwright) as browser:
        for name, made in runs(arguments.trial):
            for way in ("nothing", "proposals"):
                if arguments.only not in (None, f"{name}-{way}"):
                    continue
                with TemporaryDirectory() as folder:
                    done, missed = entered(
                        browser,
                        at_desk(made(Path(folder, "root"))),
                        f"{name}, from {way}",
                        from_proposals=way == "proposals",
                        most=arguments.most,
                    )
                rows.append(done)
                left += [f"{done.name}: {it}" for it in missed]
    print("\n".join(left))
    print(
        f"\n{'document':<20}{'stated':>7}{'listed':>8}{'keys':>8}{'a fact':>8}"
        f"{'TriG':>8}{'share':>8}{'ms a key':>9}{'seconds':>9}"
    )
    print("\n".join(it.row() for it in rows))
    if any(it.keys / max(it.stated, 1) > MOST_SHARE * it.trig for it in rows):
        print(f"More keys than {MOST_SHARE:.0%} of the characters.")


if __name__ == "__main__":
    main()
