"""A hook request in, cards out: read the prefetch, answer the patient's cases, write what they say.

Start here. What cannot be done is said and never passed over: a result that cannot be read, or a
tumour type that is not on file, is a card of its own when no other card would say it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from service.adapters.cds_hooks.biomarker_cards import biomarker_cards
from service.adapters.cds_hooks.cards import Answered, Card, CardKnowledge, escape, join
from service.adapters.cds_hooks.checks import is_backbone, is_directed
from service.adapters.cds_hooks.drug_cards import drug_cards, selected_drugs
from service.adapters.cds_hooks.medications import DrugFinder
from service.adapters.cds_hooks.orders import Draft, read_drafts
from service.adapters.cds_hooks.prefetch import TUMOR_KEY, Prefetch, read_prefetch
from service.adapters.fhir_in import FhirWarning, SubjectReading, read_fhir
from service.adapters.fhir_in.genes import FhirVocabulary
from service.adapters.v1.case import read_case
from service.engine.match import match
from service.engine.rulebook import Rulebook
from service.errors import InputError

Json = dict[str, Any]
#: Most remarks of the reader that a card repeats.
_MOST_REMARKS = 8
_NO_TUMOR = "No tumour type that is known here is on file."


class KnowledgeBase(FhirVocabulary, CardKnowledge, Protocol):
    """What answering a hook needs of a knowledge base."""


class MissingPrefetchError(Exception):
    """The client sent no usable prefetch; the message names the keys."""


@dataclass(frozen=True, slots=True)
class _Cases:
    """What became of the patient's data.

    Args:
        problems: why a case could not be answered; one sentence each.
        unread: results on file that were not understood; one sentence each.
        has_results: whether any biomarker is on file, understood or not.
    """

    answered: tuple[Answered, ...]
    problems: tuple[str, ...]
    unread: tuple[str, ...]
    has_results: bool


def answer_hook(
    knowledge: KnowledgeBase, finder: DrugFinder, request: Mapping[str, Any], *, today: dt.date
) -> list[Card]:
    """Return the cards of a hook request; empty when there is nothing to say.

    Args:
        request: a hook request of the right shape.
        today: the day of the question.

    Raises:
        MissingPrefetchError: neither variants nor markers were sent, or no tumour type is known
            because the conditions were not.
    """
    context = request["context"]
    drafts: list[Draft] = []
    if request["hook"] != "patient-view":
        drafts = read_drafts(context, finder)
        if not any(_is_checked(knowledge.rulebook, name) for name in selected_drugs(drafts)):
            return []
    prefetch = read_prefetch(request.get("prefetch") or {}, context["patientId"])
    if not prefetch.has_biomarkers:
        raise MissingPrefetchError(prefetch.missing())
    cases = _read_cases(knowledge, prefetch, today)
    if request["hook"] == "patient-view":
        cards = list(biomarker_cards(knowledge, cases.answered))
        return cards or _silence(prefetch, cases)
    if cases.answered:
        return drug_cards(knowledge, cases.answered, drafts)
    if not prefetch.is_usable(TUMOR_KEY):
        raise MissingPrefetchError(prefetch.missing())
    drugs = sorted(d for d in selected_drugs(drafts) if _is_checked(knowledge.rulebook, d))
    return [_unchecked(join(drugs), cases.problems or (_NO_TUMOR,))]


def _silence(prefetch: Prefetch, cases: _Cases) -> list[Card]:
    """Return why there is no card about a biomarker, when that may be no absence of findings."""
    lost = [remark for remark in prefetch.remarks if prefetch.is_partial]
    reasons = cases.problems if cases.has_results and cases.problems else cases.unread
    if not prefetch.is_partial and not (reasons and cases.has_results):
        return []
    every = dict.fromkeys((*lost, *(reasons if cases.has_results else ())))
    is_loss = prefetch.is_partial or bool(cases.unread)
    return [_unchecked("biomarkers on file", tuple(every), is_loss=is_loss)]


def _is_checked(rulebook: Rulebook, drug: str) -> bool:
    is_drug = rulebook.drugs[drug].kind == "drug"
    return is_drug and (is_directed(rulebook, drug) or not is_backbone(rulebook, drug))


def _read_cases(knowledge: KnowledgeBase, prefetch: Prefetch, today: dt.date) -> _Cases:
    """Answer each case of the patient; several tumour types are several cases."""
    answered: list[Answered] = []
    problems: list[str] = []
    unread: list[str] = []
    has_results = False
    for subject in read_fhir(knowledge, prefetch.bundle, today=today).subjects:
        not_understood = _unread(subject)
        has_results = has_results or bool(not_understood or subject.case["biomarkers"])
        unread += not_understood
        remarks = (*prefetch.remarks, *_said(subject.warnings))
        if not subject.case.get("tumor_type"):
            if not prefetch.is_usable(TUMOR_KEY):
                raise MissingPrefetchError(prefetch.missing())
            problems += [_NO_TUMOR, *remarks]
            continue
        try:
            read = read_case(
                knowledge, subject.case, today=today, items=subject.items, unreadable="set_apart"
            )
        except InputError as error:
            problems += [*(f"{fault.message}." for fault in error.faults), *remarks]
            continue
        notices = (notice.message for notice in read.notices)
        report = match(knowledge.rulebook, read.case)
        said = _first((*remarks, *notices))
        answered.append(Answered(read, report, said, prefetch.is_partial))
    return _Cases(tuple(answered), _first(problems), _first(unread), has_results)


def _unread(subject: SubjectReading) -> list[str]:
    """Return what is said of results that were left out because they were not understood."""
    places = {left.location for left in subject.ignored}
    return list(_said(warning for warning in subject.warnings if warning.location in places))


def _said(warnings: Iterable[FhirWarning]) -> Iterator[str]:
    for warning in warnings:
        if warning.code != "no_tumor_type":  # said in fewer words
            yield f"{warning.message[:1].upper()}{warning.message[1:]}."


def _first(remarks: Iterable[str]) -> tuple[str, ...]:
    every = list(dict.fromkeys(remarks))
    if len(every) <= _MOST_REMARKS:
        return tuple(every)
    return (*every[:_MOST_REMARKS], f"{len(every) - _MOST_REMARKS} more remarks.")


def _unchecked(about: str, reasons: Sequence[str], *, is_loss: bool = False) -> Card:
    """Return a card that says what could not be done, and why.

    Args:
        is_loss: a result may be missing because it was not fetched or not understood.
    """
    about = about[:1].upper() + about[1:]
    lines = "\n".join(f"- {escape(reason)}" for reason in reasons)
    detail = f"{escape(about)}: nothing was matched.\n\n{lines}"
    summary = f"{about}: not checked. {reasons[0]}"
    return Card("not-checked", "warning" if is_loss else "info", summary, (detail,))
