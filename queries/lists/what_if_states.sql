/*
The clocks under the policy of the build and under another one. Grain: one row per clock and state.
{current} is the schema of the build.
*/
with counted as (
    select clock::varchar as clock, state::varchar as state, 'current' as policy from {current}.clocks
    union all
    select clock::varchar, state::varchar, 'other' from clocks
)

select
    clock,
    state,
    count(*) filter (policy = 'current') as current_clocks,
    count(*) filter (policy = 'other') as other_clocks
from counted
group by clock, state
order by clock, state
