"""Links between records: what one names is found from the other side too, and none dangles."""

from __future__ import annotations

import pytest

from service.knowledge.links import Links
from service.knowledge.store import KnowledgeBase


@pytest.fixture(scope="module")
def links(kb: KnowledgeBase) -> Links:
    return Links(kb)


def test_every_link_can_be_gone_both_ways(kb: KnowledgeBase, links: Links) -> None:
    kinds = (*kb.records, "regimens")
    there = {
        ((kind, id_), (other, named))
        for kind in kinds
        for id_ in kb.catalogue.records(kind)
        for other in kinds
        for named in links.named_by((kind, id_), other)
    }
    back = {
        ((other, naming), (kind, id_))
        for kind in kinds
        for id_ in kb.catalogue.records(kind)
        for other in kinds
        for naming in links.naming((kind, id_), other)
    }
    assert there == back
    assert len(there) > 5000


def test_every_identifier_in_a_record_is_a_link(kb: KnowledgeBase, links: Links) -> None:
    """What looks like an identifier of another vocabulary is among the links of its record."""
    for id_, record in kb.records["assertions"].items():
        ref = ("assertions", id_)
        assert set(record["regimen"]) <= set(links.named_by(ref, "drugs"))
        assert {item["id"] for item in record["sources"]} <= set(links.named_by(ref, "sources"))
        assert {event["source"] for event in record["events"]} <= set(
            links.named_by(ref, "sources")
        )
        assert {item["study"] for item in record["evidence"]} == set(links.named_by(ref, "studies"))
        assert record["companion_diagnostics"] == list(links.named_by(ref, "diagnostics"))
        assert len(links.named_by(ref, "regimens")) == 1


def test_criteria_are_links_too(links: Links) -> None:
    ref = ("assertions", "A0002")
    assert links.named_by(ref, "tumor_types") == ("NSCLC",)
    assert links.named_by(ref, "biomarker_classes") == ("EGFR exon 19 deletion", "EGFR L858R")
    assert links.named_by(ref, "genes") == ("EGFR",)
    assert "A0002" in links.naming(("genes", "EGFR"), "assertions")


def test_a_superseded_assertion_is_found_from_what_took_its_place(links: Links) -> None:
    assert "A0201" in links.named_by(("assertions", "A0200"), "assertions")
    assert "A0200" in links.naming(("assertions", "A0201"), "assertions")


def test_what_does_not_exist_is_no_record(links: Links) -> None:
    assert not links.has(("genes", "NOGENE"))
    assert not links.has(("nothing", "EGFR"))
