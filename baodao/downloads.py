"""Fetching the file of an export by its link, which is all that is asked for."""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from actions.export_links import LINKS
from actions.exporting import pieces
from actions.exports import note_download, require_right
from baodao.ledgers import rights_held
from baodao.sheets import MEDIA
from models import Area, Export, ExportState, NotAllowed, clock
from policies.loading import load_actor
from policies.scopes import whole
from resolvers.ledgers import LEDGERS

GUARDED = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "content-security-policy": "default-src 'none'; sandbox",
}


async def download(request: Request) -> Response:
    """404 for a link that never was, 410 once the file's time is over or it was withdrawn.

    403 when who exported may no longer export, or what they may read of the ledger is not what it was.
    """
    if request.method != "GET":
        return _no("This link can only be fetched.", 405)
    id = LINKS.export_id(request.path_params["token"])
    export = await whole(Export).get_or_none(id=id) if id else None
    if export is None or export.expires_at is None:
        return _no("There is no such file.", 404)
    if export.state != ExportState.DONE or export.expires_at <= clock.now():
        return _no("The file has expired; export the ledger again.", 410)
    actor = await load_actor(export.member_id, clock.now())
    try:
        require_right(actor, export)
    except NotAllowed:
        return _no("Who exported this may not do so any more.", 403)
    if rights_held(actor, export.ledger) != export.rights:
        return _no("What they may read of it has changed; export the ledger again.", 403)
    await note_download(export)
    headers = {"content-disposition": await _named(export), "content-length": str(export.bytes)}
    return StreamingResponse(pieces(export), 200, headers | GUARDED, MEDIA[export.format])


def _no(words: str, status: int) -> Response:
    return PlainTextResponse(f"{words}\n", status, GUARDED)


async def _named(export: Export) -> str:
    """In Chinese, and for programs that cannot read that, plainly."""
    area = await whole(Area).get(code=export.area_id)
    day = clock.local_date(export.created_at).isoformat()
    title = LEDGERS[export.ledger].title if export.ledger in LEDGERS else export.ledger
    kind = export.format.lower()
    told = quote(f"{title}-{area.name}-{day}.{kind}", safe="")
    plain = f"{export.ledger}-{export.area_id}-{day}.{kind}"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{told}"
