"""What hypothesis draws from: requests built from the real knowledge base, and how to ask them.

A request is the JSON of ``POST /v1/match``; ``ask`` takes it through the rooms of the API. Start
with ``requests``.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from hypothesis import strategies as st

from service.adapters.v1.answer import AnswerWriter
from service.adapters.v1.case import ReadCase, read_case
from service.engine.classes import OUTSIDE_CLASSES
from service.engine.entries import Entry
from service.engine.facts import Facts
from service.engine.match import match
from service.engine.model import Case, Finding, Truth
from service.engine.question import Question
from service.engine.report import Explain, Match, Report
from service.engine.rulebook import Rulebook
from tests.cases import TODAY, load_kb

Json = dict[str, Any]

#: Tumour types that labels of the five genes name, and broader and unrelated ones beside them.
TUMORS = (
    "LUAD", "LUSC", "NSCLC", "LUNG", "COAD", "READ", "COADREAD", "BOWEL", "CMC", "MEL", "SKCM",
    "THAP", "THPA", "PAAD", "BREAST", "IDC", "STAD", "GEJ", "CHOL", "PAST", "GB", "LGSOC", "IMT",
    "HCL", "ECD", "ALCL", "AML", "SOLID", "BLOOD", "TISSUE",
)  # fmt: skip
FUSIONS = ("EML4-ALK fusion", "NPM1-ALK fusion", "KIAA1549-BRAF fusion")
PATTERNS = (
    "EGFR exon 19 deletion", "EGFR exon 20 insertion", "EGFR exon 18 mutation", "EGFR G719X",
    "EGFR mutation", "ALK mutation", "BRAF mutation", "BRAF V600 mutation", "KRAS mutation",
    "KRAS exon 2 mutation", "NRAS mutation", "ERBB2 exon 20 insertion", "ERBB2 mutation",
)  # fmt: skip
GRADED = (
    "HER2 IHC 0", "HER2 IHC 1+", "HER2 IHC 2+", "HER2 IHC 3+", "HER2 IHC ultralow",
    "HER2 ISH positive", "HER2 ISH negative", "HER2 positive", "HER2 negative", "HER2 low",
    "HER2 amplification", "EGFR amplification", "KRAS amplification", "ALK IHC positive",
    "ER positive", "PR positive", "HR positive", "MSI-high", "PD-L1 TPS 60%", "PD-L1 CPS 3",
)  # fmt: skip
NEGATIVES: tuple[Any, ...] = (
    *({"gene": gene, "result": "not_detected"} for gene in ("ALK", "BRAF", "EGFR", "KRAS", "NRAS")),
    {"gene": "ERBB2", "alteration": "wild type"},
    {"gene": "EGFR", "alteration": "exon 19 deletion", "result": "not_detected"},
    {"gene": "EGFR", "alteration": "exon 20 insertion", "result": "not_detected"},
    {"gene": "EGFR", "alteration": "L858R", "result": "not_detected"},
    {"gene": "EGFR", "alteration": "T790M", "result": "not_detected"},
    {"gene": "BRAF", "alteration": "V600E", "result": "not_detected"},
    {"gene": "KRAS", "alteration": "exon 2 mutation", "result": "not_detected"},
    {"gene": "KRAS", "alteration": "G12C", "result": "not_detected"},
    {"gene": "ALK", "alteration": "EML4-ALK fusion", "result": "not_detected"},
    "ALK IHC negative",
    "HER2 not amplified",
    "ER negative",
    "PR negative",
    "HR negative",
    "MSI stable",
)
STAGES = (None, "early", "locally_advanced", "unresectable", "recurrent", "metastatic")
SETTINGS = (None, "neoadjuvant", "adjuvant", "maintenance")
THERAPIES = (
    "osimertinib",
    "gefitinib",
    "crizotinib",
    "cetuximab",
    "trastuzumab",
    "platinum-based chemotherapy",
    "chemotherapy",
)


@lru_cache(maxsize=1)
def writer() -> AnswerWriter:
    """Return the writer of answers of the real knowledge base."""
    return AnswerWriter(load_kb())


def rulebook() -> Rulebook:
    """Return the real rulebook."""
    return load_kb().rulebook


@lru_cache(maxsize=1)
def curated() -> tuple[tuple[str, str, str], ...]:
    """Return (gene, change, oncogenicity) of every curated exact variant, sorted."""
    known = rulebook().oncogenicity
    return tuple((gene, change, known[gene, change]) for gene, change in sorted(known))


def variants(*, neutral: bool | None = None) -> st.SearchStrategy[str]:
    """Draw a curated variant as text; ``neutral`` chooses those outside every class."""
    return st.deferred(
        lambda: st.sampled_from(
            [
                _text(gene, change)
                for gene, change, word in curated()
                if neutral is None or (word in OUTSIDE_CLASSES) == neutral
            ]
        )
    )


def _text(gene: str, change: str) -> str:
    return f"{gene} {change}"


def named_variants() -> st.SearchStrategy[str]:
    """Draw a variant that some class names: those that open assertions."""
    return st.deferred(
        lambda: st.sampled_from(
            sorted(
                _text(rule.gene, change.short)
                for rule in rulebook().classes.values()
                if rule.sequence is not None
                for change in rule.sequence.variants
                if change.short is not None
            )
        )
    )


detected = st.one_of(
    named_variants(),
    variants(),
    st.sampled_from(FUSIONS),
    st.sampled_from(PATTERNS),
    st.sampled_from(GRADED),
)
negatives = st.sampled_from(NEGATIVES)
biomarkers = st.lists(st.one_of(detected, detected, negatives), min_size=1, max_size=5)
tumors = st.one_of(
    st.sampled_from(TUMORS), st.deferred(lambda: st.sampled_from(sorted(rulebook().tumors.types)))
)
days = st.one_of(
    st.just(TODAY), st.dates(min_value=dt.date(1998, 1, 1), max_value=dt.date(2027, 12, 31))
)
jurisdictions = st.sampled_from(([], ["US"], ["EU"], ["US", "EU"]))
patients = st.fixed_dictionaries(
    {},
    optional={
        "age_years": st.sampled_from((2, 15, 64)),
        "disease_stage": st.sampled_from(STAGES),
        "treatment_setting": st.sampled_from(SETTINGS),
        "line_of_therapy": st.sampled_from((1, 2, 3)),
        "prior_therapies": st.lists(st.sampled_from(THERAPIES), max_size=3, unique=True),
        "menopausal_status": st.sampled_from(("premenopausal", "postmenopausal")),
        "conditions": st.just({"no_satisfactory_alternative": True}),
    },
)


def requests(
    findings: st.SearchStrategy[list[Any]] = biomarkers,
    *,
    tumor: st.SearchStrategy[str] = tumors,
    patient: st.SearchStrategy[Json] = patients,
) -> st.SearchStrategy[Json]:
    """Draw a request of ``POST /v1/match``."""
    return st.fixed_dictionaries(
        {
            "tumor_type": tumor,
            "biomarkers": findings,
            "patient": patient,
            "jurisdictions": jurisdictions,
            "as_of": days,
        }
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """A request with what was understood and answered."""

    read: ReadCase
    report: Report

    @property
    def case(self) -> Case:
        """Return the understood case."""
        return self.read.case

    @property
    def matches(self) -> tuple[Match, ...]:
        """Return every listed assertion of all sections."""
        rows = (*self.report.therapies, *self.report.resistance, *self.report.cautions)
        return tuple(found for row in rows for found in row.matches)

    @property
    def ids(self) -> set[str]:
        """Return the identifiers of the listed assertions."""
        return {found.entry.assertion.id for found in self.matches}

    @property
    def dropped(self) -> dict[str, str]:
        """Return identifier -> rule of the excluded assertions."""
        return {drop.entry.assertion.id: drop.rule for drop in self.report.excluded}

    @property
    def facts(self) -> Facts:
        """Return the facts of the case."""
        return Facts(rulebook(), self.case)

    @property
    def question(self) -> Question:
        """Return the question that the engine asks itself."""
        return Question(rulebook(), self.case)

    def to_bytes(self) -> bytes:
        """Return the answer as the API writes it without an echo of the input."""
        return writer().to_bytes(self.read, self.report, echo=False)


def ask(request: Json, *, explain: Explain = "full", **changes: Any) -> Asked:
    """Answer a request, with some of its keys changed."""
    read = read_case(load_kb(), {**request, **changes}, today=TODAY)
    return Asked(read, match(load_kb().rulebook, read.case, explain=explain))


def with_rulebook(asked: Asked, other: Rulebook) -> Asked:
    """Answer the same case from another rulebook."""
    return replace(asked, report=match(other, asked.case, explain="full"))


@lru_cache(maxsize=512)
def read_finding(text: str) -> Finding:
    """Return the one finding of a biomarker given as text."""
    return ask({"tumor_type": "TISSUE", "biomarkers": [text]}).case.findings[0]


def facts_of(*findings: Finding, tumor: str = "LUAD") -> Facts:
    """Return the facts of a case of these findings, in the order given."""
    return Facts(rulebook(), Case(tumor, findings, TODAY))


@lru_cache(maxsize=1)
def members() -> tuple[tuple[Finding, frozenset[str]], ...]:
    """Return every curated variant that may belong to classes, with the classes that it is in."""
    found = []
    for gene, change, word in curated():
        if word not in OUTSIDE_CLASSES:
            finding = read_finding(_text(gene, change))
            facts = facts_of(finding)
            names = rulebook().classes_of_gene(gene)
            inside = {name for name in names if facts.verdict(name).truth is Truth.TRUE}
            found.append((finding, frozenset(inside)))
    return tuple(found)


def entry_of(id_: str) -> Entry:
    """Return the entry of an assertion."""
    return next(entry for entry in rulebook().entries if entry.assertion.id == id_)
