"""Print what a tumour board wants to see of a case.

board.py http://127.0.0.1:8000 LUAD "EGFR L858R" "KRAS negative"
"""

import json
import sys
import urllib.error
import urllib.request

SERVICE, TUMOR_TYPE, *BIOMARKERS = sys.argv[1:]


def ask(path: str, body: dict) -> dict:
    sent = json.dumps(body).encode()
    request = urllib.request.Request(SERVICE + path, sent, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as refused:
        return json.load(refused)


answer = ask(
    "/v1/match",
    {
        "tumor_type": TUMOR_TYPE,
        "biomarkers": BIOMARKERS,
        "patient": {"disease_stage": "metastatic"},
        "jurisdictions": ["US"],
        "as_of": "2026-11-01",
    },
)

for fault in answer.get("errors", []):
    print("REFUSED", fault["pointer"], fault["message"], "- did you mean:", fault["suggestions"])
if "therapies" not in answer:
    sys.exit(2)

print("UNDERSTOOD", ", ".join(finding["name"] for finding in answer["case"]["findings"]))
for warning in answer["warnings"]:
    print("WARNING", warning["message"])
for row in answer["therapies"]:
    if row["applicability"] == "on_label":
        lead = row["assertions"][0]
        conflict = f" CONFLICT: {row['conflict']['reason']}" if row["conflict"] else ""
        missing = f" (not known: {', '.join(row['needs'])})" if row["needs"] else ""
        print(f"{row['regimen']['name']}: {lead['id']} since {lead['since']}{missing}{conflict}")
for row in answer["resistance"]:
    print(f"AGAINST {row['regimen']['name']}: {row['assertions'][0]['statement']}")
for test in answer["suggested_tests"][:2]:
    print(f"TEST {test['gene']}, {test['assay']}: {test['reason']}")
print(answer["intended_use"])
