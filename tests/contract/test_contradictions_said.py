"""What does not go together is said on every way in: match, normalize, a report, a JSON case."""

from __future__ import annotations

import orjson
import pytest
from flask.testing import FlaskClient

Codes = set[str]
#: Results of one breast cancer -> what must be said of them.
PAIRS: dict[tuple[str, ...], Codes] = {
    ("ER positive", "ER negative"): {"contradictory_findings"},
    ("PR positive", "PR negative"): {"contradictory_findings"},
    ("PD-L1 TPS 60%", "PD-L1 TPS 0%"): {"contradictory_findings"},
    ("ALK IHC positive", "ALK IHC negative"): {"contradictory_findings"},
    ("EGFR L858R", "EGFR wild type"): {"contradictory_findings"},
    ("ALK fusion", "ALK fusion not detected"): {"contradictory_findings"},
    ("HER2 IHC 3+", "HER2 IHC 0"): {"contradictory_findings", "discordant_results"},
    ("BRAF V600E", "BRAF V600M"): {"two_changes_of_one_codon"},
    ("KRAS G12C", "KRAS G12D"): {"two_changes_of_one_codon"},
    ("EGFR L858R", "KRAS wild type"): set(),
}
#: Texts that contradict themselves -> the reason.
ALONE = ("EGFR L858R VAF 0%", "EGFR L858R, benign", "ERBB2 amplification 2 copies")
SAID = {"contradictory_findings", "discordant_results", "two_changes_of_one_codon"}


def codes_of(body: dict[str, object]) -> Codes:
    """Return the codes of the warnings about results that do not go together."""
    return {str(warning["code"]) for warning in body["warnings"]} & SAID  # type: ignore[attr-defined]


@pytest.mark.parametrize("texts", PAIRS, ids=" | ".join)
def test_results_that_do_not_go_together_are_named_on_every_way_in(
    client: FlaskClient, texts: tuple[str, ...]
) -> None:
    case = {"tumor_type": "BRCA", "biomarkers": list(texts)}
    answers = {
        "match": client.post("/v1/match", json=case),
        "normalize": client.post("/v1/normalize", json={"biomarkers": list(texts)}),
        "text": client.post("/v1/read", data="\n".join(texts), content_type="text/plain"),
        "case": client.post("/v1/read", data=orjson.dumps(case), content_type="application/json"),
    }
    said = {way: codes_of(answer.get_json()) for way, answer in answers.items()}
    assert said == dict.fromkeys(answers, PAIRS[texts])


@pytest.mark.parametrize("text", ALONE)
def test_a_text_that_contradicts_itself_is_named_on_every_way_in(
    client: FlaskClient, text: str
) -> None:
    case = {"tumor_type": "BRCA", "biomarkers": [text]}
    matched = client.post("/v1/match", json=case).get_json()["errors"]
    normalized = client.post("/v1/normalize", json={"biomarkers": [text]}).get_json()["warnings"]
    read = client.post("/v1/read", data=text, content_type="text/plain").get_json()
    codes = [one[0]["code"] for one in (matched, normalized)]
    assert [*codes, read["set_apart"][0]["reason"]] == ["contradictory_result"] * 3
    assert read["complete"] is False


def test_a_result_in_the_tumour_type_is_held_against_the_others(client: FlaskClient) -> None:
    case = {"tumor_type": "melanoma (BRAF V600E negative)", "biomarkers": ["BRAF V600E"]}
    for path in ("/v1/match", "/v1/normalize", "/v1/read"):
        body = client.post(path, json=case).get_json()
        assert codes_of(body) == {"contradictory_findings"}, path
