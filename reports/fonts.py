"""The fonts of pages and charts: files of our own, never those of the machine."""

from __future__ import annotations

from pathlib import Path

import fontpkg_inter

FONT = "Inter"
FONTS = Path(fontpkg_inter.__file__).parent / "files"
