"""What a browser finds at /graphql: GraphiQL if `make ide` has put it here, else the small explorer of our own."""

import os
import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

HERE = Path(__file__).parent
STATIC = HERE / "static"
FOR_EVER = "public, max-age=31536000, immutable"


def page(static: Path) -> Response:
    """Loads nothing from elsewhere, and its Content-Security-Policy sees to that. `static` need not be there."""
    build = max(static.glob("ruru-*"), default=None)
    if build is None:
        html = (HERE / "explorer.html").read_text("utf-8")
        return _guarded(html, styles=_inline("style", html))
    html = (HERE / "graphiql.html").read_text("utf-8").replace("BUILD", f"/static/{build.name}")
    return _guarded(html, styles="'unsafe-inline'")  # its editor writes style attributes as it goes


def files(static: Path) -> list[Mount]:
    """What the page loads, at /static."""
    return [Mount("/static", Lasting(directory=static))] if static.is_dir() else []


class Lasting(StaticFiles):
    """Files that never change under their address: the folder of a build bears its version."""

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers.update({"cache-control": FOR_EVER, "x-content-type-options": "nosniff"})
        return response


def _guarded(html: str, styles: str) -> Response:
    policy = {
        "default-src": "'none'",
        "script-src": f"'self' {_inline('script', html)}",
        "style-src": f"'self' {styles}",
        "connect-src": "'self'",
        "font-src": "'self' data:",
        "img-src": "'self' data:",
        "worker-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    headers = {
        "content-security-policy": "; ".join(f"{name} {sources}" for name, sources in policy.items()),
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cache-control": "no-cache",
        "vary": "accept",
    }
    return HTMLResponse(html, headers=headers)


def _inline(element: str, html: str) -> str:
    """The hashes by which a policy knows the page's own blocks of this kind."""
    blocks = re.findall(rf"<{element}[^>]*>(.*?)</{element}>", html, re.DOTALL)
    return " ".join(f"'sha256-{b64encode(sha256(block.encode()).digest()).decode()}'" for block in blocks)
