"""What must be said of each kind of thing, and what only once, for those who damage the data.

Written from the definitions of the ontology and from docs/curating.md, not from the shapes: a
constraint that the shapes lack shows as damage that nobody finds. ``@fr`` and ``@en`` mean a text
in that language, ``@`` one in each language, ``*2`` at least two values.
"""

REQUIRED = {
    "schema:PublicationIssue": "rdfs:label dcterms:isPartOf schema:issueNumber rn:dateAsPrinted"
    " dcterms:issued dcterms:language",
    "rn:Extraction": "rdfs:label dcterms:isFormatOf rn:method rn:sha256 rn:lengthInCodePoints",
    "schema:Periodical": "rdfs:label rn:nameAsPrinted",
    "rn:Rally": "rdfs:label schema:areaServed",
    "rn:Stage": "rdfs:label@fr rdfs:label@en schema:superEvent rn:status dcterms:subject",
    "rn:ClosingEvent": "rdfs:label schema:superEvent rn:status",
    "rn:LookBack": "rdfs:label schema:superEvent rn:recalls",
    "rn:Relay": "rdfs:label rn:asPrinted",
    "rn:Participation": "rdfs:label rn:participant rn:inEvent rn:role",
    "rn:Testimony": "rdfs:label@fr rdfs:label@en rn:mode dcterms:description@fr"
    " dcterms:description@en",
    "rn:Innovation": "rdfs:label@fr rdfs:label@en dcterms:description@fr dcterms:description@en"
    " rn:nature dcterms:subject",
    "org:Organization": "rdfs:label rn:nameAsPrinted",
    "foaf:Person": "rdfs:label rn:nameAsPrinted",
    "foaf:Group": "rdfs:label rn:nameAsPrinted",
    "org:Post": "rdfs:label org:heldBy",
    "rn:Funding": "rdfs:label rn:asPrinted schema:funder rn:fundingScope",
    "rn:TermList": "rdfs:label",
    "rn:ThemeOccurrence": "rdfs:label rn:asPrinted rn:emphasis rn:indicates rn:passage",
    "rn:Passage": "rdfs:label oa:hasSource oa:hasSelector dcterms:isPartOf",
    "oa:TextPositionSelector": "rdfs:label oa:start oa:end",
    "rn:ReportedFigure": "rdfs:label rdf:value rn:asPrinted rn:figureOf rn:measure",
    "rn:OpenQuestion": "rdfs:label@fr rdfs:label@en rn:passage schema:about rn:reading*2",
    "rn:Reading": "rdfs:label@fr rdfs:label@en",
    "rn:AssertionSet": "rdfs:label rn:passage rn:certainty rn:voice rn:reason@fr rn:reason@en",
    "rn:CurationGraph": "rdfs:label prov:wasAttributedTo",
    "rn:OutsideGraph": "rdfs:label dcterms:source",
    "skos:Concept": "rdfs:label@fr rdfs:label@en skos:prefLabel@fr skos:prefLabel@en skos:inScheme",
    "skos:ConceptScheme": "rdfs:label@fr rdfs:label@en",
    "skos:Collection": "rdfs:label@fr rdfs:label@en skos:prefLabel@fr skos:prefLabel@en"
    " skos:inScheme skos:member",
    "prov:Agent": "rdfs:label",
    "schema:Place": "rdfs:label dcterms:type",
    "schema:OpeningHoursSpecification": "rdfs:label rn:asPrinted",
    "schema:Dataset": "rdfs:label dcterms:title@fr dcterms:title@en dcterms:issued"
    " dcterms:license dcterms:creator owl:versionInfo",
}

FUNCTIONAL = {
    "schema:PublicationIssue": "dcterms:isPartOf schema:issueNumber dcterms:issued",
    "rn:Extraction": "dcterms:isFormatOf rn:method rn:sha256 rn:lengthInCodePoints",
    "schema:Event": "schema:superEvent schema:startDate schema:endDate",
    "rn:Stage": "dcterms:title rn:number rn:status schema:location rn:startTime rn:endTime",
    "rn:ClosingEvent": "rn:status schema:location",
    "rn:Relay": "rn:relayFrom rn:relayTo",
    "rn:Testimony": "dcterms:description@",
    "rn:Innovation": "rn:nature dcterms:description@ skos:editorialNote@",
    "org:Organization": "rn:acronym rn:expansion",
    "org:Post": "org:postIn",
    "rn:ThemeOccurrence": "rn:asPrinted rn:inList rn:passage",
    "rn:Passage": "oa:hasSource oa:hasSelector dcterms:isPartOf",
    "rn:DocumentPart": "rn:noFactReason@",
    "oa:TextPositionSelector": "oa:start oa:end",
    "rn:ReportedFigure": "rdf:value rn:asPrinted rn:measure rn:asOf",
    "rn:AssertionSet": "rn:certainty rn:reason@",
    "rn:CurationGraph": "prov:generatedAtTime",
    "rn:OutsideGraph": "dcterms:source owl:versionInfo dcterms:description@",
    "skos:Concept": "skos:prefLabel@ skos:definition@ skos:scopeNote@",
    "schema:Place": "dcterms:type schema:containedInPlace igeo:codeINSEE schema:latitude"
    " schema:longitude",
    "schema:OpeningHoursSpecification": "rn:asPrinted schema:opens schema:closes",
    "schema:Dataset": "dcterms:title@ dcterms:issued dcterms:license owl:versionInfo",
}
"""Besides, everything has one name in each language."""
