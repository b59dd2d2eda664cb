#!/usr/bin/env bash
# Software: hl7 0.4.5 (python-hl7) and hl7apy 1.3.5 on one valid ORU^R01 v2.5.1 whose MSH-18 says UNICODE UTF-8 and
# whose OBX-5 (FT) uses escapes of chapter 2.7: \.br\ (new line), \H\ \N\ (highlighting), \Xdd..\ (bytes).
# A good guess: reading a message and writing it again, untouched, gives the same field; unescaping
# highlighted text gives the text; bytes are in the character set that MSH-18 names.
# What happens: hl7apy writes "\.br\" back as "\E\.br\E\", which the next reader takes for the visible
# text "\.br\": a relay that only passes a report on joins its lines ("EGFR" and "L858R" are one word
# for whoever drops the sign), while \T\ comes back as it was. hl7 turns \H\L858R\N\ into "_L858R_", so that
# a bold variant is no variant, and reads \XC3B6\ (o umlaut in UTF-8) as two Latin-1 letters.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --disable-pip-version-check -q install hl7==0.4.5 hl7apy==1.3.5
cd "$folder"
"$folder/venv/bin/python" - <<'PY'
from importlib.metadata import version

import hl7
from hl7apy.parser import parse_message

print({name: version(name) for name in ("hl7", "hl7apy")})
HEAD = "MSH|^~\\&|LAB|A|EHR|B|20261101||ORU^R01^ORU_R01|1|P|2.5.1||||||UNICODE UTF-8\r"
BODY = "PID|1||7\rOBR|1||1|55233-1^Genetic analysis^LN\rOBX|1|FT|51969-4^Report^LN||{}||||||F\r"


def written_again(value: str) -> str:
    out = parse_message(HEAD + BODY.format(value), find_groups=True).to_er7()
    line = next(line for line in out.split("\r") if line.startswith("OBX"))
    return line.split("|")[5]


def unescaped(value: str) -> str:
    message = hl7.parse(HEAD + BODY.format(value))
    return message.unescape(str(message.segment("OBX")[5]))


for value in (r"EGFR\.br\L858R", r"\T\ ", r"\H\L858R\N\ found", r"gel\XC3B6\scht"):
    print(f"{value!r}: hl7apy writes {written_again(value)!r}, hl7 reads {unescaped(value)!r}")
changed = written_again(r"EGFR\.br\L858R") == r"EGFR\E\.br\E\L858R" and written_again(r"\T\ ") == r"\T\ "
assert changed, "the behaviour of hl7apy has changed"
read = unescaped(r"\H\L858R\N\ found"), unescaped(r"gel\XC3B6\scht")
assert read == ("_L858R_ found", "gel\u00c3\u00b6scht"), "the behaviour of hl7 has changed"
PY
