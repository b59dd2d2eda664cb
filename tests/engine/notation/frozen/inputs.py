"""Mixed biomarkers as laboratories write them: the same ones on every machine, from words and a seed.

The words are fixed here on purpose: the inputs must stay what they were when the digests were taken.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import yaml

SEED = 20261130
#: How many inputs each maker gives, before repeats are dropped.
SIZE = 460
CASES = Path(__file__).parents[1] / "cases"

GENES = {
    "EGFR": ("EGFR", "EGFR", "EGFR", "egfr", "Egfr", "ErbB-1", "HER1", "EGFR gene", "NM_005228.5", "NP_005219.2", "NM_005228(EGFR)"),
    "BRAF": ("BRAF", "BRAF", "BRAF", "braf", "B-Raf", "B-RAF", "BRAF gene", "NM_004333.6", "NM_001374258", "P15056"),
    "KRAS": ("KRAS", "KRAS", "KRAS", "kras", "K-RAS", "K-ras", "KRAS2", "Ki-ras", "NM_004985", "NM_033360.4"),
    "NRAS": ("NRAS", "NRAS", "N-RAS", "N-ras", "NM_002524"),
    "HRAS": ("HRAS", "HRAS", "H-RAS", "Ha-Ras"),
    "ALK": ("ALK", "ALK", "ALK", "alk", "CD246", "ALK receptor", "NM_004304.5"),
    "ERBB2": ("ERBB2", "ERBB2", "HER2", "HER2", "HER-2", "HER2/neu", "c-erbB-2", "NEU", "NM_004448", "NM_001005862"),
}  # fmt: skip
CHANGES = {
    "EGFR": (
        "L858R", "p.L858R", "p.(Leu858Arg)", "Leu858Arg", "T790M", "C797S", "c.2573T>G", "c.2369C>T", "G719X", "G719A", "G719S",
        "L861Q", "S768I", "exon 19 deletion", "ex19del", "Exon 19 Deletion", "del19", "exon 19 del", "E746_A750del",
        "p.Glu746_Ala750del", "c.2235_2249del", "c.2236_2250del15", "L747_P753delinsS", "exon 20 insertion", "ex20ins",
        "D770_N771insSVD", "H773dup", "N771_P772insH", "A763_Y764insFQEA", "vIII", "variant III", "EGFRvIII", "kinase domain duplication",
        "KDD", "exon 18-25 duplication", "exon 2-7 deletion", "mutation", "activating mutation", "sensitising mutation", "uncommon mutation",
        "classical mutation", "amplification", "exon 21 mutation", "codon 719", "kinase domain", "TKD mutation", "L858R (exon 21)",
        "exon 19 deletion (p.E746_A750del)", "K745_E746insIPVAIK", "L833V", "R776H", "E709K", "G465R", "S492R", "I491M", "D761Y",
        "V843I", "other than T790M", "non-T790M", "L857R", "E747del", "exon 19 insertion", "L858", "p.?", "R521K", "Q787=", "X762_splice",
        "L858R VAF 12%", "T790M (8.5 %)", "pathogenic variant", "VUS", "L858R (pathogenic)", "7:g.55259515T>G", "chr7:55259515 T>G",
    ),
    "BRAF": (
        "V600E", "p.V600E", "Val600Glu", "p.(Val600Glu)", "V600K", "V600R", "V600D", "V600M", "V600X", "V600", "V600 mutation", "codon 600",
        "c.1799T>A", "c.1798_1799delinsAA", "K601E", "L597Q", "G469A", "D594G", "G466V", "class II", "class III mutation", "class I", "non-V600",
        "non-V600E mutation", "mutation", "wild type", "V600E/K", "V600E2", "V600Ec", "fusion", "rearrangement", "KIAA1549-BRAF", "amplification",
        "T599dup", "V600_K601delinsE", "exon 15 mutation", "exon 11", "activating mutation", "VE1 positive", "VE1 IHC negative", "V640E",
        "N486_P490del", "L485_P490delinsF", "7:g.140453136A>T", "chr7-140753336-A-T", "V600E (class I)", "G469A (class II)", "p.X600_splice", "V60E",
    ),
    "KRAS": (
        "G12C", "p.G12C", "Gly12Cys", "p.(Gly12Cys)", "G12D", "G12V", "G12R", "G12A", "G12S", "G12X", "G13D", "G13C", "Q61H", "Q61X", "Q61L", "A146T",
        "K117N", "A59T", "codon 12", "codon 12 mutation", "codon 12 or 13", "codons 12/13", "exon 2 mutation", "exon 3", "exons 2, 3 and 4",
        "mutation", "mutated", "mutant", "wild type", "wild-type", "WT", "amplification", "c.34G>T", "c.35G>A", "G12C/D", "12:g.25398285C>A",
        "other than G12C", "non-G12C", "G12fs", "Y96D", "R68S", "H95Q", "activating mutation", "VUS", "D12G", "L19F", "V14I", "Q22K", "T58I",
    ),
    "NRAS": ("Q61R", "Q61K", "p.Q61L", "G12D", "G13R", "mutation", "wild type", "codon 61", "exon 3", "c.181C>A", "exons 2-4", "A146T", "Q61X"),
    "HRAS": ("Q61R", "G13R", "G12S", "mutation", "wild type", "exon 2", "codon 61"),
    "ALK": (
        "fusion", "rearrangement", "rearranged", "translocation", "break-apart", "FISH positive", "IHC positive", "IHC 3+", "D5F3 positive",
        "F1174L", "G1202R", "L1196M", "I1171N", "C1156Y", "G1269A", "L1198F", "mutation", "amplification", "EML4-ALK", "fusion with EML4",
        "EML4 fusion", "fusion (EML4)", "NPM1-ALK", "t(2;5)", "inv(2)(p21p23)", "inv(2)", "t(2;5)(p23;q35)", "R1275Q", "F1174X", "E1210K",
        "expression", "protein expression", "overexpression", "G1202del", "S1206Y", "KIF5B fusion", "v3a/b", "5' deletion", "wild type",
    ),
    "ERBB2": (
        "amplification", "amplified", "IHC 3+", "IHC 2+", "IHC 1+", "IHC 0", "3+", "2+", "IHC 2+/ISH+", "IHC 2+, FISH negative", "ISH positive",
        "FISH amplified", "FISH negative", "low", "ultralow", "positive", "negative", "overexpression", "exon 20 insertion", "A775_G776insYVMA",
        "Y772_A775dup", "p.Tyr772_Ala775dup", "G776delinsVC", "S310F", "S310Y", "V777L", "L755S", "V842I", "R678Q", "L869R", "T798I", "mutation", "exon 20",
        "HER2/CEP17 ratio 2.4", "copy number 8", "CN 12", "IHC score 2+", "status positive", "kinase domain mutation", "D769H", "c.2313_2324dup",
        "IHC 0 (ultralow)", "IHC 1+ ISH-", "not amplified", "activating mutation", "G778_P780dup", "c.929C>T", "IHC faint 5%", "score 3",
    ),
}  # fmt: skip
MARKERS = (
    "PD-L1 TPS 60%", "PD-L1 TPS <1%", "PD-L1 CPS 12", "PD-L1 >= 50%", "PDL1 TPS >=1%", "PD-L1 IC 2%", "PD-L1 high", "PD-L1 negative",
    "PD-L1 CPS<1", "CD274 TPS 5 %", "PD-L1 22C3 TPS 80%", "PD-L1 TC 10%", "ER positive", "ER+", "ER 90%", "ER negative", "ER <1%",
    "PR+", "PR negative", "PgR 20%", "ER low positive", "ER IHC 3+", "HR positive", "HR+", "HR-", "HR+/HER2-", "triple negative",
    "TNBC", "MSI-H", "MSS", "MSI stable", "dMMR", "pMMR", "MSI-L", "MLH1 loss", "microsatellite stable", "RAS wild type", "RAS WT",
    "all-RAS wild type", "RAS mutation", "KRAS/NRAS wild type", "KRAS, NRAS and BRAF wild type", "RAS/BRAF wt", "KRAS and NRAS negative",
    "ESR1 D538G", "ESR1 mutation", "ESR1 Y537S", "ESR1 wild type", "ER/PR positive", "ER+/PR+/HER2-", "ER+ PR- HER2 2+ FISH-",
)  # fmt: skip
PARTNERS = (
    "EML4", "NPM1", "KIF5B", "TPM3", "STRN", "CLTC", "KIAA1549", "AGK", "SND1", "RAD51", "SEPT14", "SEPTIN14", "NPM", "TFG",
    "KLC1", "HIP1", "MKRN1", "CARS1", "C2orf44", "RANBP2",
)  # fmt: skip
FUSED = ("ALK", "ALK", "ALK", "BRAF", "BRAF", "EGFR", "ERBB2", "KRAS")
JOINTS = ("-", "-", "::", "::", "/", "--", "_", ";", " - ", "\u2013")
NOUNS = (
    "", "", " fusion", " fusion", " rearrangement", " translocation", " fusion transcript", " positive", " fusion detected",
    " fusion gene", " fusion not detected", " negative", " fusion (E13;A20)", " variant 1", " V3", " gene fusion", " oncogene",
)  # fmt: skip
EXONS = ("", "", "", "(13)", " exon 13", " e13", ":exon13", " (NM_019063.5)", "(exon 6)")
BREAKPOINTS = (
    "chr2:42522656::chr2:29446394", "chr2:42492091:+ chr2:29446396:-", "2:42522656-2:29446394", "chr2:29446394::chr2:42522656",
    "chr7:138545886--chr7:140494267", "2 42522656 . T T[2:29446394[", "GRCh38 chr2:42295516::chr2:29223528", "chr7:55087058::chr15:40995114",
)  # fmt: skip
RESULTS = (
    "{}", "{}", "{}", "{}", "{} detected", "{} not detected", "{}: positive", "{}: negative", "no {}", "{} +", "{} -", "{} (+)",
    "{}: present", "{} absent", "negative for {}", "positive for {}", "{} not tested", "{} pending", "{} equivocal", "{} found",
    "{} identified", "{}: wild type", "{} was not detected", "without {}", "absence of {}", "{} failed", "{} N/A", "{} ND", "({})",
    "{} detected (VAF 12%)", "{}, 23.5 %", "evidence of {}", "{}: not detected", "{} mutation detected", "{}=negative", "{}, not seen",
)  # fmt: skip
ASSAYS = (
    None, None, "NGS", "IHC", "FISH", "ISH", "PCR", "ctDNA", "RNA sequencing", "CISH", "immunohistochemistry", "cfDNA NGS", "Sanger", "DDISH", "x",
)  # fmt: skip
ASSAYS_IN_TEXT = (
    " by NGS",
    " (FISH)",
    " by IHC",
    " in ctDNA",
    " on tissue",
    " by PCR",
    " (Sanger)",
    "",
    "",
    "",
    "",
)
RESULT_FIELDS = (None, None, None, "detected", "detected", "not_detected", "indeterminate")
JOINERS = (
    " + ",
    ", ",
    " and ",
    "; ",
    "/",
    " & ",
    " / ",
    " with ",
    " | ",
    " ",
    " or ",
    " but ",
    "+",
)
#: (name, maker) of what is drawn; each maker gives one input.
_Maker = Callable[[Random], Any]


def all_inputs() -> list[Any]:
    """Return every input once: texts and objects of the contract, drawn ones first."""
    random = Random(SEED)
    drawn = [make(random) for make in _MAKERS for _ in range(SIZE)]
    drawn += [f"{gene} {change}" for gene, changes in CHANGES.items() for change in changes]
    drawn += [*MARKERS, *BREAKPOINTS, *_in_the_tables()]
    return list({repr(given): given for given in drawn}.values())


def _in_the_tables() -> list[Any]:
    """Return the spellings of the tables of cases; one that is new there is in no digest yet."""
    found: list[Any] = []
    for path in sorted(CASES.glob("*.yaml")):
        for row in yaml.safe_load(path.read_text("utf-8")):
            finds = row.get("finds")
            texts = finds.values() if isinstance(finds, dict) else [row.get("texts", [])]
            found += [given for some in texts for given in some]
            found += [row["text"]] if "text" in row else []
    is_object = "{gene:"
    parsed = (
        yaml.safe_load(given) if str(given).startswith(is_object) else given for given in found
    )
    return [given for given in parsed if isinstance(given, str | dict)]


def _text(random: Random) -> str:
    gene = random.choice(sorted(GENES))
    name, change = random.choice(GENES[gene]), random.choice(CHANGES[gene])
    joint = (
        ":"
        if name.startswith(("NM_", "NP_", "P1"))
        else random.choice((" ", " ", " ", " ", ": ", "-", "", " - ", "_"))
    )
    whole = (
        f"{name}{joint}{change}"
        if random.random() < 0.85
        else f"{change} {random.choice(('in ', '', 'of '))}{name}"
    )
    return random.choice(RESULTS).format(whole) + random.choice(ASSAYS_IN_TEXT)


def _cased(random: Random) -> str:
    text = _text(random)
    return random.choice((text.upper, text.lower, text.title, text.swapcase))()


def _object(random: Random) -> dict[str, Any]:
    gene = random.choice(sorted(GENES))
    change = random.choice(CHANGES[gene])
    given = {
        "gene": random.choice(GENES[gene]),
        "alteration": random.choice(
            (None, change, change, change, random.choice(RESULTS).format(change))
        ),
        "assay": random.choice(ASSAYS),
        "result": random.choice(RESULT_FIELDS),
    }
    return {key: value for key, value in given.items() if value is not None}


def _fusion(random: Random) -> str:
    pair = [
        random.choice(PARTNERS) + random.choice(EXONS),
        random.choice(FUSED) + random.choice(EXONS),
    ]
    if random.random() < 0.35:
        pair.reverse()
    return random.choice(JOINTS).join(pair) + random.choice(NOUNS)


def _fusion_object(random: Random) -> dict[str, Any]:
    gene, text = random.choice(FUSED), _fusion(random)
    given = {
        "gene": gene,
        "alteration": text,
        "assay": random.choice(ASSAYS),
        "result": random.choice(RESULT_FIELDS),
    }
    return {key: value for key, value in given.items() if value is not None}


def _several(random: Random) -> str:
    gene = random.choice(sorted(GENES))
    first, second = random.choice(CHANGES[gene]), random.choice(CHANGES[gene])
    joiner = random.choice(JOINERS)
    return random.choice(RESULTS).format(f"{random.choice(GENES[gene])} {first}{joiner}{second}")


def _several_genes(random: Random) -> str:
    genes = random.sample(sorted(GENES), random.choice((2, 2, 3)))
    joiner = random.choice(JOINERS)
    if random.random() < 0.4:
        return random.choice(RESULTS).format(joiner.join(genes))
    parts = [f"{gene} {random.choice(CHANGES[gene])}" for gene in genes]
    return joiner.join(random.choice(RESULTS).format(part) for part in parts)


def _marker(random: Random) -> str:
    first = random.choice(MARKERS)
    if random.random() < 0.5:
        return random.choice(RESULTS).format(first)
    return f"{first}{random.choice(JOINERS)}{random.choice(MARKERS)}"


def _bare(random: Random) -> str:
    change = random.choice(CHANGES[random.choice(sorted(GENES))])
    return random.choice(RESULTS).format(change)


_MAKERS: tuple[_Maker, ...] = (
    _text, _text, _text, _cased, _object, _object, _fusion, _fusion, _fusion_object, _several, _several_genes, _marker, _bare,
)  # fmt: skip
