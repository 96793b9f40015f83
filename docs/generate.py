"""Write the pages that are made from the code: `python -m docs.generate [--check]`.

With `--check` nothing is written; the pages that are out of date are named, with status 1.
"""

from __future__ import annotations

import sys
from pathlib import Path

from pipelines.contract import TABLES, Table
from pipelines.sources import forms
from queries.catalogue import read_metrics
from queries.metric_docs import metrics_page

FOLDER = Path(__file__).parent


def contract_page() -> str:
    """The contract: each table with its grain, its key and its columns."""
    head = (
        "# The ticket contract\n\n"
        "Made by `make docs` from `pipelines/contract.py`. Instants are UTC, in columns named "
        "`_at`.\n"
    )
    return head + "".join(_table(table) for table in TABLES)


def _table(table: Table) -> str:
    lines = [
        f"\n## {table.name}\n",
        f"{table.grain[0].upper()}{table.grain[1:]}. Key: {', '.join(table.key)}.\n",
        "| column | type | meaning |",
        "|---|---|---|",
    ]
    for column in table.columns:
        meaning = column.meaning + (" (required)" if column.required else "")
        if column.choices:
            meaning += f": {', '.join(column.choices)}"
        lines.append(f"| {column.name} | {column.type} | {meaning} |")
    return "\n".join(lines) + "\n"


def sources_page() -> str:
    """What is read: each form, what it is told by, and which column becomes what."""
    lines = [
        "# What Meantime reads\n",
        "Made by `make docs` from `pipelines/sources/`. Columns that are not listed are kept in "
        "`extra`.\n",
    ]
    for form in forms():
        told = "; ".join(" or ".join(f"`{name}`" for name in group) for group in form.recognised_by)
        lines += [
            f"\n## {form.source}: {form.title}\n",
            f"Goes into `{form.table}`. Told by: {told}. It cannot give: {form.cannot_give}.\n",
            "| contract column | read from |",
            "|---|---|",
            *(
                f"| {column} | {', '.join(f'`{name}`' for name in names)} |"
                for column, names in form.columns.items()
            ),
        ]
    return "\n".join(lines) + "\n"


PAGES = {
    "contract.md": contract_page,
    "metrics.md": lambda: metrics_page(read_metrics().values()),
    "sources.md": sources_page,
}


def main() -> int:
    """Write the pages, or name those that are out of date."""
    stale = []
    for name, page in PAGES.items():
        path, text = FOLDER / name, page()
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if "--check" not in sys.argv:
            path.write_text(text, encoding="utf-8", newline="\n")
    if stale and "--check" in sys.argv:
        print(f"out of date: {', '.join(stale)}; run `make docs`", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
