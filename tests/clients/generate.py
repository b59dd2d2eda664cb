"""Write the clients that ``openapi.yaml`` gives (``make clients``).

Python by openapi-python-client, TypeScript by openapi-typescript; the versions of the latter stand
in ``typescript/package-lock.json``. The tests use what is written here against a running service.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from copy import deepcopy
from pathlib import Path
from typing import Any

import yaml

from service import __version__

ROOT = Path(__file__).parents[2]
CONTRACT = ROOT / "openapi.yaml"
CLIENTS = ROOT / "build/clients"
PACKAGE = "therapy_match_client"
_TYPESCRIPT = Path(__file__).parent / "typescript"
#: The generator knows no YAML answers; as text they are what a caller wants.
_CONFIG = {
    "package_name_override": PACKAGE,
    "package_version_override": __version__,
    "content_type_overrides": {"application/yaml": "text/html"},
    "post_hooks": [],
}


class GeneratorError(RuntimeError):
    """A program of the generators failed; the text is what it said."""


def write_python(folder: Path) -> list[str]:
    """Write the Python client; returns what the generator could not express, one line each."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        config, contract = Path(place) / "config.json", Path(place) / "openapi.json"
        config.write_text(json.dumps(_CONFIG), "utf-8")
        document = yaml.safe_load(CONTRACT.read_text("utf-8"))
        contract.write_text(json.dumps(with_one_body(document)), "utf-8")
        said = _run(
            [sys.executable, "-m", "openapi_python_client", "generate", "--meta", "uv",
             "--path", contract, "--output-path", folder, "--config", config],
            ROOT,
        )  # fmt: skip
    warnings = re.findall(r"^(?:WARNING|ERROR)(?: parsing)? (.+)\n\n(.+)$", said, re.M)
    if len(warnings) != len(re.findall(r"^(?:WARNING|ERROR)", said, re.M)):
        raise GeneratorError(said)
    return [f"{' '.join(where.split())} {what}" for where, what in warnings]


def with_one_body(document: dict[str, Any]) -> dict[str, Any]:
    """Return a document in which a body that is read as several media types alike has the first.

    The Python generator forgets an import where a body may come as two types; one is enough to ask.
    """
    copy = deepcopy(document)
    operations = [part for item in copy["paths"].values() for part in item.values()]
    for operation in (part for part in operations if isinstance(part, dict)):
        content = operation.get("requestBody", {}).get("content", {})
        for kind in list(content)[1:]:
            first = next(iter(content.values()))
            if content[kind]["schema"] == first["schema"] and kind.endswith("json"):
                del content[kind]
    return copy


def write_typescript(folder: Path) -> None:
    """Write the types and the compiled program; the packages are installed when the lock is newer.

    Raises:
        GeneratorError: npm, the generator or the type check failed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for source in (*_TYPESCRIPT.iterdir(), CONTRACT):
        shutil.copy(source, folder / source.name)
    lock = (folder / "package-lock.json").read_text("utf-8")
    installed = folder / "node_modules/installed.json"
    if not installed.exists() or installed.read_text("utf-8") != lock:
        _run(["npm", "ci", "--ignore-scripts"], folder)
        installed.write_text(lock, "utf-8")
    for script in ("generate", "check", "compile"):
        _run(["npm", "run", "--silent", script], folder)


def _run(command: list[str | Path], folder: Path) -> str:
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=280, check=False
    )
    if done.returncode:
        raise GeneratorError(f"{command[0]}: {done.stdout}{done.stderr}")
    return done.stdout + done.stderr


def main() -> None:
    """Write both clients to ``build/clients``; without npm only the Python one."""
    for left_out in write_python(CLIENTS / "python"):
        sys.stdout.write(f"    not in the Python client: {left_out}\n")
    sys.stdout.write("==> build/clients/python: pip install build/clients/python\n")
    if shutil.which("npm") is None:
        sys.exit("npm was not found: no TypeScript client")
    write_typescript(CLIENTS / "typescript")
    sys.stdout.write("==> build/clients/typescript: schema.d.ts, and ask.ts that uses it\n")


if __name__ == "__main__":
    main()
