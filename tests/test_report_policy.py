"""[organisation] of the policy: whose name, logo and colours a report carries."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.contract import TICKETS
from policies.model import Policy
from policies.read import read_policy
from policies.refusal import Refused
from queries.model.build import tickets_digest


def read(folder: Path, text: str) -> Policy:
    path = folder / "policy.toml"
    path.write_text(text, encoding="utf-8")
    return read_policy(path, TICKETS.names)


def test_the_logo_lies_beside_the_policy(tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_text("<svg/>")
    found = read(tmp_path, '[organisation]\nname = "Acme"\nlogo = "logo.svg"\n').organisation
    assert (found.name, found.logo) == ("Acme", tmp_path / "logo.svg")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('accent = "blue"', "organisation.accent is 'blue'; write a colour"),
        ('logo = "logo.gif"', "organisation.logo is 'logo.gif'; write the name of a picture"),
        ('logo = "none.png"', "organisation.logo is 'none.png', but there is no file"),
        ('nme = "Acme"', "did you mean 'name'?"),
    ],
)
def test_what_is_wrong_is_told_in_a_sentence(tmp_path: Path, line: str, told: str) -> None:
    with pytest.raises(Refused, match=r".*") as refused:
        read(tmp_path, f"[organisation]\n{line}\n")
    assert told in str(refused.value)


def test_the_looks_of_reports_move_no_figure(tmp_path: Path) -> None:
    plain = read(tmp_path, "")
    dressed = read(tmp_path, '[organisation]\nname = "Acme"\naccent = "#004433"\n')
    assert plain.digest == dressed.digest
    assert tickets_digest(plain) == tickets_digest(dressed)
