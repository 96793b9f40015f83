"""How numbers, durations and dates read on a page: as everywhere, and never as markup.

Texts of tickets and names from the data are never markup: `plain` makes them safe for a label
that Streamlit reads as Markdown, `chart_text` for one that plotly reads as HTML.
"""

from __future__ import annotations

import html
import re
from typing import Any

from queries.wording import (
    DASH,
    DAY,
    HOUR,
    IN_OUR_WORDS,
    MINUS,
    MINUTE,
    MISSING,
    NARROW,
    SPOKEN,
    change_interval,
    column,
    count,
    day,
    days,
    difference,
    duration,
    figure,
    instant,
    interval,
    month,
    month_and_year,
    rough_duration,
    share,
    short_month,
    signed,
    tickets,
    value_name,
)

__all__ = [
    "DASH",
    "DAY",
    "HOUR",
    "IN_OUR_WORDS",
    "MINUS",
    "MINUTE",
    "MISSING",
    "NARROW",
    "SPOKEN",
    "cell",
    "change_interval",
    "chart_text",
    "column",
    "count",
    "day",
    "days",
    "difference",
    "duration",
    "figure",
    "instant",
    "interval",
    "month",
    "month_and_year",
    "plain",
    "rough_duration",
    "share",
    "short_month",
    "signed",
    "tickets",
    "value_name",
]

_MARKUP = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~:$^&@])")


def plain(text: Any) -> str:
    """Text of the data that means nothing to Markdown."""
    return _MARKUP.sub(r"\\\1", str(text).replace("\n", " "))


def cell(sentence: str) -> str:
    """A sentence of ours in a cell, which shows Markdown's marks as they stand."""
    return sentence.replace("`", "")


def chart_text(text: Any, longest: int = 28) -> str:
    """Text of the data that means nothing to plotly's HTML, cut where it is too long."""
    words = str(text).replace("\n", " ")
    return html.escape(words if len(words) <= longest else f"{words[: longest - 1]}…")
