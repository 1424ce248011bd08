"""Hold every page of an edition against a server: ``python bench/edition_reading.py FOLDER``.

A real ``rallynov serve`` has the release at the edition's address. From its home page, its sitemap
and its list of what has no class, every page is asked for in both languages at each certainty, and
its words are compared with those of the file; what is meant to differ is named in
``tests/support/edition_texts.py``. A page with one file is compared at the least certainty alone,
unless ``--each-certainty`` is given.
Printed is a line of JSON: how many files were compared, which words differ and where first, and
which files of pages no address of the server has.
"""

import argparse
import http.client
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urljoin, urlsplit

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "support"))

from edition_links import links_of
from edition_texts import TELLING, Beside
from rallynov_graph.base.certainty import LEAST_SURE
from rallynov_graph.edition import folder as manifest
from rallynov_graph.edition.addresses import Absent, SiteAddress, canonical
from rallynov_graph.release import building
from rallynov_graph.release.release import load
from servers import serving, start

LOCATION = re.compile(r"<loc>([^<]*)</loc>")
FIRST = 40
"""So many differences are printed."""
FIRST_PAGE = ("page", "1")
"""What the RDF of a list alone names: the first page as one of several."""
CLASSLESS = SiteAddress("/list")
"""What has no class: the search alone leads to some of it, and an edition has no such list."""
FORM = re.compile(r"(<form\b[^>]*) action=\"[^\"]*\"")
"""What a form asks is no link: an edition answers it otherwise, or has no such form."""


@dataclass
class Compared:
    """The compared files, and the differences."""

    asked: int = 0
    files: set[str] = field(default_factory=set)
    leading: list[str] = field(default_factory=list)
    """Addresses where the server leads on, as the file there does."""
    differing: dict[str, list[str]] = field(default_factory=dict)
    """The words that differ, by the address."""
    telling: set[str] = field(default_factory=set)
    """The pages with other words that tell of the edition itself."""
    linked_from: dict[SiteAddress, str] = field(default_factory=dict)
    """The first page that leads to each."""


class Served:
    """A server that is asked over one connection."""

    def __init__(self, address: str, base: str) -> None:
        self._address, self._base = address, base
        place = urlsplit(address)
        self._connection = http.client.HTTPConnection(place.hostname or "", place.port)

    def ask(self, path: str) -> str:
        """Return a server's response at a path; None for a redirection."""
        self._connection.request("GET", path, headers={"Accept": "text/html"})
        answer = self._connection.getresponse()
        text = answer.read().decode()
        if answer.status not in (200, 303, 301, 302, 307, 308, 404):
            raise SystemExit(f"{path}: {answer.status}")
        return text if answer.status == 200 else ""

    def pages(self, html: str, path: str) -> Iterator[SiteAddress]:
        """Yield the pages that a page leads to and that an edition has files of."""
        targets = {it.partition("#")[0] for it in links_of(FORM.sub(r"\1", html))} - {""}
        for target in targets | {*LOCATION.findall(html)}:
            here = urljoin(f"{self._address}{path}", target)
            for place in (self._address, self._base.rstrip("/")):
                if here.startswith(f"{place}/"):
                    address = canonical(SiteAddress.of(here.removeprefix(place)))
                    if not isinstance(address, Absent) and address.is_page:
                        yield address.group


def compared(served: Served, beside: Beside, each_certainty: bool, below: str) -> Compared:
    """Compare every page that links of the server lead to."""
    found = Compared()
    lists = (served.ask(path) for path in ("/sitemap.xml", CLASSLESS.path))
    linked = {it for html in lists for it in served.pages(html, "/")}
    waiting = sorted({SiteAddress("/"), *linked} - {CLASSLESS})
    seen = {*waiting}
    while waiting:
        page = waiting.pop()
        first = replace(page, query=(*page.query, FIRST_PAGE))
        if first not in seen and (beside.folder / first.file).is_file():
            seen.add(first)
            waiting.append(first)
        if page.path != "/" and not page.path.startswith(below):
            continue
        for address in beside.variants(page):
            is_own = address.certainty == LEAST_SURE or (beside.folder / address.file).is_file()
            if is_own or each_certainty:
                html = compare(served, beside, address, found)
                new = {*served.pages(html, address.path)} - seen
                seen |= new
                found.linked_from |= dict.fromkeys(new, asked(address))
                waiting += sorted(new)
        print(f"\r{found.asked} of {len(seen)} pages’", end="", file=sys.stderr)
    return found


def compare(served: Served, beside: Beside, address: SiteAddress, found: Compared) -> str:
    """Compare a page at an address, note what is found, and return what the server says."""
    at = asked(address)
    html, file = served.ask(at), beside.file_of(address)
    found.asked += 1
    found.files.add(file)
    if not (beside.folder / file).is_file():
        linked_from = found.linked_from.get(address.group, "")
        if html:
            found.differing[at] = [f"there is no file; linked from {linked_from}"]
        return html
    if not html:
        found.leading.append(at)
        return html
    words = beside.between((beside.folder / file).read_text("utf-8"), html)
    if words and address.first_part in TELLING:
        found.telling.add(address.path)
    elif words:
        found.differing[at] = words
    return html


def asked(address: SiteAddress) -> str:
    """Return an address as a server is asked for it."""
    return f"{address.path}?{address.query_string}".rstrip("?")


def main() -> None:
    """Compare, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--release", type=Path, help="its release; else the shipped one")
    parser.add_argument("--each-certainty", action="store_true")
    parser.add_argument("--below", default="/", help="only pages whose paths begin so")
    arguments = parser.parse_args()
    folder, base = arguments.folder, manifest.read(arguments.folder).base
    given = arguments.release
    release = load(given) if given else building.current()
    options = ("--release", str(release.path), "--base", base)
    with serving(*options, starting=start) as server:
        served = Served(server.address, base)
        beside = Beside(folder, base, served.ask)
        found = compared(served, beside, arguments.each_certainty, arguments.below)
    pages = {it.relative_to(folder).as_posix() for it in folder.rglob("*.html")}
    words = Counter(word for words in found.differing.values() for word in words)
    told = {
        "pages": len(pages),
        "compared": len(found.files & pages),
        "answers": found.asked,
        "leading on": found.leading,
        "telling of the edition": sorted(found.telling),
        "addresses of no server": sorted(pages - found.files),
        "other words": len(found.differing),
        "first": dict([*found.differing.items()][:FIRST]),
        "most": dict(words.most_common(FIRST)),
    }
    print(json.dumps(told, ensure_ascii=False))


if __name__ == "__main__":
    main()
