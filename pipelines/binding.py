"""Values for one SQL statement, bound by name; no value is ever written into SQL text."""

from __future__ import annotations

from collections.abc import Iterable


class Bindings:
    """Collects the values of one statement: `bind("x")` returns `$v0` and remembers "x"."""

    def __init__(self) -> None:
        self.values: dict[str, object] = {}

    def __call__(self, value: object) -> str:
        name = f"v{len(self.values)}"
        self.values[name] = value
        return f"${name}"

    def all(self, values: Iterable[object]) -> str:
        """A list of bound values: `$v0, $v1`."""
        return ", ".join(self(value) for value in values)


def quoted(identifier: str) -> str:
    """A column or table name as SQL takes it, whatever stands in it."""
    return '"' + identifier.replace('"', '""') + '"'
