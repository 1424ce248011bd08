"""How many keys entering a document takes: ``python bench/desk_keys.py``.

A script that has a keyboard alone enters the invented newsletter in a real browser, once from what
is proposed and once from nothing, asks what it leaves open, and does what mends the faults that
rules find. It tells how many facts of the
list are stated then, how many keys that took, those that are held included, beside the characters
of TriG a fact that the desk writes; for how long the page worked on its slowest keys, and on how
many events of keys it worked for too long; whether the folder builds without a fault; and how far
what was entered is what was listed: precision and recall of facts, and of facts with their
certainty, voice and words. No position is ever typed.
"""

import argparse
import shutil
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, sync_playwright
from pyoxigraph import RdfFormat, parse

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests" / "support"), str(ROOT / "tests")]

from desk_deciding import DeskDeciding  # noqa: E402
from desk_entering import DeskEntering, shown  # noqa: E402
from desk_keyboard import TIMES, DeskKeyboard  # noqa: E402
from desk_mending import DeskMending  # noqa: E402
from desk_questions import DeskQuestions  # noqa: E402
from entered_facts import Carried, Likeness, alike, carried, listed  # noqa: E402
from entering import facts  # noqa: E402
from newsletter import Document  # noqa: E402

import listed as listed_trial  # noqa: E402
from browsing import HEIGHT, WIDE, launched  # noqa: E402
from decided import rallynov  # noqa: E402
from decided_trial import Entered, at_desk, to_enter_alone  # noqa: E402
from desks import desk  # noqa: E402
from rallynov_graph.base.errors import RallynovError  # noqa: E402
from rallynov_graph.base.namespaces import ID, RN  # noqa: E402
from rallynov_graph.base.resources import data_dir  # noqa: E402
from rallynov_graph.release import building  # noqa: E402

MOST_SHARE, MOST_MILLISECONDS = 0.1, 50
"""Aims: keys a fact of the characters of TriG a fact, and what the page may work on a key."""
SHOWN = 5
"""So many of the slowest keys are told."""


@dataclass(frozen=True)
class Keys:
    """The cost of entering a document."""

    name: str
    stated: int
    listed: int
    keys: int
    for_faults: int
    """So many of the keys mended what rules found."""
    trig: float
    """Characters of TriG a fact."""
    slowest: Sequence[tuple[float, str]]
    """Milliseconds for which the page worked on its slowest keys, and what they did."""
    slow: int
    """On how many keys it worked for longer than it may."""
    faults: str
    alike: Likeness
    """What was entered beside what is listed: facts, and facts with what carries them."""
    carried_alike: Likeness
    seconds: float

    @property
    def share(self) -> float:
        """Keys a fact, of the characters of its TriG."""
        return self.keys / max(self.stated, 1) / self.trig

    def row(self) -> str:
        """Return it as a row of the table."""
        slowest = self.slowest[0][0] if self.slowest else 0
        likenesses = "".join(
            f"{it.precision:>7.3f}{it.recall:>7.3f}" for it in (self.alike, self.carried_alike)
        )
        return (
            f"{self.name:<20}{self.stated:>7}{self.listed:>8}{self.keys:>8}{self.for_faults:>8}"
            f"{self.keys / max(self.stated, 1):>8.1f}{self.trig:>6.0f}{self.share:>7.1%}"
            f"{slowest:>9.0f}{self.slow:>6}{likenesses}{self.seconds:>8.0f}  {self.faults}"
        )


HEAD = (
    f"{'document':<20}{'stated':>7}{'listed':>8}{'keys':>8}{'faults':>8}{'a fact':>8}{'TriG':>6}"
    f"{'share':>7}{'ms a key':>9}{'slow':>6}{'prec.':>7}{'recall':>7}{'words':>7}{'':>7}"
    f"{'seconds':>8}"
)


def entered(
    browser: Browser, it: Entered, document: Document, name: str, *, from_proposals: bool, most: int
) -> tuple[Keys, list[str]]:
    """Return the cost of entering a document, and the facts that were missed or differ."""
    began = time.perf_counter()
    with desk(it.root, document.slug) as running:
        page = browser.new_page(viewport={"width": WIDE, "height": HEIGHT})
        page.add_init_script(TIMES)
        page.goto(running.address)
        page.locator("body[data-ready]").wait_for()
        hand = DeskKeyboard.at(page)
        someone = DeskEntering(document, hand)
        if from_proposals:
            DeskDeciding(someone).decide()
        stated = someone.enter(most)
        DeskQuestions(someone).ask()
        before = hand.keys
        mending = DeskMending(someone)
        mending.mend()
        times, keys = hand.slowest(), hand.keys
        page.close()
    written = rallynov("write", it.root)
    outcome = faults(it) if written.status == 0 else written.err.strip()[:80]
    wanted = listed(document, someone.addresses)
    found = built(it)
    done = Keys(
        name,
        stated,
        len(someone.every),
        keys,
        keys - before,
        sum(len(file.read_text("utf-8")) for file in it.folder.path.glob("*.trig"))
        / max(facts(it.folder), 1),
        times[:SHOWN],
        sum(took > MOST_MILLISECONDS for took, _ in times),
        outcome,
        alike((one.fact for one in wanted), (one.fact for one in found)),
        alike(wanted, found),
        time.perf_counter() - began,
    )
    quoted = {it.subject for it in someone.every if it.property == f"{RN}quotedSegment"}
    own = {f"{RN}{it}" for it in ("participant", "mode", "role", "quotedSegment")}
    spent = sum(n for (it, name), n in someone.keys_of.items() if it in quoted and name in own)
    a_quotation = spent / max(len(quoted), 1)
    left = [
        f"{a_quotation:.1f} keys a quotation",
        *shown(someone.missed),
        *(f"fault: {text}: {why}" for text, why in mending.left),
    ]
    left += [f"more: {one}" for one in sorted(map(str, done.alike.more))]
    left += [f"missing: {one}" for one in sorted(map(str, done.alike.missing))]
    left += [f"{took:.0f} ms: {what}" for took, what in times[:SHOWN]]
    return done, left


def third(root: Path) -> Entered:
    """Return the third carnet, of which nothing is entered yet, beside the shipped data."""
    shutil.copytree(data_dir(), root / "data")
    dataset = root / "data" / building.DATASET
    described = f"<{ID}document/{listed_trial.THIRD}>"
    text = dataset.read_text("utf-8")
    dataset.write_text(text.replace("dcterms:source ", f"dcterms:source {described}, ", 1), "utf-8")
    (root / "texts").mkdir()
    source = listed_trial.LISTS[listed_trial.THIRD].with_suffix(".txt")
    (root / "texts" / f"{listed_trial.THIRD}.txt").write_bytes(source.read_bytes())
    return Entered(root, source, listed_trial.THIRD)


def document_of(it: Entered) -> Document:
    """Return what a document states, by its list."""
    if it.slug != listed_trial.THIRD:
        return Document.read()
    quads = parse(listed_trial.read(it.slug).trig(), format=RdfFormat.TRIG)
    return Document(it.slug, it.text.read_bytes().decode(), [*quads])


def built(it: Entered) -> set[Carried]:
    """Return the facts of the document in the files that the build takes.

    A release has readings that are not taken elsewhere.
    """
    files = it.folder.path.glob("*.trig")
    return carried(quad for path in files for quad in parse(path=path))


def faults(it: Entered) -> str:
    """Return the findings of the first build."""
    try:
        found = building.build(it.root / "release", data=it.root / "data").manifest.findings
    except RallynovError as error:
        return " ".join(str(error).split())[:160]
    return f"builds, {found['Violation']} faults, {found.get('Warning', 0)} warnings"


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--most", type=int, default=10**6, help="so many facts, to try it out")
    parser.add_argument("--only", help="one of the rows: nothing or proposals")
    parser.add_argument("--third", action="store_true", help="A of RALLYNOV_TRIAL instead of C")
    arguments = parser.parse_args()
    rows, left = [], []
    with sync_playwright() as playwright, launched(playwright) as browser:
        for way in ("nothing", "proposals"):
            if arguments.only not in (None, way):
                continue
            with TemporaryDirectory() as folder:
                root = Path(folder, "root")
                it = third(root) if arguments.third else at_desk(to_enter_alone(root))
                done, missed = entered(
                    browser,
                    it,
                    document_of(it),
                    f"{it.text.stem}, from {way}",
                    from_proposals=way == "proposals",
                    most=arguments.most,
                )
            rows.append(done)
            left += [f"{done.name}: {it}" for it in missed]
    print("\n".join(left))
    print(f"\n{HEAD}")
    print("\n".join(it.row() for it in rows))
    if any(it.share > MOST_SHARE for it in rows):
        print(f"More keys than {MOST_SHARE:.0%} of the characters.")
    if any(it.slowest and it.slowest[0][0] > MOST_MILLISECONDS for it in rows):
        print(f"A key that the page worked on for more than {MOST_MILLISECONDS} ms.")


if __name__ == "__main__":
    main()
