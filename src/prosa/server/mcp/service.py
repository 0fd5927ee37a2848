"""`Service`: the registry's tools, and the files and charts that they link to, as an MCP server of any transport.

It speaks both generations of the protocol: where the client can be asked within a call, a question back is asked there;
in the newer one the call returns with what it needs and is repeated.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import mcp_types as types
import msgspec
from mcp.server.lowlevel import Server
from mcp.shared.exceptions import MCPError
from mcp_types.version import MODERN_PROTOCOL_VERSIONS

from prosa import __version__, locales
from prosa.answer import Answer
from prosa.app import Desk
from prosa.errors import ProsaError
from prosa.events import Entry
from prosa.exports.downloads import PendingDownloads
from prosa.exports.markers import extract_download_markers
from prosa.identity import Principal
from prosa.server.mcp import resources
from prosa.server.wires.mcp import FILES, progress, result
from prosa.tools import TOOLS

Context: TypeAlias = Any
"""A request's context, as the SDK hands it out."""

OFFERED = ("ask", "list_sources", "search_schema", "run_sql", "make_chart", "export")

_MOST_ROUNDS = 3
"""How often one call may ask back."""


class Service:
    """`who` tells for whom a request works, `desk` gives what is open at that time."""

    def __init__(self, desk: Callable[[], Desk], who: Callable[[Context], Principal]) -> None:
        self._desk, self._who = desk, who
        self.server: Server[Any] = Server(
            "prosa",
            version=__version__,
            title="Prosa",
            instructions=locales.text("tools.instructions"),
            on_list_tools=self._list_tools,
            on_call_tool=self._call_tool,
            on_list_resources=self._list_resources,
            on_list_resource_templates=self._list_templates,
            on_read_resource=self._read_resource,
        )

    async def _list_tools(self, ctx: Context, params: Any) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[_described(name) for name in OFFERED])

    async def _call_tool(
        self, ctx: Context, params: types.CallToolRequestParams
    ) -> types.CallToolResult | types.InputRequiredResult:
        if params.name not in OFFERED:
            raise MCPError(types.INVALID_PARAMS, f"Unknown tool: {params.name}")
        call = _Call(self._desk(), self._who(ctx), ctx, params)
        try:
            return await (call.ask() if params.name == "ask" else call.run())
        except ProsaError as error:
            words = "\n".join(filter(None, (error.sentence(), error.hint())))
            return types.CallToolResult(content=[types.TextContent(type="text", text=words)], is_error=True)

    async def _list_resources(self, ctx: Context, params: Any) -> types.ListResourcesResult:
        return types.ListResourcesResult(resources=[])

    async def _list_templates(self, ctx: Context, params: Any) -> types.ListResourceTemplatesResult:
        return types.ListResourceTemplatesResult(resource_templates=resources.TEMPLATES)

    async def _read_resource(self, ctx: Context, params: types.ReadResourceRequestParams) -> types.ReadResourceResult:
        try:
            found = await resources.read(self._desk(), self._who(ctx), str(params.uri))
        except ProsaError as error:
            raise MCPError(types.INVALID_PARAMS, error.sentence(), {"uri": str(params.uri)}) from error
        return types.ReadResourceResult(contents=[found])


class _Call:
    """One call of a tool. `told` is the fold of the run that the tool has begun, if it has."""

    def __init__(self, desk: Desk, principal: Principal, ctx: Context, params: types.CallToolRequestParams) -> None:
        self._desk, self._principal, self._ctx, self._params = desk, principal, ctx, params
        self._told = Answer()
        self._session = PendingDownloads(
            desk.results, principal, desk=desk, locale=desk.settings.locale or None, told=self._progress
        )

    async def run(self) -> types.CallToolResult:
        """The tool's words, without markers, which other kinds of clients need; links to the files that it has made."""
        words = await TOOLS[self._params.name].attempt(self._params.arguments or {}, self._session)
        words, made = extract_download_markers(words)
        content: list[Any] = [{"type": "text", "text": words}]
        pending = self._desk.results.pending(self._principal)
        content += [
            {
                "type": "resource_link",
                "uri": FILES.format(file_id=pending[file["filename"]]),
                "name": file["filename"],
                "mimeType": file["mime_type"],
                "size": file["file_size"],
            }
            for file in made
        ]
        values = {"structuredContent": result(self._told)["structuredContent"]} if self._told.seq else {}
        return types.CallToolResult.model_validate({"content": content, **values})

    async def ask(self) -> types.CallToolResult | types.InputRequiredResult:
        """The answer; what it asks back is asked of the person, where the client can."""
        arguments = dict(self._params.arguments or {})
        if self._params.request_state is not None:
            chosen = _choice((self._params.input_responses or {}).get("option"))
            if chosen is None:
                run = await self._desk.runs.find(self._principal, self._params.request_state)
                return types.CallToolResult.model_validate(result(run.answer))
            arguments |= {"question": chosen, "replies_to": self._params.request_state}
        for _ in range(_MOST_ROUNDS):
            await self._asked(arguments)
            if not self._asks_back():
                break
            form = _form(self._told)
            if self._ctx.protocol_version in MODERN_PROTOCOL_VERSIONS:
                request = types.ElicitRequest(params=form)
                return types.InputRequiredResult(input_requests={"option": request}, request_state=self._told.run_id)
            chosen = await self._elicited(form)
            if chosen is None:
                break
            arguments |= {"question": chosen, "replies_to": self._told.run_id}
        return types.CallToolResult.model_validate(result(self._told))

    async def _asked(self, arguments: dict[str, Any]) -> None:
        self._told = Answer()
        try:
            await TOOLS["ask"].attempt(arguments, self._session)
        except ProsaError:
            if self._told.failure is None and self._told.cancelled is None:  # else the run itself has told of it
                raise

    def _asks_back(self) -> bool:
        able = self._ctx.session.client_capabilities
        asked = self._told.clarification
        return asked is not None and bool(asked.options) and able is not None and able.elicitation is not None

    async def _elicited(self, form: types.ElicitRequestFormParams) -> str | None:
        try:
            reply = await self._ctx.session.elicit_form(
                form.message, form.requested_schema, related_request_id=self._ctx.request_id
            )
        except MCPError:  # it said that it can, and can't: then the model has to ask
            return None
        return _choice(reply)

    async def _progress(self, entry: Entry) -> None:
        self._told.add(entry)
        told = progress(entry.event, self._told.locale)
        if told is not None:
            await self._ctx.session.report_progress(told["progress"], told["total"], told.get("message"))


def _described(name: str) -> types.Tool:
    tool = TOOLS[name]
    return types.Tool(
        name=name,
        title=locales.text(f"tools.title_{name}"),
        description=tool.description,
        input_schema=msgspec.json.decode(msgspec.json.encode(tool.schema)),
        annotations=types.ToolAnnotations(
            read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
        ),
    )


def _form(answer: Answer) -> types.ElicitRequestFormParams:
    assert answer.clarification is not None
    labels = [option.label for option in answer.clarification.options]
    option = {"type": "string", "enum": labels}
    schema = {"type": "object", "properties": {"option": option}, "required": ["option"]}
    return types.ElicitRequestFormParams(message=answer.clarification.question, requested_schema=schema)


def _choice(reply: Any) -> str | None:
    """What the person chose; None where they did not want to."""
    if getattr(reply, "action", "") != "accept":
        return None
    chosen = (reply.content or {}).get("option")
    return chosen if isinstance(chosen, str) else None
