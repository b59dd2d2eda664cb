"""The frame of every card: bounds, source, links, reasons to override, and text that is only text.

No card is ``critical`` and none holds a suggestion that would write an order. Names are those of
the knowledge base; a remark may quote a result that was not understood. All text is escaped for
GitHub-flavoured Markdown.

Source: CDS Hooks 2.0, "CDS Service Response" and "Card Attributes".
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol
from urllib.parse import urlencode

from service.adapters.v1.case import ReadCase
from service.engine.reading import grouped, is_complete, uncovered_genes
from service.engine.report import Report
from service.engine.rulebook import Rulebook
from service.intended_use import INTENDED_USE

Json = dict[str, Any]
Indicator = Literal["info", "warning"]

LONGEST_SUMMARY = 139
MOST_CARDS = 5
_MOST_GENES = 8
_LONGEST_REASONS = 300
REASONS_SYSTEM = "http://terminology.hl7.org/CodeSystem/non-adherence-reason-codes"
#: Codes of HL7's example of reasons not to follow advice; the words are ours.
OVERRIDE_REASONS = {
    "action-completed": "Already done",
    "patient-contraindication": "Contraindicated for this patient",
    "does-not-align-latest-evidence": "Does not agree with the latest evidence",
    "too-costly-uncovered": "Too costly or not covered",
    "need-more-info": "More information is needed",
}
TOPIC_SYSTEM = "urn:therapy-match:cds-topic"
#: What a card may be about.
TOPICS = {
    "actionable-biomarker": "Actionable biomarker",
    "drug-supported": "Drug supported by a biomarker",
    "drug-resistance": "Known resistance to a drug",
    "drug-without-biomarker": "No matching biomarker on file",
    "not-checked": "Not checked",
}
_NAMESPACE = uuid.UUID("5a3f2c1e-7f0b-5d7e-9b63-0c5d3b2a9e41")
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~&])")
#: Bare addresses become links by themselves; none is part of a name or a statement here.
_ADDRESS = re.compile(r"(?i)(?:[a-z]{2,12}://|www\.)\S*")


class CardKnowledge(Protocol):
    """The part of a knowledge base that writing cards needs."""

    @property
    def version(self) -> str: ...
    @property
    def content_hash(self) -> str: ...
    @property
    def rulebook(self) -> Rulebook: ...
    @property
    def records(self) -> Mapping[str, Mapping[str, Json]]: ...


@dataclass(frozen=True, slots=True)
class Answered:
    """A case of the patient with its answer.

    Args:
        remarks: how it was read, a sentence each; shown in every card.
        is_partial: a part of the patient's data could not be fetched.
    """

    read: ReadCase
    report: Report
    remarks: tuple[str, ...] = ()
    is_partial: bool = False

    @property
    def is_whole(self) -> bool:
        """Tell whether nothing that may hold a result is missing from the answer."""
        return is_complete(self.read.items) and not self.is_partial


@dataclass(frozen=True, slots=True)
class Card:
    """What one card says, before it has its frame.

    Args:
        paragraphs: of GitHub-flavoured Markdown; whatever is not ours in them is escaped.
        case: the answer that the card links to.
        extra: a sentence that is added when cards were left out.
    """

    topic: str
    indicator: Indicator
    summary: str
    paragraphs: tuple[str, ...]
    case: Answered | None = None
    remarks: tuple[str, ...] = field(default=())


def escape(text: str) -> str:
    """Return a text that Markdown shows as it is, with the addresses in it left out."""
    return _MARKUP.sub(r"\\\1", _ADDRESS.sub("(address)", " ".join(text.split())))


def join(words: Iterable[str]) -> str:
    """Return words as a list in a sentence: ``a, b and c``."""
    *first, last = list(words) or [""]
    return f"{', '.join(first)} and {last}" if first else last


def shorten(text: str, longest: int = LONGEST_SUMMARY) -> str:
    """Return a text that is no longer than allowed, cut between words."""
    if len(text) <= longest:
        return text
    return text[: longest - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"


def to_response(
    knowledge: CardKnowledge, cards: Iterable[Card], *, service: str, public_url: str
) -> Json:
    """Return the answer of a service: at most five cards, and how many more there were.

    Args:
        public_url: address of this service as the client's user can open it.
    """
    every = list(cards)
    shown = every[:MOST_CARDS]
    written = []
    for card in shown:
        paragraphs = card.paragraphs
        if card is shown[-1] and len(every) > MOST_CARDS:
            more = "; ".join(escape(left.summary) for left in every[MOST_CARDS:][:MOST_CARDS])
            count = len(every) - MOST_CARDS
            paragraphs += (f"**{count} more** without a card of {_their(count)} own: {more}.",)
        written.append(_write(knowledge, card, paragraphs, service, public_url))
    return {"cards": written}


def _their(count: int) -> str:
    return "its" if count == 1 else "their"


def _write(
    knowledge: CardKnowledge, card: Card, paragraphs: tuple[str, ...], service: str, public_url: str
) -> Json:
    summary = shorten(card.summary)
    remarks = tuple(dict.fromkeys((*card.remarks, *(card.case.remarks if card.case else ()))))
    if remarks:
        lines = "\n".join(f"- {escape(remark)}" for remark in remarks)
        paragraphs += (f"Read with care:\n\n{lines}",)
    fates = say_fates(card.case) if card.case else ""
    paragraphs += (escape(fates),) if fates else ()
    is_whole = card.case is None or card.case.is_whole
    stamp = f"Knowledge base {knowledge.version}. {INTENDED_USE}"
    detail = "\n\n".join((*paragraphs, escape(stamp)))
    name = "\n".join((service, knowledge.content_hash, summary, detail))
    written: Json = {
        "uuid": str(uuid.uuid5(_NAMESPACE, name)),
        "summary": summary,
        "detail": detail,
        "indicator": card.indicator if is_whole else "warning",
        "source": {
            "label": "therapy-match, for research and education only",
            "url": f"{public_url}/",
            "topic": {
                "system": TOPIC_SYSTEM,
                "code": card.topic,
                "display": TOPICS[card.topic],
            },
        },
        "overrideReasons": [
            {"system": REASONS_SYSTEM, "code": code, "display": display}
            for code, display in OVERRIDE_REASONS.items()
        ],
    }
    if card.case is not None:
        written["links"] = [_link(card.case, public_url)]
    return written


def say_fates(case: Answered) -> str:
    """Return what of the patient's results is not in the answer; empty when all is."""
    genes = uncovered_genes(case.read.items)
    apart = grouped(case.read.items)
    count = sum(number for _, _, number in apart)
    if not genes and not count:
        return ""
    shown = ", ".join(genes[:_MOST_GENES]) + (" and more" if len(genes) > _MOST_GENES else "")
    reasons = ", ".join(dict.fromkeys(
        f"{gene}: {_words(reason)}" if gene else _words(reason) for reason, gene, _ in apart
    ))  # fmt: skip
    parts = [
        f"{len(genes)} not covered{f' ({shown})' if shown else ''}",
        f"{count} set apart{f' ({shorten(reasons, _LONGEST_REASONS)})' if reasons else ''}",
    ]
    return f"Of the results on file: {', '.join(parts)}."


def _words(reason: str) -> str:
    return reason.replace("_", " ")


def _link(case: Answered, public_url: str) -> Json:
    """Return the link to the whole answer; of the patient it holds the findings only."""
    findings = [("biomarker", finding.name) for finding in case.report.case.findings]
    query = urlencode([("tumor_type", case.report.case.tumor_type), *findings])
    return {
        "label": "The whole answer, with every reason",
        "url": f"{public_url}/answer?{query}",
        "type": "absolute",
    }
