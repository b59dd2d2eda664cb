"""Computed identifiers of GA4GH VRS 2.0 for substitutions of one residue, without any service.

Identifiers of deletions and insertions need the sequence around them for normalisation and are
not computed. Source: GA4GH VRS 2.0, "Computed identifiers"; GA4GH refget sequence digests.
"""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

Json = dict[str, Any]


def digest(content: bytes) -> str:
    """Return the GA4GH digest ``sha512t24u``: 24 bytes of SHA-512 in URL-safe base64."""
    return base64.urlsafe_b64encode(hashlib.sha512(content).digest()[:24]).decode()


def digest_object(value: Any) -> str:
    """Return the digest of an object in the canonical JSON of RFC 8785 (strings, whole numbers)."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return digest(text.encode())


def substitution(sequence: str, position: int, residue: str) -> Json:
    """Return the VRS Allele of a substitution.

    Args:
        sequence: the whole reference protein, one letter a residue.
        position: 1-based, as in HGVS; VRS counts between residues.
    """
    reference = {"type": "SequenceReference", "refgetAccession": f"SQ.{digest(sequence.encode())}"}
    place = {
        "type": "SequenceLocation",
        "sequenceReference": reference,
        "start": position - 1,
        "end": position,
    }
    state = {"type": "LiteralSequenceExpression", "sequence": residue}
    of_place = digest_object(place)
    of_allele = digest_object({"type": "Allele", "location": of_place, "state": state})
    return {
        "id": f"ga4gh:VA.{of_allele}",
        "type": "Allele",
        "digest": of_allele,
        "location": {"id": f"ga4gh:SL.{of_place}", "digest": of_place, **place},
        "state": state,
    }
