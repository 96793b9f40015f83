/*
The clocks under the policy of the build and under another one. Grain: one row per clock and state.
{current} is the schema of the build.
*/
with counted as (
    select clock, state, 'current' as policy from {current}.clocks
    union all
    select clock, state, 'other' from clocks
)

select
    clock,
    state,
    count(*) filter (policy = 'current') as current_clocks,
    count(*) filter (policy = 'other') as other_clocks
from counted
group by clock, state
order by clock, state
