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
-- a ticket is in one band after the other; ages are whole microseconds, because adding days to an
-- instant takes ten times as long. The whole interval lets a question about one moment pass over
-- all tickets that were not open then.
with bands (age_band, begins_us, ends_us) as (
    values
        ('up to 1 day', 0, 86_400_000_000),
        ('1 to 7 days', 86_400_000_000, 604_800_000_000),
        ('7 to 30 days', 604_800_000_000, 2_592_000_000_000),
        ('30 to 90 days', 2_592_000_000_000, 7_776_000_000_000),
        ('over 90 days', 7_776_000_000_000, null)
),
aged as not materialized (
    select
        open_intervals.*,
        epoch_us(opened_at) as opened_us,
        epoch_us(data_at) - opened_us as now_us
    from open_intervals
    cross join data_span
)
-- greatest and least pass over ends that are missing
select
    * exclude (from_at, to_at, opened_us, now_us, begins_us, ends_us),
    from_at as whole_from_at,
    to_at as whole_to_at,
    greatest(from_at, make_timestamp(opened_us + begins_us)) as from_at,
    least(to_at, make_timestamp(opened_us + ends_us)) as to_at
from aged
cross join bands
where now_us >= begins_us
    and (to_at is null or epoch_us(to_at) - opened_us > begins_us)
    and (ends_us is null or epoch_us(from_at) - opened_us < ends_us)
