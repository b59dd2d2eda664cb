"""Every drug has its RxNorm and NCIt code and their source, or is one of few with a reason."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from service.knowledge.store import KnowledgeBase

Json = dict[str, Any]
NOT_US = "not marketed in the United States, so RxNorm need not hold it"
AFTER_2025 = "approved after the RxNorm release that could be read (October 2025)"
LETTER_A = "marketed in the United States; the part of RxNorm with its letter was not readable"
WITHDRAWN = "withdrawn in 2024; no file with its code was readable"
NOT_LOOKED_FOR = "came with the board review; its codes were not looked for yet"
NEW_GENE = "came with the label of a gene that was added in December 2026; not looked for yet"
NOT_FOUND = "looked for by name and number in public files on 2026-11-30, not found"
NO_NCIT = "no readable file gives the NCIt code of the substance"
#: Codes looked for and not found. The table may only grow shorter: a drug that comes new has codes.
MISSING: dict[str, dict[str, str]] = {
    "rxnorm": {
        "abiraterone": NOT_FOUND,
        "amivantamab": LETTER_A,
        "aumolertinib": NOT_US,
        "avutometinib": LETTER_A,
        "cabozantinib": NEW_GENE,
        "camizestrant": AFTER_2025,
        "capmatinib": NEW_GENE,
        "daraxonrasib": AFTER_2025,
        "disitamab vedotin": NOT_US,
        "divarasib": NOT_US,
        "entrectinib": NEW_GENE,
        "enzalutamide": NOT_FOUND,
        "fulzerasib": NOT_US,
        "gedatolisib": AFTER_2025,
        "glecirasib": NOT_US,
        "imlunestrant": AFTER_2025,
        "ivonescimab": NOT_US,
        "larotrectinib": NEW_GENE,
        "lifileucel": NOT_LOOKED_FOR,
        "mobocertinib": WITHDRAWN,
        "neladalkib": NOT_US,
        "niraparib": NOT_FOUND,
        "olomorasib": NOT_US,
        "poziotinib": NOT_US,
        "pralsetinib": NEW_GENE,
        "prednisone": NOT_FOUND,
        "pyrotinib": NOT_US,
        "repotrectinib": NEW_GENE,
        "rucaparib": NOT_FOUND,
        "selpercatinib": NEW_GENE,
        "sevabertinib": AFTER_2025,
        "sorafenib": NEW_GENE,
        "sugemalimab": NOT_US,
        "taletrectinib": NEW_GENE,
        "telisotuzumab vedotin": NEW_GENE,
        "tepotinib": NEW_GENE,
        "tipifarnib": NOT_US,
        "toripalimab": NOT_FOUND,
        "vandetanib": NEW_GENE,
        "vepdegestrant": AFTER_2025,
        "vinorelbine": NOT_FOUND,
        "zenocutuzumab": NEW_GENE,
        "zidesamtinib": NEW_GENE,
        "zipalertinib": NOT_US,
        "zoldonrasib": NOT_US,
    },
    "ncit": dict.fromkeys(
        (
            "abiraterone",
            "aumolertinib",
            "avutometinib",
            "camizestrant",
            "daraxonrasib",
            "defactinib",
            "disitamab vedotin",
            "divarasib",
            "ensartinib",
            "enzalutamide",
            "fulzerasib",
            "gedatolisib",
            "glecirasib",
            "imlunestrant",
            "ivonescimab",
            "lazertinib",
            "lifileucel",
            "mobocertinib",
            "neladalkib",
            "niraparib",
            "olomorasib",
            "prednisone",
            "rucaparib",
            "sugemalimab",
            "tislelizumab",
            "toripalimab",
            "vepdegestrant",
            "vinorelbine",
            "zipalertinib",
            "zoldonrasib",
        ),
        NO_NCIT,
    )
    | dict.fromkeys(
        (
            "repotrectinib",
            "taletrectinib",
            "telisotuzumab vedotin",
            "tepotinib",
            "zenocutuzumab",
            "zidesamtinib",
        ),
        NEW_GENE,
    ),
}
MOST_MISSING = {"rxnorm": 45, "ncit": 37}
SHAPES = {"rxnorm": re.compile(r"[1-9]\d{1,6}"), "ncit": re.compile(r"C\d{3,6}")}
#: Codes that were read in public lists under these names and are none of the substance.
WRONG = {
    "rxnorm": {
        "necitumumab": {"1723746"},  # the brand Portrazza
        "ramucirumab": {"1657776"},  # a product
        "trametinib": {"1425105", "1425107", "1425109"},  # the brand Mekinist and products
        "sacituzumab govitecan": {"2360231", "2360232", "2359306"},  # the bare antibody, unknown
        "trastuzumab deruxtecan": {"224905", "2267577", "2267582"},  # antibody, brand, unknown
        "zolbetuximab": {"2695877"},  # the brand Vyloy
    },
    "ncit": {
        "ensartinib": {"C171676"},  # the hydrochloride
        "imlunestrant": {"C186400"},  # the tosylate
        "mobocertinib": {"C181916"},  # the succinate
    },
}


def _drugs(kb: KnowledgeBase) -> list[Json]:
    return [row for row in kb.records["drugs"].values() if row["kind"] == "drug"]


def test_every_drug_has_its_codes_or_a_reason_why_not(kb: KnowledgeBase) -> None:
    for system, reasons in MISSING.items():
        without = {row["name"] for row in _drugs(kb) if not row[system]}
        assert without - set(reasons) == set(), system


def test_no_reason_outlives_the_missing_code(kb: KnowledgeBase) -> None:
    for system, reasons in MISSING.items():
        without = {row["name"] for row in _drugs(kb) if not row[system]}
        assert set(reasons) - without == set(), system
        old = [reason for reason in reasons.values() if reason != NEW_GENE]
        assert len(old) <= MOST_MISSING[system], system


def test_every_code_of_a_drug_names_a_source_that_the_file_explains(
    kb: KnowledgeBase, seed_data: Path
) -> None:
    text = (seed_data / "vocabulary" / "drugs.yaml").read_text(encoding="utf-8")
    explained = set(re.findall(r"^#   (\S+) {2,}\S", text, re.MULTILINE))
    for row in _drugs(kb):
        codes = [row[system] for system in SHAPES if row[system]]
        assert len(row["codes_source"]) == len(codes), row["name"]
        assert set(row["codes_source"]) <= explained, row["name"]
    used = {key for row in _drugs(kb) for key in row["codes_source"]}
    assert explained == used


def test_a_code_of_a_drug_has_the_shape_of_its_system(kb: KnowledgeBase) -> None:
    for row in _drugs(kb):
        for system, shape in SHAPES.items():
            assert row[system] is None or shape.fullmatch(row[system]), row["name"]


def test_no_two_drugs_share_a_code(kb: KnowledgeBase) -> None:
    for system in SHAPES:
        codes = [row[system] for row in _drugs(kb) if row[system]]
        assert len(codes) == len(set(codes)), system


def test_no_drug_has_the_code_of_its_brand_salt_or_bare_antibody(kb: KnowledgeBase) -> None:
    for system, wrong in WRONG.items():
        for name, codes in wrong.items():
            assert kb.records["drugs"][name][system] not in codes, name


def test_a_group_of_drugs_has_no_code(seed_data: Path) -> None:
    text = (seed_data / "vocabulary" / "drugs.yaml").read_text(encoding="utf-8")
    for row in yaml.safe_load(text):
        if row["kind"] == "group":
            assert not {"rxnorm", "ncit", "codes_source"} & set(row), row["name"]


def test_brands_of_biosimilars_and_of_injections_name_the_substance(kb: KnowledgeBase) -> None:
    names = {
        "bevacizumab": ["Mvasi", "Zirabev", "bevacizumab-maly"],
        "rituximab": ["Truxima", "Riabni", "rituximab-pvvr"],
        "trastuzumab": ["Kanjinti", "Herceptin Hylecta", "trastuzumab-oysk"],
        "pembrolizumab": ["Keytruda Qlex"],
        "atezolizumab": ["Tecentriq Hybreza"],
    }
    for drug, written in names.items():
        for name in written:
            assert kb.drug_names.find(name) == drug, name
