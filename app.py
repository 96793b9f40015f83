"""The web door: `streamlit run app.py`, or `meantime app`.

The server imports it once and finds `app` to serve; what it runs for every visit is the same file.
"""

from __future__ import annotations

from dashboard.deep_links import routes
from dashboard.navigation import frame, page_frame

if __name__ == "__main__":
    page = frame()
    with page_frame():
        page.run()
else:
    from streamlit.starlette import App

    app = App(__file__, routes=routes())
