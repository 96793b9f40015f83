"""Which rule of the policy fits a ticket, as SQL with the policy's values as parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from policies.model import Policy, Scalar, Sla
from policies.zones import day_start


class Choice:
    """SQL that tells which promise a ticket has, with the policy's values as parameters."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.values: dict[str, object] = {}

    def sql(self) -> str:
        """The number of the service level of a row of `lives` by clock; null where none fits."""
        clocks = dict.fromkeys(sla.clock for sla in self.policy.sla)
        cases = " ".join(f"when '{clock}' then {self._of_clock(clock)}" for clock in clocks)
        return f"case lives.clock {cases} end" if cases else "null::int"

    def groups_sql(self) -> str:
        """The number of the first of all versions of a service level, from its number."""
        cases = " ".join(f"when {n} then {chain}" for n, chain in enumerate(self.policy.sla_chains))
        return f"case sla_number {cases} end" if cases else "null::int"

    def _of_clock(self, clock: str) -> str:
        slas, chains = self.policy.sla, self.policy.sla_chains
        lines: list[str] = []
        for chain in dict.fromkeys(chains):
            versions = [n for n, other in enumerate(chains) if other == chain]
            if slas[chain].clock != clock:
                continue
            versions.sort(key=lambda n: slas[n].from_day or date.min)
            for place, number in enumerate(versions):
                # in force from its first day until that of the next version
                tests = [self._has_begun(slas[number])]
                tests += [f"not {self._has_begun(slas[n])}" for n in versions[place + 1 :]]
                tests += self._conditions(slas[number].where)
                lines.append(f"when {' and '.join(tests)} then {number}")
        return f"case {' '.join(lines)} end"

    def _has_begun(self, sla: Sla) -> str:
        if sla.from_day is None:
            return "true"
        start = "lives.life_start_at" if sla.retroactive else "span_from_at"
        return f"{start} >= {self._bind(day_start(sla.from_day, self.policy.timezone))}"

    def escalation_sql(self) -> str:
        """The seconds within which a row of `lives` is to be escalated; null where no rule fits."""
        rules = self.policy.escalation
        cases = " ".join(
            f"when {' and '.join(['true', *self._conditions(rule.where)])} then {rule.after}"
            for rule in rules
        )
        return f"case {cases} end" if cases else "null::int"

    def _conditions(self, where: Mapping[str, Sequence[Scalar]]) -> list[str]:
        return [self._holds(column, values) for column, values in where.items()]

    def _holds(self, column: str, values: Sequence[Scalar]) -> str:
        name = "span_priority" if column == "priority" else f'lives."{column}"'
        if all(isinstance(value, str) for value in values):
            name = f"cast({name} as varchar)"
        return f"{name} in ({', '.join(self._bind(value) for value in values)})"

    def _bind(self, value: object) -> str:
        self.values[name := f"value_{len(self.values)}"] = value
        return f"${name}"
