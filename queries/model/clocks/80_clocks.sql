-- Words that repeat in every row are stored as numbers.
drop type if exists clock_word;
drop type if exists clock_state_word;
drop type if exists basis_word;
drop type if exists sla_word;
drop type if exists calendar_word;
drop type if exists promised_priority_word;
create type clock_word as enum ('response', 'resolution', 'update');
create type clock_state_word as enum (
    'running', 'paused', 'met', 'breached', 'cancelled', 'no_clock'
);
create type basis_word as enum ('events', 'columns', 'assignment');
create type sla_word as enum (select distinct sla from slas order by 1);
create type calendar_word as enum (select distinct calendar from calendars order by 1);
create type promised_priority_word as enum (
    select distinct priority from clock_candidates where priority is not null order by 1
);

-- The instants that relative targets name, for the clocks that have one.
create or replace temp table relative_deadlines_of_clocks as
select
    clock_row,
    due_at
from (select * from started_clocks where is_relative) as started_clocks
asof join relative_deadlines
    on relative_deadlines.sla_number = started_clocks.sla_number
    and started_clocks.started_at >= relative_deadlines.from_at;

-- One row per ticket, service level and cycle: the clock, its deadline and its verdict.
create or replace table clocks as
with pauses as (
    select
        clock_row,
        cast(sum(paused_seconds) as bigint) as paused_seconds,
        -- a hold that began once the target was used up moves no deadline
        cast(
            coalesce(sum(paused_seconds) filter (elapsed_before_seconds < target_seconds), 0)
            as bigint
        ) as paused_before_due_seconds,
        bool_or(is_pausing) as is_pausing,
        bool_or(lost_end) as lost_end
    from clock_pauses
    group by clock_row
),
counted as (
    select
        started_clocks.*,
        calendars.deadline_offset,
        calendars.open_seconds,
        open_seconds_until(start_day, started_at) as open_until_start,
        case when unusable_reason is null then
            open_seconds_until(end_day, counted_to_at) - open_until_start
        end as open_life_seconds,
        coalesce(pauses.paused_seconds, 0) as paused_seconds,
        coalesce(pauses.is_pausing, false) as is_pausing,
        coalesce(pauses.lost_end, false) as lost_end,
        open_life_seconds - coalesce(pauses.paused_seconds, 0) as elapsed_seconds,
        relative.due_at as relative_due_at,
        case
            when is_relative
                then open_seconds_until(relative_day, relative.due_at) - open_until_start
            else nullif(sla_targets.target_seconds, 0)
        end as target_seconds,
        open_until_start + sla_targets.target_seconds
            + coalesce(pauses.paused_before_due_seconds, 0) as due_after_seconds
    from started_clocks
    left join sla_targets
        on sla_targets.sla_number = started_clocks.sla_number
        and started_at >= sla_targets.from_at
        and started_at < sla_targets.to_at
    left join calendars on calendars.calendar = started_clocks.calendar
    left join calendar_days as start_day
        on start_day.calendar_day = day_key(calendars.day_offset, started_at)
    left join calendar_days as end_day
        on end_day.calendar_day = day_key(calendars.day_offset, counted_to_at)
    left join pauses on pauses.clock_row = started_clocks.clock_row
    left join relative_deadlines_of_clocks as relative
        on relative.clock_row = started_clocks.clock_row
    left join calendar_days as relative_day
        on relative_day.calendar_day = day_key(calendars.day_offset, relative.due_at)
),
timed as (
    select
        counted.*,
        case
            when unusable_reason is not null or not has_windows or target_seconds is null then null
            when is_relative then relative_due_at
            else deadline_at(deadline, due_after_seconds)
        end as reached_at,
        case
            when sla_number is null
                then 'no ' || clock || ' service level of the policy fits it'
            when not has_windows then 'calendar ' || calendar || ' has no windows'
            when unusable_reason is not null then unusable_reason
            when elapsed_seconds is null then 'an instant outside the years 1970 to 2200'
            when target_seconds is null and not is_relative then 'no target to keep'
            when target_seconds is null then 'its calendar has no next working day'
            when abs(elapsed_seconds - target_seconds) < precision_seconds and precision_seconds > 1
                then 'too close to its target for the precision of the export'
        end as no_clock_reason,
        case
            when is_relative then counted_to_at > relative_due_at
            else elapsed_seconds > target_seconds
        end as is_over
    from counted
    left join calendar_deadlines as deadline
        on deadline.deadline_step = deadline_key(counted, due_after_seconds)
),
judged as (
    select
        *,
        case
            when void_reason is not null then 'cancelled'
            when no_clock_reason is not null then 'no_clock'
            when is_over then 'breached'
            when in_force_to_at is not null then 'cancelled'
            when ended_at is not null then 'met'
            when is_pausing then 'paused'
            else 'running'
        end as clock_state
    from timed
)
select
    judged.ticket_id,
    cast(sla as sla_word) as sla,
    cast(clock as clock_word) as clock,
    cycle,
    cast(calendar as calendar_word) as calendar,
    cast(clock_state as clock_state_word) as state,
    nullif(
        concat_ws(
            '; ',
            void_reason,
            case when void_reason is null then no_clock_reason end,
            case
                when in_force_to_at is not null then
                    'priority changed from ' || coalesce(judged.priority, 'none')
                    || ' to ' || coalesce(next_priority, 'none')
            end,
            case when in_force_to_at is null and clock_state <> 'no_clock' then flag_reason end,
            case when lost_end then 'a hold without an end stops at the next state' end,
            case
                when basis = 'columns' and clock_state <> 'no_clock' then 'from the columns of the ticket, without a history'
                when basis = 'assignment' and stop_at is not null
                    then 'the first assignment stands for the answer'
            end
        ),
        ''
    ) as reason,
    started_at,
    ended_at as stopped_at,
    case when clock_state <> 'paused' and sla_number is not null then reached_at end as due_at,
    case when clock_state = 'breached' then reached_at end as breached_at,
    case when has_windows then elapsed_seconds end as elapsed_seconds,
    case when has_windows and unusable_reason is null then paused_seconds end as paused_seconds,
    target_seconds,
    case clock_state when 'met' then true when 'breached' then false end as met,
    cast(judged.priority as promised_priority_word) as priority,
    cast(basis as basis_word) as basis,
    judged.exported_at,
    sla_number,
    -- of its ticket, as it is now: joining them for every filter takes longer than all else
    counted_tickets.kind,
    counted_tickets.priority as ticket_priority,
    counted_tickets.service,
    counted_tickets.category,
    counted_tickets.resolver_group,
    counted_tickets.customer,
    counted_tickets.location,
    counted_tickets.channel,
    counted_tickets.source
from judged
left join counted_tickets on counted_tickets.ticket_id = judged.ticket_id;

-- The same for metrics: filters and cuts are by the ticket's own priority and state.
create or replace view promises as
select
    ticket_id,
    sla,
    clock,
    cycle,
    calendar,
    state as verdict,
    started_at,
    stopped_at,
    due_at,
    breached_at,
    elapsed_seconds,
    paused_seconds,
    target_seconds,
    met,
    basis,
    exported_at,
    kind,
    ticket_priority as priority,
    service,
    category,
    resolver_group,
    customer,
    location,
    channel,
    source
from clocks;

-- One row per ticket and clock for which no service level ever came to a clock.
create or replace table uncovered_clocks as
with lacking as (
    select distinct
        ticket_id,
        clock
    from clocks
    where state = 'no_clock'
        and clock in ('response', 'resolution')
)
select *
from lacking
anti join (select * from clocks where state <> 'no_clock') as covered
    on covered.ticket_id = lacking.ticket_id
    and covered.clock = lacking.clock;
