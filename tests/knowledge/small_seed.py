"""A small seed data folder written by hand: clean as it stands, broken by a test in one place."""

from __future__ import annotations

from pathlib import Path

FILES: dict[str, str] = {
    "VERSION": "2020.1.0\n",
    "vocabulary/genes.yaml": """\
- symbol: EGFR
  hgnc: HGNC:3236
  exons:
    21: [824, 875]
""",
    "vocabulary/variants.yaml": """\
- gene: EGFR
  variant: L858R
  oncogenicity: oncogenic
  sources: [label-one]
""",
    "vocabulary/biomarker_classes.yaml": """\
- name: EGFR L858R
  gene: EGFR
  rule:
    variants: [L858R]
- name: EGFR exon 21 mutation
  gene: EGFR
  rule:
    exons: [21]
""",
    "vocabulary/status_tables.yaml": """\
- id: egfr-table
  gene: EGFR
  applies_to: [TISSUE]
  source: label-one
  rows: []
""",
    "vocabulary/tumor_types.yaml": """\
- {code: LUNG, name: Lung, parent: TISSUE}
- {code: NSCLC, name: Non-Small Cell Lung Cancer, parent: LUNG}
""",
    "vocabulary/tumor_groups.yaml": """\
- {code: TISSUE, name: Any Cancer}
- {code: SOLID, name: Any Solid Tumor, parent: TISSUE, members: [LUNG]}
- {code: BLOOD, name: Any Blood Cancer, parent: TISSUE}
""",
    "vocabulary/tumor_synonyms.yaml": "- {term: lung cancer, code: LUNG}\n",
    "vocabulary/tumor_codes.yaml": """\
- {system: icd-10, code: C34, candidates: [LUNG], source: icd-10-who}
""",
    "vocabulary/tumor_words.yaml": '- {word: "left", role: side, language: "en"}\n',
    "vocabulary/tumor_ambiguous.yaml": "- {term: nsclc, candidates: [NSCLC, LUNG]}\n",
    "vocabulary/drugs.yaml": """\
- {name: alphanib, kind: drug, groups: [kinase inhibitor]}
- {name: kinase inhibitor, kind: group}
""",
    "vocabulary/studies.yaml": "- {id: study-one, name: STUDY ONE, design: A trial of hearts}\n",
    "vocabulary/sources.yaml": """\
- id: label-one
  kind: label
  title: The label
  url: https://example.org/label
  verification: opened
""",
    "vocabulary/diagnostics.yaml": """\
- id: test-one
  name: The Test
  jurisdiction: US
  claims:
  - {drug: alphanib, biomarker: EGFR L858R, tumor_types: [NSCLC]}
  source: label-one
""",
    "vocabulary/conditions.yaml": "- {name: fit, description: The patient is fit.}\n",
    "vocabulary/assay_methods.yaml": "[]\n",
    "vocabulary/escat.yaml": "[]\n",
    "watch.yaml": "[]\n",
    "vocabulary/families.yaml": "- {id: protein, name: stain of any protein}\n",
    "vocabulary/marker_tests.yaml": "[]\n",
    "vocabulary/phrases.yaml": "[]\n",
    "vocabulary/gene_groups.yaml": "[]\n",
    "vocabulary/coding_sequences.yaml": "[]\n",
    "vocabulary/fusion_partners.yaml": "[]\n",
    "vocabulary/karyotypes.yaml": "[]\n",
    "vocabulary/panel_genes.yaml": "[]\n",
    "lessons/01-the-only-one.yaml": """\
title: The only one
question: What does one mutation open?
minutes: 3
learn: [to read a row]
steps:
- title: Begin
  text: A step of words only, long enough to be one.
- title: Ask
  text: A step that shows a case and asks about it.
  case: {tumor_type: NSCLC, biomarkers: [EGFR L858R], as_of: 2015-01-01}
  ask: Is alphanib on label?
  claims:
  - says: Alphanib is on label.
    expect:
      therapies: [{regimen: [alphanib], assertion: A0001, applicability: on_label}]
  look_at: [A0001]
""",
    "exercises.yaml": """\
- id: exercise-one
  title: One mutation
  case: {tumor_type: NSCLC, biomarkers: [EGFR L858R], as_of: 2015-01-01}
""",
    "assertions/EGFR/A0001-alphanib.yaml": """\
id: A0001
regimen: [alphanib]
effect: sensitivity
jurisdiction: US
authority: FDA
statement: Alphanib treats lung cancer with EGFR L858R.
criteria:
  all:
  - {tumor_type: NSCLC}
  - {biomarker: EGFR L858R}
  - {prior_therapy: kinase inhibitor}
  - {condition: fit}
events:
- {date: 2010-01-01, type: accelerated, source: label-one}
- {date: 2012-01-01, type: converted, source: label-one}
evidence:
- {study: study-one}
sources:
- {id: label-one, where: section 1}
reviewed_on: 2019-01-01
""",
}
ASSERTION = "assertions/EGFR/A0001-alphanib.yaml"


def write_seed(folder: Path, changes: dict[str, str] | None = None) -> Path:
    """Write the small seed data with some files replaced or added; returns the folder."""
    for name, text in {**FILES, **(changes or {})}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def changed(file: str, old: str, new: str) -> dict[str, str]:
    """Return one file with a part replaced, which must stand in it exactly once."""
    assert FILES[file].count(old) == 1, (file, old)
    return {file: FILES[file].replace(old, new)}
