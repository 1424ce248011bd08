"""Names that are alike are told, until somebody decides."""

from pyoxigraph import RdfFormat, parse

from identities import HEAD, with_second_naming
from rallynov_graph.base.resources import ontology_dir
from rallynov_graph.identity.likely_same import likely_same
from rallynov_graph.release import building


def alike(*names, kind="person", further=""):
    """The pairs that are told of things with these names, by their numbers."""
    said = "".join(f'<{kind}/{n}> rn:nameAsPrinted "{name}" . ' for n, name in enumerate(names))
    quads = parse(HEAD + said + further, format=RdfFormat.TRIG)
    found = likely_same(quads)
    return [(it.first.rpartition("/")[2], it.second.rpartition("/")[2]) for it in found]


ALIKE = (
    ("person", "Ada Lovelass", "Ada Lovelace"),
    ("person", "A. Lovelace", "Ada Lovelace"),
    ("person", "LOVELACE Ada", "Ada Lovelace"),
    ("person", "Mme Lovelace", "Ada Lovelace"),
    ("organisation", "L’Atelier du Lac", "Atelier du Lac"),
    ("organisation", "ADL", "Atelier du lac"),
    ("organisation", "Le Geni", "Legeni"),
    ("organisation", "Sociéte Untelle", "Société Untelle"),
    ("place", "Besancon", "Besançon"),
)
OTHERS = (
    ("person", "Ada Lovelace", "Ada Martin"),
    ("person", "Ada Lovelace", "Jean Lovelace"),
    ("person", "Solène Thébois", "A.-L. Thébois"),
    ("organisation", "RECPS", "RCCPS"),
    ("innovation", "Grande rencontre des aidants 12", "Grande rencontre des aidants 13"),
    ("organisation", "BGE Franche-Comté", "MFQ Franche-Comté"),
    ("organisation", "Conseil régional", "Conseil général"),
    ("theme", "Emploi", "Emplois"),
)


def test_names_that_a_reader_would_take_for_one_are_told_and_others_not():
    for kind, *names in ALIKE:
        assert alike(*names, kind=kind) == [("0", "1")], names
    for kind, *names in OTHERS:
        assert alike(*names, kind=kind) == [], names


def test_a_decision_silences_it():
    for kind in ("different", "open"):
        said = f"<decision/d> rn:identity rn:{kind} ; rn:kept <person/1> ; rn:other <person/0> ."
        assert alike("A. Lovelace", "Ada Lovelace", further=said) == []
        other = said.replace("<person/0>", "<person/9>")
        assert alike("A. Lovelace", "Ada Lovelace", further=other) == [("0", "1")]
        former = f"{other} <person/9> dcterms:isReplacedBy <person/0> ."
        assert alike("A. Lovelace", "Ada Lovelace", further=former) == []


def test_a_name_that_very_many_share_brings_none_together():
    assert alike(*(f"Jean Nom{'abcdefghij'[n % 10]}{n:03}x" for n in range(300))) == []


def test_a_name_that_very_many_things_bear_is_told_of_each_with_the_first():
    """Who decides about these has decided about all: a hundred documents may name one person."""
    bearers = ["Ada Lovelace"] * 100
    assert alike(*bearers, "A. Lovelace") == [("0", str(n)) for n in sorted(range(1, 101), key=str)]


def test_somebody_who_is_another_one_is_compared_by_himself():
    two = "<decision/d> rn:identity rn:different ; rn:kept <person/0> ; rn:other <person/1> ."
    names = ("Ada Lovelace", "Ada Lovelace", "A. Lovelace")
    assert alike(*names, further=two) == [("0", "2"), ("1", "2")]


def test_a_build_tells_it(tmp_path):
    content = building.completed(building.read(with_second_naming(tmp_path), ontology_dir()))
    report = building.check(content)
    assert [it for it in report.results if str(it.shape).endswith("things_are_not_alike")]
