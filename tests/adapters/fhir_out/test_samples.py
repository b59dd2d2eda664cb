"""Real example files, when they lie beside the repository, are answered as valid Bundles."""

from __future__ import annotations

from typing import Any

import fhirkit
from fhir.resources.R4B.bundle import Bundle
from flask.testing import FlaskClient

from tests.adapters.fhir_in.test_samples import MANIFEST
from tests.adapters.fhir_out.profiles import bundle_faults

FHIR = "application/fhir+json"


def pytest_generate_tests(metafunc: Any) -> None:
    """Ask about every sample; no samples, no tests."""
    if "sample" in metafunc.fixturenames:
        metafunc.parametrize("sample", MANIFEST, ids=[sample["file"] for sample in MANIFEST])


if MANIFEST:

    def test_a_sample_is_answered_as_a_valid_bundle(client: FlaskClient, sample: Any) -> None:
        content = sample["content"]
        for release in ("stu3", "stu2"):
            answer = client.post(
                f"/fhir/$match-therapies?release={release}",
                data=content,
                content_type=FHIR,
                headers={"Accept": FHIR},
            )
            assert answer.status_code == 200, answer.get_data(as_text=True)
            assert bundle_faults(answer.json) == []
            assert fhirkit.validate(answer.get_data()) == []
            Bundle.model_validate(answer.json)
