"""Counts over the knowledge base, for curators: ``therapy-match kb stats``."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from service.engine.assertion import Branch, Leaf
from service.engine.authorisation import standing_on
from service.engine.tumors import GROUPS
from service.knowledge.citations import is_regulatory
from service.knowledge.store import KnowledgeBase
from service.knowledge.tumor_terms import SYSTEMS
from service.knowledge.watch import in_order


@dataclass(frozen=True, slots=True)
class CodeReach:
    """How far the codes of one system go.

    Args:
        named: named types that a code of the system means.
        or_broader: those, and named types that only a code of an ancestor covers.
        subtypes: named types and the nodes below them that a code means.
    """

    named: int
    or_broader: int
    of_named: int
    subtypes: int
    of_subtypes: int

    def __str__(self) -> str:
        own = f"{self.named} of {self.of_named}, {self.or_broader} with broader codes"
        return f"{own}; subtypes included {self.subtypes} of {self.of_subtypes}"


def count_assertions(kb: KnowledgeBase) -> dict[str, dict[str, str]]:
    """Return counts by gene, jurisdiction, effect and status, and shares of completeness.

    Status is that of the newest review, so that the counts do not depend on the clock.
    """
    day = dt.date.fromisoformat(kb.meta["newest_review"])
    genes: Counter[str] = Counter()
    jurisdictions: Counter[str] = Counter()
    effects: Counter[str] = Counter()
    statuses: Counter[str] = Counter()
    for entry in kb.rulebook.entries:
        assertion = entry.assertion
        for gene in {
            g
            for name in (*entry.openers, *entry.wild_type)
            for g in kb.rulebook.genes_of_class(name)
        }:
            genes[gene] += 1
        jurisdictions[assertion.jurisdiction or "none"] += 1
        effects[assertion.effect] += 1
        statuses[standing_on(assertion, day).status or "no authority"] += 1
    return {
        f"assertions ({len(kb.rulebook.entries)})": {},
        "by gene that opens them": _sorted(genes),
        "by jurisdiction": _sorted(jurisdictions),
        "by effect": _sorted(effects),
        f"by status on {day.isoformat()}": _sorted(statuses),
        "completeness": _shares(kb),
        "provenance": provenance(kb),
        f"watch list on {day.isoformat()}": _watch(kb, day),
        "tumour types that assertions name, with a code": {
            system: str(reach) for system, reach in code_coverage(kb).items()
        },
        "vocabularies": {name: str(count) for name, count in kb.counts().items()},
    }


def provenance(kb: KnowledgeBase) -> dict[str, str]:
    """Return how many events and figures rest on a regulator, a label or a paper that was read.

    An event rests on its own source. A figure rests on the paper of its study, or on a document of
    a regulator or a paper that an assertion citing the study cites.
    """
    sources, studies = kb.records["sources"], kb.records["studies"]
    rows = kb.records["assertions"].values()
    events = [event for row in rows for event in row["events"]]
    cited: set[str] = set()
    for row in rows:
        if any(_is_primary(sources[item["id"]]) for item in row["sources"]):
            cited |= {item["study"] for item in row["evidence"]}
    figures = [row for row in studies.values() for _ in row["endpoints"]]
    primary = [event for event in events if _is_primary(sources[event["source"]])]
    by_days = Counter(str(event["precision"]) for event in events)
    return {
        "events on a regulator, label or paper": _of(len(primary), len(events)),
        "figures on a paper, regulator or label": _of(
            len([row for row in figures if row["pmid"] or row["id"] in cited]), len(figures)
        ),
        "studies with figures and a paper": _of(
            len([row for row in studies.values() if row["endpoints"] and row["pmid"]]),
            len([row for row in studies.values() if row["endpoints"]]),
        ),
        **{f"days: {name}": str(count) for name, count in sorted(by_days.items())},
    }


def _is_primary(source: dict[str, Any]) -> bool:
    was_read = source["verification"] in ("opened", "corroborated")
    return is_regulatory(source) or (source["kind"] == "paper" and was_read)


def _watch(kb: KnowledgeBase, day: dt.date) -> dict[str, str]:
    states = Counter(item.state_on(day) for item in kb.watch)
    overdue = [item for item in in_order(kb.watch) if item.state_on(day) == "overdue"]
    return _sorted(states) | {
        f"unanswered since {item.due.isoformat()}": item.id for item in overdue
    }


def code_coverage(kb: KnowledgeBase) -> dict[str, CodeReach]:
    """Return for each code system how many of the named tumour types and subtypes it reaches.

    A code that means several types counts for each; the groups above the organs do not count.
    """
    tree = kb.rulebook.tumors
    named = {
        leaf
        for row in kb.rulebook.entries
        for leaf in _tumor_leaves(row.assertion.criteria.tumor)
        if leaf not in GROUPS
    }
    subtypes = {code for code in tree.types if any(tree.is_under(code, n) for n in named)}
    coverage = {}
    for system in SYSTEMS[1:]:
        reached = kb.tumor_terms.types_with_code(system)
        broader = {code for code in named if not reached.isdisjoint(tree.lineage(code))}
        coverage[system] = CodeReach(
            len(named & reached), len(broader), len(named), len(subtypes & reached), len(subtypes)
        )
    return coverage


def _tumor_leaves(criteria: Branch | Leaf) -> Iterator[str]:
    if isinstance(criteria, Leaf):
        yield criteria.value
        return
    for child in criteria.children:
        yield from _tumor_leaves(child)


def _sorted(counter: Counter[str]) -> dict[str, str]:
    return {name: str(counter[name]) for name in sorted(counter)}


def _shares(kb: KnowledgeBase) -> dict[str, str]:
    rows = list(kb.records["assertions"].values())
    sources = kb.records["sources"]
    authorised = [row for row in rows if row["authority"]]
    opened = [
        row
        for row in rows
        if any(sources[item["id"]]["verification"] == "opened" for item in row["sources"])
    ]
    return {
        "with a source": _share(len([row for row in rows if row["sources"]]), len(rows)),
        "with a source that was opened": _share(len(opened), len(rows)),
        "authorisations with a study": _share(
            len([row for row in authorised if row["evidence"]]), len(authorised)
        ),
        "authorisations with a companion test": _share(
            len([row for row in authorised if row["companion_diagnostics"]]), len(authorised)
        ),
        "companion diagnostic claims": str(
            sum(len(row["claims"]) for row in kb.records["diagnostics"].values())
        ),
    }


def _of(part: int, whole: int) -> str:
    return f"{_share(part, whole)} ({part} of {whole})"


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "-"
