"""A ladybird that eats aphids, as each profile writes down who says so: small, and made up."""

from typing import Final

EX: Final = "https://example.org/"
PREFIXES = """
PREFIX : <https://example.org/>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX np: <http://www.nanopub.org/nschema#>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
NANOPUBLICATION = """
:head { :np-1 a np:Nanopublication ; np:hasAssertion :assertion ; np:hasProvenance :provenance ;
        np:hasPublicationInfo :info . }
:assertion { :ladybird a :Beetle ; rdfs:label "ladybird" ; :eats :aphid ;
    :seenOn "2013-04-30"^^xsd:date .
            :aphid rdfs:label "aphid" . }
:provenance { :assertion prov:wasDerivedFrom :field-book ; prov:wasAttributedTo :claire .
              :claire rdfs:label "Claire Ecolo" . :field-book rdfs:label "Field book of 2013" . }
:info { :np-1 dcterms:creator :publisher ; dcterms:created "2014-05-06"^^xsd:date .
        :publisher rdfs:label "Museum of Vesoul" . }
"""
PROV = """
:observations { :ladybird a :Beetle ; rdfs:label "ladybird" ; :eats :aphid ;
    :seenOn "2013-04-30"^^xsd:date .
            :aphid rdfs:label "aphid" . }
:about { :observations prov:wasDerivedFrom :field-book ; prov:wasAttributedTo :claire ;
                       prov:generatedAtTime "2014-05-06T10:00:00Z"^^xsd:dateTime .
         :claire rdfs:label "Claire Ecolo" . :field-book rdfs:label "Field book of 2013" . }
"""
SNAPSHOTS = """
:data { :ladybird a :Beetle ; rdfs:label "ladybird" ; :eats :aphid ;
    :seenOn "2013-04-30"^^xsd:date .
            :aphid rdfs:label "aphid" . }
:history { :state-1 prov:specializationOf :ladybird ; prov:wasAttributedTo :publisher ;
                    prov:invalidatedAtTime "2014-05-06T10:00:00Z"^^xsd:dateTime .
           :state-2 prov:specializationOf :ladybird ; prov:wasDerivedFrom :field-book ;
                    prov:wasAttributedTo :claire ;
                    prov:generatedAtTime "2014-05-06T10:00:00Z"^^xsd:dateTime .
           :claire rdfs:label "Claire Ecolo" . :field-book rdfs:label "Field book of 2013" . }
"""
REIFIER = """
:ladybird a :Beetle ; rdfs:label "ladybird" ; :eats :aphid ~ :seen ;
    :seenOn "2013-04-30"^^xsd:date ~ :seen .
:seen dcterms:source :field-book ; prov:wasAttributedTo :claire ;
      dcterms:created "2014-05-06"^^xsd:date .
:aphid rdfs:label "aphid" . :claire rdfs:label "Claire Ecolo" .
:field-book rdfs:label "Field book of 2013" .
"""
WIKIBASE = """
PREFIX wikibase: <http://wikiba.se/ontology#>
:P1 a wikibase:Property ; wikibase:directClaim :eats ; wikibase:claim :claim-eats ;
    wikibase:statementProperty :value-eats .
:P2 a wikibase:Property ; wikibase:reference :stated-in .
:P3 a wikibase:Property ; wikibase:directClaim :seenOn ; wikibase:claim :claim-seen ;
    wikibase:statementProperty :value-seen .
:ladybird a :Beetle ; rdfs:label "ladybird" ; :eats :aphid ; :claim-eats :st-1, :st-2 ;
    :seenOn "2013-04-30"^^xsd:date ; :claim-seen :st-3 .
:st-3 wikibase:rank wikibase:NormalRank ; :value-seen "2013-04-30"^^xsd:date ;
    prov:wasDerivedFrom :reference .
:st-1 wikibase:rank wikibase:NormalRank ; :value-eats :aphid ; prov:wasDerivedFrom :reference .
:st-2 wikibase:rank wikibase:DeprecatedRank ; :value-eats :aphid ; prov:wasDerivedFrom :other .
:reference :stated-in :field-book . :other :stated-in :hearsay .
:aphid rdfs:label "aphid" . :field-book rdfs:label "Field book of 2013" .
:hearsay rdfs:label "Hearsay" .
"""
RANKS = """
PREFIX wikibase: <http://wikiba.se/ontology#>
:P1 a wikibase:Property ; rdfs:label "eats"@en, "mange"@fr ; wikibase:directClaim :t1 ;
    wikibase:claim :p1 ; wikibase:statementProperty :ps1 .
:ladybird a :Beetle ; rdfs:label "ladybird" ; :t1 :aphid, :mite ; :p1 :st-1, :st-2, :st-3 .
:hopper a :Beetle ; rdfs:label "hopper" ; :t1 :mite ; :p1 :st-4, :st-5 .
:weevil a :Beetle ; rdfs:label "weevil" ; :t1 :mite ; :p1 :st-6 .
:st-1 wikibase:rank wikibase:NormalRank ; :ps1 :aphid ; prov:wasDerivedFrom :reference .
:st-2 wikibase:rank wikibase:NormalRank ; :ps1 :mite .
:st-3 wikibase:rank wikibase:DeprecatedRank ; :ps1 :hay .
:st-4 wikibase:rank wikibase:PreferredRank ; :ps1 :mite .
:st-5 wikibase:rank wikibase:NormalRank ; :ps1 :aphid .
:st-6 wikibase:rank wikibase:NormalRank ; :ps1 :mite .
:aphid rdfs:label "aphid" . :mite rdfs:label "mite" . :hay rdfs:label "hay" .
"""
"""Statements of Wikibase of each rank, of the normal one with a reference and without."""
ANNOTATED = """
:ladybird a :Beetle ; rdfs:label "ladybird" ;
    :eats :aphid {| dcterms:source :field-book |} {| dcterms:source :letter |} .
:aphid rdfs:label "aphid" . :field-book rdfs:label "Field book" . :letter rdfs:label "Letter" .
"""
"""Two reifiers of RDF 1.2 without an IRI."""
CRM = """
PREFIX crm: <http://www.cidoc-crm.org/cidoc-crm/>
:ladybird a :Beetle ; rdfs:label "ladybird" ; :eats :aphid ;
    :seenOn "2013-04-30"^^xsd:date .
:e13 a crm:E13_Attribute_Assignment ; crm:P140_assigned_attribute_to :ladybird ;
     crm:P177_assigned_property_of_type :eats ; crm:P141_assigned :aphid ;
     crm:P14_carried_out_by :claire ; crm:P16_used_specific_object :field-book ;
     crm:P4_has_time-span :day .
:e14 a crm:E13_Attribute_Assignment ; crm:P140_assigned_attribute_to :ladybird ;
     crm:P177_assigned_property_of_type :seenOn ; crm:P141_assigned "2013-04-30"^^xsd:date ;
     crm:P16_used_specific_object :field-book .
:day crm:P82b_end_of_the_end "2014-05-06T10:00:00Z"^^xsd:dateTime .
:aphid rdfs:label "aphid" . :claire rdfs:label "Claire Ecolo" .
:field-book rdfs:label "Field book of 2013" .
"""
RIVALS = """
PREFIX owl: <http://www.w3.org/2002/07/owl#>
:h1 { :np-1 np:hasAssertion :a1 } :h2 { :np-2 np:hasAssertion :a2 }
:a1 { :ladybird a :Beetle ; rdfs:label "ladybird" ; :length 6 ; :eats :aphid ; :found 1758 ;
          :colour "red"@en ; :seen "2013-04"^^xsd:gYearMonth .
      :hopper :length 5 ; :eats :mite ; :found 1800 ; :colour "green"@en .
      :weevil :length 4 ; :eats :mite ; :found 1800 ; :colour "black"@en . }
:a2 { :ladybird :length 8 ; :eats :mite ; :found 1761 ; :colour "rouge"@fr ;
          :seen "2013-04-30"^^xsd:date . }
:p1 { :a1 prov:wasAttributedTo :claire } :p2 { :a2 prov:wasAttributedTo :museum }
{ :found a owl:FunctionalProperty . :seen a owl:FunctionalProperty .
  :claire rdfs:label "Claire Ecolo" . :museum rdfs:label "Museum of Vesoul" . }
"""
"""Two nanopublications that differ: on a year that is declared single, and on what may go together.
"""
WRITTEN: Final = {
    "nanopub": NANOPUBLICATION,
    "rdf12": REIFIER,
    "wikibase": WIKIBASE,
    "crm": CRM,
    "prov": PROV,
    "snapshots": SNAPSHOTS,
}
