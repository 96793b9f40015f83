from queries.catalogue import read_metrics
from queries.metric_docs import METRICS_PAGE, metrics_page


def test_the_page_is_up_to_date() -> None:
    page = METRICS_PAGE.read_text(encoding="utf-8")
    assert page == metrics_page(read_metrics().values()), "run python -m queries.metric_docs"
