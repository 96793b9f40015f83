"""The web door: `streamlit run app.py`, or `meantime app`."""

from __future__ import annotations

from dashboard.navigation import frame, keep_history

frame().run()
keep_history()
