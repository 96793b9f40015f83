-- One row per ticket with a history and moment at which its state, its tool's state or its hold
-- reason changed, and what all three were from then until `to_at` (null: until now).
create or replace table state_timeline as
with moves as (
    select
        ticket_id,
        "at" as changed_at,
        coalesce(sequence, 0) as sequence,
        field,
        old,
        new,
        -- the next change of the same field confirms that the value lasted until then
        coalesce(lead(new is null) over same_field or lead(old) over same_field = new, false)
            as has_end,
        lag(new) over same_field as new_before,
        lag("at") over same_field as at_before,
        lag(coalesce(sequence, 0)) over same_field as sequence_before
    from ticket_events
    where field in ('state', 'source_state', 'hold_reason')
        and (field <> 'state' or new is not null)
    window same_field as (partition by ticket_id, field order by "at", sequence)
),
histories as (
    select
        ticket_id,
        min(changed_at) as first_at,
        min(changed_at) filter (field = 'state') as first_state_at,
        max(changed_at) filter (field = 'state') as last_state_at,
        -- wrapped, because arg_min passes over nulls
        arg_min({'value': old}, (changed_at, sequence)) filter (field = 'state') as before_state,
        arg_min({'value': old}, (changed_at, sequence)) filter (field = 'source_state')
            as before_source_state,
        arg_min({'value': old}, (changed_at, sequence)) filter (field = 'hold_reason')
            as before_hold_reason,
        arg_max(new, (changed_at, sequence)) filter (field = 'state') as last_state
    from moves
    group by ticket_id
),
known as (
    select
        histories.*,
        tickets.opened_at,
        tickets.resolved_at,
        tickets.closed_at,
        tickets.updated_at,
        tickets.exported_at,
        before_state.value in ('resolved', 'closed', 'cancelled')
            and first_state_at > opened_at as begins_late,
        coalesce(last_state, 'new') as history_state,
        coalesce(last_state_at, opened_at) as known_at,
        case
            when state in ('new', 'in_progress', 'on_hold', 'resolved', 'closed', 'cancelled')
                then state
            when resolved_at is not null then 'resolved'
            when closed_at is not null then 'closed'
        end as row_state,
        case
            when resolved_at >= known_at or last_state_at is null then resolved_at
        end as row_resolved_at,
        case
            when closed_at >= known_at or last_state_at is null then closed_at
        end as row_closed_at,
        case when updated_at > known_at then updated_at end as row_updated_at,
        -- a row that says resolved, and no later end: what its history tells after the resolution
        -- (a hold that was lifted, say) reopens nothing
        case
            when row_state in ('resolved', 'closed', 'cancelled')
                and history_state not in ('resolved', 'closed', 'cancelled')
                and row_resolved_at is null
                and row_closed_at is null
                and (updated_at is null or updated_at >= known_at)
                and coalesce(resolved_at, closed_at) >= opened_at
                then coalesce(resolved_at, closed_at)
        end as cut_at
    from histories
    join tickets on tickets.ticket_id = histories.ticket_id
),
-- What the ticket's row says beyond its history: a resolution, a reopening or a hold whose event
-- the export lost.
last_words as (
    select
        ticket_id,
        row_state,
        case
            when row_state in ('resolved', 'closed', 'cancelled')
                and history_state not in ('resolved', 'closed', 'cancelled')
                then coalesce(
                    cut_at,
                    row_resolved_at,
                    row_closed_at,
                    row_updated_at,
                    case when updated_at is null then exported_at end
                )
            when row_state = 'on_hold' and history_state <> 'on_hold'
                then coalesce(row_updated_at, case when updated_at is null then exported_at end)
            when row_state in ('new', 'in_progress')
                and history_state in ('on_hold', 'resolved', 'closed', 'cancelled')
                then row_updated_at
        end as said_at,
        case
            when said_at is not null then if(cut_at is null, greatest(known_at, said_at), said_at)
        end as changed_at
    from known
),
rows_in_order as (
    select
        ticket_id,
        least(opened_at, first_at) as changed_at,
        0 as place,
        0 as sequence,
        unnest([
            {
                'field': 'state',
                'old': null,
                'new': case when begins_late then 'in_progress'
                    else coalesce(before_state.value, 'new') end,
                'has_end': true
            },
            {
                'field': 'source_state',
                'old': null,
                'new': before_source_state.value,
                'has_end': true
            },
            {
                'field': 'hold_reason',
                'old': null,
                'new': before_hold_reason.value,
                'has_end': true
            }
        ]) as move
    from known
    union all
    -- a history that begins after the resolution: it was open until the resolution
    select
        ticket_id,
        case
            when resolved_at between opened_at and first_state_at then resolved_at
            when closed_at between opened_at and first_state_at then closed_at
            else first_state_at
        end,
        1,
        -1,
        {'field': 'state', 'old': null, 'new': before_state.value, 'has_end': true}
    from known
    where begins_late
    union all
    select
        ticket_id,
        changed_at,
        1,
        sequence,
        {'field': field, 'old': old, 'new': new, 'has_end': has_end}
    from moves
    anti join known as cut
        on cut.ticket_id = moves.ticket_id
        and moves.changed_at > cut.cut_at
    union all
    -- a hold that a change of state ends although none began: it began with the change before
    select
        ticket_id,
        at_before,
        1,
        sequence_before + 0.5,
        {'field': 'state', 'old': null, 'new': 'on_hold', 'has_end': true}
    from moves
    where field = 'state'
        and old = 'on_hold'
        and new_before not in ('on_hold', 'resolved', 'closed', 'cancelled')
        and not exists (
            select *
            from known as cut
            where cut.ticket_id = moves.ticket_id
                and moves.at_before > cut.cut_at
        )
    union all
    select
        ticket_id,
        changed_at,
        2,
        0,
        {'field': 'state', 'old': null, 'new': row_state, 'has_end': true}
    from last_words
    where changed_at is not null
),
ordered as (
    select
        rows_in_order.*,
        -- within one update of a form the state comes first, so that what is said beside it stays
        row_number() over (
            partition by ticket_id
            order by changed_at, place, sequence, move.field <> 'state', move.field, move.new
        ) as position
    from rows_in_order
    where place > 0 or move.field = 'state' or move.new is not null
),
carried as (
    select
        ticket_id,
        changed_at,
        place,
        move,
        position,
        last_value(case when move.field = 'state' then move.new end ignore nulls)
            over life as state,
        last_value(
            case
                when move.field = 'source_state'
                    then {
                        'value': move.new,
                        'set_at': changed_at,
                        'is_event': place > 0,
                        'has_end': move.has_end
                    }
            end ignore nulls
        ) over life as source_state,
        last_value(
            case
                when move.field = 'hold_reason'
                    then {
                        'value': move.new,
                        'position': position,
                        'is_event': place > 0,
                        'has_end': move.has_end
                    }
            end ignore nulls
        ) over life as hold_reason,
        max(
            case
                when place > 0 and move.field = 'state' and move.new <> 'on_hold'
                    then {'position': position, 'changed_at': changed_at}
            end
        ) over life as resumed,
        lead(changed_at) over life as to_at
    from ordered
    window life as (
        partition by ticket_id
        order by position
        rows between unbounded preceding and current row
    )
),
-- A tool's state or a hold reason whose end the export lost ends at the next state that is not a
-- hold.
effective as (
    select
        carried.*,
        case
            when carried.source_state.has_end
                or resumed is null
                or carried.source_state.set_at >= resumed.changed_at
                then carried.source_state.value
        end as tool_state,
        case
            when carried.hold_reason.has_end
                or resumed is null
                or carried.hold_reason.position > resumed.position
                then carried.hold_reason.value
        end as reason
    from carried
),
-- What comes next in a life, to see whether it ends a hold whose own end the export lost.
followed as (
    select
        *,
        lead(place) over life as next_place,
        lead(move.field) over life as next_field,
        lead(move.old) over life as next_old,
        lead(state) over life as next_state,
        lead(reason) over life as next_reason
    from effective
    window life as (partition by ticket_id order by position)
)
select
    followed.ticket_id,
    followed.position,
    followed.changed_at as from_at,
    followed.to_at,
    followed.state,
    followed.state in ('resolved', 'closed', 'cancelled') as is_done,
    -- the row knows the present better than a history that never mentions the column
    case
        when followed.to_at is null and not coalesce(followed.source_state.is_event, false)
            then coalesce(tool_state, tickets.source_state)
        else tool_state
    end as source_state,
    case
        when followed.to_at is null
            and followed.state = 'on_hold'
            and not coalesce(followed.hold_reason.is_event, false)
            then coalesce(reason, tickets.hold_reason)
        else reason
    end as hold_reason,
    coalesce(
        next_place > 0 and next_field = 'state' and next_state <> 'on_hold' and (
            (followed.state = 'on_hold' and (next_place = 2 or next_old <> 'on_hold'))
            or (followed.state <> 'on_hold' and reason is not null and next_reason is null)
        ),
        false
    ) as lost_end
from followed
join tickets on tickets.ticket_id = followed.ticket_id;
