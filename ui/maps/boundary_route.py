"""Boundaries as files of their own, so that they travel once and not with every change of a filter.

`ui.app.server` mounts `routes()`. A page that draws a map asks `address()`, which keeps the text in memory
under
an address made of release, geography and level; the browser may keep it for good. Nothing is read from disk
here and no release is opened: an address nobody has asked for is not found.
"""

import gzip
from collections import OrderedDict

import streamlit as st
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ui.maps.atlas import Atlas

PATH = "/boundaries"
_MOST_KEPT = 12
_kept: OrderedDict[str, bytes] = OrderedDict()
_mounted: list[bool] = []


def routes() -> list[Route]:
    """Return the routes to mount; from then on `address` hands out addresses."""
    _mounted.append(True)
    return [Route(f"{PATH}/{{name:path}}", _serve, methods=["GET"])]


def address(atlas: Atlas, level: int) -> str | None:
    """Return where a browser finds the boundaries of a level.

    Returns
    -------
    str or None
        None when no server of ours runs (tests, `streamlit run` without the routes, a base path): the
        boundaries then travel inside the figure.
    """
    if not _mounted or st.get_option("server.baseUrlPath"):
        return None
    name = f"{atlas.key}-{level}.json"
    if name not in _kept:
        _kept[name] = gzip.compress(atlas.geojson_text(level).encode(), 6, mtime=0)
        while len(_kept) > _MOST_KEPT:
            _kept.popitem(last=False)
    _kept.move_to_end(name)
    return f"{PATH}/{name}"


async def _serve(request: Request) -> Response:
    packed = _kept.get(request.path_params["name"])
    if packed is None:
        return Response("not found", 404, media_type="text/plain")
    headers = {"cache-control": "public, max-age=31536000, immutable", "vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(
            packed, headers={**headers, "content-encoding": "gzip"}, media_type="application/json"
        )
    return Response(gzip.decompress(packed), headers=headers, media_type="application/json")
