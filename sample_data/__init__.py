"""An invented organisation's tickets of two years, as its tool would export them.

`organisation`, `texts` and `rhythm` say who, what and when; `ordinary` and `lifecycle` make the
noise; `stories`, `records` and `aftermath` what stands out of it and what follows from it. All
of that knows no tool: `servicenow` writes it down; `telling` goes through it step by step for
`jira` and `zendesk`, which write the same.
"""
