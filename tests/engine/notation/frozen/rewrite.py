"""Enter a deliberate change of what is understood: ``python -m tests.engine.notation.frozen.rewrite "why"``.

It shows every input that is understood otherwise than before; look at them, then let it write. Without
a reason it only shows.
"""

from __future__ import annotations

import sys
from typing import Any

import yaml

from service.app import create_app
from service.config import Settings
from tests.cases import TODAY, load_kb
from tests.engine.notation.frozen.inputs import all_inputs
from tests.engine.notation.frozen.readings import (
    LEDGER,
    digest,
    expected,
    in_short,
    key_of,
    read,
    read_digests,
    read_ledger,
)

_MOST_EXAMPLES = 12
_HEAD = """\
# Deliberate changes of what is understood, against digests.txt: why, some of the inputs with what they mean now,
# and the digest of each. Written by: python -m tests.engine.notation.frozen.rewrite "why"
"""


def changes() -> list[tuple[Any, Any]]:
    """Return (input, what is understood now) for every input that is not understood as expected."""
    kb = load_kb()
    client = create_app(Settings(kb_path=kb.path), knowledge=kb, today=lambda: TODAY).test_client()
    frozen = read_digests()
    wanted = expected(frozen)
    read_now = (
        (given, read(client, given, frozen.classes))
        for given in all_inputs()
        if key_of(given) in wanted
    )
    return [(given, now) for given, now in read_now if digest(now) != wanted[key_of(given)]]


def main(arguments: list[str]) -> None:
    """Show what changed, and enter it with its reason when one is given."""
    found = changes()
    for given, now in found:
        sys.stdout.write(f"{given} -> {in_short(now)}\n")
    sys.stdout.write(f"{len(found)} inputs are understood otherwise\n")
    if not arguments or not found:
        return
    entry = {
        "why": arguments[0],
        "inputs": len(found),
        "examples": {str(given): in_short(now) for given, now in found[:: _step(len(found))]},
        "digests": " ".join(sorted(f"{key_of(given)}={digest(now)}" for given, now in found)),
    }
    text = yaml.safe_dump([*read_ledger(), entry], sort_keys=False, allow_unicode=True, width=160)
    LEDGER.write_text(_HEAD + text, "utf-8")


def _step(count: int) -> int:
    return max(1, -(-count // _MOST_EXAMPLES))


if __name__ == "__main__":
    main(sys.argv[1:])
