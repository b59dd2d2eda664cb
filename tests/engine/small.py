"""A small rulebook made by hand: six tumour types, a few classes and drugs, no file and no YAML.

``small_rulebook`` takes the assertions a test is about; ``sensitive`` makes one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from service.engine.assertion import Assertion, Branch, Criteria, Event, Leaf, Regimen
from service.engine.criteria import Evaluation
from service.engine.facts import Facts
from service.engine.model import (
    BiomarkerClass,
    Case,
    Finding,
    Gene,
    Patient,
    ProteinChange,
    SequenceRule,
)
from service.engine.rulebook import Rulebook
from service.engine.tumors import TumorTree
from service.engine.vocabulary import Drug, EscatTier, StatusRow, StatusTable, TumorType

DAY = dt.date(2020, 1, 1)

#: TISSUE > SOLID > LUNG > NSCLC > LUAD, SOLID > BREAST, TISSUE > BLOOD > AML.
TREE = TumorTree(
    (
        TumorType("TISSUE", "Any cancer", None),
        TumorType("SOLID", "Any solid tumour", "TISSUE"),
        TumorType("BLOOD", "Any blood cancer", "TISSUE"),
        TumorType("LUNG", "Lung", "SOLID"),
        TumorType("NSCLC", "Non-small cell lung cancer", "LUNG"),
        TumorType("LUAD", "Lung adenocarcinoma", "NSCLC"),
        TumorType("BREAST", "Breast", "SOLID"),
        TumorType("AML", "Acute myeloid leukaemia", "BLOOD"),
    )
)
GENE = Gene("GENE", "HGNC:1", exons={1: (1, 50), 2: (51, 100)})
HER = Gene("HER", "HGNC:2")


def variant(position: int, alt: str, ref: str = "A") -> ProteinChange:
    """Return an exact missense change."""
    return ProteinChange("missense", position, position, alt, 0, None, f"{ref}{position}{alt}")


CLASSES = (
    BiomarkerClass("GENE A10C", "GENE", 0, sequence=SequenceRule(variants=(variant(10, "C"),))),
    BiomarkerClass(
        "GENE codon 10", "GENE", 1, sequence=SequenceRule(positions=frozenset({10}))
    ),
    BiomarkerClass("GENE exon 1 mutation", "GENE", 2, sequence=SequenceRule(ranges=((1, 50),))),
    BiomarkerClass(
        "GENE exon 2 deletion", "GENE", 2,
        sequence=SequenceRule(
            ranges=((51, 100),), consequences=frozenset({"inframe_deletion", "delins"}), net="loss"
        ),
    ),
    BiomarkerClass(
        "GENE activating mutation", "GENE", 3,
        sequence=SequenceRule(oncogenicity=frozenset({"oncogenic"})),
    ),
    BiomarkerClass("GENE mutation", "GENE", 3, sequence=SequenceRule()),
    BiomarkerClass("GENE fusion", "GENE", 2, fusion=True),
    BiomarkerClass("GENE amplification", "GENE", 2, copy_number=frozenset({"amplification"})),
    BiomarkerClass("GENE expression", "GENE", 2, expression=frozenset({"positive"})),
    BiomarkerClass("GENE-positive", "", 3, any_of=("GENE fusion", "GENE expression")),
    BiomarkerClass("HER IHC 3+", "HER", 2, expression=frozenset({"3+"})),
    BiomarkerClass("HER ISH positive", "HER", 2, ish=frozenset({"positive"})),
    BiomarkerClass("HER score >= 10", "HER", 3, measure=("CPS", 10.0, 100.0)),
    BiomarkerClass("HER-positive", "HER", 2, status=frozenset({"positive"})),
    BiomarkerClass("HER-low", "HER", 2, status=frozenset({"low"})),
    BiomarkerClass("HER-negative", "HER", 2, status=frozenset({"low", "null"})),
    BiomarkerClass("both", "", 3, all_of=("GENE A10C", "HER-positive")),
)  # fmt: skip
STATUS_TABLE = StatusTable(
    "her-breast", "HER", ("BREAST",),
    (
        StatusRow("3+", None, ("positive",)),
        StatusRow("3+", "negative", ("positive",)),
        StatusRow("2+", None, ("positive", "low")),
        StatusRow("2+", "positive", ("positive",)),
        StatusRow("2+", "negative", ("low",)),
        StatusRow("1+", None, ("low",)),
        StatusRow("1+", "positive", ("positive", "low"), discordant=True),
        StatusRow("0", None, ("null",)),
        StatusRow(None, "positive", ("positive",)),
        StatusRow(None, "negative", ("low", "null")),
    ),
    "made up",
)  # fmt: skip
DRUGS = (
    Drug("alphanib", "drug", groups=("kinase inhibitor",)),
    Drug("betanib", "drug", groups=("kinase inhibitor",)),
    Drug("kinase inhibitor", "group", groups=("targeted therapy",)),
    Drug("targeted therapy", "group"),
    Drug("cisplatin", "drug"),
)


def small_rulebook(
    *assertions: Assertion,
    tables: tuple[StatusTable, ...] = (STATUS_TABLE,),
    escat: Iterable[EscatTier] = (),
) -> Rulebook:
    """Return a rulebook of these assertions."""
    return Rulebook(
        genes=(GENE, HER),
        classes=CLASSES,
        tumors=TREE,
        drugs=DRUGS,
        status_tables=tables,
        assertions=assertions,
        oncogenicity={},
        escat=escat,
    )


def branch(op: Any, *children: Branch | Leaf) -> Branch:
    """Return ``all``, ``any`` or ``none`` of some criteria."""
    return Branch(op, children)


def biomarker(name: str, *, opens: bool = True) -> Leaf:
    """Return a biomarker leaf."""
    return Leaf("biomarker", name, opens=opens)


def tumor(code: str) -> Leaf:
    """Return a tumour-type leaf."""
    return Leaf("tumor_type", code)


def assertion(
    id_: str = "A0001",
    *,
    drugs: Iterable[str] = ("alphanib",),
    effect: Any = "sensitivity",
    biomarkers: Iterable[Branch | Leaf] = (Leaf("biomarker", "GENE A10C"),),
    tumors: Iterable[Branch | Leaf] = (Leaf("tumor_type", "NSCLC"),),
    clinical: Iterable[Branch | Leaf] = (),
    support: str | None = None,
    jurisdiction: str | None = "US",
    events: tuple[tuple[str, str], ...] = (("2010-01-01", "approved"),),
    preferred: bool = False,
    by: str | None = None,
) -> Assertion:
    """Return an assertion; with ``support`` it has no authority and no events."""
    names = tuple(sorted(drugs))
    if support is not None:
        jurisdiction, events = None, ()
    return Assertion(
        id=id_,
        regimen=Regimen("+".join(names), " + ".join(names).capitalize(), names),
        effect=effect,
        jurisdiction=jurisdiction,
        authority={"US": "FDA", "EU": "EMA", None: None}[jurisdiction],
        support=support,
        statement=f"{' + '.join(names)} {effect}.",
        criteria=Criteria(
            Branch("all", tuple(tumors)),
            Branch("all", tuple(biomarkers)),
            Branch("all", tuple(clinical)),
        ),
        events=tuple(Event(dt.date.fromisoformat(d), t, "source", by=by) for d, t in events),
        preferred_by="guideline" if preferred else None,
    )


def found(change: ProteinChange, *, oncogenicity: str | None = "oncogenic") -> Finding:
    """Return a detected variant of GENE."""
    name = f"GENE {change.short or 'pattern'}"
    return Finding(
        "GENE", "sequence_variant", "detected", name, change=change, oncogenicity=oncogenicity
    )


def not_found(change: ProteinChange | None = None) -> Finding:
    """Return a negative of GENE: of a change, or (without one) of the whole gene."""
    name = "GENE not detected"
    return Finding(
        "GENE", "sequence_variant", "not_detected", name, change=change or ProteinChange()
    )


def ihc(value: str) -> Finding:
    """Return an IHC result of HER."""
    return Finding("HER", "expression", "detected", f"HER IHC {value}", values=(value,))


def ish(value: str) -> Finding:
    """Return an ISH result of HER."""
    return Finding("HER", "in_situ_hybridization", "detected", f"HER ISH {value}", values=(value,))


A10C = found(variant(10, "C"))


def case(
    *findings: Finding,
    tumor_type: str = "LUAD",
    as_of: dt.date = DAY,
    patient: Patient | None = None,
    jurisdictions: Iterable[str] = (),
) -> Case:
    """Return a case of these findings."""
    return Case(tumor_type, findings, as_of, patient or Patient(), frozenset(jurisdictions))


def evaluation(asked: Case, *assertions: Assertion) -> Evaluation:
    """Return the evaluator of a case over a small rulebook."""
    rulebook = small_rulebook(*assertions)
    return Evaluation(rulebook, asked, Facts(rulebook, asked))
