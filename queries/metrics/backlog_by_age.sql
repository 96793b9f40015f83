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
with bands(age_band, begins_days, ends_days) as (
    values
        ('up to 1 day', 0, 1),
        ('1 to 7 days', 1, 7),
        ('7 to 30 days', 7, 30),
        ('30 to 90 days', 30, 90),
        ('over 90 days', 90, null)
)
-- a ticket is in one band after the other: least and greatest pass over ends that are missing
select
    open_intervals.* exclude (from_at, to_at),
    age_band,
    greatest(from_at, opened_at + to_days(begins_days)) as from_at,
    least(to_at, opened_at + to_days(ends_days)) as to_at
from open_intervals
cross join bands
cross join data_span
where opened_at + to_days(begins_days) <= data_at
    and (to_at is null or opened_at + to_days(begins_days) < to_at)
    and (ends_days is null or opened_at + to_days(ends_days) > from_at)
