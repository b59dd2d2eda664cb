"""Full-text search of the catalogue: every kind that is searched is found by its own words."""

from __future__ import annotations

import pytest

from service.knowledge.catalogue import _SEARCHED, MAX_HITS_A_KIND
from service.knowledge.store import KnowledgeBase
from service.knowledge.tables import FULL_TEXT

FOUND = {
    "assertion": ("resected osimertinib years", "A0003"),
    "biomarker_class": ("exon 19 deletion", "EGFR exon 19 deletion"),
    "diagnostic": ("Vysis", "vysis-alk-break-apart-fish"),
    "drug": ("Tagrisso", "osimertinib"),
    "gene": ("neu", "ERBB2"),
    "regimen": ("dabrafenib trametinib", "dabrafenib+trametinib"),
    "source": ("Tagrisso prescribing", "us-label-tagrisso"),
    "study": ("NCT02296125", "flaura"),
    "tumor_type": ("lung adenocarcinoma", "LUAD"),
}


def test_every_table_that_is_searched_has_full_text_and_no_other() -> None:
    assert {table for table, *_ in _SEARCHED} == {table for table, _ in FULL_TEXT}
    assert {kind for _, kind, *_ in _SEARCHED} == set(FOUND)


@pytest.mark.parametrize("kind", FOUND)
def test_a_record_of_every_kind_is_found_by_its_words(kb: KnowledgeBase, kind: str) -> None:
    text, id_ = FOUND[kind]
    hits = kb.catalogue.search(text)
    assert (kind, id_) in {(hit["kind"], hit["id"]) for hit in hits}


def test_all_words_must_occur(kb: KnowledgeBase) -> None:
    assert kb.catalogue.search("osimertinib nosuchword") == []
    assert kb.catalogue.search("!!") == []


def test_a_kind_gives_so_many_hits_at_most(kb: KnowledgeBase) -> None:
    hits = [hit["kind"] for hit in kb.catalogue.search("approved")]
    assert max(hits.count(kind) for kind in set(hits)) == MAX_HITS_A_KIND
