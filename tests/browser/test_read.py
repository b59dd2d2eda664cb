"""A report in a browser: pasted, confirmed line by line, answered; without scripts too."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from playwright.sync_api import Page, expect

REPORT = "Diagnosis: lung adenocarcinoma\nEGFR p.L858R\nEGFR frobnicated\n"


def test_a_pasted_report_is_confirmed_and_corrected_before_it_is_answered(page: Page) -> None:
    page.goto("/read")
    page.get_by_label("Report", exact=True).fill(REPORT)
    page.get_by_role("button", name="Read", exact=True).click()
    expect(page.locator("h1")).to_have_text("What became of each line")
    expect(page.get_by_role("alert")).to_contain_text("Not complete.")
    expect(page.get_by_label("Tumour type", exact=True)).to_have_value("lung adenocarcinoma")
    page.get_by_label("Asked for line 3").fill("EGFR T790M")
    page.get_by_role("button", name="Match what is confirmed").click()
    expect(page.locator("h1")).to_have_text("EGFR L858R, EGFR T790M in Lung Adenocarcinoma")
    assert sorted(parse_qsl(urlsplit(page.url).query)) == [
        ("biomarker", "EGFR L858R"),
        ("biomarker", "EGFR T790M"),
        ("tumor_type", "lung adenocarcinoma"),
    ]
