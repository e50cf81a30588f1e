"""POST /ratings: a resident rates a unit's result by the token of a link, without an account."""

from collections.abc import Sequence

import orjson
from limits import RateLimitItem
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from actions.residents import Rating, hashed, rate_by_link
from actions.tries import Limit, Tries
from baodao.bodies import read_body
from baodao.graphql import language_of
from baodao.rates import OF_ADDRESS, OF_TOKEN, Rates, name_of
from baodao.settings import settings
from models import InvalidInput, NotFound, Refusal
from resolvers.words import words

LONGEST_BODY = 16_384
GONE = {"LINK_USED", "LINK_EXPIRED"}
OK, BAD, MISSING, ENDED, TOO_LARGE, INVALID, TOO_MANY = 200, 400, 404, 410, 413, 422, 429
NO_STORE = {"cache-control": "no-store"}


class Ratings:
    """The endpoint. A body is a JSON object with `token`, `score` and perhaps `comment`."""

    def __init__(self) -> None:
        self._rates, self._tries = Rates(), Tries(lambda: settings().signing_secret())

    async def rate(self, request: Request) -> Response:
        host = request.client.host if request.client else None
        if wait := await self._wait(OF_ADDRESS, name_of(host)):
            return _later(request, wait)
        body = await read_body(request, LONGEST_BODY)
        if body is None:
            return _told(request, InvalidInput("BODY_TOO_LARGE"), TOO_LARGE)
        rating = _read(body)
        if rating is None:
            return _told(request, InvalidInput("BODY_MALFORMED"), BAD)
        if wait := await self._wait(OF_TOKEN, hashed(rating.token)):
            return _later(request, wait)
        try:
            await rate_by_link(rating)
        except Refusal as refusal:
            return _told(request, refusal, _status(refusal))
        return JSONResponse({"rated": True, "problems": []}, OK, NO_STORE)

    async def _wait(self, limits: Sequence[RateLimitItem], name: str) -> int:
        """By this process's own count, which spares the database, and then by that of all processes."""
        if wait := await self._rates.wait(limits, name):
            return wait
        return await self._tries.wait([Limit(one.amount, one.get_expiry()) for one in limits], name)


def _read(body: bytes) -> Rating | None:
    """None for what is no such object."""
    try:
        given = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    match given:
        case {"token": str(token), "score": int(score), **rest} if not isinstance(score, bool):
            comment = rest.pop("comment", None)
            if not rest and isinstance(comment, str | None):
                return Rating(token, score, comment)
    return None


def _status(refusal: Refusal) -> int:
    if isinstance(refusal, NotFound):
        return MISSING
    return ENDED if refusal.reason_code in GONE else INVALID


def _later(request: Request, seconds: int) -> Response:
    response = _told(request, InvalidInput("TOO_OFTEN"), TOO_MANY)
    response.headers["retry-after"] = str(seconds)
    return response


def _told(request: Request, refusal: Refusal, status: int) -> Response:
    language = language_of(request)
    problems = [
        {
            "reasonCode": part.reason_code,
            "message": words(part.reason_code, language),
            "path": list(part.path) or None,
        }
        for part in refusal.parts
    ]
    return JSONResponse({"rated": False, "problems": problems}, status, NO_STORE)
