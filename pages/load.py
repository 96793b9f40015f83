"""Which export shall Meantime read, and will it read it right?"""

from __future__ import annotations

from dashboard import loading
from dashboard.navigation import require_frame, show_without_data


def page() -> None:
    loading.heading()
    loading.outcome()
    files = loading.files()
    if files:
        choices = loading.choices()
        loading.load_button([loading.file(each, choices) for each in files])


require_frame()
show_without_data(page)
