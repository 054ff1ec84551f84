"""The clients of public packages, brought to one shape: whichever is installed talks to `ptrmd mcp`."""
import contextlib
import importlib.metadata
import os

PTRMD = os.environ["PTRMD"]


def version(package):
    try:
        return tuple(int(part) for part in importlib.metadata.version(package).split(".")[:2])
    except importlib.metadata.PackageNotFoundError:
        return None


MCP = version("mcp")
NAME = "fastmcp" if version("fastmcp") else "mcp %d.%d" % MCP
# The first package has no way to ask for progress.
HAS_PROGRESS = MCP > (1, 2)


class Peer:
    """A connected client: `tools`, `call` and `read`, with results as plain dictionaries."""

    def __init__(self, client):
        self.client = client

    async def tools(self):
        listed = await self.client.list_tools()
        return [plain(tool) for tool in getattr(listed, "tools", listed)]

    async def call(self, name, arguments, progress=None):
        return plain(await self.send(name, arguments, progress))

    async def read(self, uri):
        result = await self.client.read_resource(uri)
        return [plain(content) for content in getattr(result, "contents", result)]

    async def send(self, name, arguments, progress):
        options = {"progress_callback": progress} if progress else {}
        return await self.client.call_tool(name, arguments, **options)


class FastPeer(Peer):
    async def send(self, name, arguments, progress):
        return await self.client.call_tool_mcp(name, arguments, progress_handler=progress)


def plain(value):
    return value.model_dump(mode="json", by_alias=True, exclude_none=True)


@contextlib.asynccontextmanager
async def connected(*arguments):
    """A client whose server is `ptrmd mcp` with these arguments."""
    command = ["mcp", *arguments]
    if NAME == "fastmcp":
        from fastmcp import Client
        from fastmcp.client.transports import StdioTransport

        async with Client(StdioTransport(PTRMD, command, keep_alive=False)) as client:
            yield FastPeer(client)
    elif MCP >= (2, 0):
        from mcp import Client, StdioServerParameters

        async with Client(StdioServerParameters(command=PTRMD, args=command)) as client:
            assert client.protocol_version == "2026-07-28", client.protocol_version
            yield Peer(client)
    else:
        from mcp import ClientSession, StdioServerParameters
        from mcp.client.stdio import stdio_client

        async with stdio_client(StdioServerParameters(command=PTRMD, args=command)) as (reader, writer):
            async with ClientSession(reader, writer) as session:
                result = await session.initialize()
                wanted = "2024-11-05" if MCP == (1, 2) else "2025-11-25"
                assert result.protocolVersion == wanted, result.protocolVersion
                yield Peer(session)
