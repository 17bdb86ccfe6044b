"""TypeScript: openapi-typescript and openapi-fetch, orval, and the compiler."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.reference_server import Server

from .conftest import CONTRACT, DONE, NPM, compiled, run

pytestmark = pytest.mark.slow


@pytest.fixture
def types(tmp_path: Path) -> Path:
    run(NPM / "openapi-typescript", CONTRACT, "--output", "api.ts", cwd=tmp_path)
    return tmp_path


def said(code: str, folder: Path) -> str:
    (folder / "use.ts").write_text(code)
    return compiled("use.ts", cwd=folder).stdout


def test_a_strict_compiler_takes_the_types(types: Path) -> None:
    code = """
        import type { operations, components } from "./api";
        type Listed = operations["listJobs"]["responses"][200]["content"]["application/json"];
        export function costs(answer: Listed): (number | null)[] {
            return answer.jobs.map((job: components["schemas"]["Job"]) => job.job_cost);
        }
        export const form: operations["getJobResults"]["parameters"]["query"] = { format: "csv" };
        """
    assert said(code, types) == ""


def test_a_strict_compiler_refuses_a_format_that_is_not_there(types: Path) -> None:
    code = """
        import type { operations } from "./api";
        export const form: operations["getJobResults"]["parameters"]["query"] = { format: "xml" };
        """
    assert "TS2322" in said(code, types)


LIVE = """
import createClient from "openapi-fetch";
import type { paths } from "./api";

const client = createClient<paths, "application/json">({
    baseUrl: process.env.SUTRO_API_URL,
    headers: { Authorization: `Key ${process.env.SUTRO_API_KEY}` },
});
const path = { job_id: process.env.JOB ?? "" };

const listed = await client.GET("/list-jobs", { params: { query: { limit: 2 } } });
if (listed.error) throw new Error(String(listed.error.detail));
const tokens: (number | null)[] = listed.data.jobs.map((job) => job.input_tokens);

const one = await client.GET("/jobs/{job_id}", { params: { path } });
if (one.error) throw new Error("no job");
const name: string | null = one.data.job.name;

const results = await client.GET("/jobs/{job_id}/results", {
    params: { path, query: { format: "json" } },
});
if (results.error) throw new Error(String(results.error.detail));
if (!results.data) throw new Error("a part");

const file = await client.GET("/jobs/{job_id}/results", {
    params: { path, query: { format: "parquet" } },
    parseAs: "arrayBuffer",
});
const bytes = file.data as ArrayBuffer;

const missing = await client.GET("/job-status/{job_id}", { params: { path: { job_id: "none" } } });
const detail = missing.error ? missing.error.detail : "";

console.log(JSON.stringify([
    tokens.length,
    typeof name,
    results.data.outputs.length > 0,
    new TextDecoder().decode(bytes.slice(0, 4)),
    detail,
]));
"""


def test_openapi_fetch_reads_a_server(types: Path, editions: Callable[[str], Server]) -> None:
    assert said(LIVE, types) == ""
    (types / "out" / "package.json").write_text('{"type": "module"}')
    server = editions("e3")
    variables = {"SUTRO_API_URL": server.url, "SUTRO_API_KEY": server.key, "JOB": DONE}
    done = run("node", "out/use.js", cwd=types, **variables)
    assert done.stdout.strip() == '[2,"string",true,"PAR1","Job not found."]'


@pytest.mark.parametrize("client", ["fetch", "axios-functions", "zod"])
def test_orval_writes_what_a_strict_compiler_takes(client: str, tmp_path: Path) -> None:
    # Of types for each status orval makes `status: 4XX`, which is not TypeScript; so they are off.
    (tmp_path / "orval.config.cjs").write_text(
        f"""module.exports = {{ jobs: {{ input: "{CONTRACT}", output: {{
            target: "api.ts", client: "{client}",
            override: {{ fetch: {{ includeHttpResponseReturnType: false }} }},
        }} }} }};"""
    )
    run(NPM / "orval", "--config", "orval.config.cjs", cwd=tmp_path)
    text = (tmp_path / "api.ts").read_text()
    assert "getJobResultsUrl" in text.replace("GetJobResultsUrl", "getJobResultsUrl")
    if client == "fetch":
        assert compiled("api.ts", cwd=tmp_path).stdout == ""
        assert "unofficial" in text
