"""Draw what a blind audit asks: authorisations, resistance and device claims, as questions.

The page holds ids and questions only, nothing of what the record answers, so that somebody who has
not seen the records can answer from the sources: ``python -m bench.audit --seed 1``. What was
drawn and what came of it stands in ``docs/curation-audit.md``.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from service.engine.assertion import Branch
from service.engine.entries import Entry, walk_leaves
from service.knowledge.store import KnowledgeBase

#: What is drawn of each kind.
COUNTS = {"authorisations": 60, "resistance": 20, "claims": 20}
_ASKED = {
    "authorisations": "Tumour type as the label words it, biomarker, stage or setting, line, prior "
    "therapies and other conditions, age, day of the decision, status today (and since when).",
    "resistance": "Does this alteration make the regimen fail in this tumour type? Which study or "
    "paper says so, and how sure is it (guideline, trial, cases, laboratory)?",
    "claims": "Biomarker and tumour type that the device is approved for with this drug in the "
    "US, the day of that approval, the specimen.",
}


def draw(kb: KnowledgeBase, seed: int) -> dict[str, list[str]]:
    """Return the questions of each kind, in the order of the ids.

    Args:
        seed: one seed gives the same questions as long as the ids are the same.
    """
    draws = random.Random(seed)
    entries = {entry.assertion.id: entry for entry in kb.rulebook.entries}
    pools: dict[str, Mapping[Any, str]] = {
        "authorisations": dict(_authorisations(kb, entries)),
        "resistance": dict(_resistance(kb, entries)),
        "claims": dict(_claims(kb)),
    }
    drawn: dict[str, list[str]] = {}
    for kind, pool in pools.items():
        keys = sorted(draws.sample(sorted(pool), min(COUNTS[kind], len(pool))))
        drawn[kind] = [pool[key] for key in keys]
    return drawn


def _authorisations(kb: KnowledgeBase, entries: Mapping[str, Entry]) -> Iterator[tuple[str, str]]:
    alike: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    for id_, entry in entries.items():
        row = kb.records["assertions"][id_]
        if row["authority"]:
            key = (
                entry.assertion.regimen.name,
                _tumors(kb, entry.assertion.criteria.tumor),
                row["jurisdiction"],
                row["formulation"] or "",
            )
            alike.setdefault(key, []).append((row["events"][0]["date"], id_))
    for (regimen, tumors, jurisdiction, formulation), found in alike.items():
        for place, (_, id_) in enumerate(sorted(found), 1):
            which = "" if len(found) == 1 else f" (authorisation {place} of {len(found)} in time)"
            form = f", {formulation}" if formulation else ""
            yield id_, f"{id_}: {regimen}{form}; {tumors}; {jurisdiction}{which}"


def _resistance(kb: KnowledgeBase, entries: Mapping[str, Entry]) -> Iterator[tuple[str, str]]:
    for id_, entry in entries.items():
        assertion = entry.assertion
        if assertion.effect == "resistance":
            named = ", ".join(
                ("no " if is_absent else "") + leaf.value
                for leaf, is_absent in walk_leaves(assertion.criteria.biomarker)
            )
            tumors = _tumors(kb, assertion.criteria.tumor)
            yield id_, f"{id_}: {assertion.regimen.name}; {tumors}; {named}"


def _claims(kb: KnowledgeBase) -> Iterator[tuple[tuple[str, str], str]]:
    for id_, device in kb.records["diagnostics"].items():
        for drug in sorted({claim["drug"] for claim in device["claims"]}):
            yield (id_, drug), f"{id_}: {device['name']} ({device['maker']}); {drug}"


def _tumors(kb: KnowledgeBase, tree: Branch) -> str:
    types = kb.rulebook.tumors.types
    codes = [leaf.value for leaf, is_negated in walk_leaves(tree) if not is_negated]
    names = [types[code].name for code in codes[:3]]
    return " or ".join(names) + (" and the like" if len(codes) > len(names) else "")


def to_page(drawn: Mapping[str, Sequence[str]], kb: KnowledgeBase, seed: int) -> str:
    """Return the questions as Markdown."""
    lines = [f"# Questions of a blind audit, seed {seed}", "", f"Knowledge {kb.content_hash}."]
    for kind, questions in drawn.items():
        lines += ["", f"## {kind.capitalize()} ({len(questions)})", "", _ASKED[kind], ""]
        lines += [f"- {question}" for question in questions]
    return "\n".join(lines)


def main() -> None:
    """Print the questions."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--kb", type=Path, default=Path("build/kb.sqlite"))
    asked = parser.parse_args()
    kb = KnowledgeBase(asked.kb)
    print(to_page(draw(kb, asked.seed), kb, asked.seed))


if __name__ == "__main__":
    main()
