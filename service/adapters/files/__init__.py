"""Tables and VCF of laboratories and studies to cases. Start with ``maf`` and ``vcf``."""
