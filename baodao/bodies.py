"""Bodies of requests of those who have not signed in: read no further than they may be long."""

from starlette.requests import Request


async def read_body(request: Request, most: int) -> bytes | None:
    """None when it has more bytes than that."""
    read = b""
    async for piece in request.stream():
        read += piece
        if len(read) > most:
            return None
    return read
