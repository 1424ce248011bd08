"""Reduce the findings of a mistake to the clearest one, and add hints."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, Triple

from rallynov_graph.base.languages import LANGUAGES
from rallynov_graph.base.namespaces import PREFIXES, RN, SHAPES, kind_of_iri, short_iri
from rallynov_graph.matching.near_names import near
from rallynov_graph.matching.words import folded as without_accents
from rallynov_graph.rdf.locations import locate
from rallynov_graph.validation.report import WORDS, Finding, Report

_NOWHERE: Final = "check-link_leads_somewhere"
_OF_LIST: Final = "check-value_is_from_its_list"
_GRAPH: Final = "check-graph_has_a_kind"
_TOGETHER: Final = "check-facts_of_a_set_belong_together"
_SAID_THERE: Final = "check-fact_is_said_where_its_subject_is"
_MISPLACED: Final = "check-fact_is_in_its_graph"
_OUTSIDE: Final = "check-passage_lies_in_its_text"
_ONCE_A_LANGUAGE: Final = "check-text_is_said_once_a_language"
_REASON: Final = "ReasonShape"
_CERTAINTY: Final = f"{RN}certainty"
_AT_LEAST: Final = f"{PREFIXES['sh']}MinCountConstraintComponent"
_AT_MOST: Final = f"{PREFIXES['sh']}MaxCountConstraintComponent"
_FOLDED: Final = "check-address_is_folded"
_WORD: Final = re.compile(r"[a-z0-9]+")
_LISTS: Final = f"{PREFIXES['skos']}inScheme"
_LABELS: Final = frozenset({f"{PREFIXES['rdfs']}label", f"{PREFIXES['skos']}prefLabel"})
_SAMPLE: Final = 20
"""In how many terms of a list it is looked where the list is written."""

Findings = Sequence[Finding]


def folded(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings without those that follow from another one or repeat it.

    A fault in a rule's conclusion is reported on the statement that it was concluded from.
    """
    left = _without_implied(_without_conclusions([*findings]))
    for key, best in _FAMILIES:
        left = _one_of_each(left, key, best)
    return left


def _rule(finding: Finding) -> str:
    return (finding.shape or "").removeprefix(SHAPES)


def _without_conclusions(findings: Findings) -> list[Finding]:
    """Return findings without conclusions whose value is at fault in a written statement."""
    at_fault = {f.value for f in findings if f.value is not None and not f.concluded and f.fails}
    return [f for f in findings if not (f.concluded and f.value in at_fault)]


def _without_implied(findings: Findings) -> list[Finding]:
    """Return findings without those implied by a missing or misplaced property."""
    causes = {(f.focus, f.path) for f in findings if _implies(f)}
    return [
        f for f in findings if _implies(f) or not f.fails or (f.focus, _concerned(f)) not in causes
    ]


def _concerned(finding: Finding) -> str | None:
    """Return the property that a finding is about; for a missing reason, the certainty."""
    return _CERTAINTY if _rule(finding) == _REASON else finding.path


def _implies(finding: Finding) -> bool:
    is_missing = finding.component == _AT_LEAST and finding.value is None
    return finding.fails and (is_missing or _rule(finding) == _MISPLACED)


def _one_of_each(
    findings: Findings,
    key: Callable[[Finding], Hashable | None],
    best: Callable[[Finding, Findings], object],
) -> list[Finding]:
    """Return the best finding of each key; findings without a key are all kept."""
    families: dict[Hashable, list[Finding]] = defaultdict(list)
    for finding in findings:
        families[key(finding)].append(finding)
    kept = {
        id(min(family, key=lambda finding: best(finding, family)))  # type: ignore[arg-type,return-value]
        for name, family in families.items()
        if name is not None and not _are_several(family)
    }
    return [
        f for f in findings if id(f) in kept or key(f) is None or _are_several(families[key(f)])
    ]


def _are_several(family: Findings) -> bool:
    """Whether more than two things of a set have no link: each is then a separate mistake."""
    return len(family) > 2 and _rule(family[0]) == _TOGETHER and family[0].value == family[1].value


def _same_statement(finding: Finding) -> Hashable | None:
    """Return the key of rules that refuse one value of one property of a thing."""
    if finding.path is None or finding.value is None or not finding.fails:
        return None
    return finding.focus, finding.path, finding.value


def _plainest(finding: Finding, _: Findings) -> object:
    order = (_NOWHERE, _OF_LIST)
    rule = _rule(finding)
    return (order.index(rule) if rule in order else len(order), *_by_kind(finding))


def _same_number(finding: Finding) -> Hashable | None:
    """Return the key of rules that find too few or too many values of one property of a thing."""
    if finding.path is None or not finding.fails:
        return None
    about_number = finding.value is None or _rule(finding) == _ONCE_A_LANGUAGE
    return (finding.focus, finding.path, finding.place) if about_number else None


def _by_number(finding: Finding, _: Findings) -> object:
    return (finding.component not in (_AT_LEAST, _AT_MOST), *_by_kind(finding))


def _by_kind(finding: Finding) -> tuple[bool, str]:
    """Sort first the shape of the thing's own kind: a stage is also an event."""
    kind = kind_of_iri(getattr(finding.focus, "value", "")).replace("-", "")
    return not _rule(finding).lower().startswith(f"{kind}shape"), _rule(finding)


def _same_graph(finding: Finding) -> Hashable | None:
    """Return the key of findings in one graph that nobody described."""
    return finding.value if _rule(finding) == _GRAPH else None


def _same_passage(finding: Finding) -> Hashable | None:
    """Return the key of findings about a passage outside its text, or with wrong numbers."""
    return finding.focus if _rule(finding) == _OUTSIDE else None


def _same_set(finding: Finding) -> Hashable | None:
    """Return the key of two unlinked things of one set; the less connected one is reported."""
    return finding.value if _rule(finding) == _TOGETHER else None


def _stranger(finding: Finding, family: Findings) -> object:
    kinds = [kind_of_iri(getattr(one.focus, "value", "")) for one in family]
    kind = kind_of_iri(getattr(finding.focus, "value", ""))
    return kind == "document", kinds.count(kind), -(finding.line or 0), str(finding.focus)


def _same_thing_in_sets(finding: Finding) -> Hashable | None:
    """Return the key of a fact that one set lacks because another set has it."""
    return finding.focus if _rule(finding) in (_TOGETHER, _SAID_THERE) else None


def _first(finding: Finding, _: Findings) -> object:
    return _rule(finding) != _TOGETHER, finding.line or 0, sorted(finding.messages.items())


_FAMILIES: Final = (
    (_same_statement, _plainest),
    (_same_number, _by_number),
    (_same_graph, _first),
    (_same_passage, _first),
    (_same_set, _stranger),
    (_same_thing_in_sets, _first),
)


def with_hints(
    report: Report, data: Iterable[Quad | Triple], files: Iterable[tuple[str, Path]]
) -> Report:
    """Return the report, its findings with suggestions.

    The data are read only if something is unknown.
    """
    report = replace(report, results=tuple(map(_with_folded_address, report.results)))
    unknown = {_unknown(finding) for finding in report.results} - {""}
    if not unknown:
        return report
    names, terms = _known(data, {_namespace_of(iri) for iri in unknown})
    paths = {path: name for name, path in files}
    messages = {iri: _messages(iri, names, terms, paths) for iri in unknown}
    return replace(
        report,
        results=tuple(
            replace(finding, messages=messages[iri]) if (iri := _unknown(finding)) else finding
            for finding in report.results
        ),
    )


def _with_folded_address(finding: Finding) -> Finding:
    """Return a finding about an address with accents or capitals, with the correct address."""
    iri = getattr(finding.focus, "value", "")
    slug = "-".join(_WORD.findall(without_accents(iri.rpartition("/")[2])))
    if _rule(finding) != _FOLDED or not slug:
        return finding
    thing = short_iri(_namespace_of(iri) + slug)
    return replace(
        finding,
        messages={
            language: f"{text} {WORDS['folded'][language].format(thing=thing)}"
            for language, text in finding.messages.items()
        },
    )


def _unknown(finding: Finding) -> str:
    """Return the address of the undescribed thing or graph."""
    is_unknown = _rule(finding) in (_NOWHERE, _GRAPH)
    return finding.value.value if is_unknown and isinstance(finding.value, NamedNode) else ""


def _namespace_of(iri: str) -> str:
    """Return an address without its last part."""
    return iri[: iri.rfind("/") + 1]


def _known(
    data: Iterable[Quad | Triple], namespaces: Set[str]
) -> tuple[Mapping[str, Mapping[str, str]], Set[str]]:
    """Return the names of things whose addresses begin this way, by language, and the terms of
    lists.
    """
    names: dict[str, dict[str, str]] = defaultdict(dict)
    terms = set[str]()
    for quad in data:
        subject = quad.subject
        if not isinstance(subject, NamedNode) or _namespace_of(subject.value) not in namespaces:
            continue
        own = names[subject.value]
        if quad.predicate.value in _LABELS and isinstance(quad.object, Literal):
            own[quad.object.language or ""] = quad.object.value
        elif quad.predicate.value == _LISTS:
            terms.add(subject.value)
    return names, terms


def _messages(
    unknown: str,
    names: Mapping[str, Mapping[str, str]],
    terms: Set[str],
    files: Mapping[Path, str],
) -> dict[str, str]:
    beside = [iri for iri in names if _namespace_of(iri) == _namespace_of(unknown)]
    slugs = {iri.rpartition("/")[2]: iri for iri in sorted(beside) if iri != unknown}
    slug = unknown.rpartition("/")[2]
    likely = [slugs[it] for it in near(slug, slugs, 1, slips_only=True) or near(slug, slugs, 2)]
    listed = sorted(terms & {*beside})
    file = _file_of(listed, files) if listed else None
    kind = "set" if "/assertion-set/" in unknown else "term" if listed else "thing"

    def sentences(language: str) -> Iterator[str]:
        yield WORDS[kind][language].format(thing=short_iri(unknown))
        if likely:
            quoted = (_quoted(iri, names[iri], language) for iri in likely)
            yield WORDS["near"][language].format(names=WORDS["or"][language].join(quoted))
        if file:
            yield WORDS["list"][language].format(file=file)
        elif not likely and kind == "thing":
            yield WORDS["else"][language]

    return {language: " ".join(sentences(language)) for language in LANGUAGES}


def _quoted(iri: str, names: Mapping[str, str], language: str) -> str:
    name = names.get(language) or names.get("") or next(iter(names.values()), "")
    return WORDS["quoted"][language].format(thing=short_iri(iri), name=name) if name else iri


def _file_of(terms: list[str], files: Mapping[Path, str]) -> str:
    """Return the file in which most terms of a list are described."""
    places = locate(files, terms[:_SAMPLE]).values()
    ((path, _),) = Counter(place.path for place in places).most_common(1)
    return files[path]
