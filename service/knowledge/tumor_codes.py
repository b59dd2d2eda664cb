"""Codes of tumour types: of which system, and what each may mean.

A code stands in an object (``{"system": …, "code": …}``) or in a text (``NCIT:C3512``). Which
node it means is data (``tumor_codes.yaml``, and the codes of OncoTree's nodes).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

SYSTEMS = ("oncotree", "ncit", "icd-o-3", "icd-10", "icd-10-cm", "snomed", "mondo", "doid", "umls")
#: Names of systems in front of a code, lower case, and their addresses -> system.
PREFIXES = {
    "oncotree": "oncotree", "ncit": "ncit", "nci": "ncit", "ncithesaurus": "ncit", "mondo": "mondo",
    "doid": "doid", "umls": "umls", "umls_cui": "umls", "sctid": "snomed", "snomed": "snomed",
    "snomedct": "snomed", "snomed-ct": "snomed", "snomed ct": "snomed", "sct": "snomed",
    "icd-10": "icd-10", "icd10": "icd-10", "icd-10-cm": "icd-10-cm", "icd10cm": "icd-10-cm",
    "icd-10-gm": "icd-10", "icd10gm": "icd-10", "icd-o-3": "icd-o-3", "icdo3": "icd-o-3",
    "icd-o": "icd-o-3", "icdo": "icd-o-3",
    "http://snomed.info/sct": "snomed",
    "http://ncicb.nci.nih.gov/xml/owl/evs/thesaurus.owl": "ncit",
    "http://hl7.org/fhir/sid/icd-10-cm": "icd-10-cm", "http://hl7.org/fhir/sid/icd-10": "icd-10",
    "http://fhir.de/codesystem/bfarm/icd-10-gm": "icd-10",
    "http://terminology.hl7.org/codesystem/icd-o-3": "icd-o-3",
    "http://purl.obolibrary.org/obo/mondo.owl": "mondo",
    "http://www.nlm.nih.gov/research/umls": "umls",
}  # fmt: skip
_PREFIX = re.compile(
    r"^(?:mondo|doid|ncit|umls|sctid|snomed|icd-?10-?cm|icd-?10|icd-?o-?3|oncotree)\s*:\s*", re.I
)
_SITE = r"C\d{2}(?:\.\d{1,2})?"
_MORPHOLOGY = r"\d{4}/[0-9]"
_IN_TEXT = re.compile(
    r"(?<![\w./:|])(?:"
    rf"(?P<oncology>{_MORPHOLOGY}(?:[\s,;|()-]{{1,3}}{_SITE})?|{_SITE}[\s,;|()-]{{1,3}}{_MORPHOLOGY})"
    r"|(?P<url>https?://[^\s|]{5,80})\|(?P<of_url>[\w.:/-]{1,30})"
    r"|(?P<prefix>" + "|".join(sorted((re.escape(p) for p in PREFIXES if "/" not in p),
                                      key=len, reverse=True)) + r")\s*[:|]\s*"
    r"(?P<of_prefix>(?:MONDO|DOID):\d{3,8}"
    rf"|{_MORPHOLOGY}(?:[\s,;|]{{1,2}}{_SITE})?|{_SITE}\s{_MORPHOLOGY}|[\w.-]{{1,20}})"
    r"|(?P<umls>C\d{7})"
    r"|(?P<disease>[CD]\d{2}\.[0-9A-Z]{1,4}|C\d{2})"
    r")(?![\w/]|\.\w)",
    re.I,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Meanings:
    """The nodes that a code may mean, and the biomarkers that its name states."""

    candidates: tuple[str, ...]
    biomarkers: tuple[str, ...] = ()


class TumorCodes:
    """What the codes of other systems mean; read-only after construction.

    Args:
        rows: system, code, topography, node, biomarkers joined by ``|``.
        own_codes: system, code and node; a row about such a code decides alone, because nodes
            share codes by mistake.
    """

    def __init__(
        self,
        rows: Iterable[tuple[str, str, str, str, str]],
        own_codes: Iterable[tuple[str, str, str]],
    ) -> None:
        self._codes: dict[tuple[str, str], dict[str, list[str]]] = {}
        self._biomarkers: dict[tuple[str, str], tuple[str, ...]] = {}
        for system, code, topography, tumor_type, biomarkers in rows:
            key = (system.lower(), bare(code))
            by_site = self._codes.setdefault(key, {})
            by_site.setdefault(topography or "", []).append(tumor_type)
            if biomarkers:
                self._biomarkers[key] = tuple(biomarkers.split("|"))
        for key, tumor_types in _by_code(own_codes).items():
            self._codes.setdefault(key, {"": tumor_types})

    def find(self, system: str, code: str) -> Meanings | None:
        """Return what a code means; an ICD-10 code falls back to its shorter forms."""
        morphology, topography, *_ = [*re.split(r"[\s|+,;()]+", bare(code).strip("() ")), ""]
        if system == "icd-o-3" and "/" in topography:
            morphology, topography = topography, morphology
        shortest = 2 if system.startswith("icd-10") else len(morphology) - 1
        for name in _vocabularies(system):
            for size in range(len(morphology), shortest, -1):
                key = (name, morphology[:size].rstrip("."))
                by_site = self._codes.get(key)
                if by_site:
                    found = tuple(dict.fromkeys(_of_site(by_site, topography)))
                    return Meanings(found, self._biomarkers.get(key, ()))
        return None

    def types_with_code(self, system: str) -> list[list[str]]:
        """Return the candidates of every code of a system."""
        names = _vocabularies(system)
        return [
            codes
            for (name, _), by_site in self._codes.items()
            if name in names
            for codes in by_site.values()
        ]


@dataclass(frozen=True, slots=True)
class CodeInText:
    """A code that stands in a text."""

    system: str
    code: str


def take_codes(text: str) -> tuple[list[CodeInText], str]:
    """Return the codes of a text, and the text with a break in the place of each."""
    found: list[CodeInText] = []

    def note(match: re.Match[str]) -> str:
        code = _code_of(match)
        if code is None:
            return match.group()
        found.append(code)
        return " ; "

    rest = _IN_TEXT.sub(note, text)
    return found, rest


def system_of(name: str) -> str | None:
    """Return the system of a name or an address; ``None`` for another."""
    folded = name.strip().lower().rstrip("/#")
    return folded if folded in SYSTEMS else PREFIXES.get(folded)


def bare(code: str) -> str:
    """Return a code in upper case without the name of its system in front."""
    return _PREFIX.sub("", code.strip()).upper()


def _code_of(match: re.Match[str]) -> CodeInText | None:
    if match["oncology"]:
        return CodeInText("icd-o-3", re.sub(r"[\s,;|()-]+", " ", match["oncology"]))
    if match["url"]:
        system = system_of(match["url"])
        return CodeInText(system, match["of_url"]) if system else None
    if match["prefix"]:
        system = PREFIXES[match["prefix"].lower()]
        return CodeInText(system, re.sub(r"[\s,;|]+", " ", match["of_prefix"]))
    if match["umls"]:
        return CodeInText("umls", match["umls"])
    return CodeInText("icd-10-cm", match["disease"])


def _of_site(by_site: dict[str, list[str]], topography: str) -> list[str]:
    for size in range(len(topography), 2, -1):
        if topography[:size] in by_site:
            return by_site[topography[:size]]
    if "" in by_site and topography == "":
        return by_site[""]
    return by_site.get("") or [code for codes in by_site.values() for code in codes]


def _vocabularies(system: str) -> tuple[str, ...]:
    """Return where the codes of a system stand: ICD-10-CM adds to ICD-10."""
    return (system, "icd-10") if system == "icd-10-cm" else (system,)


def _by_code(codes: Iterable[tuple[str, str, str]]) -> dict[tuple[str, str], list[str]]:
    nodes: dict[tuple[str, str], list[str]] = {}
    for system, code, tumor_type in codes:
        nodes.setdefault((system, bare(code)), []).append(tumor_type)
    return nodes
