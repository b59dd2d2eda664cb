"""Files in a request body: a table or a VCF, alone or as the parts of a form; gzip or plain."""

from __future__ import annotations

from collections.abc import Iterable

from flask import request

from service.adapters.files.packed import PackedRows
from service.adapters.files.samples import Samples
from service.adapters.files.study import COLUMNS, read_study
from service.adapters.files.unpack import read_lines, unpacked
from service.adapters.files.vcf import read_vcf
from service.api.http.problems import ProblemError
from service.api.state import State
from service.errors import Fault, InputError

#: Registered with IANA; a body of it is the mutation file (MAF).
TABLE = "text/tab-separated-values"
#: Not registered with IANA; what htslib and GA4GH htsget say of a VCF.
VCF = "text/vcf"
FORM = "multipart/form-data"
#: Media type -> the file that a body of it is; a form has its files by name.
_BODIES = {TABLE: "maf", VCF: "vcf", "application/vcf": "vcf", "text/x-vcf": "vcf"}
FILE_TYPES = (*_BODIES, FORM)
#: Each answer of a sample is held in memory until the last one is there.
MAX_SAMPLES = 1000


def uploaded_samples(shared: State) -> Samples:
    """Return the samples of the files in the request.

    Raises:
        InputError: a part is not known, no UTF-8 or too large, the header of a file has faults,
            there are too many samples.
    """
    parts = _form() if request.mimetype == FORM else {_BODIES[request.mimetype]: _whole_body()}
    limit = shared.settings.max_batch_bytes
    known = (*COLUMNS, "vcf")
    files: dict[str, Iterable[str]] = {}
    faults: list[Fault] = []
    for name, content in parts.items():
        if name not in known:
            faults.append(Fault(name[:80], "unknown_field", "there is no such file here", known))
            continue
        try:
            files[name] = read_lines(name, content, limit)
        except InputError as error:
            faults.extend(error.faults)
    if not faults and not files:
        faults.append(Fault("maf", "required", "send a file: " + ", ".join(known)))
    if "vcf" in files and len(files) > 1:
        faults.append(Fault("vcf", "invalid_value", "a VCF stands alone"))
    if faults:
        raise InputError(tuple(faults))
    samples = (
        read_vcf(shared.knowledge, files["vcf"])
        if "vcf" in files
        else read_study(shared.knowledge, files, sorter=PackedRows())
    )
    if len(samples) > MAX_SAMPLES:
        message = f"{len(samples)} samples; at most {MAX_SAMPLES} in one request"
        raise InputError((Fault(next(iter(files)), "out_of_range", message),))
    return samples


def sent_parts(limit: int) -> dict[str, bytes]:
    """Return the parts of a report that was sent in any format, unpacked.

    Args:
        limit: bytes that a part may have, also once it is unpacked.

    Raises:
        InputError: a part is broken gzip or too large, or there is none.
    """
    parts = _form() if request.mimetype == FORM else {"report": _whole_body()}
    if not parts:
        raise InputError((Fault("", "required", "send a report"),))
    return {name: unpacked(name, content, limit) for name, content in parts.items()}


def _whole_body() -> bytes:
    body = request.get_data(cache=False)
    limit = request.max_content_length
    if request.content_length is None and limit is not None and len(body) >= limit:
        raise ProblemError("too-large", f"a body holds less than {limit} bytes")  # it was cut there
    return body


def _form() -> dict[str, bytes]:
    texts = {name: value.encode() for name, value in request.form.items()}
    return texts | {name: part.read() for name, part in request.files.items()}
