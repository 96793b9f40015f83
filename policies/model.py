"""The policy: what was promised, to whom, by which calendar, and what our words mean.

Read it with `policies.read.read_policy`; `policies/default.toml` shows every table with comments.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args
from zoneinfo import ZoneInfo

from pydantic import (
    BeforeValidator,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from policies.calendar_model import ALWAYS, Calendar, Zone, always
from policies.strict import Strict, hint, refuse
from policies.targets import Seconds, TargetText

Clock = Literal["response", "resolution", "update"]
Level = Literal["high", "medium", "low"]
Priority = Literal["P1", "P2", "P3", "P4", "P5"]
Scalar = str | bool | int | float
MttrClock = Literal["calendar", "working", "working_without_holds"]


def check_columns(names: Collection[str], info: ValidationInfo) -> None:
    """Refuse a name that is no column of a ticket, where the ticket's columns are known."""
    columns: Collection[str] | None = (info.context or {}).get("ticket_columns")
    for name in names:
        if columns is not None and name not in columns:
            raise refuse(f"names {name!r}, which is no column of a ticket; {hint(name, columns)}")


def _conditions(value: Any, info: ValidationInfo) -> Any:
    if not isinstance(value, dict):
        raise refuse(f'is {value!r}; write conditions like {{ priority = "P1" }}')
    check_columns(value, info)
    return {
        column: wanted if isinstance(wanted, tuple) else (wanted,)
        for column, wanted in value.items()
    }


# Ticket column -> the values that match; all columns must match, an empty mapping matches all.
Where = Annotated[Mapping[str, tuple[Scalar, ...]], BeforeValidator(_conditions)]


class Sla(Strict):
    """A promise: for each clock the first whose conditions hold is the ticket's.

    Several with one name and clock are versions of it, told by `from`; the one in force on the day
    on which the clock starts (in the policy's timezone) counts.
    """

    name: str = Field(min_length=1)
    clock: Clock
    where: Where = Field(default={})
    target: TargetText | None = None
    calendar: str = ""
    pause: tuple[str, ...] = ()
    retroactive: bool = True
    from_day: date | None = Field(default=None, alias="from")


class Escalation(Strict):
    """Within `after` seconds, around the clock, the first hand-over or raised priority is due."""

    where: Where = Field(default={})
    after: Seconds


class Outage(Strict):
    """Which tickets are failures of their service; major incidents always are."""

    where: Where = Field(default={"priority": ("P1",)})


class Service(Strict):
    """A service whose exposure is known: since when, in which hours, and its objective."""

    name: str = Field(min_length=1)
    since: date
    calendar: str = ALWAYS
    slo: float | None = Field(default=None, gt=0, lt=1)


class Groups(Strict):
    """Which resolver groups are what."""

    first_level: tuple[str, ...] = ()


class Definitions(Strict):
    """What our words mean, where the field disagrees. Durations are seconds."""

    mttr_clock: MttrClock = "calendar"
    first_contact_within: Seconds = 3600
    repeat_key: tuple[str, ...] = Field(default=("caller", "category", "subcategory"), min_length=1)
    repeat_days: int = Field(default=30, ge=1)
    resolved_from_events: bool = False
    response_from_assignment: bool = False

    @field_validator("repeat_key", mode="after")
    @classmethod
    def _columns(cls, names: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        check_columns(names, info)
        return names


class Recurrence(Strict):
    """How what keeps coming back is judged: the price of a working hour, and within which seconds
    after a change an incident of its service may be of its making."""

    cost_per_hour: float | None = Field(default=None, ge=0)
    change_window: Seconds = 86_400


class Reviews(Strict):
    """Which closed incidents are to be reviewed, and within which seconds after closure."""

    where: Where = Field(default={"priority": ("P1",)})
    within: Seconds = 259_200


class Marker(Strict):
    """Something that was changed on a day, and for which tickets: its effect is measured."""

    on: date
    title: str = Field(min_length=1)
    where: Where = Field(default={})


class Privacy(Strict):
    """Ticket columns whose values are replaced by keyed pseudonyms while loading."""

    pseudonymise: tuple[str, ...] = ()

    @field_validator("pseudonymise", mode="after")
    @classmethod
    def _columns(cls, names: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        check_columns(names, info)
        return names


def _limit(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise refuse(f"is {value!r}; write a share like 0.05, or a count like 10")
    if isinstance(value, float) and value > 1:
        raise refuse(f"is {value!r}; a share is at most 1.0, and a count has no decimals")
    return value


# How much of a finding is tolerated: a whole number counts, a number with decimals is a share.
Limit = Annotated[int | float, BeforeValidator(_limit)]


def _colour(value: Any) -> Any:
    if not isinstance(value, str) or not re.fullmatch("#[0-9a-fA-F]{6}", value):
        raise refuse(f'is {value!r}; write a colour like "#1f5fd0"')
    return value


Colour = Annotated[str, BeforeValidator(_colour)]


class Organisation(Strict):
    """Whose reports they are: name and logo (a PNG or SVG beside the policy) and their colours."""

    name: str = ""
    logo: Path | None = None
    accent: Colour = "#1f5fd0"
    ink: Colour = "#1b2430"

    @field_validator("logo", mode="before")
    @classmethod
    def _beside_the_file(cls, value: Any, info: ValidationInfo) -> Any:
        if not isinstance(value, str) or not value.lower().endswith((".png", ".svg")):
            raise refuse(
                f'is {value!r}; write the name of a picture, like "logo.png" or "logo.svg"'
            )
        logo = Path((info.context or {}).get("folder", ".")) / value
        if not logo.is_file():
            raise refuse(f"is {value!r}, but there is no file {str(logo)!r}")
        return logo


class Policy(Strict):
    """Everything that was promised and defined. `calendars` holds "always" too."""

    timezone: Zone = ZoneInfo("UTC")
    organisation: Organisation = Organisation()
    default_calendar: str = ""
    metrics_folder: Path | None = None
    calendars: Mapping[str, Calendar] = {}
    sla: tuple[Sla, ...] = ()
    escalation: tuple[Escalation, ...] = ()
    priority_matrix: Mapping[Level, Mapping[Level, Priority]] = {}
    outage: Outage = Outage()
    service: tuple[Service, ...] = ()
    groups: Groups = Groups()
    definitions: Definitions = Definitions()
    recurrence: Recurrence = Recurrence()
    reviews: Reviews = Reviews()
    marker: tuple[Marker, ...] = ()
    targets: Mapping[str, float] = {}
    privacy: Privacy = Privacy()
    checks: Mapping[str, Limit] = {}

    @model_validator(mode="before")
    @classmethod
    def _defaults(cls, data: Any) -> Any:
        """Write down what the file leaves to the policy: zones and calendars by default."""
        if not isinstance(data, dict) or not isinstance(data.get("calendars", {}), dict):
            return data
        calendars = dict(data.get("calendars", {}))
        if ALWAYS in calendars:
            raise refuse("is built in; give your calendar another name", "calendars", ALWAYS)
        zone = data.get("timezone", "UTC")
        default = data.get("default_calendar", next(iter(calendars), ALWAYS))
        promises = data.get("sla", ())
        if isinstance(promises, tuple):
            promises = tuple(
                {"calendar": default, **sla} if isinstance(sla, dict) else sla for sla in promises
            )
        return data | {
            "calendars": {name: _with_zone(found, zone) for name, found in calendars.items()},
            "default_calendar": default,
            "sla": promises,
        }

    @field_validator("metrics_folder", mode="before")
    @classmethod
    def _beside_the_file(cls, value: Any, info: ValidationInfo) -> Any:
        if not isinstance(value, str):
            raise refuse(f'is {value!r}; write the name of a folder, like "metrics"')
        folder = Path((info.context or {}).get("folder", ".")) / value
        if not folder.is_dir():
            raise refuse(f"is {value!r}, but there is no folder {str(folder)!r}")
        return folder

    @field_validator("calendars", mode="after")
    @classmethod
    def _built_in(cls, calendars: Mapping[str, Calendar]) -> Mapping[str, Calendar]:
        return {**calendars, ALWAYS: always()}

    @field_validator("priority_matrix", mode="before")
    @classmethod
    def _levels(cls, value: Any) -> Any:
        valid = {"impact": get_args(Level), "urgency": get_args(Level)}
        for impact, row in value.items() if isinstance(value, dict) else ():
            if impact not in valid["impact"]:
                raise refuse(f"is no impact; {hint(impact, valid['impact'])}", impact)
            for urgency in row if isinstance(row, dict) else ():
                if urgency not in valid["urgency"]:
                    wrong = f"is no urgency; {hint(urgency, valid['urgency'])}"
                    raise refuse(wrong, impact, urgency)
        return value

    @model_validator(mode="after")
    def _calendars_exist(self) -> Self:
        named: list[tuple[str, tuple[str | int, ...]]] = [
            (self.default_calendar, ("default_calendar",))
        ]
        named += [(sla.calendar, ("sla", n, "calendar")) for n, sla in enumerate(self.sla)]
        named += [(s.calendar, ("service", n, "calendar")) for n, s in enumerate(self.service)]
        for name, key in named:
            if name not in self.calendars:
                wrong = f"is {name!r}, a calendar that does not exist"
                raise refuse(f"{wrong}; {hint(name, self.calendars)}", *key)
        return self

    @model_validator(mode="after")
    def _names_tell_apart(self) -> Self:
        seen: list[tuple[str, str, date | None, object]] = []
        for number, sla in enumerate(self.sla):
            if (version := (sla.name, sla.clock, sla.from_day, sla.where)) in seen:
                wrong = f"is {sla.name!r}, like an earlier {sla.clock} SLA with the same conditions"
                raise refuse(
                    f"{wrong}; give it another name, or a `from` if it is a later version of it",
                    *("sla", number, "name"),
                )
            seen.append(version)
        return self

    @cached_property
    def sla_chains(self) -> tuple[int, ...]:
        """For each of `sla` the place of the first of its versions.

        Versions share name and clock; where two of one name are in force from the same day, they
        are different promises, and versions share the conditions too.
        """
        named: dict[tuple[str, str], list[Sla]] = {}
        for sla in self.sla:
            named.setdefault((sla.name, sla.clock), []).append(sla)
        keys: list[object] = []
        for sla in self.sla:
            starts = [other.from_day for other in named[sla.name, sla.clock]]
            told_by_where = len(set(starts)) < len(starts)
            keys.append((sla.name, sla.clock, sla.where if told_by_where else None))
        return tuple(keys.index(key) for key in keys)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of what the policy says of figures, whatever its file is called or looks like."""
        outside = {"metrics_folder", "marker", "checks", "organisation"}
        said = self.model_dump(mode="json", exclude=outside)
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _with_zone(calendar: Any, zone: Any) -> Any:
    if isinstance(calendar, tuple):
        return tuple(_with_zone(version, zone) for version in calendar)
    return {"timezone": zone, **calendar} if isinstance(calendar, dict) else calendar
