"""Messages to read: a builder of segments, and one whole message of each layout."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from service.adapters.hl7v2 import Hl7Reading, read_hl7
from service.engine.reading import Item
from tests.cases import load_kb

TODAY = dt.date(2026, 11, 1)
HEADER = "MSH|^~\\&|LAB|HOSPITAL|EHR|CLINIC|20261001||ORU^R01^ORU_R01|1|P|2.5.1"
PATIENT = "PID|1||4711^^^HOSPITAL||Doe^Jane||19600101|F"
ORDER = "OBR|1|A1|B1|PANEL^Solid tumor panel^L|||20260920|||||||||||||||20261001|||F"

#: The panel of LOINC: a sub-id for each variant, with its assessment or without.
CODED = (
    HEADER,
    PATIENT,
    "DG1|1||C34.90^Malignant neoplasm of lung^I10C",
    ORDER,
    "OBX|1|CWE|48018-6^Gene studied^LN|2a|HGNC:3236^EGFR^HGNC||||||F",
    "OBX|2|ST|48005-3^Amino acid change^LN|2a|p.Leu858Arg||||||F",
    "OBX|3|ST|48004-6^DNA change^LN|2a|c.2573T>G||||||F",
    "OBX|4|CWE|69548-6^Genetic variant assessment^LN|2a|LA9633-4^Present^LN||||||F",
    "OBX|5|NM|81258-6^Allelic frequency^LN|2a|0.23||||||F",
    "OBX|6|CWE|53037-8^Clinical significance^LN|2a|LA6668-3^Pathogenic^LN||||||F",
    "OBX|7|CWE|48018-6^Gene studied^LN|2b|HGNC:6407^KRAS^HGNC||||||F",
    "OBX|8|CWE|69548-6^Genetic variant assessment^LN|2b|LA9634-2^Absent^LN||||||F",
    "OBX|9|CWE|48018-6^Gene studied^LN|2c|HGNC:1097^BRAF^HGNC||||||F",
    "OBX|10|ST|51958-7^Transcript^LN|2c|NM_004333.6||||||F",
    "OBX|11|ST|48004-6^DNA change^LN|2c|c.1799T>A||||||F",
    "OBX|12|CWE|48018-6^Gene studied^LN|2d|HGNC:11998^TP53^HGNC||||||F",
    "OBX|13|ST|48005-3^Amino acid change^LN|2d|p.Arg175His||||||F",
    "OBX|14|NM|94076-7^Mutations/Megabase^LN||12|Muts/Mb|||||F",
    "OBX|15|CWE|81695-9^MSI^LN||LA14122-8^Stable^LN||||||F",
    "SPM|1|S1^S1||TUMOR^Lung biopsy^L",
)
CODED_FINDINGS = {
    "EGFR L858R", "KRAS mutation not detected", "BRAF V600E", "TP53 p.Arg175His", "TMB 12 mut/Mb",
    "microsatellite stable",
}  # fmt: skip
#: Rows with codes of the laboratory: the gene in the name of the test, the result in OBX-5.
PLAIN = (
    HEADER,
    PATIENT,
    "OBR|1|A1|B1|EGFR^EGFR Mutation Analysis^L|||20260920|||||||||||||||20261001|||F",
    "OBX|1|ST|RES^Result^L||Exon 19 deletion detected||||||F",
    "NTE|1|L|The assay reports what it can see.",
    "OBR|2|A1|B2|IHC^Immunohistochemistry^L|||20260920|||||||||||||||20261001|||F",
    "OBX|1|CWE|ER^Estrogen Receptor IHC^L||POS^Positive^L|||POS|||F",
    "OBX|2|NM|PR^Progesterone Receptor^L||90|%|||||F",
    "OBX|3|ST|HER2^HER2 IHC^L||2+||||||F",
    "OBX|4|ST|FISH^HER2 FISH^L||Not amplified||||||F",
    "OBX|5|NM|PDL1^PD-L1 22C3 TPS^L||80|%|||||F",
    "OBX|6|CE|ALK^ALK FISH^L||NEG^Negative^L||||||F",
    "OBX|7|ST|DX^Diagnosis^L||Lung adenocarcinoma||||||F",
)
PLAIN_FINDINGS = {
    "EGFR exon 19 deletion", "ER IHC positive", "PR 90%", "HER2 IHC 2+", "HER2 ISH negative",
    "PD-L1 TPS 80", "ALK fusion not detected",
}  # fmt: skip


def message(*segments: str, end: str = "\r") -> bytes:
    """Return a message of segments; header, patient and order stand before results alone."""
    is_whole = segments[0].startswith("MSH")
    given = segments if is_whole else (HEADER, PATIENT, ORDER, *segments)
    return end.join((*given, "")).encode()


def row(label: str, value: str, kind: str = "ST", status: str = "F", **more: str) -> str:
    """Return an OBX with a code of the laboratory."""
    unit, flag, group = (more.get(name, "") for name in ("unit", "flag", "group"))
    return f"OBX|1|{kind}|X^{label}^L|{group}|{value}|{unit}||{flag}|||{status}"


def read(content: bytes) -> Hl7Reading:
    """Read messages."""
    return read_hl7(load_kb(), content, today=TODAY)


def names_of(reading: Hl7Reading) -> set[str]:
    """Return the names of all findings, also of genes that are not covered."""
    return {finding.name for item in reading.all_items for finding in item.findings}


def results(reading: Hl7Reading) -> list[Item]:
    """Return the items of OBX segments."""
    return [item for item in reading.all_items if "OBX-" in item.place]


def units(content: bytes) -> Counter[str]:
    """Return how many values each segment of one message with the usual separators has."""
    found: Counter[str] = Counter()
    number: Counter[str] = Counter()
    for line in content.decode().replace("\r\n", "\r").replace("\n", "\r").split("\r"):
        if line.strip():
            number[line[:3]] += 1
            fields = line.split("|")
            values = fields[5].split("~") if line.startswith("OBX") and len(fields) > 5 else [""]
            found[f"{line[:3]}-{number[line[:3]]}"] = len(values)
    return found
