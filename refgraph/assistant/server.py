"""The server: tools over standard input and output, by the SDK of the protocol.

The SDK keeps stdout for the protocol alone; whatever else is printed goes to stderr. Questions are
answered one after the other, each in a thread, so that the connection stays alive meanwhile.
"""

from __future__ import annotations

import functools
from importlib.metadata import version
from typing import Any

from refgraph.assistant.answers import Questions, ToolAnswer, answer
from refgraph.assistant.tools import describe_tools
from refgraph.errors import UsageError
from refgraph.texts import look_up

NAME = "refgraph"


def check_installed() -> None:
    """Raises UsageError ``missing-extra`` without the extra ``mcp``."""
    try:
        import mcp.server.lowlevel  # noqa: F401
    except ImportError as error:
        raise UsageError("missing-extra", extra="mcp", why=str(error)) from error


def serve(questions: Questions) -> None:
    """Answer until stdin ends. Raises UsageError ``missing-extra``."""
    check_installed()
    import anyio
    from mcp.server.stdio import stdio_server

    async def run() -> None:
        server = build_server(questions)
        async with stdio_server() as (incoming, outgoing):
            await server.run(incoming, outgoing, server.create_initialization_options())

    anyio.run(run)


def build_server(questions: Questions) -> Any:
    """The server of the SDK with one tool per analysis."""
    import anyio
    import mcp_types as types
    from mcp.server.lowlevel import Server

    tools = describe_tools(questions.lang, questions.rows)
    one_at_a_time = anyio.CapacityLimiter(1)
    hints = types.ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)

    async def list_tools(_: object, __: object) -> types.ListToolsResult:
        listed = [
            types.Tool(
                name=tool.name,
                description=tool.description,
                input_schema=tool.schema,
                annotations=hints,
            )
            for tool in tools
        ]
        return types.ListToolsResult(tools=listed)

    async def call_tool(_: object, call: types.CallToolRequestParams) -> types.CallToolResult:
        question = functools.partial(answer, questions, call.name, call.arguments or {})
        found: ToolAnswer = await anyio.to_thread.run_sync(question, limiter=one_at_a_time)
        return types.CallToolResult(
            content=[types.TextContent(type="text", text=found.text)],
            structured_content=found.content,
            is_error=found.is_error,
        )

    return Server(
        NAME,
        version=version(NAME),
        instructions=look_up("assistant", "instructions", questions.lang),
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )
