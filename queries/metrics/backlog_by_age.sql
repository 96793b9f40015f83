/*
label       = "Backlog by age"
title       = "Open tickets by age"
unit        = "count"
aggregate   = "level"
better      = "lower"
cut_only_by = "age_band"
explanation = """
The tickets of the backlog, each in the band of its age (age_band) at the end of the period, or at
the moment of the newest export if that is earlier. The age runs from the first opening, around
the clock. The bands together are the backlog.
"""
*/
with lives as (
    select
        *,
        cast(from_at >= opened_at + to_days(1) as integer)
            + cast(from_at >= opened_at + to_days(7) as integer)
            + cast(from_at >= opened_at + to_days(30) as integer)
            + cast(from_at >= opened_at + to_days(90) as integer) as first_band,
        -- least passes over an end that is missing
        least(to_at, data_at + to_microseconds(1)) as seen_to_at,
        cast(seen_to_at > opened_at as integer)
            + cast(seen_to_at > opened_at + to_days(1) as integer)
            + cast(seen_to_at > opened_at + to_days(7) as integer)
            + cast(seen_to_at > opened_at + to_days(30) as integer)
            + cast(seen_to_at > opened_at + to_days(90) as integer) as after_band
    from open_intervals
    cross join data_span
),
-- a ticket is in one band after the other
banded as (
    select
        *,
        unnest(range(first_band, after_band)) as band
    from lives
)
select
    * exclude (from_at, to_at, first_band, after_band, seen_to_at, band, first_at, data_at),
    ['up to 1 day', '1 to 7 days', '7 to 30 days', '30 to 90 days', 'over 90 days'][band + 1]
        as age_band,
    greatest(from_at, opened_at + to_days([0, 1, 7, 30, 90][band + 1])) as from_at,
    least(to_at, opened_at + to_days([1, 7, 30, 90, null][band + 1])) as to_at
from banded
