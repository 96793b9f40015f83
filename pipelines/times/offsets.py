"""Offsets that never follow the season: wall time with a wrong label, which is an hour off."""

from __future__ import annotations

import duckdb

from pipelines.finding import Finding, finding

# Winter or summer time of zones that change their clocks; others may well keep one all year.
OF_CHANGING_ZONES = (
    *("+01:00", "+02:00", "+03:00"),
    *("-03:30", "-04:00", "-05:00", "-06:00", "-07:00", "-08:00"),
)
UTC = ("Z", "UTC", "+00:00", "-00:00")


def fixed_offset(connection: duckdb.DuckDBPyConnection, zone: str | None) -> list[Finding]:
    """One and the same offset in summer and in winter, where the zone would have two."""
    rows = connection.execute(
        """
        select
            upper(shown_offset) as shown,
            count(*) as rows,
            count(*) filter (month(opened_at) in (12, 1, 2)) as winter,
            count(*) filter (month(opened_at) in (6, 7, 8)) as summer
        from staged
        where shown_offset <> '' and opened_at is not null
        group by shown
        """
    ).fetchall()
    if len(rows) != 1:
        return []
    written, count, winter, summer = rows[0]
    shown = _spelled(written)
    if shown in UTC or not (winter and summer):
        return []
    if zone is None:
        if shown not in OF_CHANGING_ZONES:
            return []
        message = (
            f"all {count:,} times carry {shown}, in summer and in winter: unless their zone never "
            "changes its clocks, half of the year is an hour off"
        )
        return [finding("fixed_offset", count, message, example=shown)]
    wrong = _contradicting(connection, zone, shown)
    if not wrong:
        return []
    message = (
        f"all {count:,} times carry {shown}, in summer and in winter; in {zone} {wrong:,} of them "
        "would carry another offset: they may be an hour off"
    )
    return [finding("fixed_offset", wrong, message, example=shown)]


def _spelled(offset: str) -> str:
    """`+0100` and `+01` as `+01:00`."""
    if offset[:1] not in "+-" or ":" in offset:
        return offset
    return f"{offset[:3]}:{offset[3:] or '00'}"


def _contradicting(connection: duckdb.DuckDBPyConnection, zone: str, shown: str) -> int:
    """How many of the times would carry another offset in `zone`."""
    sign = -1 if shown.startswith("-") else 1
    seconds = sign * (int(shown[1:3]) * 3600 + int(shown[4:6]) * 60)
    row = connection.execute(
        """
        select count(*)
        from staged
        where shown_offset <> ''
            and epoch(timezone($zone, timezone('UTC', opened_at))) - epoch(opened_at) <> $seconds
        """,
        {"zone": zone, "seconds": seconds},
    ).fetchone()
    return row[0] if row else 0
