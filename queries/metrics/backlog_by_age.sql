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
-- instant takes ten times as long, and each band is a scan, because joining the bands takes longer
with aged as not materialized (
    select
        open_intervals.*,
        epoch_us(opened_at) as opened_us,
        epoch_us(from_at) - opened_us as from_us,
        epoch_us(to_at) - opened_us as to_us,
        epoch_us(data_at) - opened_us as now_us
    from open_intervals
    cross join data_span
),
banded as not materialized (
    select
        *,
        'up to 1 day' as age_band,
        0 as begins_us,
        86_400_000_000 as ends_us
    from aged
    where now_us >= 0
        and (to_us is null or to_us > 0)
        and from_us < 86_400_000_000
    union all
    select
        *,
        '1 to 7 days' as age_band,
        86_400_000_000 as begins_us,
        604_800_000_000 as ends_us
    from aged
    where now_us >= 86_400_000_000
        and (to_us is null or to_us > 86_400_000_000)
        and from_us < 604_800_000_000
    union all
    select
        *,
        '7 to 30 days' as age_band,
        604_800_000_000 as begins_us,
        2_592_000_000_000 as ends_us
    from aged
    where now_us >= 604_800_000_000
        and (to_us is null or to_us > 604_800_000_000)
        and from_us < 2_592_000_000_000
    union all
    select
        *,
        '30 to 90 days' as age_band,
        2_592_000_000_000 as begins_us,
        7_776_000_000_000 as ends_us
    from aged
    where now_us >= 2_592_000_000_000
        and (to_us is null or to_us > 2_592_000_000_000)
        and from_us < 7_776_000_000_000
    union all
    select
        *,
        'over 90 days' as age_band,
        7_776_000_000_000 as begins_us,
        null as ends_us
    from aged
    where now_us >= 7_776_000_000_000
        and (to_us is null or to_us > 7_776_000_000_000)
)
-- greatest and least pass over ends that are missing
select
    * exclude (from_at, to_at, opened_us, from_us, to_us, now_us, begins_us, ends_us),
    greatest(from_at, make_timestamp(opened_us + begins_us)) as from_at,
    least(to_at, make_timestamp(opened_us + ends_us)) as to_at
from banded
