"""The table of spellings: what each text means, family by family, and what must be refused."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from service.engine.notation.faults import NotationError
from service.engine.notation.readings import ReadBiomarker
from service.knowledge.store import KnowledgeBase

FOLDER = Path(__file__).parent / "cases"
FAMILIES = ("protein", "words", "dna", "rearrangements", "graded", "negatives", "reports")


def _load(name: str) -> Any:
    return yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8"))


def _spelling(given: Any) -> Any:
    """A spelling in braces inside a list of plain texts is an object of the contract."""
    if isinstance(given, str) and given.startswith("{gene:"):
        return yaml.safe_load(given)
    return given


SPELLINGS = [
    pytest.param(_spelling(text), name.strip(), family, id=f"{file}-{text}")
    for file in FAMILIES
    for family in _load(file)
    for name, texts in family["finds"].items()
    for text in texts
]
SEVERAL = _load("several")
REFUSED = [
    pytest.param(text, group["code"], group.get("says", ""), id=f"{group['code']}-{text}")
    for group in _load("refusals")
    for text in group["texts"]
]


def read(kb: KnowledgeBase, given: Any) -> ReadBiomarker:
    """Read a text, or an object of the contract."""
    if isinstance(given, str):
        return kb.reader.read_text(given)
    fields = {key: given.get(key) for key in ("alteration", "assay", "result")}
    return kb.reader.read_fields(gene=given["gene"], **fields)


@pytest.mark.parametrize(("given", "name", "family"), SPELLINGS)
def test_a_spelling_means_its_finding(
    kb: KnowledgeBase, given: Any, name: str, family: dict[str, Any]
) -> None:
    found = read(kb, given)
    assert [finding.name for finding in found.findings] == [name]
    finding = found.findings[0]
    assert finding.kind == family["kind"]
    expected = family.get("result") or (
        "not_detected" if name.endswith("not detected") else finding.result
    )
    assert finding.result == expected
    assert finding.understood_by
    if "consequence" in family:
        assert finding.change is not None
        assert finding.change.consequence == family["consequence"]
    if "oncogenicity" in family:
        assert finding.oncogenicity == family["oncogenicity"]
    if family.get("exact"):
        assert finding.hgvs_p_short == f"p.{name.split(' ', 1)[1]}"
        assert finding.hgvs_p is not None
    if "warns" in family:
        assert family["warns"] in {remark.code for remark in found.remarks}


@pytest.mark.parametrize("case", SEVERAL, ids=lambda case: str(case["text"]))
def test_a_text_with_several_findings_is_never_cut_to_one(
    kb: KnowledgeBase, case: dict[str, Any]
) -> None:
    assert [f.name for f in read(kb, case["text"]).findings] == case["finds"]


@pytest.mark.parametrize(("given", "code", "says"), REFUSED)
def test_what_cannot_be_true_or_understood_is_refused(
    kb: KnowledgeBase, given: Any, code: str, says: str
) -> None:
    with pytest.raises(NotationError) as refused:
        read(kb, given)
    assert refused.value.code == code
    assert says in refused.value.message


@pytest.mark.parametrize(
    "name", sorted({param.values[1] for param in SPELLINGS if isinstance(param.values[1], str)})
)
def test_a_name_is_read_back_as_itself(kb: KnowledgeBase, name: str) -> None:
    assert [finding.name for finding in kb.reader.read_text(name).findings] == [name]


def test_the_suite_keeps_its_size() -> None:
    """At least 600 alteration strings of which at least 100 are refused, none of them twice."""
    texts = [str(param.values[0]) for param in (*SPELLINGS, *REFUSED)]
    texts += [str(case["text"]) for case in SEVERAL]
    assert len(texts) >= 600
    assert len(REFUSED) >= 100
    assert [text for text, count in Counter(texts).items() if count > 1] == []
