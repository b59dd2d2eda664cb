"""Run the notebook of the class; ``python -m tests.docs.notebook`` writes what it prints anew."""

from __future__ import annotations

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

from tests.docs.console import ROOT

NOTEBOOK = ROOT / "docs/class/one-hour.ipynb"
_SECONDS = 120


def read_notebook() -> NotebookNode:
    """Return the notebook as it is committed."""
    return nbformat.read(NOTEBOOK, as_version=4)


def run(notebook: NotebookNode) -> NotebookNode:
    """Run every cell and return the notebook as it is to be committed.

    Raises:
        CellExecutionError: a cell failed; what it printed stands in the message.
    """
    place = {"metadata": {"path": str(NOTEBOOK.parent)}}
    NotebookClient(
        notebook, timeout=_SECONDS, kernel_name="python3", resources=place, record_timing=False
    ).execute()
    for cell in notebook.cells:
        cell.metadata = {}
        if cell.cell_type == "code":
            cell.execution_count = None
    return notebook


def printed(notebook: NotebookNode) -> list[str]:
    """Return what each code cell prints.

    Raises:
        ValueError: a cell shows something else than printed text.
    """
    texts = []
    for cell in notebook.cells:
        if cell.cell_type == "code":
            kinds = {(output.output_type, output.get("name")) for output in cell.outputs}
            if kinds - {("stream", "stdout")}:
                raise ValueError(f"a cell shows more than text: {cell.source}")
            texts.append("".join(output.text for output in cell.outputs))
    return texts


def main() -> None:
    """Run the notebook and write it, with what it prints now."""
    ran = run(read_notebook())
    ran.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    printed(ran)
    Path(NOTEBOOK).write_text(nbformat.writes(ran) + "\n", "utf-8")
    sys.stdout.write(f"written: {NOTEBOOK.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()
