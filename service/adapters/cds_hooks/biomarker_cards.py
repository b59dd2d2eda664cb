"""``patient-view``: one card for each biomarker that a therapy or a resistance rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from service.adapters.cds_hooks.cards import Answered, Card, CardKnowledge, escape, join
from service.adapters.cds_hooks.rows import APPLIES, write_rows
from service.engine.report import SECTIONS, Report, Row

#: The rows of each section of the answer.
_Rows = tuple[list[Row], ...]
#: Most regimens that a summary names.
_NAMED = 2


def biomarker_cards(knowledge: CardKnowledge, cases: Iterable[Answered]) -> Iterator[Card]:
    """Yield the cards of a patient, the strongest evidence of each case first."""
    for case in cases:
        for names, sections in _by_biomarker(case.report).items():
            yield _card(knowledge, case, names, sections)


def _by_biomarker(report: Report) -> dict[str, _Rows]:
    """Return biomarker -> the rows that rest on it, in the order of the answer.

    A row that rests on several detected findings stands with each of them; one that rests on
    negatives only (a wild type) stands once, with all of them.
    """
    found: dict[str, _Rows] = {}
    for position, section in enumerate(SECTIONS):
        for row in getattr(report, section):
            for name in _names(report, row):
                found.setdefault(name, ([], [], []))[position].append(row)
    return found


def _names(report: Report, row: Row) -> Iterator[str]:
    used = sorted({index for match in row.matches for index in match.findings})
    findings = [report.case.findings[index] for index in used]
    detected = [finding.name for finding in findings if finding.result == "detected"]
    if detected:
        yield from detected
    elif findings:
        yield join(finding.name for finding in findings)


def _card(knowledge: CardKnowledge, case: Answered, name: str, sections: _Rows) -> Card:
    therapies, resistance, cautions = sections
    tumor = knowledge.rulebook.tumors.types[case.report.case.tumor_type]
    paragraphs = [
        f"**{escape(name)}** in {escape(tumor.name)} ({escape(tumor.code)}), "
        f"as of {case.report.case.as_of.isoformat()}."
    ]
    if therapies:
        paragraphs.append(
            "**Speaks for**\n\n" + write_rows(knowledge, therapies, more="more regimens")
        )
    if resistance:
        paragraphs.append(
            "**Speaks against**\n\n" + write_rows(knowledge, resistance, more="more regimens")
        )
    if cautions:
        known = escape(_few(cautions))
        paragraphs.append(f"**Known against in other tumour types only**: {known}")
    summary = f"{name} in {tumor.name}: {_gist(therapies, resistance or cautions)}"
    return Card("actionable-biomarker", "info", summary, tuple(paragraphs), case)


def _gist(therapies: list[Row], resistance: list[Row]) -> str:
    """Return the heart of the card; what holds in this tumour type comes before what does not."""
    therapies, resistance = _decided(therapies), _decided(resistance)
    best = therapies[0].lead.applicability if therapies else "other_tumor_type"
    is_against = [row for row in resistance if row.lead.applicability != "other_tumor_type"]
    if not therapies or (best == "other_tumor_type" and is_against):
        return f"speaks against {_few(is_against or resistance)}"
    gist = f"{_few([row for row in therapies if row.lead.applicability == best])} {APPLIES[best]}"
    count = len(is_against)
    return f"{gist}; speaks against {count} regimen{'' if count == 1 else 's'}" if count else gist


def _decided(rows: list[Row]) -> list[Row]:
    """Return the rows whose biomarkers are all on file, or all rows when there are none."""
    return [row for row in rows if row.lead.biomarker_criteria == "met"] or rows


def _few(rows: list[Row]) -> str:
    names = [row.regimen.name for row in rows]
    few = [name[:1].lower() + name[1:] for name in names[:_NAMED]]
    return join([*few, f"{len(names) - _NAMED} more"]) if len(names) > _NAMED else join(few)
