"""The one table of formats: media types, how a report is known without one, and its reader.

A new format is a reader and a line of ``FORMATS``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from service.adapters.fhir_in.genes import FhirVocabulary
from service.adapters.files.kinds import kind_of
from service.adapters.intake import readers
from service.adapters.intake.contradictory import with_contradictions
from service.adapters.intake.documents import Document, Sent

Reader = Callable[[FhirVocabulary, Sent], Document]
#: What tells nothing about the format: it is looked for in the content.
UNTOLD = frozenset({"", "application/octet-stream", "application/x-www-form-urlencoded"})
FORM = "multipart/form-data"
_TABLES = "text/tab-separated-values"
_BLANK = b"\xef\xbb\xbf \r\n\t\x0b"  # the last begins a block of MLLP


@dataclass(frozen=True, slots=True)
class Format:
    """A format that is read.

    Args:
        media: media types under which it is sent.
        begins: how the content begins, when nothing else begins so.
        keys: top-level keys of JSON of which one tells it.
    """

    name: str
    media: tuple[str, ...]
    reader: Reader
    begins: tuple[bytes, ...] = ()
    keys: tuple[str, ...] = ()

    def read(self, vocabulary: FhirVocabulary, sent: Sent) -> Document:
        """Read a report, and say which of its findings do not go together.

        Raises:
            InputError: its container is broken.
        """
        return with_contradictions(vocabulary, self.reader(vocabulary, sent))


FORMATS: tuple[Format, ...] = (
    Format("fhir", ("application/fhir+json",), readers.read_fhir_document, keys=("resourceType",)),
    Format(
        "phenopacket",
        ("application/vnd.ga4gh.phenopacket+json", "application/phenopacket+json"),
        readers.read_phenopacket,
        keys=("interpretations", "measurements", "phenotypicFeatures", "metaData", "meta_data"),
    ),
    Format(
        "case", ("application/json",), readers.read_json_case, keys=("biomarkers", "tumor_type")
    ),
    Format(
        "vcf",
        ("text/vcf", "application/vcf", "text/x-vcf"),
        readers.read_vcf_file,
        begins=(b"##fileformat=VCF",),
    ),
    Format(
        "tables",
        (_TABLES, FORM),
        readers.read_tables,
        begins=(b"Hugo_Symbol\t", b"#version 2."),
    ),
    Format(
        "hl7v2",
        ("application/hl7-v2", "x-application/hl7-v2+er7"),
        readers.read_hl7_messages,
        begins=(b"MSH|", b"FHS|", b"BHS|"),
    ),
    Format("text", ("text/plain", "text/markdown"), readers.read_text),
)
_BY_MEDIA: Mapping[str, Format] = {media: one for one in FORMATS for media in one.media}


def find_format(media: str, content: bytes) -> Format | None:
    """Return the format of a report; ``None`` when it is none that is read.

    Args:
        media: media type without parameters; empty when the sender named none. One that fits
            several formats (JSON, plain text, bytes) is settled by how the content begins.
        content: the report, or its beginning; unpacked when it was gzip.
    """
    told = _BY_MEDIA.get(media)
    if told is None and media not in UNTOLD:
        return None
    if told is not None and told.name not in ("case", "text"):
        return told
    is_object = content.lstrip(_BLANK).startswith(b"{")
    return _sniffed(content) or told or _BY_MEDIA["application/json" if is_object else "text/plain"]


def _sniffed(content: bytes) -> Format | None:
    start = content.lstrip(_BLANK)
    if start[:1] == b"{":
        keys = readers.top_level_keys(content)
        return next((one for one in FORMATS if keys & set(one.keys)), None)
    found = (one for one in FORMATS if any(start.startswith(words) for words in one.begins))
    return next(found, None) or (_BY_MEDIA[_TABLES] if kind_of(content) is not None else None)
