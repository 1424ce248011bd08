"""The curated data: what checks cannot see, and whether the carnet bears it out."""

import re
import subprocess
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from places import ROOT, TESTS
from rallynov_graph.base.namespaces import ID, PREFIXES, RN, SHAPES
from rallynov_graph.base.resources import data_dir, ontology_dir
from rallynov_graph.release.release import Release
from rallynov_graph.validation import report

RDF_TYPE = PREFIXES["rdf"] + "type"
SUBPROPERTY = PREFIXES["rdfs"] + "subPropertyOf"
EXTRACTION = ID + "extraction/carnet-2"


@pytest.fixture(scope="module")
def quads() -> list[Quad]:
    return [q for f in data_dir().rglob("*.trig") for q in parse(path=f, format=RdfFormat.TRIG)]


@pytest.fixture(scope="module")
def described(quads: list[Quad]) -> dict[str, dict[str, list[str]]]:
    """Each thing's values by property, whatever graph says them."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for q in quads:
        found[q.subject.value][q.predicate.value].append(q.object.value)
    return found


Described = dict[str, dict[str, list[str]]]


def of_kind(described: Described, *kinds: str) -> list[str]:
    return [s for s, values in described.items() if {RN + k for k in kinds} & set(values[RDF_TYPE])]


def positions(described: Described, passage: str) -> tuple[int, int]:
    (selector,) = described[passage][PREFIXES["oa"] + "hasSelector"]
    (start,), (end,) = (described[selector][PREFIXES["oa"] + which] for which in ("start", "end"))
    return int(start), int(end)


def plain(text: str) -> str:
    """The text without the marks of bold and italic, its white space folded."""
    return " ".join(text.replace("*", "").split())


def test_the_data_break_no_rule_and_what_they_leave_unsaid_is_told(release: Release) -> None:
    told: dict[str, set[str]] = defaultdict(set)
    found = report.from_json(release.report_json.read_text("utf-8"))
    for finding in found.results:
        assert isinstance(finding.focus, NamedNode)
        name = str(finding.shape).removeprefix(SHAPES)
        told[name].add(finding.focus.value.removeprefix(ID))
    unsaid = tomllib.loads((TESTS / "data" / "left_unsaid.toml").read_text("utf-8"))
    assert (found.conforms, told) == (True, {name: {*it} for name, it in unsaid.items()})
    assert release.manifest.findings == found.counts == {"Violation": 0, "Warning": 4, "Info": 28}


def words(described: Described, texts: Mapping[str, str], passage: str) -> str | None:
    """The words of a passage, None where its text is not given."""
    (text,) = described[passage][PREFIXES["oa"] + "hasSource"]
    return texts[text][slice(*positions(described, passage))] if text in texts else None


def test_no_passage_starts_or_ends_in_white_space(
    source_texts: Mapping[str, str], described: Described
) -> None:
    loose = [
        passage
        for passage in of_kind(described, "Passage", "DocumentPart")
        if (text := words(described, source_texts, passage)) is not None and text != text.strip()
    ]
    assert loose == []


def test_the_parts_cover_each_sign_of_their_text_once(
    source_texts: Mapping[str, str], described: Described
) -> None:
    times = {text: [0] * len(source_texts[text]) for text in source_texts}
    parts = of_kind(described, "DocumentPart")
    read_in = {part: described[part][PREFIXES["oa"] + "hasSource"][0] for part in parts}
    for part in parts:
        for i in range(*positions(described, part)):
            if read_in[part] in times:
                times[read_in[part]][i] += 1
    for text in {*read_in.values()} & {*times}:
        signs = enumerate(source_texts[text])
        assert [i for i, sign in signs if not sign.isspace() and times[text][i] != 1] == []
        assert max(times[text]) == 1


def test_what_is_given_as_printed_is_printed_there(
    source_texts: Mapping[str, str], quads: list[Quad], described: Described
) -> None:
    ontology = list(parse(path=ontology_dir() / "rallynov.ttl", format=RdfFormat.TURTLE))
    printed = {RN + "asPrinted", RN + "acronym", RN + "expansion"} | {
        t.subject.value
        for t in ontology
        if t.predicate.value == SUBPROPERTY and t.object.value == RN + "asPrinted"
    }
    missing = []
    for q in quads:
        if q.predicate.value not in printed:
            continue
        passages = described[q.graph_name.value][RN + "passage"]
        texts = [words(described, source_texts, p) for p in passages]
        if None not in texts and not any(plain(q.object.value) in plain(it) for it in texts):
            missing.append((q.subject.value, q.object.value))
    assert missing == []


def test_each_printed_theme_stands_exactly_at_its_passage(
    source_texts: Mapping[str, str], described: Described
) -> None:
    for occurrence in of_kind(described, "ThemeOccurrence"):
        (passage,) = described[occurrence][RN + "passage"]
        (printed,) = described[occurrence][RN + "asPrinted"]
        assert words(described, source_texts, passage) in (printed, None)


def test_each_quoted_segment_is_all_that_stands_between_its_quotation_marks(
    source_texts: Mapping[str, str], described: Described
) -> None:
    loose = []
    for testimony in of_kind(described, "Testimony"):
        for passage in described[testimony][RN + "quotedSegment"]:
            quoted = words(described, source_texts, passage)
            if quoted is None:
                continue
            text = source_texts[described[passage][PREFIXES["oa"] + "hasSource"][0]]
            start, end = positions(described, passage)
            opens = re.search(r"« ?\*?\Z", text[:start])
            closes = re.match(r"\*? ?»", text[end:])
            if not (opens and closes and quoted.count("«") == quoted.count("»")):
                loose.append((testimony, start, end))
    assert loose == []


def test_a_theme_is_no_surer_than_the_reading_of_its_printed_word(
    quads: list[Quad], described: Described
) -> None:
    """A set says a theme in so many words only where its passages hold a word that does."""
    explicit = {s for s, v in described.items() if RN + "explicit" in v[RN + "certainty"]}
    words = [
        (positions(described, passage), q.object)
        for q in quads
        if q.predicate.value == RN + "indicates" and q.graph_name.value in explicit
        for passage in described[q.subject.value][RN + "passage"]
    ]
    unread = [
        (q.subject.value, q.object.value)
        for q in quads
        if q.predicate.value == PREFIXES["dcterms"] + "subject" and q.graph_name.value in explicit
        if not any(
            theme == q.object and start <= first and last <= end
            for passage in described[q.graph_name.value][RN + "passage"]
            for start, end in [positions(described, passage)]
            for (first, last), theme in words
        )
    ]
    assert unread == []


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False
    ).stdout.decode()
    names = [ROOT / name for name in listed.split("\0") if name]
    return [path for path in names if path.is_file()] or pytest.skip("this is no git checkout")


def folded(text: str) -> str:
    return " ".join(re.sub(r"[*_«»\"']+", " ", unicodedata.normalize("NFC", text)).split())


def test_no_sentence_of_a_text_is_in_the_repository(source_texts: Mapping[str, str]) -> None:
    window = 70
    wholes = [folded(text) for text in source_texts.values()]
    pieces = {it[i : i + window] for it in wholes for i in range(0, len(it) - window, 5)}
    copied = {
        str(path.relative_to(ROOT))
        for path in tracked()
        for text in [folded(path.read_bytes().decode("utf-8", "ignore"))]
        for i in range(len(text) - window + 1)
        if text[i : i + window] in pieces
    }
    assert copied == set()


def test_no_telephone_number_of_a_text_is_in_the_repository(
    source_texts: Mapping[str, str],
) -> None:
    texts = "\n".join(source_texts.values())
    numbers = {re.sub(r"\D", "", n) for n in re.findall(r"\b0\d(?: \d\d){4}\b", texts)}
    assert numbers or EXTRACTION not in source_texts
    for path in tracked():
        text = path.read_bytes().decode("utf-8", "ignore").replace("+33", "0")
        digits = re.sub(r"(?<=\d)[\s.\-]+(?=\d)", "", text)
        assert not [n for n in numbers if n in digits], path
