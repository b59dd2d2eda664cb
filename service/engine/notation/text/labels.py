"""The words that stand in front of a line or above a block of a report, and what they say of it.

One table: a label tells what its value is (tumour type, age, specimen), a heading tells how the
lines below it are read (``Pertinent negatives``, ``Variants of uncertain significance``).
"""

from __future__ import annotations

import re
from typing import Literal

from service.engine.notation.text.languages import without_accents

#: What a line or block is, by its label; ``person`` and ``method`` hold no result.
Role = Literal[
    "tumor_type", "specimen", "report_date", "date", "age_years", "sex", "disease_stage",
    "line_of_therapy", "person", "method", "findings", "negative", "untested", "uncertain",
    "benign", "germline", "ihc", "ish",
]  # fmt: skip
CONTEXT: frozenset[Role] = frozenset({
    "tumor_type", "specimen", "report_date", "date", "age_years", "sex", "disease_stage",
    "line_of_therapy",
})  # fmt: skip

_LABELS: dict[Role, str] = {
    "tumor_type": "tumou?r (?:type|entity)|cancer (?:type|diagnosis)|(?:final |primary |clinical |pathologic(?:al)? |histologic(?:al)? |patholog(?:y|ist'?s?) |submitted |disease )?diagnos(?:is|e|tic|tico)"
        "|histolog(?:y|ie)|histologic(?:al)? (?:sub)?type|disease|indication|primary (?:site|tumou?r)|tumou?r"
        "|tumor(?:art|entitat|typ)|(?:haupt|klinische )diagnose|type (?:tumoral|histologique|de tumeur)|tipo (?:de tumor|tumoral|histologico)|tumeur",
    "specimen": "specimens?(?: (?:type|site|source|id|number|received|information|details))?|samples?(?: (?:type|site|id|number|source))?|block(?: id)?"
        "|tissue(?: (?:type|site|source|block))?|biopsy site|collection site|material|source|tumou?r (?:content|cellularity|purity|cells|fraction|percentage)|cellularity|neoplastic cell content"
        "|probe(?:nmaterial|nart|)?|untersuchungsmaterial|einsendung|tumorzell(?:gehalt|anteil)|prelevement|echantillon|materiel|cellularite(?: tumorale)?|muestra|especimen|tipo de muestra",
    "report_date": r"(?:report|sign[- ]?out|result|finali[sz]ed) ?(?:date|on)|reported(?: (?:date|on))?|date (?:of report|reported|of sign-?out|signed)|date|befunddatum|datum|berichtsdatum|date (?:du (?:rapport|compte rendu))|fecha(?: (?:del? )?informe)?",
    "date": r"(?:date )?(?:received|collected|ordered|accessioned)(?: (?:date|on))?|(?:collection|received|receipt|order) date|date of (?:collection|receipt|birth)|dob|d\.o\.b\.?|eingang(?:sdatum)?|entnahmedatum|geburtsdatum|date de (?:naissance|prelevement|reception)|fecha de (?:nacimiento|recepcion|toma)",
    "age_years": "age|alter|edad",
    "sex": "sex|gender|geschlecht|sexe|sexo",
    "disease_stage": r"(?:disease |clinical |tumou?r |pathologic |ajcc )?stage|staging|stadium|tumorstadium|stade|estadio",
    "line_of_therapy": "line of therapy|therapy line|therapielinie",
    "person": r"(?:family|past|medical|social) history|familienanamnese|antecedents(?: familiaux)?|antecedentes(?: familiares)?|anamnesi(?: familiare)?|(?:patient(?:'s)?|physician(?:'s)?|last|first|full)? ?name|patient(?: (?:id|no|number|information|details))?|mrn|medical record (?:no|number)|accession(?: (?:no|number|id))?|case (?:no|number|id)|(?:lab|order|report) (?:id|no|number)"
        "|(?:ordering|referring|treating|requesting|attending)? ?(?:physician|clinician|doctor|provider|pathologist|oncologist)|(?:lab(?:oratory)? )?director|institution|hospital|facility|client|address|phone|tel(?:ephone)?|fax|e-?mail|page|signed(?: by)?|electronically signed by|reviewed by|clia(?: (?:no|number))?|cap (?:no|number)|copy to|cc"
        "|arzt|einsender|klinik|adresse|telefon|seite|medecin|prescripteur|hopital|medico|copie(?: a)?",
    "method": "method(?:s|ology|en|e|ologie|ologia)?|assay (?:description|information|limitations)|test (?:description|method|performed|information|name|limitations)|limitations?|disclaimers?|references?|literature|literatur|genes? (?:tested|analy[sz]ed|assayed|covered|included|list|panel)|panel(?: genes| content)?|gene list|technical (?:information|notes?|data)|reference (?:sequence|transcript)s?"
        "|(?:fda[- ]approved |approved |matched |potential |targeted |associated |available |recommended )?(?:therap(?:y|ies)|treatments?|drugs?)(?: (?:options|implications|associations?))?|(?:available |matched |potential )?clinical trials?(?: options)?|trials?"
        "|untersuchte gene|getestete gene|therapie(?:optionen)?|klinische studien|genes (?:analyses|etudies|analizados|estudiados)|limites|reactifs|coverage|quality (?:control|metrics)|qc|nomenclature|intended use|quality|assay|test|tests? performed|platform|lod|limit of detection|sensitivity",
    "findings": r"(?:genes? )?(?:positives?|detected|identified|mutated)(?: for)?|positiv|nachgewiesen|positifs?|positive?s|detecte(?:e?s)?|positiv[oa]s?|detectad[oa]s?|somatic(?:ally)?|(?:genomic |molecular |somatic |clinically relevant |relevant |positive |reportable |significant |biomarker |key |detected |pathogenic )?(?:findings?|results?|alterations?|variants?|mutations?|biomarkers?)(?: (?:detected|identified|found|summary))?|results? summary|summary(?: of (?:results|findings))?|interpretation|impression|conclusion|comments?|notes?|synoptic report|tier i{1,2}(?: variants)?"
        "|ergebnis(?:se)?|befund(?:e)?|beurteilung|zusammenfassung|molekularpathologie|molekularpathologischer befund|nachgewiesene (?:veranderungen|mutationen|varianten)|resultats?|conclusions?|interpretation|altera(?:tions|ciones)(?: (?:detectees|detectadas))?|resultados?|conclusion(?:es)?|molecular (?:testing|studies|pathology|diagnostics?|profile)|ngs(?: results?)?|fusions?|copy number(?: (?:alterations|variants|changes))?|rearrangements?|(?:single nucleotide|short|sequence) variants(?: and indels)?|snvs?(?: ?(?:/|and|&) ?indels?)?|gene fusions|immunotherapy markers?|genomic signatures?|ancillary studies|addendum|predictive markers?|hormone receptors?",
    "negative": r"(?:\d{1,3} )?(?:disease[- ]?relevant |other )?genes? with no (?:reportable |relevant )?(?:genomic |pathogenic )?(?:alterations|variants|mutations)(?: (?:identified|detected|found))?|(?:somatic |genomic )?(?:alterations?|mutations?|variants?) not (?:detected|found|identified)(?: in)?|(?:pertinent|relevant|significant|important)? ?negatives?(?: (?:findings?|results?|genes?))?|(?:genes?|alterations?|variants?|mutations?|biomarkers?|fusions?|genes? with)? ?(?:with )?(?:not (?:detected|found|identified|mutated)|no (?:reportable |relevant |detected |clinically relevant |pathogenic )?(?:alterations?|variants?|mutations?|findings?)(?: (?:(?:was|were) )?(?:detected|found|identified))?(?: in(?: the following(?: genes)?)?)?)"
        "|(?:genes? )?(?:negative|wild[- ]?type|unremarkable)(?: (?:for|genes?))?|nicht nachgewiesen(?:e (?:veranderungen|mutationen|varianten))?|negative(?:r)? befunde?|kein nachweis(?: von)?|wildtyp|non detecte(?:e?s)?|(?:alterations|mutations|variants) non detecte(?:e?s)|absence de (?:mutations?|variants?)|no detectad[oa]s?|negativ[oa]s?|negatifs?|none detected",
    "untested": r"(?:genes? )?not (?:tested|analy[sz]ed|assessed|evaluated|performed|evaluable|assessable|interpretable)|pending(?: (?:results?|tests?))?|failed(?: (?:genes?|tests?|regions?))?|insufficient(?: coverage| material| quality)?|indeterminate(?: results?)?|(?:low|inadequate) coverage|nicht (?:untersucht|auswertbar|beurteilbar)|ausstehend|non (?:realises?|interpretables?|contributifs?)|en cours|pendientes?|no realizad[oa]s?",
    "uncertain": r"(?:(?:genomic )?variants? of (?:uncertain|unknown|undetermined) (?:clinical )?significance)(?: \\(vus\\))?|vus|tier (?:iii|3)(?: variants?)?(?:[:, -]+variants? of (?:uncertain|unknown) (?:clinical )?significance)?|varianten unklarer (?:klinischer )?(?:signifikanz|bedeutung)|variants? de signification (?:inconnue|incertaine|indeterminee)|variantes? de significado (?:incierto|desconocido)",
    "benign": r"(?:likely )?benign(?: variants?)?|polymorphisms?|tier (?:iv|4)(?: variants?)?|benigne varianten",
    "germline": "germ-?line(?: (?:variants?|findings?|results?|mutations?))?|keimbahn(?:varianten)?|variants? constitutionnels?",
    "ihc": r"immunohistochemi(?:stry|cal)(?: (?:results?|stains?|studies|findings?))?(?: \\(ihc\\))?|ihc(?: (?:results?|studies))?|immunostains?|immunhistochemie|immunhistochemisch|immunohistochimie|inmunohistoquimica|immunoistochimica",
    "ish": r"fish(?: (?:results?|studies|analysis))?|(?:fluorescen(?:ce|t) )?in[- ]situ hybridi[sz]ation(?: \\(d?-?f?ish\\))?|in-?situ-?hybridisierung|hybridation in situ|d-?ish",
}  # fmt: skip
_FORMS = tuple((role, re.compile(form, re.I)) for role, form in _LABELS.items())
_MAX_LABEL = 70

#: Column headings of a table of results -> which part of a result the column holds.
COLUMNS: dict[str, re.Pattern[str]] = {
    name: re.compile(form, re.I)
    for name, form in {
        "gene": r"(?:hugo[ _])?(?:gene(?:[ _](?:symbol|name))?|biomarker|marker|analyte|test|target|antibody|antikorper|gen|gene/biomarker|gene / biomarker)s?",
        "dna": r"(?:coding|c\.? ?|cdna|dna|nucleotide|hgvs ?\.?c|hgvsc)(?:[ _](?:change|variant|sequence|alteration|level change))?|c\.",
        "protein": r"(?:protein|amino acid|aa|p\.?|hgvs ?\.?p|hgvsp(?:[ _]short)?)(?:[ _](?:change|variant|alteration|effect))?|p\.",
        "alteration": r"(?:alterations?|variants?|mutations?|changes?|genomic alterations?|veranderung|variante|mutation|abnormality|aberration|findings?|anomalie|alteracion)(?: ?(?:detected|identified|name|type))?",
        "result": r"(?:results?|status|ergebnis|befund|resultats?|resultado|interpretation|score|value|call|bewertung)",
        "fraction": r"(?:vaf|maf|af|variant allele (?:frequency|fraction)|allele (?:frequency|fraction)|allelic fraction|%|vaf ?\(?%\)?|frequency|af ?\(?%\)?|% ?cfdna|allelfrequenz|frequence allelique)(?: ?\(?%\)?)?",
        "significance": r"(?:classification|significance|pathogenicity|tier|clinical significance|amp tier|oncogenicity|klassifikation|amp/asco/cap(?: tier)?)",
        "assay": r"(?:assay|method|technique|methode|metodo|platform)",
        "exon": r"exon",
        "transcript": r"(?:transcript|reference(?: sequence)?|refseq|transcript ?id|transkript)",
        "other": r"(?:depth|coverage|reads?|total depth|chr(?:om(?:osome)?)?|pos(?:ition)?|ref|alt|comment|therap(?:y|ies)|drugs?|approved therap(?:y|ies)|clinical trials?|#|no\.?|nr\.?|cosmic(?: id)?|dbsnp|clone|reference range|zygosity|effect|evidence)",
    }.items()
}  # fmt: skip


def role_of(label: str) -> Role | None:
    """Return what a label or heading says of what follows; ``None`` when it is none of the table."""
    bare = without_accents(label).strip(" :*#=_-|.\t").strip()
    if not bare or len(bare) > _MAX_LABEL:
        return None
    return next((role for role, form in _FORMS if form.fullmatch(bare)), None)


def column_of(heading: str) -> str | None:
    """Return the part of a result that a column with this heading holds."""
    bare = " ".join(without_accents(heading).replace("_", " ").split()).strip(" *#:")
    return next((name for name, form in COLUMNS.items() if form.fullmatch(bare)), None)
