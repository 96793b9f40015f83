"""Run `meantime` as a user does, in this process: arguments in, status and output out."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import cli


@dataclass(frozen=True)
class Result:
    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def meantime(*arguments: object) -> Result:
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.argv", ["meantime", *map(str, arguments)])
        with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as exit_:
            cli.main()
    status = exit_.value.code
    return Result(status if isinstance(status, int) else 0, out.getvalue(), err.getvalue())


def load(warehouse: Path, *arguments: object) -> Any:
    """A load that is expected to succeed: its report."""
    result = meantime("load", *arguments, "--json", "--warehouse", warehouse)
    assert result.status == 0, result.err
    return result.json


def refused(*arguments: object) -> str:
    """A command that is expected to be refused: its one sentence."""
    result = meantime(*arguments)
    assert result.status == 2, result.out + result.err
    assert result.out == ""
    *progress, sentence = result.err.splitlines()
    assert sentence.startswith("meantime: ")
    assert all(line.startswith("meantime: waiting for ") for line in progress)
    return sentence
