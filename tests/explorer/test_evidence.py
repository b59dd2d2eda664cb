"""The evidence of a regimen: each published number is drawn where it belongs and said beside."""

from __future__ import annotations

import math
import re

import pytest
from flask.testing import FlaskClient

from service.explorer.browse.kinds import evidence_href
from service.explorer.case.evidence import ENDPOINTS, plots_of
from service.explorer.plots import ratio_scale
from service.knowledge.store import KnowledgeBase
from tests.explorer.documents import Document, read


def of(client: FlaskClient, regimen: str) -> Document:
    return read(client, evidence_href(regimen))


def test_every_endpoint_of_the_knowledge_base_has_its_words(kb: KnowledgeBase) -> None:
    used = {
        row["endpoint"] for study in kb.records["studies"].values() for row in study["endpoints"]
    }
    assert used <= set(ENDPOINTS)


def test_every_number_of_every_study_is_in_a_plot(kb: KnowledgeBase) -> None:
    """A unit that no plot takes would drop numbers silently."""
    for study in kb.records["studies"].values():
        given = [row for row in study["endpoints"] if row["value"] is not None]
        shown = [number for plot in plots_of([study]) for number in plot.numbers]
        assert len(shown) == len(given), study["id"]


@pytest.mark.parametrize("regimen", ["osimertinib", "dabrafenib+trametinib", "trastuzumab"])
def test_the_page_says_what_it_draws(client: FlaskClient, kb: KnowledgeBase, regimen: str) -> None:
    document = of(client, regimen)
    marks = document.all("svg", role="img")
    assert marks
    for mark in marks:
        label = mark.attributes["aria-label"]
        value = re.search(r"\d[\d.]*(%| months| weeks)?( \(.*\))?$", label)
        assert value is not None, label
        assert value.group() in document.text


def test_a_hazard_ratio_stands_where_its_logarithm_says(client: FlaskClient) -> None:
    """FLAURA: HR 0.46 (0.37 to 0.57), read back from the drawing."""
    html = client.get("/evidence/osimertinib").text
    row = next(r for r in html.split("<tr>") if "0.46 (0.37 to 0.57)" in r)
    at = float(re.search(r'class="point" cx="([\d.]+)%"', row).group(1))  # type: ignore[union-attr]
    low, high = (
        float(x)
        for x in re.search(r'class="whisker" x1="([\d.]+)%" x2="([\d.]+)%" y1="50%"', row).groups()
    )  # type: ignore[union-attr]
    even = float(re.search(r'class="even" x1="([\d.]+)%"', row).group(1))  # type: ignore[union-attr]
    assert low < at < high < even
    scale = ratio_scale([0.15, 0.57])
    width = (scale.place(1.0) - scale.place(0.5)) / math.log(2)
    assert even - at == pytest.approx(-math.log(0.46) * width, abs=0.05)
    assert even - low == pytest.approx(-math.log(0.37) * width, abs=0.05)


def test_a_ratio_says_which_arms_are_compared_and_guesses_none(kb: KnowledgeBase) -> None:
    """With two arms they are named; of three, only where the record says which."""
    about = {
        (study, number.about)
        for study in ("flaura", "codebreak-300", "bcirg-006")
        for plot in plots_of([kb.records["studies"][study]])
        if plot.id == "ratios"
        for number in plot.numbers
    }
    assert about == {
        ("flaura", "osimertinib against gefitinib or erlotinib"),
        ("codebreak-300", "sotorasib 960 mg + panitumumab against standard care"),
        ("bcirg-006", "AC-TH against AC-T"),
        ("bcirg-006", "TCH against AC-T"),
    }


def test_studies_are_registered_published_and_say_what_they_stand_behind(
    client: FlaskClient,
) -> None:
    document = of(client, "osimertinib")
    assert "https://clinicaltrials.gov/study/NCT02296125" in document.links
    assert "https://pubmed.ncbi.nlm.nih.gov/29151359/" in document.links
    assert "A0002 FDA label" in document.text
    assert "A0053 resistance, " in document.text


def test_a_device_comes_with_specimen_technology_and_typical_days(client: FlaskClient) -> None:
    document = of(client, "osimertinib")
    rows = {row.text: row for row in document.all("tr") if "cobas EGFR" in row.text}
    assert len(rows) == 2
    for specimen, (_, row) in zip(("plasma", "tissue"), sorted(rows.items()), strict=True):
        cells = document.texts_in(row, "td")
        assert "EGFR T790M" in cells[0]
        assert cells[1:] == [specimen, "PCR", "Real-time PCR for known variants: 2 to 3 days"]
    assert "Days are typical" in document.text


def test_a_claim_says_in_which_tumour_since_when_it_is_approved(
    client: FlaskClient, kb: KnowledgeBase
) -> None:
    dated = [
        (device["id"], claim)
        for device in kb.records["diagnostics"].values()
        for claim in device["claims"]
        if claim["approved_on"] and claim["drug"] == "vemurafenib"
    ]
    text = of(client, "vemurafenib").text
    assert dated
    for _, claim in dated:
        names = [kb.records["tumor_types"][code]["name"] for code in claim["tumor_types"]]
        said = f"in {', '.join(names)} since {claim['approved_on']}"
        assert f"{claim['biomarker']} {said}" in text


def test_every_regimen_has_its_page(client: FlaskClient, kb: KnowledgeBase) -> None:
    for id_, regimen in kb.catalogue.records("regimens").items():
        assert regimen["name"] in of(client, id_).text


def test_a_regimen_without_a_study_says_so(client: FlaskClient, kb: KnowledgeBase) -> None:
    bare = [
        id_
        for id_, regimen in kb.catalogue.records("regimens").items()
        if not any(kb.records["assertions"][a]["evidence"] for a in regimen["assertions"])
    ]
    assert bare
    assert "No study is curated for this regimen" in of(client, bare[0]).text


def test_an_unknown_regimen_is_not_found(client: FlaskClient) -> None:
    assert client.get("/evidence/nosuchdrug").status_code == 404
