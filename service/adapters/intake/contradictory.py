"""What does not go together in the cases of a report, said where nothing is matched yet."""

from __future__ import annotations

from dataclasses import replace

from service.adapters.intake.documents import Document, ReportCase
from service.adapters.v1.case import Vocabulary, read_tumor_alone
from service.adapters.v1.contradictions import contradictions_of
from service.adapters.v1.notice import Notice
from service.adapters.v1.tumor import TUMOR_POINTER
from service.engine.reading import Item


def with_contradictions(vocabulary: Vocabulary, document: Document) -> Document:
    """Return a document with the notices that an answer about its cases would have."""
    found = [notice for case in document.cases for notice in _of_case(vocabulary, case)]
    return replace(document, notices=(*document.notices, *found)) if found else document


def _of_case(vocabulary: Vocabulary, case: ReportCase) -> list[Notice]:
    """Return the notices of one case; its tumour type may hold a result too."""
    tumor = None
    beside: list[Item] = []
    if case.tumor_type is not None:
        tumor, beside, _, _ = read_tumor_alone(vocabulary, case.tumor_type)
    place = case.tumor_place or TUMOR_POINTER
    items = [*case.items, *(replace(item, place=place) for item in beside)]
    return contradictions_of(vocabulary.rulebook, items, tumor.code if tumor else None)
