"""The web door: `streamlit run app.py`, or `meantime app`."""

from __future__ import annotations

from dashboard.navigation import frame, page_frame

page = frame()
with page_frame():
    page.run()
