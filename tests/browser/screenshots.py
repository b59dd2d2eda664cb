"""The pictures of the documentation: ``python -m tests.browser.screenshots`` takes them anew.

They are of the knowledge base of the checkout, on a fixed day, in ``docs/images``.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.rig import VIEWPORTS, launch, opened, serving
from tests.cases import load_kb

IMAGES = Path(__file__).parents[2] / "docs/images"
MOST_BYTES = 150_000
DAY = "as_of=2026-11-22"
CASE = f"tumor_type=COADREAD&biomarker=BRAF+V600E&{DAY}"
_SCROLL = "element => element.scrollIntoView({behavior: 'instant'})"


@dataclass(frozen=True)
class Picture:
    """A page as a picture.

    Args:
        address: with the day of the pictures where the page shows one.
        scroll_to: selector of what stands at the top of the window.
    """

    name: str
    address: str
    window: str = "desktop"
    scheme: str = "light"
    scroll_to: str | None = None


PICTURES = (
    Picture("ask", f"/?tumor_type=LUAD&biomarker=EGFR+p.Leu858Arg&biomarker=KRAS+wild+type&{DAY}"),
    Picture("answer", f"/answer?{CASE}"),
    Picture("answer-dark", f"/answer?{CASE}", scheme="dark", scroll_to="#therapies"),
    Picture("answer-phone", f"/answer?{CASE}", window="phone"),
    Picture("why", f"/why/A0310?{CASE}"),
    Picture("what-if", f"/what-if?{CASE}&change=biomarker&to=KRAS+G12D"),
    Picture(
        "timeline",
        f"/timeline?tumor_type=LUAD&biomarker=EGFR+exon+20+insertion&{DAY}",
        scroll_to="#drawn",
    ),
    Picture("test-plan", f"/test-plan?tumor_type=LUAD&biomarker=KRAS+G12C&{DAY}"),
    Picture("evidence", "/evidence/osimertinib", scroll_to="#plot-ratios"),
    Picture("record", "/browse/assertions/A0002"),
    Picture("learn", "/learn"),
    Picture("lesson", "/learn/a-tumour-agnostic-label/2"),
    Picture(
        "exercise",
        "/learn/exercises/braf-v600e-colon?mark=yes"
        "&regimen=cetuximab%2Bencorafenib&regimen=dabrafenib%2Btrametinib",
        scroll_to="#marked",
    ),
)


def take(folder: Path) -> list[Path]:
    """Take every picture into a folder; return the files."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    with serving(load_kb().path) as origin, sync_playwright() as playwright:
        browser = launch(playwright)
        for picture in PICTURES:
            window = {"viewport": VIEWPORTS[picture.window], "color_scheme": picture.scheme}
            with opened(browser, origin, **window) as made:
                made.page.goto(picture.address, wait_until="networkidle")
                if picture.scroll_to:
                    made.page.locator(picture.scroll_to).evaluate(_SCROLL)
                files.append(folder / f"{picture.name}.png")
                made.page.screenshot(path=files[-1])
        browser.close()
    return files


if __name__ == "__main__":
    too_large = [path for path in take(IMAGES) if path.stat().st_size > MOST_BYTES]
    sys.exit(f"larger than {MOST_BYTES} bytes: {too_large}" if too_large else 0)
