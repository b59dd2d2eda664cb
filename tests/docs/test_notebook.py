"""The notebook of the class runs, prints what it is committed with, and can fail."""

from __future__ import annotations

import re
from copy import deepcopy

import pytest
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode

from tests.docs.console import ROOT
from tests.docs.notebook import NOTEBOOK, printed, read_notebook, run
from tests.docs.pages import anchors

# The kernel's own libraries warn about themselves.
pytestmark = [pytest.mark.filterwarnings("default"), pytest.mark.usefixtures("served")]


@pytest.fixture(scope="module")
def notebook() -> NotebookNode:
    return read_notebook()


def test_it_prints_what_it_is_committed_with(notebook: NotebookNode) -> None:
    assert printed(run(deepcopy(notebook))) == printed(notebook)


def test_a_wrong_claim_stops_it(notebook: NotebookNode) -> None:
    first = next(
        i for i, cell in enumerate(notebook.cells) if 'assert "osimertinib" in' in cell.source
    )
    wrong = deepcopy(notebook)
    wrong.cells = wrong.cells[: first + 1]
    wrong.cells[first].source = wrong.cells[first].source.replace(
        'assert "osimertinib"', 'assert "x"'
    )
    with pytest.raises(CellExecutionError):
        run(wrong)


def test_it_is_committed_without_what_changes_by_itself(notebook: NotebookNode) -> None:
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert {cell.execution_count for cell in code} == {None}
    assert [cell.metadata for cell in notebook.cells if cell.metadata] == []


def test_every_exercise_is_checked_and_its_truth_asserted(notebook: NotebookNode) -> None:
    cells = notebook.cells
    exercises = [i for i, cell in enumerate(cells) if cell.source.startswith("**Exercise.**")]
    assert len(exercises) >= 6
    for at in exercises:
        assert cells[at + 1].source.startswith("my_answer = None")
        assert "check(my_answer, truth)" in cells[at + 2].source
        assert "assert truth" in cells[at + 2].source


def test_every_case_that_is_printed_is_asserted(notebook: NotebookNode) -> None:
    for cell in notebook.cells:
        if cell.cell_type == "code" and "print(" in cell.source and "def check" not in cell.source:
            assert "assert " in cell.source, cell.source


def test_its_links_lead_somewhere(notebook: NotebookNode) -> None:
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    links = [link for link in re.findall(r"\]\(([^)]+)\)", text) if "://" not in link]
    assert links
    for link in links:
        to, _, anchor = link.partition("#")
        page = (NOTEBOOK.parent / to).resolve()
        assert page.is_relative_to(ROOT)
        assert page.exists(), link
        assert not anchor or anchor in anchors(page), link
