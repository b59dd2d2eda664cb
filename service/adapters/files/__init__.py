"""Tables and VCF of laboratories to samples of items. Start with ``study`` and ``vcf``."""
