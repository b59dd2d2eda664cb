"""Write the printed answers of every page anew: ``python -m tests.docs.rewrite``."""

from __future__ import annotations

import sys

from tests.docs.console import SERVE, is_printed, read_steps, rewritten, run
from tests.docs.pages import all_pages
from tests.docs.service import serve


def main() -> None:
    """Run every command; pages whose answers still hold are left alone."""
    failures: list[str] = []
    with serve() as served:
        for page in all_pages():
            lines = page.read_text("utf-8").splitlines()
            # In the order of the page, since a command may read what one before it wrote.
            printed = [
                (step, served.printed if step.command == SERVE else run(step, served.address))
                for step in read_steps(page)
            ]
            for step, actual in reversed(printed):
                if is_printed(step, actual):
                    continue
                try:
                    lines[step.first : step.last] = rewritten(step, actual)
                except ValueError as error:
                    failures.append(str(error))
                else:
                    sys.stdout.write(f"rewritten: {step.name}\n")
            page.write_text("\n".join(lines) + "\n", "utf-8")
    if failures:
        sys.exit("\n".join(failures))


if __name__ == "__main__":
    main()
