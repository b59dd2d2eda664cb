"""The rows of every table of the knowledge base, out of a clean corpus, in a fixed order.

``ROWS`` names the writer of each table; ``tables`` has the columns, ``compile`` writes the file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import orjson

from service.engine.assertion import Criteria
from service.knowledge.corpus import Corpus, leaves_of
from service.knowledge.devices import ClaimIndex
from service.knowledge.regimens import regimen_id, regimen_name
from service.knowledge.tables import FORMAT, TABLES

CANONICAL = orjson.OPT_SORT_KEYS


def _json(value: Any) -> str:
    return orjson.dumps(value, option=CANONICAL | orjson.OPT_NON_STR_KEYS).decode()


def _meta(corpus: Corpus, digest: str) -> Iterator[dict[str, Any]]:
    reviewed = [row["reviewed_on"] for row in corpus.assertions]
    for key, value in (
        ("format", FORMAT),
        ("version", corpus.version),
        ("content_hash", digest),
        ("assertions", str(len(corpus.assertions))),
        ("oldest_review", min(reviewed).isoformat() if reviewed else ""),
        ("newest_review", max(reviewed).isoformat() if reviewed else ""),
    ):
        yield {"key": key, "value": value}


def _records(name: str) -> Any:
    """Return a writer of a vocabulary: its plain columns, and the whole record as JSON."""

    def rows(corpus: Corpus, _: str) -> Iterator[dict[str, Any]]:
        columns = next(table.columns for table in TABLES if table.name == name)
        key = next(table.pk for table in TABLES if table.name == name)
        ordered = corpus.vocabularies[name]
        if isinstance(key, str) and name not in (
            "families",
            "phrases",
            "status_tables",
            "tumor_groups",
        ):
            ordered = sorted(ordered, key=lambda row: str(row[key]))
        for position, row in enumerate(ordered):
            plain = {c: row.get(c) for c in columns if c not in ("record", "position")}
            if "position" in columns:
                plain["position"] = position
            yield {k: str(v) if hasattr(v, "isoformat") else v for k, v in plain.items()} | {
                "record": _json(row)
            }

    return rows


def _tumor_types(corpus: Corpus, _: str) -> Iterator[dict[str, Any]]:
    groups = corpus.vocabularies["tumor_groups"]
    group_of = {member: group["code"] for group in groups for member in group["members"]}
    for group in groups:
        yield {
            "code": group["code"], "name": group["name"], "parent": group["parent"],
            "tissue": None, "ncit": None, "umls": None, "may_be": None,
        }  # fmt: skip
    for row in corpus.vocabularies["tumor_types"]:
        yield {
            "code": row["code"], "name": row["name"],
            "parent": group_of.get(row["code"], row["parent"]),
            "tissue": row["tissue"], "ncit": row["ncit"], "umls": row["umls"],
            "may_be": " ".join(row["may_be"]) or None,
        }  # fmt: skip


def _tumor_synonyms(corpus: Corpus, _: str) -> Iterator[dict[str, Any]]:
    yield from sorted(corpus.vocabularies["tumor_synonyms"], key=lambda row: str(row["term"]))


def _tumor_codes(corpus: Corpus, _: str) -> Iterator[dict[str, Any]]:
    for row in corpus.vocabularies["tumor_codes"]:
        for candidate in row["candidates"]:
            yield {
                "system": row["system"], "code": row["code"], "topography": row["topography"] or "",
                "tumor_type": candidate, "biomarkers": "|".join(row["biomarkers"]),
                "source": row["source"], "is_equal": int(row["is_equal"]),
            }  # fmt: skip


def _tumor_words(corpus: Corpus, _: str) -> Iterator[dict[str, Any]]:
    for row in corpus.vocabularies["tumor_words"]:
        yield {**row, "means": row["means"] or "", "under": "|".join(row["under"])}


def _tumor_ambiguous(corpus: Corpus, _: str) -> Iterator[dict[str, Any]]:
    for row in corpus.vocabularies["tumor_ambiguous"]:
        for candidate in row["candidates"]:
            yield {"term": row["term"], "tumor_type": candidate}


def _drug_groups(corpus: Corpus, _: str) -> Iterator[dict[str, Any]]:
    for row in sorted(corpus.vocabularies["drugs"], key=lambda row: str(row["name"])):
        for group in sorted(row["groups"]):
            yield {"drug": row["name"], "drug_group": group}


def _boxed_warnings(corpus: Corpus, _: str) -> Iterator[dict[str, Any]]:
    for row in sorted(corpus.vocabularies["drugs"], key=lambda row: str(row["name"])):
        box = row["boxed_warning"]
        for position, fact in enumerate(box["facts"] if box else ()):
            yield {
                "drug": row["name"], "position": position, "fact": fact,
                "jurisdiction": box["jurisdiction"], "source": box["source"],
                "locator": box["where"],
            }  # fmt: skip


def _regimens(corpus: Corpus, _: str) -> Iterator[dict[str, Any]]:
    seen = {regimen_id(row["regimen"]): sorted(row["regimen"]) for row in corpus.assertions}
    for id_ in sorted(seen):
        yield {"id": id_, "name": regimen_name(seen[id_])}


def _regimen_drugs(corpus: Corpus, _: str) -> Iterator[dict[str, Any]]:
    seen = {regimen_id(row["regimen"]): sorted(row["regimen"]) for row in corpus.assertions}
    for id_ in sorted(seen):
        for drug in seen[id_]:
            yield {"regimen": id_, "drug": drug}


def _sorted_assertions(corpus: Corpus) -> list[dict[str, Any]]:
    return sorted(corpus.assertions, key=lambda row: str(row["id"]))


def _assertions(corpus: Corpus, _: str) -> Iterator[dict[str, Any]]:
    devices = _devices(corpus)
    for row in _sorted_assertions(corpus):
        yield {
            "id": row["id"],
            "regimen": regimen_id(row["regimen"]),
            "effect": row["effect"],
            "jurisdiction": row["jurisdiction"],
            "authority": row["authority"],
            "support": row["support"],
            "statement": row["statement"],
            "formulation": row["formulation"],
            "preferred_by": row["preferred_by"],
            "known_since": row["known_since"],
            "notes": row["notes"],
            "reviewed_on": row["reviewed_on"].isoformat(),
            "record": _json(row | {"companion_diagnostics": devices[row["id"]]}),
        }


def _devices(corpus: Corpus) -> dict[str, list[str]]:
    """Return the devices that serve each record, sorted by id."""
    vocabularies = corpus.vocabularies
    index = ClaimIndex(
        sorted(vocabularies["diagnostics"], key=lambda row: str(row["id"])),
        vocabularies["biomarker_classes"],
        {row["code"]: row["parent"] for row in _tumor_types(corpus, "")},
    )
    return {
        row["id"]: [device["id"] for device, _ in index.serving(row, corpus.criteria[row["id"]])]
        for row in corpus.assertions
    }


def _assertion_diagnostics(corpus: Corpus, _: str) -> Iterator[dict[str, Any]]:
    for assertion, devices in sorted(_devices(corpus).items()):
        for position, device in enumerate(devices):
            yield {"assertion": assertion, "position": position, "diagnostic": device}


def _assertion_tumor_types(corpus: Corpus, _: str) -> Iterator[dict[str, Any]]:
    yield from _leaf_rows(corpus, "tumor_type", "tumor_type")


def _assertion_biomarkers(corpus: Corpus, _: str) -> Iterator[dict[str, Any]]:
    yield from _leaf_rows(corpus, "biomarker", "biomarker_class")


def _leaf_rows(corpus: Corpus, leaf_type: str, column: str) -> Iterator[dict[str, Any]]:
    for row in _sorted_assertions(corpus):
        criteria: Criteria = corpus.criteria[row["id"]]
        seen = {
            (leaf.value, negated) for leaf, negated in leaves_of(criteria) if leaf.type == leaf_type
        }
        for value, negated in sorted(seen):
            yield {
                "assertion": row["id"],
                column: value,
                "requirement": "absent" if negated else "present",
            }


def _events(corpus: Corpus, _: str) -> Iterator[dict[str, Any]]:
    for row in _sorted_assertions(corpus):
        for position, event in enumerate(row["events"]):
            yield {
                "assertion": row["id"], "position": position, "date": event["date"].isoformat(),
                "type": event["type"], "source": event["source"], "note": event["note"],
                "reason": event["reason"], "superseded_by": event["by"],
                "precision": event["precision"],
            }  # fmt: skip


def _links(field: str, key: str, column: str) -> Any:
    def rows(corpus: Corpus, _: str) -> Iterator[dict[str, Any]]:
        for row in _sorted_assertions(corpus):
            for position, item in enumerate(row[field]):
                extra = {"locator": item["where"]} if field == "sources" else {}
                yield {"assertion": row["id"], "position": position, column: item[key]} | extra

    return rows


def _diagnostic_claims(corpus: Corpus, _: str) -> Iterator[dict[str, Any]]:
    for row in sorted(corpus.vocabularies["diagnostics"], key=lambda row: str(row["id"])):
        claims = [(claim, code) for claim in row["claims"] for code in claim["tumor_types"]]
        for claim, code in sorted(claims, key=lambda c: (c[0]["drug"], c[0]["biomarker"], c[1])):
            day = claim["approved_on"]
            yield {
                "diagnostic": row["id"], "drug": claim["drug"],
                "biomarker_class": claim["biomarker"], "tumor_type": code,
                "approved_on": day.isoformat() if day else None, "source": claim["source"],
            }  # fmt: skip


def _proteins(corpus: Corpus, _: str) -> Iterator[dict[str, Any]]:
    for accession in sorted(corpus.proteins):
        sequence = corpus.proteins[accession]
        yield {
            "uniprot": accession,
            "sequence": sequence,
            "sha256": hashlib.sha256(sequence.encode()).hexdigest(),
        }


def _gene_names(corpus: Corpus, _: str) -> Iterator[dict[str, Any]]:
    for hgnc, symbol, previous, aliases in corpus.gene_names:
        yield {
            "hgnc": hgnc,
            "symbol": symbol,
            "previous": "|".join(previous),
            "aliases": "|".join(aliases),
        }


def _lessons(corpus: Corpus, _: str) -> Iterator[dict[str, Any]]:
    for row in corpus.lessons:
        plain = {name: row[name] for name in ("slug", "number", "title", "question")}
        yield plain | {"record": _json(row)}


def _exercises(corpus: Corpus, _: str) -> Iterator[dict[str, Any]]:
    for row in corpus.exercises:
        yield {"id": row["id"], "title": row["title"], "record": _json(row)}


ROWS: dict[str, Any] = {
    "meta": _meta,
    "sources": _records("sources"),
    "genes": _records("genes"),
    "families": _records("families"),
    "marker_tests": _records("marker_tests"),
    "phrases": _records("phrases"),
    "gene_groups": _records("gene_groups"),
    "proteins": _proteins,
    "gene_names": _gene_names,
    "coding_sequences": _records("coding_sequences"),
    "fusion_partners": _records("fusion_partners"),
    "karyotypes": _records("karyotypes"),
    "panel_genes": _records("panel_genes"),
    "variants": _records("variants"),
    "biomarker_classes": _records("biomarker_classes"),
    "status_tables": _records("status_tables"),
    "tumor_types": _tumor_types,
    "tumor_synonyms": _tumor_synonyms,
    "tumor_codes": _tumor_codes,
    "tumor_words": _tumor_words,
    "tumor_ambiguous": _tumor_ambiguous,
    "drugs": _records("drugs"),
    "drug_groups": _drug_groups,
    "boxed_warnings": _boxed_warnings,
    "studies": _records("studies"),
    "diagnostics": _records("diagnostics"),
    "diagnostic_claims": _diagnostic_claims,
    "conditions": _records("conditions"),
    "assay_methods": _records("assay_methods"),
    "escat": _records("escat"),
    "regimens": _regimens,
    "regimen_drugs": _regimen_drugs,
    "assertions": _assertions,
    "assertion_tumor_types": _assertion_tumor_types,
    "assertion_biomarkers": _assertion_biomarkers,
    "events": _events,
    "assertion_sources": _links("sources", "id", "source"),
    "assertion_studies": _links("evidence", "study", "study"),
    "assertion_diagnostics": _assertion_diagnostics,
    "watch": _records("watch"),
    "lessons": _lessons,
    "exercises": _exercises,
}
