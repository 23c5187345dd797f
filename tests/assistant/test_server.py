"""The server as an assistant meets it: the client of the SDK over stdio, and the raw stream."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import anyio
import pytest
from mcp import Client, StdioServerParameters, stdio_client
from support.program import CASE, CLEAN, ROOT, RUN
from support.program import call as run_in_process

from refgraph import analyses, pipeline

WORDS = [*RUN[1:], "mcp", CASE]


def test_client_lists_the_tools_asks_and_reads_errors(tmp_path: Path) -> None:
    parameters = StdioServerParameters(
        command=sys.executable, args=[*WORDS, "--lang", "zh", "--top", "3"], env=CLEAN, cwd=ROOT
    )

    async def talk() -> None:
        with (tmp_path / "errors").open("w") as errors:
            async with Client(stdio_client(parameters, errlog=errors)) as client:
                listed = (await client.list_tools()).tools
                assert [tool.name for tool in listed] == list(analyses.NAMES)
                assert all(t.annotations and t.annotations.read_only_hint for t in listed)
                found = await client.call_tool("recommenders", {"by": "closed"})
                assert not found.is_error and found.structured_content
                rows = pipeline.run(pipeline.open_source(CASE), "recommenders", {"by": "closed"})
                ids = [row["customer"] for row in found.structured_content["rows"]]
                assert ids == rows.frame["customer"].head(3).to_list()
                assert "另有" in found.content[0].text
                failed = await client.call_tool("reach", {"of": ["没有这一家"]})
                assert failed.is_error and len(failed.content[0].text.splitlines()) == 2
                again = await client.call_tool("effect", {"claimed": "3/9"})
                assert not again.is_error

    anyio.run(talk)
    assert (tmp_path / "errors").read_text() == ""


def test_stdout_carries_the_protocol_alone_and_the_end_of_stdin_ends_the_server(
    tmp_path: Path,
) -> None:
    (tmp_path / "customers.csv").write_text("id,name\nA,Ada\nB,Ben\n,\n", encoding="utf-8")
    (tmp_path / "referrals.csv").write_text("referrer,referred\nA,B\nA,X\n", encoding="utf-8")
    asked = [
        {
            "method": "initialize",
            "id": 1,
            "params": {
                "protocolVersion": "2025-06-18",
                "capabilities": {},
                "clientInfo": {"name": "test", "version": "1"},
            },
        },
        {"method": "notifications/initialized"},
        {"method": "tools/call", "id": 2, "params": {"name": "effect", "arguments": {}}},
        {"method": "tools/call", "id": 3, "params": {"name": "nonsense", "arguments": {}}},
    ]
    process = subprocess.Popen(
        [*RUN, "mcp", str(tmp_path), "--debug"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=CLEAN,
    )
    assert process.stdin and process.stdout
    for message in asked:
        process.stdin.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
    process.stdin.flush()
    replies = [json.loads(process.stdout.readline()) for _ in range(3)]
    rest, errors = process.communicate(timeout=60)
    by_id = {reply["id"]: reply["result"] for reply in replies}
    assert by_id[1]["serverInfo"] == {"name": "refgraph", "version": version("refgraph")}
    assert by_id[1]["capabilities"]["tools"] is not None and by_id[1]["instructions"]
    assert [by_id[k]["isError"] for k in (2, 3)] == [False, True]
    assert (rest, process.returncode) == ("", 0)
    assert "rejected" in errors and "ms refgraph" in errors


def test_missing_extra_is_two_lines_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mcp.server.lowlevel", None)
    done = run_in_process("mcp", CASE)
    assert (done.code, done.out, len(done.err.splitlines())) == (2, "", 2)
    assert "pip install 'refgraph[mcp]'" in done.err
