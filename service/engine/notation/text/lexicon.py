"""The words of a text: those that readers understand, those that turn a result, the harmless ones.

The law of reading: a word that stands in neither table, is no gene and no code, was consumed by
nobody, and the text is refused with it. ``conservation`` holds every reading against these tables;
the harmless words are listed in ``docs/reading.md`` too, and a test compares them.
"""

from __future__ import annotations

#: Words without meaning for the result: how, where and by whom it was tested, and grammar.
HARMLESS = frozenset(
    """
    a an the of in on at by via per for from with using and or but to as is are was were be been has have had this
    that these which there its it we patient patients sample specimen tissue tumor tumour tumors tumours plasma
    blood serum biopsy cytology material primary metastasis breast lung colon cell cells nuclei line block ffpe test
    tests tested testing assay kit panel analysis method report reported result results status finding findings
    sequencing next generation ngs wes wgs pcr sanger pyrosequencing genotyping molecular genomic targeted liquid
    ctdna cfdna cdna dna rna rnaseq array microarray nanostring cobas therascreen idylla oncomine foundation one
    foundationone guardant archer ampliseq msk focus comprehensive vysis ventana dako leica pathway pharmdx cdx dx
    clone kinase probe version gene genes protein transcript reference nm np amino acid nucleotide genome human hgvs
    vaf maf af allele allelic fraction frequency reads supporting unique depth coverage mutant known confirmed
    previously clonal subclonal clinically clinical relevant significant reportable interpretation time called named
    type types level class
    """.split()
)  # fmt: skip

#: Words that say that something is not there.
NEGATION = frozenset(
    """
    no not non none nor neither without negative neg absent absence undetected undetectable lack lacks lacking wild
    wildtype wt unmutated excluded except excluding unamplified nonamplified unexpressed ruled free never
    """.split()
)  # fmt: skip
#: Words that deny in other languages, for lines whose phrase the table of languages does not know.
FOREIGN_NEGATION = frozenset(
    """
    nicht kein keine keinen keiner keinerlei ohne pas sans aucun aucune sin ningun ninguna senza nessun nessuna
    """.split()
)  # fmt: skip
#: Words that say that it is not sure, or not known yet.
DOUBT = frozenset(
    """
    possible possibly probable probably suspected suspicious suspicion questionable presumed presumptive presumably
    putative equivocal indeterminate inconclusive undetermined borderline uninterpretable unknown pending awaited
    awaiting outstanding failed failure insufficient invalid qns untested cannot maybe perhaps consider
    """.split()
)  # fmt: skip
#: Words of a laboratory that a variant does not matter, or that nobody knows.
INSIGNIFICANT = frozenset({"vus", "benign", "polymorphism", "uncertain"})
#: Words of a variant that the patient was born with.
INHERITED = frozenset({"germline", "constitutional", "inherited", "hereditary"})

#: Words that some reader takes for what they say.
UNDERSTOOD = frozenset(
    """
    deep loh homdel biallelic shallow hemizygous heterozygosity preserved ps least above higher greater stronger viable muts
    aa aberration aberrations abnormality abnormalities acquired actionable activating all allred alteration alterations amp amplification
    amplified any apart assessable assessed atypical available average barely break breakpoint breakpoints cancer
    canonical cellularity cen cep change changes chr chrom chromosome chromogenic cis cish classic classical cn cnv
    code codon codons combined common complete complex concomitant conclusive content copies copy cps cutoff
    cytoplasmic dd ddish deficiency deficient del dele deleted deletion deletions delins detectable detected
    determined diffuse diffusely disease dish dmmr domain done driver drivers dual dup duplicated duplication
    duplications either error evaluable evaluated evidence ex examined exon exons expressed expressing expression
    ext extended extension factor faint fish fluorescence fluorescent focal follow found fr frame frameshift
    frameshifts fs function fused fusion fusions gain gatekeeper group growth harbor harbors harbour harbours
    heterozygous high homozygous hormone hotspot hscore hybridisation hybridization ic identified ihc ii iii
    immunohistochemical immunohistochemistry immunostain immunostaining incomplete increase increased indel indels
    informative inframe ins insertion insertions instability intact intense internal tandem length allelic intensity interpretable intragenic
    intron inv inverse inversion ish iv kdd loss lost low lymphocytes marker markers mb mean medium membrane
    membranous met microsatellite mild mismatch missense mmr moderate most ms msi msil mss mut mutated mutation
    mutational mutations neu new nonsense normal nos novel null number numbers observed old oncogene oncogenic other
    otherwise over overexpressed overexpressing overexpression pan partial partner pathogenic percent perceptible
    performed pmmr point points polysomy pos positive positivity possible present presence proficient progress
    promoter proportion pten ptd itd quality quantity range rare ras ratio real rearranged rearrangement
    rearrangements receptor recurrent repair requested received residue residues retained rt run score scored
    secondary seen segment sensitising sensitizing sensitive sensitivity sequence several show showed shows signal
    signals significance silver single site situ skipping snv snvs sole could analysed analyzed analysable
    analyzable some somatic specific specified splice split stable stain staining stains start stop strong strongly
    structural sub substitution substitutions successful sufficient synonymous tap targetable tc terminal than then
    tier tk tkd tki tnbc total tps transcripts translocated translocation triple truncating two tyrosine ultra
    ultralow uncommon unspecified unstable unsuccessful using value variant variants ve viii weak weakly what whole
    within x yes yet zero zygosity sensitisation immune tumoral infiltrating pdl pd er pr pgr her hr erbb ec
    estrogen oestrogen progesterone epidermal satellite ki hg grch build assembly likely undetermined detectably
    isoform mutant mutants minor major g c p m n r v e t u i ia ib iia iib va exonic alt ref pair nuclear leader
    stage vii vi less fewer lower
    """.split()
)  # fmt: skip
