"""Look at an edition in a browser: ``python bench/edition_browsing.py FOLDER``.

From a server that knows nothing but files, a page of each kind is opened in both languages, the
surest of those that the dial changes: held by axe in the looks that the pages of the service are
held in, for its width, for what it complains of and for requests to other hosts. Then with scripts
off: what of its content is not shown there. Links and forms of all pages are followed before.
Printed is a line of JSON; without ``--each`` pages, one of each kind is looked at.
"""

import argparse
import json
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "support"))

from playwright.sync_api import Browser, sync_playwright

import edition_pages
from browsing import AXE, PHONE, WIDE, launched, visiting
from edition_links import broken_links, ignored_choices
from looks import LOOKS
from rallynov_graph.base.languages import LANGUAGES
from rallynov_graph.edition import folder as manifest

ASKED = re.compile(
    r"\.(view-[a-z]+|(?:by|centre|class|iri|open|page|same_stage|sort|theme|touches|try|voice)(?=-))"
)
"""What the name of a file says that its page is asked."""
ONE_KIND = ("r", "docs", "questions", "ontology", "absent", "carnet", "list")
"""Folders whose files are one kind of page, but for what they ask."""
LEADS = 'http-equiv="refresh"'
"""What a page has that leads on at once."""
UNSHOWN = """() => {
    const elsewhere = "template, script, style, noscript, details:not([open]), dialog, [popover]";
    const texts = document.createTreeWalker(
        document.querySelector("main") ?? document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    while (texts.nextNode()) {
        const element = texts.currentNode.parentElement;
        const isShown = !texts.currentNode.data.trim() || element.closest(elsewhere)
            || element.closest("option, svg, [data-copy], .on-screen, .unseen")
            || element.checkVisibility();
        if (!isShown) found.push(element.outerHTML.slice(0, 160));
    }
    return found;
}"""
"""What of a page's content is not shown, but for tools of scripts and what the reader opens."""


def kind_of(file: str) -> str:
    """Return the kind of a page by its path and its parameters, without their values."""
    folder, _, name = file.removesuffix(".html").rpartition("/")
    first = name.partition(".")[0]
    place = "list" if first == "list" else folder
    stem = "" if place.split("/")[0] in (*ONE_KIND, "page") else first
    return " ".join((f"{place}/{stem}", *ASKED.findall(name)))


def sample(folder: Path, language: str, each: int) -> list[str]:
    """Return a number of files of each kind of page in a language, the surest first."""
    kinds: dict[str, list[str]] = {}
    for path in sorted(folder.rglob("*.html")):
        file = path.relative_to(folder).as_posix()
        is_english = file.removesuffix(".html").endswith(".en")
        if is_english == (language == "en") and LEADS not in path.read_text("utf-8"):
            kinds.setdefault(kind_of(file), []).append(file)
    return [
        file
        for files in kinds.values()
        for file in sorted(files, key=lambda it: ".explicit" not in it)[:each]
    ]


def faults(browser: Browser, site: str, files: Sequence[str], language: str) -> Iterator[str]:
    """Yield the faults of pages with scripts."""
    with visiting(browser, site) as visit:
        visit.page.add_init_script(path=AXE)
        for file in files:
            visit.look(*LOOKS[language][0][:2])
            visit.open(f"/{file}")
            for width, scheme, rules in LOOKS[language]:
                visit.look(width, scheme)
                yield from (f"{file} {width} {scheme}: {it}" for it in visit.barriers(*rules))
                if visit.overflows():
                    yield f"{file} {width}: wider than the window"
            yield from (f"{file}: {it}" for it in visit.overlaps(WIDE, PHONE))
            yield from (f"{file}: {it}" for it in visit.complaints)
            visit.complaints.clear()
            print(".", end="", file=sys.stderr, flush=True)


def unread(browser: Browser, site: str, files: Sequence[str]) -> Iterator[str]:
    """Yield the missing content of pages without scripts, and their errors."""
    with visiting(browser, site, java_script_enabled=False) as visit:
        for file in files:
            page = visit.open(f"/{file}")
            yield from (f"{file}: {it}" for it in page.evaluate(UNSHOWN))
            yield from (f"{file}: {it}" for it in visit.complaints)
            visit.complaints.clear()


def below(root: Path, place: str, folder: Path, address: str) -> str:
    """Put an edition at the path of its base, and return its address on a server."""
    link = root / place if place else root / "edition"
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(folder.resolve())
    return f"{address}/{link.relative_to(root).as_posix()}"


def main() -> None:
    """Look, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--each", type=int, default=1)
    parser.add_argument("--without-links", action="store_true")
    arguments = parser.parse_args()
    folder = arguments.folder
    place = manifest.read(folder).base.partition("://")[2].partition("/")[2].strip("/")
    told: dict[str, object] = {}
    if not arguments.without_links:
        told["broken links"] = [*broken_links(folder, f"/{place}/")]
        told["choices that nothing reads"] = [*ignored_choices(folder, f"/{place}/")]
    with (
        sync_playwright() as playwright,
        launched(playwright) as browser,
        tempfile.TemporaryDirectory() as root,
        edition_pages.served(Path(root)) as address,
    ):
        site = below(Path(root), place, folder, address)
        for language in LANGUAGES:
            files = sample(folder, language, arguments.each)
            told[f"pages ({language})"] = len(files)
            told[f"faults ({language})"] = [*faults(browser, site, files, language)]
            told[f"without scripts ({language})"] = [*unread(browser, site, files)]
    print(json.dumps(told, ensure_ascii=False))


if __name__ == "__main__":
    main()
