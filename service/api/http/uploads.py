"""Files in a request body: tab-separated tables, alone or as the parts of a form."""

from __future__ import annotations

from collections.abc import Iterable

from flask import request

from service.adapters.files.maf import COLUMNS, read_samples
from service.adapters.files.samples import Samples
from service.api.http.problems import ProblemError
from service.api.state import State
from service.errors import Fault, InputError

#: Registered with IANA; a body of it is the mutation file (MAF).
TABLE = "text/tab-separated-values"
FORM = "multipart/form-data"
#: Each answer of a sample is held in memory until the last one is there.
MAX_SAMPLES = 1000


def uploaded_samples(shared: State) -> Samples:
    """Return the samples of the tables in the request.

    Raises:
        InputError: a part is not known or no UTF-8, a table has faults, there are too many samples.
    """
    files = _form() if request.mimetype == FORM else {"maf": _whole_body()}
    tables: dict[str, Iterable[str]] = {}
    faults = []
    for name, content in files.items():
        if name not in COLUMNS:
            fault = Fault(name[:80], "unknown_field", "there is no such file here", tuple(COLUMNS))
            faults.append(fault)
            continue
        try:
            tables[name] = content.decode("utf-8-sig").splitlines()
        except UnicodeDecodeError as error:
            faults.append(Fault(name, "not_utf8", f"byte {error.start} of the file is no UTF-8"))
    if not faults and not tables:
        faults.append(Fault("maf", "required", "send a file: " + ", ".join(COLUMNS)))
    if faults:
        raise InputError(tuple(faults))
    names = shared.knowledge.reader.names
    samples = read_samples(tables, lambda symbol: names.lookup(symbol) is not None)
    if len(samples) > MAX_SAMPLES:
        message = f"{len(samples)} samples; at most {MAX_SAMPLES} in one request"
        raise InputError((Fault("maf", "out_of_range", message),))
    return samples


def _whole_body() -> bytes:
    body = request.get_data(cache=False)
    limit = request.max_content_length
    if request.content_length is None and limit is not None and len(body) >= limit:
        raise ProblemError("too-large", f"a body holds less than {limit} bytes")  # it was cut there
    return body


def _form() -> dict[str, bytes]:
    texts = {name: value.encode() for name, value in request.form.items()}
    return texts | {name: part.read() for name, part in request.files.items()}
