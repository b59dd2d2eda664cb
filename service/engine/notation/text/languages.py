"""Result words of German, French, Spanish and Italian reports, put into English before anything is read.

Only words that a result or an alteration is told with; a text in another language is not
translated, and what is left of it is refused as before.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

#: Words without accents, lower case -> English. A phrase is looked for before its parts.
_WORDS = {
    "nicht nachgewiesen": "not detected", "nicht nachweisbar": "not detected", "nicht mutiert": "wild type",
    "nicht amplifiziert": "not amplified", "nicht auswertbar": "not evaluable", "nicht untersucht": "not tested",
    "nicht durchgefuhrt": "not performed", "kein nachweis": "not detected", "keine mutation": "no mutation", "kein nachweis einer mutation": "no mutation", "keine mutation nachgewiesen": "no mutation",
    "keine mutation nachweisbar": "no mutation", "kein nachweis eines rearrangements": "no rearrangement",
    "keine mutationen": "no mutation", "fehlgeschlagen": "failed", "ausstehend": "pending",
    "kein nachweis einer": "no", "kein nachweis eines": "no", "nachweis einer": "detected", "nachweis eines": "detected",
    "im codon": "codon", "und": "and", "pas de mutation": "no mutation", "pas de rearrangement": "no rearrangement",
    "nachgewiesen": "detected", "nachweis": "detected", "mutiert": "mutated", "amplifiziert": "amplified",
    "negativ": "negative", "positiv": "positive", "wildtyp": "wild type", "wild typ": "wild type",
    "translokation": "translocation", "amplifikation": "amplification", "rearrangiert": "rearranged",
    "non detecte": "not detected", "non detectee": "not detected", "non mute": "wild type", "non mutee": "wild type",
    "non amplifie": "not amplified", "non interpretable": "not interpretable", "non realise": "not performed",
    "non contributif": "not informative", "absence de mutation": "no mutation", "detecte": "detected",
    "detectee": "detected", "mute": "mutated", "mutee": "mutated", "amplifie": "amplified", "negatif": "negative",
    "positif": "positive", "de type sauvage": "wild type", "type sauvage": "wild type", "sauvage": "wild type",
    "rearrange": "rearranged", "en cours": "pending",
    "no detectado": "not detected", "no detectada": "not detected", "no mutado": "wild type", "no mutada": "wild type",
    "no amplificado": "not amplified", "no valorable": "not evaluable", "no realizado": "not performed",
    "pendiente": "pending", "sin mutacion": "no mutation", "detectado": "detected", "detectada": "detected",
    "mutado": "mutated", "mutada": "mutated", "amplificado": "amplified", "negativo": "negative", "positivo": "positive",
    "negativa": "negative", "positiva": "positive", "tipo salvaje": "wild type", "nativo": "wild type",
    "reordenado": "rearranged", "reordenamiento": "rearrangement", "delecion": "deletion", "insercion": "insertion",
    "mutacion": "mutation", "duplicacion": "duplication", "amplificacion": "amplification", "fusion de": "fusion",
    "mutation de": "mutation",
    "kein hinweis auf": "no evidence of", "keine translokation": "no translocation", "kein rearrangement": "no rearrangement",
    "keine fusion": "no fusion", "keine amplifikation": "no amplification", "nicht rearrangiert": "not rearranged",
    "ostrogenrezeptor": "estrogen receptor", "oestrogenrezeptor": "estrogen receptor", "progesteronrezeptor": "progesterone receptor",
    "mikrosatellitenstatus": "microsatellite status", "mikrosatelliteninstabil": "microsatellite instable",
    "mikrosatellitenstabil": "microsatellite stable", "stabil": "stable", "verdacht auf": "suspected", "allelfrequenz": "allele frequency",
    "absence de rearrangement": "no rearrangement", "absence de fusion": "no fusion", "absence d'amplification": "no amplification",
    "non rearrange": "not rearranged", "en attente": "pending", "suspicion de": "suspected", "negatifs": "negative", "positifs": "positive",
    "recepteurs aux oestrogenes": "estrogen receptor", "recepteurs de la progesterone": "progesterone receptor",
    "statut msi": "msi status", "deletion de l'exon": "deletion exon", "insertion de l'exon": "insertion exon",
    "delecion del exon": "deletion exon", "insercion del exon": "insertion exon", "no reordenado": "not rearranged",
    "receptores de estrogenos": "estrogen receptor", "receptores de estrogeno": "estrogen receptor", "receptor de estrogeno": "estrogen receptor",
    "receptores de progesterona": "progesterone receptor", "estable": "stable", "sospecha de": "suspected",
    "nessuna mutazione rilevata": "no mutation detected", "nessuna mutazione": "no mutation", "nessun riarrangiamento": "no rearrangement",
    "nessuna fusione": "no fusion", "non rilevata": "not detected", "non rilevato": "not detected", "non mutato": "wild type",
    "non riarrangiato": "not rearranged", "non amplificato": "not amplified", "non eseguito": "not performed", "non valutabile": "not evaluable",
    "in corso": "pending", "rilevata": "detected", "rilevato": "detected", "mutato": "mutated", "mutata": "mutated", "mutazione": "mutation",
    "riarrangiamento": "rearrangement", "riarrangiato": "rearranged", "fusione": "fusion", "delezione dell'esone": "deletion exon",
    "delezione": "deletion", "inserzione": "insertion", "amplificazione": "amplification", "assente": "absent", "stabile": "stable",
    "recettori per gli estrogeni": "estrogen receptor", "recettori estrogenici": "estrogen receptor",
    "recettori del progesterone": "progesterone receptor", "sospetta": "suspected", "sospetto": "suspected",
    "oder": "or", "kein": "no", "keine": "no", "keinen": "no", "aucun": "no", "aucune": "no", "nessun": "no", "nessuna": "no", "ninguna": "no", "keine alteration": "no alteration", "keine veranderung": "no alteration", "keine veranderungen": "no alteration",
    "aucune mutation": "no mutation", "aucun rearrangement": "no rearrangement", "aucune fusion": "no fusion", "aucune alteration": "no alteration",
    "aucune amplification": "no amplification", "ou": "or", "mutation dans": "mutation in", "mutation du gene": "mutation",
    "ninguna mutacion": "no mutation", "no se detecto mutacion": "no mutation", "no se detecto mutaciones": "no mutation", "no se detectaron mutaciones": "no mutation",
    "no se detectaron alteraciones": "no alteration", "no se identificaron mutaciones": "no mutation", "no se observan mutaciones": "no mutation",
    "no se detectan mutaciones": "no mutation", "no se detecta mutacion": "no mutation", "mutaciones": "mutations", "sin mutaciones": "no mutation",
    "nessuna alterazione": "no alteration", "nessuna mutazione rilevata in": "no mutation in", "nessuna amplificazione": "no amplification",
    "non si rilevano mutazioni": "no mutation", "assenza di mutazioni": "no mutation", "mutazioni": "mutations",
}  # fmt: skip
_ANY = re.compile(
    r"(?<![A-Za-z])(?:"
    + "|".join(sorted(map(re.escape, _WORDS), key=len, reverse=True))
    + r")s?(?![A-Za-z])",
    re.I,
)
#: A letter sequence that every word above holds: most texts are English and are not searched.
_HINT = re.compile(
    r"hinweis|oder|aucun|\bou\b|ningun|no se |mutaciones|mutazioni|assenza|alterazion|kein|\w (?:o|u|y|e|et|ed) \w|\bund\b|\bpas de |\bim codon|rezeptor|mikrosat|stabil[^i]|stabil$|stabile|verdacht|allelfreq|absence d|attente|suspicion de|ifs\b|recept(?:eur|or)|recettor|statut|estable"
    r"|sospe|nessun|rileva|mutat[oa]|mutazion|riarrang|fusione|elezione|nserzion|cazione|assente|corso|non (?:eseg|valut)|de l'exon|del exon|"
    r"nicht|nach[gw]|kein|fehl|ausst|iert|ati[vf]|iti[vf]|typ(?!e)|kation|detect[ea]|mut[ea]|mutacion|amplifi[ec]"
    r"|sauvage|rearr|en cours|contrib|no (?:val|real)|non |pendien|salvaje|reord|ecion|ercion|acion|(?:fus|mutat)ion de",
    re.I,
)


#: "V600E-Mutation", "EGFR-Mutation": one word in German.
_COMPOUND = re.compile(
    r"([A-Za-z0-9*+])-(Mutation(?:en)?|Fusion|Translokation|Amplifikation|Rearrangement|Nachweis|Status)\b"
)


def without_accents(text: str) -> str:
    """Return a text with its accents taken off."""
    if text.isascii():
        return text
    parts = unicodedata.normalize("NFD", text)
    return unicodedata.normalize(
        "NFC", "".join(c for c in parts if unicodedata.category(c) != "Mn")
    )


#: "KRAS, NRAS o BRAF", "KRAS et NRAS": a word of one or two letters joins only between names.
_JOINER = re.compile(r"(?<=\w)\s(?:(?P<or>o|u)|(?P<and>y|e|et|ed))\s(?=[A-Z][A-Z0-9-]{1,9}\b)")


#: "aucune mutation de EGFR", "no se detectaron mutaciones en KRAS": where it was looked for.
_PLACE = re.compile(
    r"\b(mutations?|alterations?|rearrangements?|fusions?|amplifications?|detected)\s"
    r"(?:de|dans|en|im|nel|nei|di|du gene|dans le gene|des genes|dans les genes|del gen|en el gen|de los genes|en los genes|nei geni|nel gene)"
    r"\s(?=[A-Z][A-Z0-9])"
)


@lru_cache(maxsize=4096)
def to_english(text: str) -> str:
    """Return a text with its accents taken off and foreign result words in English."""
    text = without_accents(text).replace("\u0153", "oe").replace("\u0152", "Oe")
    if "-" in text:
        text = _COMPOUND.sub(r"\1 \2", text)
    if _HINT.search(text) is None:
        return text
    return _PLACE.sub(r"\1 in ", _JOINER.sub(_joined, _ANY.sub(_in_english, text)))


def _joined(found: re.Match[str]) -> str:
    return " or " if found["or"] else " and "


def _in_english(found: re.Match[str]) -> str:
    word = found[0].lower()
    # "non détectés", "negativos": the plural says the same.
    return _WORDS.get(word) or _WORDS[word.removesuffix("s")]
