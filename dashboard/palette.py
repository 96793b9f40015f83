"""The colours of charts, in light and dark: ink and greys for context, one accent for the subject.

They repeat those of `.streamlit/config.toml`, because a chart is drawn before the theme reaches it.
"""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st


@dataclass(frozen=True)
class Palette:
    """Colours as plotly and SVG read them."""

    ink: str
    quiet: str
    faint: str
    paper: str
    accent: str
    band: str
    rest: str
    soft: str
    warning: str
    bad: str


LIGHT = Palette(
    ink="#1b2430",
    quiet="#5d6878",
    faint="#dfe4ec",
    paper="#ffffff",
    accent="#1f5fd0",
    band="rgba(31, 95, 208, 0.11)",
    rest="#b9c2cf",
    soft="#a2beed",
    warning="#b25e09",
    bad="#b3261e",
)
DARK = Palette(
    ink="#e4e9f0",
    quiet="#9aa6b6",
    faint="#2b3646",
    paper="#10161f",
    accent="#6ea8ff",
    band="rgba(110, 168, 255, 0.16)",
    rest="#4b586b",
    soft="#2f5aa3",
    warning="#e5a154",
    bad="#f0857d",
)


def palette() -> Palette:
    """The colours of the theme that the visitor sees."""
    return DARK if st.context.theme.type == "dark" else LIGHT
