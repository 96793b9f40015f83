"""The web door: `streamlit run app.py`, or `meantime app`."""

from __future__ import annotations

from dashboard.navigation import frame

frame().run()
