"""What is said of the problem records behind tickets, wherever it is said."""

from __future__ import annotations

PROBLEM_STATE_MACRO = """
create or replace macro problem_state(problems, has_known_error, has_open, fixed_at, last_at) as
case
    when problems is null then 'none'
    when has_known_error then 'known error'
    when has_open then 'open problem'
    when last_at > fixed_at then 'recurred after the fix'
    else 'fixed'
end"""
