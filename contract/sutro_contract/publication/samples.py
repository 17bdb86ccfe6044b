"""Code samples of each operation, which tests run."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from .operations import Call, calls

# What our own client calls an operation is written here; it has no call for forms that it picks
# by itself.
_OURS = {
    "listJobs": """\
for job in client.list_jobs(limit=20):
    print(job.job_id, job.status)""",
    "getJobStatus": 'print(client.get_job_status("batch_job_12345"))',
    "getJobResults": 'print(client.get_job_results("batch_job_12345"))',
    "cancelJob": 'print(client.cancel_job("batch_job_12345").message)',
    "getJob": 'print(client.get_job("batch_job_12345").model)',
    "getJobResultsUrl": 'client.download_job_results("batch_job_12345", "results.parquet")',
}


def samples(contract: dict[str, Any]) -> dict[str, str]:
    """Return the samples of a contract whose references are resolved, by the name of their file.

    `SUTRO_API_URL` and `SUTRO_API_KEY` name the deployment, with or without `/v1`, and its key.
    """
    found = {}
    for call in calls(contract):
        if call.id in _OURS:
            found[f"{call.id}.sutro_jobs.py"] = _ours(_OURS[call.id])
        found[f"{call.id}.httpx.py"] = _httpx(call)
        found[f"{call.id}.ts"] = _typescript(call)
        found[f"{call.id}.sh"] = _curl(call)
    return found


def _ours(code: str) -> str:
    indented = code.replace("\n", "\n    ")
    return f"from sutro_jobs import Sutro\n\nwith Sutro() as client:\n    {indented}\n"


def _httpx(call: Call) -> str:
    arguments = [f'f"{{origin}}/v1{call.example_path}"']
    if call.example_query:
        arguments.append(f"params={_python(call.example_query)}")
    if call.example_body is not None:
        arguments.append(f"json={_python(call.example_body)}")
    arguments += ["headers=headers", "timeout=60"]
    listed = "".join(f"    {each},\n" for each in arguments)
    return (
        "import os\n\nimport httpx\n\n"
        'origin = os.environ["SUTRO_API_URL"].removesuffix("/v1")\n'
        """headers = {"Authorization": f"Key {os.environ['SUTRO_API_KEY']}"}\n"""
        f"answer = httpx.{call.method.lower()}(\n{listed})\n"
        "answer.raise_for_status()\n"
        "print(answer.json())\n"
    )


def _python(value: dict[str, Any]) -> str:
    return repr(value).replace("'", '"')


def _typescript(call: Call) -> str:
    url = f"${{origin}}/v1{call.example_path}"
    if call.example_query:
        url += f"?{urlencode(call.example_query)}"
    options = [f"method: {json.dumps(call.method)}"] if call.method != "GET" else []
    headers = "Authorization: `Key ${process.env.SUTRO_API_KEY}`"
    if call.example_body is not None:
        headers += ', "Content-Type": "application/json"'
    options.append(f"headers: {{ {headers} }}")
    if call.example_body is not None:
        options.append(f"body: JSON.stringify({json.dumps(call.example_body)})")
    listed = "".join(f"  {each},\n" for each in options)
    return (
        'const origin = (process.env.SUTRO_API_URL ?? "").replace(/\\/v1$/, "");\n'
        f"const answer = await fetch(`{url}`, {{\n{listed}}});\n"
        "if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);\n"
        "console.log(await answer.json());\n"
        "export {};\n"
    )


def _curl(call: Call) -> str:
    [sample] = [each for each in call.operation["x-codeSamples"] if each["lang"] == "Shell"]
    return str(sample["source"])
