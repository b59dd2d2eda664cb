"""The command line: ``therapy-match match | kb | serve | openapi``.

Heavy modules are imported inside the commands, so that each command pays only for what it uses.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from service import __version__
from service.cli_copies import check_copies
from service.cli_install import install, rollback
from service.cli_keys import keys
from service.cli_read_command import read
from service.config import read_settings
from service.engine.jurisdictions import JURISDICTIONS
from service.engine.patient_facts import PATIENT_FACTS
from service.errors import InputError, KnowledgeBaseError, SeedDataError, SettingsError

if TYPE_CHECKING:
    from service.engine.report import Explain
    from service.knowledge.store import KnowledgeBase

_SEED = click.option(
    "--seed",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("seed_data"),
    show_default=True,
    help="Folder of the seed data.",
)
_KB = click.option(
    "--kb",
    "kb_path",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help="Compiled knowledge base  [default: $THERAPY_MATCH_KB or build/kb.sqlite].",
)

_FILE = click.Path(path_type=Path, dir_okay=False, exists=True)
_FILES = ("maf", "clinical", "cna", "sv", "vcf")


def _patient_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add an option for each plain fact about the patient."""
    for fact in reversed(PATIENT_FACTS):
        kind: click.ParamType[Any] = click.Choice(fact.words)
        if fact.kind != "word":
            numbers = click.IntRange if fact.kind == "whole" else click.FloatRange
            kind = numbers(fact.low, fact.high)
        option = click.option(fact.option, fact.name, type=kind, help=f"{fact.label.capitalize()}.")
        command = option(command)
    return command


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="therapy-match")
def main() -> None:
    """Tumour type and biomarkers in; candidate targeted therapies, with the reason, out.

    Research and education only.
    """


@main.command()
@click.argument("biomarkers", nargs=-1)
@click.option(
    "--tumor", "-t", help="OncoTree code, name or synonym; of samples that have none, with files."
)
@click.option(
    "--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Day of the question  [default: today]."
)
@click.option(
    "--jurisdiction",
    "-j",
    multiple=True,
    type=click.Choice(JURISDICTIONS),
    help="Whose authorisations count  [default: all].",
)
@_patient_options
@click.option("--prior", multiple=True, help="A prior drug or drug group; may be repeated.")
@click.option(
    "--explain",
    type=click.Choice(["none", "brief", "full"]),
    default="brief",
    show_default=True,
    help="How much reason is given.",
)
@click.option("--maf", type=_FILE, help="Mutations, one case a sample.")
@click.option(
    "--clinical", type=_FILE, help="Tumour types of the samples (SAMPLE_ID, ONCOTREE_CODE)."
)
@click.option("--cna", type=_FILE, help="Discrete copy numbers (genes by samples).")
@click.option("--sv", type=_FILE, help="Structural variants.")
@click.option("--vcf", type=_FILE, help="VCF annotated by VEP or SnpEff; needs --tumor.")
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="Print the answer of the HTTP API; with files, one line a sample.",
)
@_KB
def match(
    biomarkers: tuple[str, ...],
    tumor: str | None,
    as_json: bool,
    explain: Explain,
    kb_path: Path | None,
    **given: Any,
) -> None:
    """Match BIOMARKERS (as a laboratory prints them) in a tumour type, or the samples of files."""
    paths = {name: path for name in _FILES if (path := given.pop(name))}
    if paths:
        if biomarkers:
            raise click.UsageError("give BIOMARKERS or files, not both")
        if "vcf" in paths and len(paths) > 1:
            raise click.UsageError("--vcf stands alone")
        from service.cli_samples import print_files

        common = _context(given) | ({"tumor_type": tumor} if tumor else {})
        try:
            done = print_files(
                open_knowledge(kb_path), paths, common, explain=explain, as_json=as_json
            )
        except InputError as error:
            fail(error)
        sys.exit(0 if done else 2)
    if not tumor:
        raise click.UsageError("Missing option '--tumor' / '-t'.")
    from service.adapters.v1.answer import AnswerWriter
    from service.adapters.v1.case import read_case
    from service.engine.match import match as match_case

    kb = open_knowledge(kb_path)
    data = {"tumor_type": tumor, "biomarkers": list(biomarkers), **_context(given)}
    try:
        read = read_case(kb, data, today=dt.datetime.now(dt.UTC).date())
    except InputError as error:
        fail(error)
    report = match_case(kb.rulebook, read.case, explain=explain)
    writer = AnswerWriter(kb)
    if as_json:
        click.echo(writer.to_bytes(read, report, echo=explain == "full"))
    else:
        from service.terminal import print_answer

        print_answer(kb, read, report, full=explain == "full")


def _context(given: dict[str, Any]) -> dict[str, Any]:
    patient = {fact.name: given[fact.name] for fact in PATIENT_FACTS}
    patient["prior_therapies"] = list(given["prior"]) or None
    as_of = given["as_of"].date() if given["as_of"] else None
    return {"patient": patient, "as_of": as_of, "jurisdictions": list(given["jurisdiction"])}


main.add_command(read)
main.add_command(keys)


@main.group()
def kb() -> None:
    """Check, compile and look at the knowledge base."""


kb.add_command(check_copies)
kb.add_command(install)
kb.add_command(rollback)


@kb.command()
@_SEED
def lint(seed: Path) -> None:
    """Check the seed data; prints every fault with file, line and path."""
    from service.knowledge.lint import lint as lint_seed
    from service.knowledge.read import read_seed_data

    try:
        corpus, faults = lint_seed(read_seed_data(seed))
    except SeedDataError as error:
        raise click.ClickException(str(error)) from error
    for fault in faults:
        click.echo(f"{fault.pointer}: {fault.message} [{fault.code}]")
    if faults:
        raise click.ClickException(f"{len(faults)} faults")
    click.echo(f"{len(corpus.assertions)} assertions, no faults")


@kb.command()
@_SEED
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("build/kb.sqlite"),
    show_default=True,
    help="Compiled file to write.",
)
def build(seed: Path, output: Path) -> None:
    """Compile the seed data to one SQLite file."""
    from service.knowledge.compile import compile_corpus
    from service.knowledge.lint import require_clean
    from service.knowledge.read import read_seed_data

    try:
        corpus = require_clean(read_seed_data(seed))
    except SeedDataError as error:
        raise click.ClickException(f"the seed data has faults:\n{error}") from error
    digest = compile_corpus(corpus, output)
    click.echo(f"{output}: {len(corpus.assertions)} assertions, version {corpus.version}, {digest}")


@kb.command()
@click.argument("assertion")
@_KB
def show(assertion: str, kb_path: Path | None) -> None:
    """Print one assertion as it stands in the knowledge base."""
    from service.knowledge.yaml_text import to_yaml

    records = open_knowledge(kb_path).records["assertions"]
    if assertion not in records:
        raise click.ClickException(f"there is no assertion {assertion}")
    click.echo(to_yaml(records[assertion]), nl=False)


@kb.command()
@_KB
def stats(kb_path: Path | None) -> None:
    """Count what the knowledge base holds."""
    from service.knowledge.stats import count_assertions

    for title, rows in count_assertions(open_knowledge(kb_path)).items():
        click.echo(title)
        for name, value in rows.items():
            click.echo(f"  {name:<40}{value:>7}")


@kb.command()
@click.argument("before", type=click.Path(path_type=Path, dir_okay=False))
@click.argument("after", type=click.Path(path_type=Path, dir_okay=False))
def diff(before: Path, after: Path) -> None:
    """Print what changed between two compiled files, record by record."""
    from service.knowledge.diff import diff_knowledge

    for change in diff_knowledge(open_knowledge(before), open_knowledge(after)):
        fields = f": {', '.join(change.fields)}" if change.fields else ""
        click.echo(f"{change.change:<8} {change.kind} {change.id}{fields}")


@kb.command()
@click.option("--csv", "form", flag_value="csv", default="csv", help="A table  [default].")
@click.option("--json", "form", flag_value="json", help="One object an assertion.")
@click.option(
    "--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Day of the status  [default: today]."
)
@_KB
def export(form: str, as_of: dt.datetime | None, kb_path: Path | None) -> None:
    """Print every assertion as one flat row."""
    import orjson

    from service.knowledge.export import export_rows, to_csv

    day = as_of.date() if as_of else dt.datetime.now(dt.UTC).date()
    rows = export_rows(open_knowledge(kb_path), day)
    text = to_csv(rows) if form == "csv" else orjson.dumps(rows).decode() + "\n"
    click.echo(text, nl=False)


@main.command()
@click.option(
    "--host", default="127.0.0.1", show_default=True, envvar="HOST", help="Address to listen on."
)
@click.option("--port", default=8000, show_default=True, envvar="PORT", help="Port to listen on.")
@click.option(
    "--workers", type=int, default=None, envvar="WORKERS", help="Processes  [default: one a core]."
)
@click.option(
    "--insecure", is_flag=True, help="Serve others too, without keys (sets ALLOW_ANONYMOUS=1)."
)
def serve(host: str, port: int, workers: int | None, insecure: bool) -> None:
    """Serve the HTTP API under gunicorn; to others than this machine with keys only."""
    environment = {**os.environ, "HOST": host, "PORT": str(port)}
    if workers:
        environment["WORKERS"] = str(workers)
    if insecure:
        environment["ALLOW_ANONYMOUS"] = "1"
    config = Path(__file__).parent.parent / "gunicorn.conf.py"
    command = [sys.executable, "-m", "gunicorn", "--config", str(config)]
    os.execve(sys.executable, command, environment)


@main.command()
def openapi() -> None:
    """Print the OpenAPI document."""
    from service.api.openapi.document import openapi_document
    from service.app import create_app
    from service.knowledge.yaml_text import to_yaml

    try:
        app = create_app()
    except (KnowledgeBaseError, SettingsError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(to_yaml(openapi_document(app)), nl=False)


def open_knowledge(path: Path | str | None) -> KnowledgeBase:
    """Open a compiled knowledge base; the one of the settings for ``None``."""
    from service.knowledge.store import KnowledgeBase

    try:
        return KnowledgeBase(Path(path) if path else read_settings().kb_path)
    except (KnowledgeBaseError, SettingsError) as error:
        raise click.ClickException(str(error)) from error


def fail(error: InputError) -> NoReturn:
    """Print every fault and end with 2."""
    for fault in error.faults:
        hint = f" (did you mean: {', '.join(fault.suggestions)}?)" if fault.suggestions else ""
        click.echo(f"{fault.pointer}: {fault.message}{hint} [{fault.code}]", err=True)
    sys.exit(2)
