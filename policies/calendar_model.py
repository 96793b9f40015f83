"""A calendar as the policy writes it: the hours in which a promise's time runs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo

from pydantic import (
    BeforeValidator,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from policies.holiday_files import read_holidays
from policies.strict import Strict, hint, refuse
from policies.zones import zone_names

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ALWAYS = "always"

_WINDOW = re.compile(r"([01]\d|2[0-3]):([0-5]\d)\s*-\s*(?:([01]\d|2[0-3]):([0-5]\d)|(24):(00))")


@dataclass(frozen=True, order=True)
class Window:
    """Minutes of the local day, half-open: [opens, closes), closes at most 1440."""

    opens: int
    closes: int


def parse_windows(value: Any) -> tuple[Window, ...]:
    """The windows of a day from a list such as ["09:00-14:00", "15:00-18:00"], in order."""
    if not isinstance(value, tuple | list):
        raise refuse(f'is {value!r}; write a list of windows like ["09:00-17:00"]')
    windows = sorted(text if isinstance(text, Window) else _window(text) for text in value)
    for earlier, later in pairwise(windows):
        if later.opens < earlier.closes:
            raise refuse(f"has windows that overlap: {_text(earlier)} and {_text(later)}")
    return tuple(windows)


def _window(text: Any) -> Window:
    found = _WINDOW.fullmatch(text.strip()) if isinstance(text, str) else None
    if not found:
        raise refuse(f'has {text!r}, which is no window; write one like "09:00-17:00"')
    opens, closes = (
        int(hour) * 60 + int(minute)
        for hour, minute in (
            found.group(1, 2),
            found.group(3, 4) if found[3] else ("24", "00"),
        )
    )
    if closes <= opens:
        raise refuse(
            f"has {text!r}, which ends before it begins; a window over midnight is written as "
            'two: "22:00-24:00", and "00:00-06:00" on the next day'
        )
    return Window(opens, closes)


def _text(window: Window) -> str:
    times = (window.opens, window.closes)
    return "-".join(f"{minutes // 60:02}:{minutes % 60:02}" for minutes in times)


Windows = Annotated[tuple[Window, ...], BeforeValidator(parse_windows)]


def parse_zone(value: Any) -> ZoneInfo:
    """The zone of a name such as "Europe/Madrid"."""
    if isinstance(value, ZoneInfo):
        return value
    if not isinstance(value, str) or value not in zone_names():
        raise refuse(f"is {value!r}, which is no time zone; {hint(str(value), zone_names())}")
    return ZoneInfo(value)


Zone = Annotated[ZoneInfo, BeforeValidator(parse_zone)]


class PublicHolidays(Strict):
    """The public holidays of a country or a subdivision of it, by the `holidays` library."""

    country: str
    subdivision: str | None = None

    @model_validator(mode="after")
    def _known(self) -> Self:
        import holidays  # slow to import, and needed where a policy names a country alone

        countries = holidays.list_supported_countries()
        if self.country not in countries:
            wrong = f"is {self.country!r}, which is no country code"
            raise refuse(f"{wrong}; {hint(self.country, countries)}", "country")
        subdivisions = countries[self.country]
        if self.subdivision is not None and self.subdivision not in subdivisions:
            wrong = f"is {self.subdivision!r}, which is no subdivision of {self.country}"
            raise refuse(f"{wrong}; {hint(self.subdivision, subdivisions)}", "subdivision")
        return self


@dataclass(frozen=True)
class HolidayFile:
    """An ICS file named by the policy, and the days it closes."""

    name: str
    days: Mapping[date, str]


def _one_or_more(value: Any) -> Any:
    return value if isinstance(value, tuple) else (value,)


def _read_files(value: Any, info: ValidationInfo) -> Any:
    zone = info.data.get("timezone")
    if zone is None:  # already refused
        return ()
    folder = Path((info.context or {}).get("folder", "."))
    files: list[HolidayFile] = []
    for name in _one_or_more(value):
        if not isinstance(name, str):
            raise refuse(f'is {name!r}; write the name of a file, like "holidays.ics"')
        files.append(HolidayFile(name, read_holidays(folder / name, zone)))
    return tuple(files)


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise refuse('is no date; write one like "2025-12-24"', text) from error


def _date_windows(text: str, windows: Any) -> tuple[Window, ...]:
    try:
        return parse_windows(windows)
    except PydanticCustomError as error:
        raise refuse(error.message(), text) from error


class CalendarVersion(Strict):
    """One version of a calendar, in force on the local days from `from_day` until the next.

    A dated exception beats a holiday, a holiday beats the weekday. Windows are half-open.
    """

    timezone: Zone
    mon: Windows = ()
    tue: Windows = ()
    wed: Windows = ()
    thu: Windows = ()
    fri: Windows = ()
    sat: Windows = ()
    sun: Windows = ()
    holidays: Annotated[tuple[PublicHolidays, ...], BeforeValidator(_one_or_more)] = ()
    holidays_file: Annotated[tuple[HolidayFile, ...], BeforeValidator(_read_files)] = ()
    dates: Mapping[date, tuple[Window, ...]] = {}
    from_day: date | None = Field(default=None, alias="from")

    @field_validator("dates", mode="before")
    @classmethod
    def _dates(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {_date(text): _date_windows(text, windows) for text, windows in value.items()}

    @property
    def week(self) -> tuple[tuple[Window, ...], ...]:
        """The windows of Monday to Sunday."""
        return (self.mon, self.tue, self.wed, self.thu, self.fri, self.sat, self.sun)

    @property
    def working_day_seconds(self) -> int:
        """How long one "working day" is: the commonest length of its open weekdays.

        Where two lengths are equally common, the longer one. 0 for a calendar without windows.
        """
        lengths = [
            sum(window.closes - window.opens for window in day) * 60 for day in self.week if day
        ]
        return max(lengths, key=lambda seconds: (lengths.count(seconds), seconds), default=0)


class Calendar(Strict):
    """A named calendar: its versions, oldest first.

    Before the first day of its first version a calendar has no windows.
    """

    versions: tuple[CalendarVersion, ...]

    @model_validator(mode="before")
    @classmethod
    def _versions(cls, data: Any) -> Any:
        # [calendars.office] is one version, several [[calendars.office]] are several.
        return {"versions": data if isinstance(data, tuple) else (data,)}

    @field_validator("versions", mode="after")
    @classmethod
    def _in_order(cls, versions: tuple[CalendarVersion, ...]) -> tuple[CalendarVersion, ...]:
        starts = [version.from_day or date.min for version in versions]
        if len(set(starts)) < len(starts):
            raise refuse("has two versions with the same `from`; give each its own first day")
        return tuple(sorted(versions, key=lambda version: version.from_day or date.min))

    @property
    def has_windows(self) -> bool:
        """Whether any day can ever be open."""
        return any(any(v.week) or any(v.dates.values()) for v in self.versions)

    @property
    def last_day(self) -> date | None:
        """The last day that can be open; None for a calendar that goes on."""
        last = self.versions[-1]
        if any(last.week):
            return None
        starts = [version.from_day or date.min for version in self.versions]
        return max((*starts, *(day for v in self.versions for day in v.dates)))


def always() -> Calendar:
    """The built-in calendar: every second of every day."""
    whole_days = dict.fromkeys(WEEKDAYS, ("00:00-24:00",))
    return Calendar.model_validate({"timezone": "UTC", **whole_days})
