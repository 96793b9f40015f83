"""The room that labels need beside a chart.

Plotly could find out (`automargin`), but it measures what it has drawn and then draws all of it
again, which doubles the time of every chart.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable

ONE_LINE, TWO_LINES = 26, 40  # below an axis, in pixels
SLACK = 4

# Thousandths of the font's size, rounded up, for the letters of Inter.
_WIDTHS = {
    280: "Iijl\u202f",
    320: " !',.:;·\u00a0",
    360: "/\\`t|",
    400: "()[]fr",
    440: "1{}",
    480: '"-^_',
    520: "*?",
    560: "ksxz",
    600: "57FJLacehnouvy",
    640: "#023689EPZbdgpq",
    680: "$&+4<=>BKRSTY~−×",
    720: "AVX",
    760: "CDGHNU",
    800: "OQ",
    880: "mw…",
    920: "M",
}
_OF_LETTER = {letter: width for width, letters in _WIDTHS.items() for letter in letters}
_OTHER = 700
_WIDEST = 1000
_TAG = re.compile(r"</?\w+>")


def room(labels: Iterable[str], size: float = 12) -> int:
    """The pixels that the widest of the labels takes, some more than fewer."""
    lines = (line for label in labels for line in label.split("<br>"))
    widest = max((_thousandths(line) for line in lines), default=0)
    return round(widest * size / 1000) + SLACK if widest else 0


def _thousandths(line: str) -> int:
    return sum(map(_of_letter, html.unescape(_TAG.sub("", line))))


def _of_letter(letter: str) -> int:
    if letter in _OF_LETTER:
        return _OF_LETTER[letter]
    plain = unicodedata.normalize("NFD", letter)[0]
    if plain in _OF_LETTER:
        return _OF_LETTER[plain]
    is_wide = letter in "%@W—✓" or unicodedata.east_asian_width(letter) in "WF"
    return _WIDEST if is_wide else _OTHER
