"""What a link to a page is answered with: Streamlit's own document, told where the server is.

Without that the browser asks below the address of the page first (`/sla/_stcore/health`), because
the app might live there, and writes an error into its console for each time that nobody answers.
"""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse
from starlette.routing import Route
from streamlit.file_util import get_static_dir

PAGES = Path(__file__).parent.parent / "pages"
FIRST = "monthly_review"  # it stands at the address of the app itself
HEAD = "<head>"
# where the document itself finds its scripts, whatever stands before the app's addresses
TOLD = '<script>window.__streamlit = {BACKEND_BASE_URL: new URL(".", location.href).href}</script>'


def routes() -> list[Route]:
    """One for each page of the menu: the server asks these before Streamlit's own."""
    names = {page.stem for page in PAGES.glob("*.py")} - {FIRST}
    return [Route(f"/{FIRST}", _first), *(Route(f"/{name}", _document) for name in sorted(names))]


def _document(_: Request) -> HTMLResponse:
    """Streamlit's document, which no cache may keep: it names the scripts of this version."""
    document = (Path(get_static_dir()) / "index.html").read_text(encoding="utf-8")
    told = document.replace(HEAD, HEAD + TOLD, 1)
    return HTMLResponse(told, headers={"Cache-Control": "no-cache"})


def _first(request: Request) -> RedirectResponse:
    """Whoever writes the name of the first page gets there, with what the link says."""
    said = request.url.query
    return RedirectResponse(f"./?{said}" if said else "./")
