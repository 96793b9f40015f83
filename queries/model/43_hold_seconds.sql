-- One row per ticket with an ended hold: seconds held, around the clock and of the default calendar.
create or replace table hold_seconds as
with office as (
    select calendars.*
    from calendars
    join definitions on definitions.default_calendar = calendars.calendar
)
select
    ticket_id,
    sum(epoch(to_at) - epoch(from_at)) as held_seconds,
    sum(
        open_seconds_until(to_day, to_at) - open_seconds_until(from_day, from_at)
    ) as held_working_seconds
from holds
cross join office
left join calendar_days as from_day
    on from_day.calendar_day = day_key(office.day_offset, from_at)
left join calendar_days as to_day
    on to_day.calendar_day = day_key(office.day_offset, to_at)
where to_at is not null
group by ticket_id;
