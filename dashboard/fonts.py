"""Inter, served by the app itself: copied from the installed package, never committed."""

from __future__ import annotations

import shutil
from pathlib import Path

import fontpkg_inter

STATIC = Path(__file__).parent.parent / "static"
FONT = STATIC / "Inter.ttf"


def prepare() -> Path:
    """Put the font where Streamlit serves static files; does nothing where it is already there."""
    if not FONT.exists():
        source = Path(fontpkg_inter.__file__).parent / "files" / "Inter[opsz,wght].ttf"
        STATIC.mkdir(exist_ok=True)
        partial = FONT.with_suffix(".partial")
        shutil.copyfile(source, partial)
        partial.replace(FONT)
    return FONT


if __name__ == "__main__":
    prepare()
