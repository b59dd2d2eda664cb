"""``order-select`` and ``order-sign``: one card for each drafted regimen, warnings first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from service.adapters.cds_hooks.cards import Answered, Card, CardKnowledge, Indicator, escape, join
from service.adapters.cds_hooks.checks import ORDER, CheckedDrug, check_drugs, statements_about
from service.adapters.cds_hooks.orders import Draft
from service.adapters.cds_hooks.rows import APPLIES, finding_names, write_rows
from service.engine.report import Report

#: Finding -> (topic, indicator).
_FRAMES: dict[str, tuple[str, Indicator]] = {
    "resistance": ("drug-resistance", "warning"),
    "supported": ("drug-supported", "info"),
    "in_combination": ("drug-supported", "info"),
    "nothing": ("drug-without-biomarker", "info"),
}
#: What holds for a subtype only, or in other tumour types only, is no warning.
_NO_WARNING = ("if_subtype", "other_tumor_type")
_EFFECTS = {"resistance": "known resistance", "no_benefit": "known to bring no benefit"}
#: Whether the card is a warning -> what the rows are that stand beside.
_OTHERS = {
    True: "What speaks for it, alone or in combination",
    False: "What speaks against it, alone or in a smaller combination",
}
_MOST_CLASSES = 8
_MOST_REASONS = 5


def drug_cards(
    knowledge: CardKnowledge, cases: Iterable[Answered], drafts: Sequence[Draft]
) -> list[Card]:
    """Return the cards about drafted orders, resistance first."""
    drafted = frozenset(name for draft in drafts for name in draft.drugs)
    found = [
        (ORDER.index(verdict.finding), _card(knowledge, case, verdict))
        for case in cases
        for verdict in check_drugs(
            knowledge.rulebook, case.report, selected=selected_drugs(drafts), drafted=drafted
        )
    ]
    return [card for _, card in sorted(found, key=lambda item: item[0])]


def selected_drugs(drafts: Iterable[Draft]) -> frozenset[str]:
    """Return the drugs of the orders that the hook asks about."""
    return frozenset(name for draft in drafts if draft.is_selected for name in draft.drugs)


def _card(knowledge: CardKnowledge, case: Answered, verdict: CheckedDrug) -> Card:
    topic, indicator = _FRAMES[verdict.finding]
    if verdict.rows and verdict.rows[0].lead.applicability in _NO_WARNING:
        indicator = "info"
    tumor = knowledge.rulebook.tumors.types[case.report.case.tumor_type].name
    paragraphs = tuple(_paragraphs(knowledge, case.report, verdict, tumor))
    summary = f"{_drugs(verdict)}: {_gist(knowledge, case.report, verdict, tumor)}"
    return Card(topic, indicator, summary, paragraphs, case)


def _drugs(verdict: CheckedDrug) -> str:
    text = join(verdict.drugs)
    return text[:1].upper() + text[1:]


def _gist(knowledge: CardKnowledge, report: Report, verdict: CheckedDrug, tumor: str) -> str:
    if verdict.finding == "nothing":
        return f"no matching biomarker on file for {tumor}"
    row = verdict.rows[0]
    names = finding_names(report, [row])
    if verdict.finding == "resistance":
        return _against(verdict, names, tumor)
    applies = APPLIES[row.lead.applicability]
    is_own = row.lead.applicability != "other_tumor_type"
    place = f"for {names} in {tumor}" if is_own else f"for {names}, not in {tumor}"
    if row.lead.biomarker_criteria == "undetermined":
        classes = knowledge.rulebook.classes
        place = f"{place} if {join(need for need in row.lead.needs if need in classes)}"
    if verdict.finding == "in_combination":
        return f"{applies} {place} in combination with {join(verdict.missing)}, not drafted"
    partners = [part for part in row.regimen.drugs if part not in verdict.drugs]
    return f"{applies} {place}{' in combination with ' + join(partners) if partners else ''}"


def _against(verdict: CheckedDrug, names: str, tumor: str) -> str:
    lead = verdict.rows[0].lead
    is_own = lead.applicability != "other_tumor_type"
    place = f"in {tumor}" if is_own else "in another tumour type"
    gist = f"{_EFFECTS[lead.entry.assertion.effect]} with {names} {place}"
    if not verdict.missing:
        return gist
    wanted = set(verdict.missing)
    row = next(row for row in verdict.others if wanted <= set(row.regimen.drugs))
    return f"{gist}; {APPLIES[row.lead.applicability]} in combination with {join(verdict.missing)}"


def _paragraphs(
    knowledge: CardKnowledge, report: Report, verdict: CheckedDrug, tumor: str
) -> Iterator[str]:
    on_file = join(finding.name for finding in report.case.findings) or "none"
    yield (
        f"Drafted: **{escape(_drugs(verdict))}**. Tumour type: {escape(tumor)}. "
        f"Biomarkers on file: {escape(on_file)}."
    )
    if verdict.finding == "nothing":
        yield from _why_nothing(knowledge, report, verdict, tumor)
    if verdict.finding == "in_combination":
        yield (
            "As drafted, no statement here supports it. These do in combination; "
            f"{escape(join(verdict.missing))} {_is(verdict.missing)} not among the drafted orders."
        )
    if verdict.rows:
        yield write_rows(knowledge, verdict.rows, more="more statements")
    if verdict.others:
        yield f"**{_OTHERS[verdict.finding == 'resistance']}**\n\n" + write_rows(
            knowledge, verdict.others, more="more regimens"
        )


def _is(parts: tuple[str, ...]) -> str:
    return "is" if len(parts) == 1 else "are"


def _why_nothing(
    knowledge: CardKnowledge, report: Report, verdict: CheckedDrug, tumor: str
) -> Iterator[str]:
    drug = verdict.drugs[0]
    entries = statements_about(knowledge.rulebook, report, drug)
    classes = sorted({name for entry in entries for name in (*entry.openers, *entry.wild_type)})
    if not entries:
        yield f"No statement here is about {escape(drug)} in {escape(tumor)}."
    elif classes:
        more = f" and {len(classes) - _MOST_CLASSES} more" if len(classes) > _MOST_CLASSES else ""
        asked = escape(", ".join(classes[:_MOST_CLASSES]))
        yield f"The statements about it in this tumour type ask for: {asked}{more}."
    drops = [
        drop
        for drop in (*report.excluded, *report.near)
        if drug in drop.entry.assertion.regimen.drugs
        and drop.entry.assertion.effect == "sensitivity"
    ]
    if drops:
        lines = [
            f"- {escape(drop.entry.assertion.regimen.name)} ({drop.entry.assertion.id}): "
            f"{escape(drop.reason)}"
            for drop in drops[:_MOST_REASONS]
        ]
        yield "What came near, and why it was dropped:\n\n" + "\n".join(lines)
    genes = {gene for entry in entries for gene in entry.genes}
    tests = [test for test in report.suggested_tests if test.gene in genes]
    if tests:
        lines = [f"- {escape(test.gene)} by {escape(test.assay)}" for test in tests[:_MOST_REASONS]]
        yield "Results that would decide:\n\n" + "\n".join(lines)
