"""Pages set by typst: tagged, searchable, with their own fonts and no look at the machine's."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path

import typst

from reports.fonts import FONTS

TEMPLATE = Path(__file__).with_name("report.typ")


def typeset(told: str, printed_on: date) -> bytes:
    """The document of what `told` says, JSON as the template reads it; see `reports.pdf`."""
    made = _compiler().compile(
        input=_template(),
        format="pdf",
        sys_inputs={"report": told},
        timestamp=datetime.combine(printed_on, time(), UTC),
        pdf_standards="ua-1",
    )
    assert isinstance(made, bytes)  # pictures come page by page, a document is one
    return made


def make_ready() -> None:
    """Have the fonts read before the first document."""
    _compiler()


@cache
def _compiler() -> typst.Compiler:
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)]
    )
    return typst.Compiler(font_paths=fonts, ignore_system_fonts=True)


@cache
def _template() -> bytes:
    return TEMPLATE.read_bytes()
