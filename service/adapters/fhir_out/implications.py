"""One match of an answer as a TherapeuticImplication Observation.

Every match is one implication, as the assertion that it rests on is one statement: its drugs, the
tumour types that it speaks about, its level, its sources. What the profile has no field for
(standing, open criteria, conflict) is said in ``conclusion-string``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol

from service.adapters.fhir_out import codes
from service.adapters.fhir_out.codes import Code, Release
from service.adapters.fhir_out.parts import categories, component, concept, identified
from service.engine.report import Match, Report, Row
from service.engine.rulebook import Rulebook
from service.engine.tumors import GROUPS, ROOT
from service.engine.vocabulary import MarkerTest
from service.intended_use import INTENDED_USE

Json = dict[str, Any]
#: Applicability in the words of a conclusion.
_APPLICABILITY = {
    "on_label": "on label",
    "guideline": "accepted practice or strong evidence, no authorisation that was asked for",
    "if_subtype": "only if the tumour is of a subtype that is named",
    "investigational": "investigational",
    "other_tumor_type": "known in another tumour type only",
}


class BundleKnowledge(Protocol):
    """The part of a knowledge base that writing FHIR needs."""

    @property
    def version(self) -> str: ...
    @property
    def content_hash(self) -> str: ...
    @property
    def rulebook(self) -> Rulebook: ...
    @property
    def records(self) -> Mapping[str, Mapping[str, Json]]: ...
    @property
    def marker_tests(self) -> Mapping[str, MarkerTest]: ...
    @property
    def equal_codes(self) -> Mapping[str, str]: ...


def is_presumed(row: Row, found: Match) -> bool:
    """Tell whether the effect is presumed for this case, not established in it.

    It is when the evidence is early or of another tumour type, when a result or the subtype that
    would decide is missing, and for a sensitivity beside a resistance of the same regimen.
    """
    is_early = found.applicability in ("investigational", "other_tumor_type")
    is_open = found.biomarker_criteria != "met" or "tumor_type" in found.needs
    is_contested = row.conflict is not None and found.entry.assertion.effect == "sensitivity"
    return is_early or is_open or is_contested


def tumor_concept(knowledge: BundleKnowledge, code: str) -> Json:
    """Return a tumour type with its OncoTree code, and the SNOMED CT code that means the same."""
    name = knowledge.rulebook.tumors.types[code].name
    is_ours = code in GROUPS and code != ROOT
    known: list[Code] = [(codes.TUMOR_GROUPS if is_ours else codes.ONCOTREE, code, name)]
    equal = knowledge.equal_codes.get(code)
    if equal is not None:
        known.append((codes.SNOMED, equal, ""))
    return concept(*known, text=name)


class ImplicationWriter:
    """Writes the matches of one answer in one release."""

    def __init__(
        self, knowledge: BundleKnowledge, report: Report, release: Release, subject: Json | None
    ) -> None:
        self._knowledge = knowledge
        self._report = report
        self._release = release
        self._subject = subject

    def write(self, row: Row, found: Match, derived_from: Iterable[str]) -> Json:
        """Return the Observation of a match.

        Args:
            derived_from: addresses of the Observations of the findings that opened it.
        """
        assertion = found.entry.assertion
        resource: Json = {
            "resourceType": "Observation",
            "meta": {"profile": [self._release.profile("therapeutic-implication")]},
            "extension": list(self._citations(assertion.id)),
            "identifier": [
                {"system": codes.ASSERTIONS, "value": assertion.id},
                {"system": codes.REGIMENS, "value": assertion.regimen.id},
            ],
            "status": "final",
            "category": categories(self._release.categories),
            "code": concept(codes.IMPLICATION),
        }
        if not resource["extension"]:
            del resource["extension"]
        if self._subject is not None:
            resource["subject"] = self._subject
        resource |= {
            "effectiveDateTime": self._report.case.as_of.isoformat(),
            "note": [{"text": INTENDED_USE}],
            "method": knowledge_method(self._knowledge),
            "derivedFrom": [{"reference": address} for address in derived_from],
            "component": [*self._components(row, found)],
        }
        return identified(resource)

    def _components(self, row: Row, found: Match) -> Iterator[Json]:
        effect = codes.EFFECTS[found.entry.assertion.effect, is_presumed(row, found)]
        code = (codes.TBD, self._release.effect, self._release.effect_display)
        yield component(code, valueCodeableConcept=concept(effect))
        yield from self._medications(found)
        for tumor in self._context(found):
            value = tumor_concept(self._knowledge, tumor)
            yield component(codes.CONTEXT, valueCodeableConcept=value)
        yield component(codes.EVIDENCE, valueCodeableConcept=_level(found))
        if found.escat is not None:
            tier = (codes.ESCAT, found.escat.tier, "")
            text = f"ESCAT {found.escat.tier}"
            yield component(codes.EVIDENCE, valueCodeableConcept=concept(tier, text=text))
        yield component(codes.CONCLUSION, valueString=self._conclusion(row, found))

    def _medications(self, found: Match) -> Iterator[Json]:
        """Yield each drug of the regimen; the text says of which combination it is a part."""
        regimen = found.entry.assertion.regimen
        drugs = self._knowledge.records["drugs"]
        for name in regimen.drugs:
            record = drugs[name]
            known: list[Code] = []
            if record["rxnorm"]:
                known.append((codes.RXNORM, record["rxnorm"], name))
            elif record["ncit"]:
                known.append((codes.NCIT, record["ncit"], name))
            text = name if len(regimen.drugs) == 1 else f"{name}, as part of {regimen.name}"
            yield component(codes.MEDICATION, valueCodeableConcept=concept(*known, text=text))

    def _context(self, found: Match) -> Iterator[str]:
        """Yield the tumour types of the statement that stand to the case as the match says."""
        tumors, case = self._knowledge.rulebook.tumors, self._report.case.tumor_type
        for code in found.entry.tumors:
            if found.relation in ("other", tumors.relation(case, code)):
                yield code

    def _conclusion(self, row: Row, found: Match) -> str:
        assertion = found.entry.assertion
        case = self._report.case
        types = self._knowledge.rulebook.tumors.types
        sentences = [
            assertion.statement,
            f"{assertion.regimen.name}: {assertion.effect.replace('_', ' ')}, "
            f"{_APPLICABILITY[found.applicability]}{_standing(found)}.",
            f"{_tier(found)}: {found.level.reason}.",
            f"Case: {types[case.tumor_type].name}; tumour relation: "
            f"{found.relation.replace('_', ' ')}.",
            f"Biomarker criteria: {found.biomarker_criteria}; clinical criteria: "
            f"{found.clinical_criteria}{_missing(found.needs)}.",
        ]
        if found.why:
            sentences.append(found.why)
        if row.conflict is not None:
            sides = f"against: {', '.join(row.conflict.resistance)}"
            sides += f"; for: {', '.join(row.conflict.sensitivity)}"
            sentences.append(f"CONFLICT: {row.conflict.reason} ({sides})")
        sentences.append(knowledge_stamp(self._knowledge, case.as_of))
        return " ".join(sentences)

    def _citations(self, assertion: str) -> Iterator[Json]:
        """Yield the sources and studies behind an assertion as related artefacts."""
        records = self._knowledge.records
        record = records["assertions"][assertion]
        for cited in record["sources"]:
            source = records["sources"][cited["id"]]
            place = f" ({cited['where']})" if cited.get("where") else ""
            yield _citation(source["title"], f"{source['title']}{place}", source.get("url"))
        for item in record["evidence"]:
            study = records["studies"][item["study"]]
            text = f"{study['name']}: {study['result']}"
            yield _citation(study["name"], text, _study_address(study))


def knowledge_method(knowledge: BundleKnowledge) -> Json:
    """Return the knowledge base as the method by which an implication was found."""
    version = (codes.KNOWLEDGE, knowledge.version, "")
    text = f"therapy-match knowledge base {knowledge.version}, {knowledge.content_hash}"
    return concept(version, text=text)


def knowledge_stamp(knowledge: BundleKnowledge, as_of: dt.date) -> str:
    """Return the sentence that names the knowledge base and the day of the question."""
    return f"Knowledge base {knowledge.version}, as of {as_of.isoformat()}."


def _tier(found: Match) -> str:
    tier, _, level = found.level.amp_asco_cap.partition("-")
    return f"Tier {tier} - Level {level}"


def _level(found: Match) -> Json:
    text = _tier(found)
    return concept((codes.TIERS, found.level.amp_asco_cap, text), text=text)


def _standing(found: Match) -> str:
    assertion, standing = found.entry.assertion, found.standing
    if assertion.authority is None or standing.since is None:
        return ""
    where = f"{assertion.jurisdiction}, {assertion.authority}"
    return f" ({where}: {standing.status} since {standing.since.isoformat()})"


def _missing(needs: tuple[str, ...]) -> str:
    return f"; not reported: {', '.join(needs)}" if needs else ""


def _citation(title: str, text: str, address: str | None) -> Json:
    artifact: Json = {"type": "citation", "display": title, "citation": text}
    if address:
        artifact["url"] = address
    return {"url": codes.RELATED_ARTIFACT, "valueRelatedArtifact": artifact}


def _study_address(study: Json) -> str | None:
    if study["pmid"]:
        return f"https://pubmed.ncbi.nlm.nih.gov/{study['pmid']}/"
    return f"https://clinicaltrials.gov/study/{study['nct']}" if study["nct"] else None
