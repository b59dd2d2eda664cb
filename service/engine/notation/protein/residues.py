"""Amino-acid letters: one-letter and three-letter codes (HGVS recommendations v21, standards)."""

from __future__ import annotations

THREE_OF_ONE = {
    "A": "Ala", "R": "Arg", "N": "Asn", "D": "Asp", "C": "Cys", "Q": "Gln", "E": "Glu",
    "G": "Gly", "H": "His", "I": "Ile", "L": "Leu", "K": "Lys", "M": "Met", "F": "Phe",
    "P": "Pro", "S": "Ser", "T": "Thr", "W": "Trp", "Y": "Tyr", "V": "Val", "*": "Ter",
}  # fmt: skip
ONE_OF_THREE = {three.upper(): one for one, three in THREE_OF_ONE.items()} | {"STOP": "*"}

#: One residue in a pattern: three letters first, so that ``Ala`` is not read as ``A``.
RESIDUE = (
    "(?:ala|arg|asn|asp|cys|gln|glu|gly|his|ile|leu|lys|met|phe|pro|ser|thr|trp|tyr|val|ter"
    "|[acdefghiklmnpqrstvwy*])"
)


def one_letter(residue: str) -> str:
    """Return the one-letter code of a residue written in either form, in any case."""
    upper = residue.upper()
    return ONE_OF_THREE.get(upper, upper)


def one_letters(residues: str, *, prefer_three: bool = False) -> str | None:
    """Return a run of residues in one-letter form; ``None`` when it is no run of residues.

    Args:
        residues: ``SVD`` or ``SerValAsp``.
        prefer_three: the residues beside it were written with three letters, so that ``VAL`` or
            ``val`` is valine; without it only capitalised codes (``Val``) are three letters.
    """
    upper = residues.upper()
    if not upper:
        return None
    if len(upper) % 3 == 0:
        pieces = [residues[i : i + 3] for i in range(0, len(upper), 3)]
        codes = [ONE_OF_THREE.get(piece.upper()) for piece in pieces]
        if all(codes) and (prefer_three or all(piece.istitle() for piece in pieces)):
            return "".join(code for code in codes if code)
    return upper if all(letter in THREE_OF_ONE for letter in upper) else None


def three_letters(residues: str) -> str:
    """Return a run of one-letter residues in three-letter form."""
    return "".join(THREE_OF_ONE[residue] for residue in residues)
