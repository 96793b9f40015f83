-- One row per promise of a ticket as it runs: from started_at to ended_at (null: still).
create or replace temp view started_clocks as
select
    clock_candidates.rowid as clock_row,
    clock_candidates.*,
    slas.* exclude (sla_number, clock),
    case when retroactive then life_start_at else in_force_from_at end as started_at,
    least(stop_at, in_force_to_at) as ended_at,
    coalesce(ended_at, exported_at) as counted_to_at
from clock_candidates
left join slas on slas.sla_number = clock_candidates.sla_number;

-- One row per ticket, list of pausing words and stretch in which one of them held.
create or replace temp table paused_spans as
select
    state_timeline.ticket_id,
    pause_set,
    from_at,
    to_at,
    coalesce(hold_reason, source_state, state) as reason,
    lost_end,
    -- a change of reason within a hold begins no new one
    lag(to_at) over (partition by state_timeline.ticket_id, pause_set order by position)
        is distinct from from_at as is_beginning
from state_timeline
join (select distinct pause_set from pause_words) as sets
    on exists (
        select *
        from pause_words
        where pause_words.pause_set = sets.pause_set
            and word in (lower(state), lower(source_state), lower(hold_reason))
    )
where not is_done
    and (to_at is null or to_at > from_at)
union all
-- without a history, only that it waits now is known: at the latest since its last update
select
    tickets.ticket_id,
    pause_set,
    coalesce(updated_at, exported_at),
    null,
    coalesce(hold_reason, source_state, state),
    false,
    false
from tickets
anti join clock_cycles on clock_cycles.ticket_id = tickets.ticket_id
join pause_words
    on word in (lower(state), lower(source_state), lower(hold_reason))
where coalesce(state in ('new', 'in_progress', 'on_hold'), resolved_at is null and closed_at is null)
qualify row_number() over (partition by tickets.ticket_id, pause_set) = 1;

-- One row per clock and pause within its life, with the open seconds that it takes away.
create or replace table clock_pauses as
with clipped as (
    select
        clock_row,
        started_clocks.ticket_id,
        started_clocks.sla_number,
        cycle,
        started_clocks.calendar,
        target_seconds,
        started_at,
        greatest(paused_spans.from_at, started_at) as from_at,
        least(paused_spans.to_at, counted_to_at) as to_at,
        ended_at is null
            and (paused_spans.to_at is null or paused_spans.to_at > counted_to_at) as is_pausing,
        reason,
        lost_end,
        is_beginning and paused_spans.from_at >= started_at as is_beginning
    from started_clocks
    join sla_targets
        on sla_targets.sla_number = started_clocks.sla_number
        and started_at >= sla_targets.from_at
        and started_at < sla_targets.to_at
    join paused_spans
        on paused_spans.ticket_id = started_clocks.ticket_id
        and paused_spans.pause_set = started_clocks.pause_set
        and paused_spans.from_at <= counted_to_at
        and (paused_spans.to_at is null or paused_spans.to_at > started_at)
    where unusable_reason is null
),
counted as (
    select
        clipped.*,
        open_seconds_until(from_day, from_at) - open_seconds_until(start_day, started_at)
            as open_before_seconds,
        open_seconds_until(to_day, to_at) - open_seconds_until(from_day, from_at)
            as paused_seconds
    from clipped
    join calendars on calendars.calendar = clipped.calendar
    join calendar_days as start_day
        on start_day.calendar_day = day_key(calendars.day_offset, started_at)
    join calendar_days as from_day
        on from_day.calendar_day = day_key(calendars.day_offset, from_at)
    join calendar_days as to_day on to_day.calendar_day = day_key(calendars.day_offset, to_at)
)
select
    *,
    open_before_seconds - cast(
        coalesce(
            sum(paused_seconds) over (
                partition by clock_row
                order by from_at, to_at
                rows between unbounded preceding and 1 preceding
            ),
            0
        ) as bigint
    ) as elapsed_before_seconds
from counted;
