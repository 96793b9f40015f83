"""The base of every table of a policy: closed to unknown keys, frozen, and helpful when refused."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic_core import PydanticCustomError


def nearest(word: str, valid: Iterable[str]) -> str | None:
    """The valid name that `word` was most likely meant to be, or None when nothing is near."""
    names = list(valid)
    by_folded = {name.casefold(): name for name in names}
    # "madrid" should find "Europe/Madrid", so the last part of a name counts as the name too.
    by_folded |= {name.rsplit("/", 1)[-1].casefold(): name for name in names if "/" in name}
    found = get_close_matches(word.casefold(), by_folded, n=1, cutoff=0.5)
    return by_folded[found[0]] if found else None


def hint(word: str, valid: Iterable[str]) -> str:
    """The end of a sentence of refusal: the nearest valid name, or the names there are."""
    names = sorted(valid)
    if near := nearest(word, names):
        return f"did you mean {near!r}?"
    if 0 < len(names) <= 16:
        return f"valid are {', '.join(names)}"
    return "nothing valid is spelt like it"


def refuse(message: str, *key: str | int) -> PydanticCustomError:
    """An error about a value, at `key` below the table that is being read."""
    return PydanticCustomError("policy", "{message}", {"message": message, "key": key})


class Strict(BaseModel):
    """A table of the policy file: strict types, no unknown keys, immutable."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _known_keys(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        valid = {field.alias or name for name, field in cls.model_fields.items()}
        for key in data:
            if key not in valid:
                raise refuse(f"is no key of this table; {hint(str(key), valid)}", str(key))
        return data
