"""``/read``: a whole report pasted or chosen as a file, and what became of each line of it.

A person confirms or corrects each line before anything is answered: what was found fills the fields
of a question, what was lifted out (tumour type, stage, age) is a suggestion in a field of its own.
Nothing is stored; the report is in no address.
"""

from __future__ import annotations

from typing import Any

from flask import Response, request

from service.adapters.files.unpack import unpacked
from service.adapters.intake.documents import Document, Sent
from service.adapters.intake.formats import find_format
from service.adapters.intake.outline import notices_in, suggested_of
from service.adapters.v1.json_text import JsonError
from service.adapters.v1.query import write_patient
from service.engine.reading import Item, is_complete
from service.errors import Fault, InputError
from service.explorer.frame import blueprint, explorer, page

Json = dict[str, Any]
#: Lines that are shown; a report of more is for the API.
_MOST_LINES = 500


@blueprint.get("/read")
def read_form() -> Response:
    """Show the box for a report."""
    return page("read.html", here="read_form", title="Read a report")


@blueprint.post("/read")
def read_report() -> Response:
    """Read the report of the form, and show what became of it."""
    pasted = request.form.get("report", "")
    try:
        name, document = _read(pasted)
    except InputError as error:
        return page(
            "read.html", status=422, here="read_form", title="Not read", pasted=pasted,
            faults=error.faults,
        )  # fmt: skip
    suggested = suggested_of(document)
    tumor = suggested["tumor_type"]
    return page(
        "read.html",
        here="read_form",
        title="What became of each line",
        pasted=pasted,
        format=name,
        counts=document.counts(),
        complete=is_complete(document.items),
        lines=[_line(item) for item in document.items[:_MOST_LINES]],
        cut=max(len(document.items) - _MOST_LINES, 0),
        cases=len(document.cases),
        tumor_type=tumor if isinstance(tumor, str) else "",
        tumor_code=tumor if isinstance(tumor, dict) else None,
        facts=list(write_patient(suggested["patient"])),
        suggested=suggested,
        notices=notices_in(document),
    )


def _read(pasted: str) -> tuple[str, Document]:
    """Read what the form holds: the file when one was chosen, else what was pasted.

    Raises:
        InputError: there is neither, or its container is broken.
    """
    shared = explorer()
    file = request.files.get("file")
    chosen = file.read() if file is not None and file.filename else b""
    content = unpacked("file", chosen, _limit()) if chosen else pasted.encode()
    if not content.strip():
        raise InputError((Fault("", "empty", "paste a report, or choose a file"),))
    found = find_format("", content)
    if found is None:
        raise InputError((Fault("", "unreadable", "this is of no format that is read here"),))
    try:
        sent = Sent({"report": content}, _limit(), shared.today())
        return found.name, found.read(shared.knowledge, sent)
    except JsonError as error:
        raise InputError((Fault("", "unreadable", str(error)),)) from error


def _limit() -> int:
    return request.max_content_length or 1_000_000


def _line(item: Item) -> Json:
    """Return one line of the table, with the texts that stand in its fields.

    A finding is asked by the name that is given out for it; what was not understood has an empty
    field, in which a person writes what it means.
    """
    is_open = item.is_not_understood and item.may_matter
    return {
        "place": item.place,
        "text": item.text,
        "fate": item.fate,
        "reason": item.reason,
        "message": item.message,
        "suggestions": item.suggestions,
        "names": [finding.name for finding in item.findings],
        "fields": [f.name for f in item.findings] if item.fate == "finding" else [""] * is_open,
    }
