// Asks a running service through the generated types: node out/ask.js http://127.0.0.1:8000
// Prints one JSON object that the tests compare. Whatever is not in openapi.yaml does not compile.
import createClient from "openapi-fetch";

import type { components, paths } from "./schema.js";

type Case = components["schemas"]["MatchRequest"];
type Row = components["schemas"]["Row"];

const client = createClient<paths>({ baseUrl: process.argv[2] ?? "http://127.0.0.1:8000" });
const lung: Case = {
  tumor_type: "LUAD",
  biomarkers: ["EGFR L858R", { gene: "KRAS", result: "not_detected" }],
  patient: { disease_stage: "metastatic", line_of_therapy: 1 },
  jurisdictions: ["US"],
  as_of: "2026-11-01",
};

function demand<T>(answer: { data?: T; error?: unknown }): T {
  if (answer.data === undefined) throw new Error(JSON.stringify(answer.error));
  return answer.data;
}

const describe = ({ regimen, applicability, level, needs }: Row): string =>
  `${regimen.id}: ${applicability}, ${level.amp_asco_cap}, needs ${needs.length}`;

// An answer may have another shape where another kind of case was sent.
function ofCase(answer: object): components["schemas"]["MatchAnswer"] {
  if (!("therapies" in answer)) throw new Error("not the answer to a case");
  return answer as components["schemas"]["MatchAnswer"];
}

const match = ofCase(demand(await client.POST("/v1/match", { body: lung })));
const byQuery = ofCase(
  demand(
    await client.GET("/v1/match", {
      params: { query: { tumor_type: "LUAD", biomarker: ["EGFR L858R"], as_of: "2026-11-01" } },
    }),
  ),
);
const normalize = demand(
  await client.POST("/v1/normalize", { body: { biomarkers: ["egfr p.leu858arg", "EGFR banana"] } }),
);
const compare = demand(
  await client.POST("/v1/compare", {
    body: {
      case: { ...lung, biomarkers: ["EGFR exon 20 insertion"], as_of: null },
      from: { as_of: "2022-01-01" },
      to: { as_of: "2026-11-01" },
    },
  }),
);
const whatIf = demand(
  await client.POST("/v1/what-if", {
    body: {
      case: { ...lung, tumor_type: "COAD", biomarkers: ["KRAS wild type"] },
      changes: [{ biomarker: "NRAS wild type" }],
    },
  }),
);
const assertion = demand(
  await client.GET("/v1/assertions/{id}", { params: { path: { id: "A0002" } } }),
);
const genes = demand(await client.GET("/v1/genes", { params: { query: { limit: 500 } } }));
const refused = await client.POST("/v1/match", {
  body: { tumor_type: "LAUD", biomarkers: ["EGFX L858R"] },
});

console.log(
  JSON.stringify({
    first: describe(match.therapies[0]!),
    byQuery: byQuery.therapies[0]?.regimen.id,
    findings: match.case.findings.map((finding) => finding.name),
    normalized: normalize.findings.map((finding) => finding.hgvs_p_short),
    notUnderstood: normalize.warnings.map((warning) => warning.code),
    gone: compare.differences.gone.map((row) => row.regimen.id),
    added: whatIf.differences.added.map((row) => row.regimen.id),
    assertion: assertion.record["id"],
    genes: genes.items.map((gene) => gene["symbol"]).filter((symbol) => symbol === "EGFR"),
    refused: refused.error && "errors" in refused.error
      ? { status: refused.response.status, codes: refused.error.errors.map(({ code }) => code) }
      : null,
  }),
);
