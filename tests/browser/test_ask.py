"""Asking in a browser: suggestions, chips, faults, by keyboard alone and without scripts."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from playwright.sync_api import Page, expect

from tests.browser.keys import focused, follow, tab_to


def question(page: Page) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(page.url).query)


def test_a_question_is_asked_by_keyboard_alone(page: Page) -> None:
    page.goto("/")
    tab_to(page, "Tumour type")
    page.keyboard.type("lung adeno")
    expect(page.get_by_role("option").first).to_contain_text("Lung Adenocarcinoma")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(page.get_by_label("Tumour type", exact=True)).to_have_value("Lung Adenocarcinoma")
    page.keyboard.press("Tab")
    assert focused(page) == "Biomarkers"
    for text in ("EGFR p.Leu858Arg", "KRAS wild type"):
        page.keyboard.type(text)
        page.keyboard.press("Enter")
    chips = page.locator("li.chip")
    expect(chips).to_have_count(2)
    expect(chips.first).to_contain_text("EGFR activating mutation")
    expect(page.locator(".sr[role=status]")).to_contain_text("KRAS mutation not detected")
    follow(page, "Match")
    assert question(page) == [
        ("tumor_type", "Lung Adenocarcinoma"),
        ("biomarker", "EGFR p.Leu858Arg"),
        ("biomarker", "KRAS wild type"),
    ]
    expect(page.locator("h1")).to_have_text(
        "EGFR L858R, KRAS mutation not detected in Lung Adenocarcinoma"
    )


def test_what_stands_in_the_field_belongs_to_the_question(page: Page) -> None:
    page.goto("/")
    page.get_by_label("Tumour type", exact=True).fill("LUAD")
    page.get_by_label("Biomarkers", exact=True).fill("EGFR L858R")
    with page.expect_navigation():
        page.get_by_role("button", name="Match").click()
    assert question(page) == [("tumor_type", "LUAD"), ("biomarker", "EGFR L858R")]


def test_a_misspelt_gene_is_mended_by_keyboard(page: Page) -> None:
    page.goto("/")
    tab_to(page, "Biomarkers")
    page.keyboard.type("EFGR L858R")
    page.keyboard.press("Enter")
    expect(page.locator("li.chip")).to_contain_text("Not understood: no known gene in 'EFGR L858R'")
    tab_to(page, "EGFR L858R")
    page.keyboard.press("Enter")
    expect(page.locator("li.chip")).to_contain_text("sequence variant, detected, oncogenic")
    assert focused(page) == "Biomarkers"
    tab_to(page, "✕Remove EGFR L858R")
    page.keyboard.press("Enter")
    expect(page.locator("li.chip")).to_have_count(0)
    assert focused(page) == "Biomarkers"


def test_several_lines_become_several_chips(page: Page) -> None:
    page.goto("/")
    field = page.get_by_label("Biomarkers", exact=True)
    field.focus()
    page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.setData('text', 'EGFR L858R\\nALK negative\\n\\nKRAS wild type');
          document.activeElement.dispatchEvent(
            new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}));
        }"""
    )
    expect(page.locator("li.chip")).to_have_count(3)


def test_an_unknown_tumour_type_is_said_beside_its_field(page: Page) -> None:
    page.goto("/")
    page.get_by_label("Tumour type", exact=True).fill("colon cance")
    page.get_by_label("Biomarkers", exact=True).fill("BRAF V600E")
    with page.expect_navigation():
        page.get_by_role("button", name="Match").click()
    field = page.get_by_label("Tumour type", exact=True)
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#fault-tumor_type-1")).to_contain_text("no known tumour type")
    follow(page, "colon cancer")
    expect(page.locator("h1")).to_have_text("BRAF V600E in Colon Adenocarcinoma")


def test_what_is_typed_is_never_run(page: Page) -> None:
    page.goto("/")
    page.get_by_label("Biomarkers", exact=True).fill(
        '<img src=x onerror="window.ran=1"><script>window.ran=1</script>'
    )
    page.keyboard.press("Enter")
    expect(page.locator("li.chip")).to_contain_text("<img src=x")
    assert page.evaluate("window.ran") is None
    assert page.locator("li.chip img").count() == 0


def test_asking_and_answering_need_no_script(plain_page: Page) -> None:
    page = plain_page
    page.goto("/")
    page.get_by_label("Tumour type", exact=True).fill("LUAD")
    page.get_by_label("Biomarkers").fill("EGFR L858R\nKRAS wild type")
    page.get_by_text("Patient, regulators, day").click()
    page.get_by_label("Disease stage").select_option("metastatic")
    page.get_by_label("Line of therapy").fill("1")
    page.get_by_role("button", name="Match").click()
    expect(page.locator("h1")).to_contain_text("EGFR L858R")
    assert question(page) == [
        ("tumor_type", "LUAD"),
        ("biomarker", "EGFR L858R"),
        ("biomarker", "KRAS wild type"),
        ("disease_stage", "metastatic"),
        ("line_of_therapy", "1"),
    ]
    first = page.locator("article.row").first
    expect(first.locator(".regimen")).to_have_text("Amivantamab + lazertinib")
    first.get_by_text("with sources").click()
    expect(first.get_by_text("Sources", exact=True).first).to_be_visible()
    page.get_by_text("each with the rule that dropped it").click()
    expect(page.get_by_role("region", name="Statements not offered")).to_be_visible()
