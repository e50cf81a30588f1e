"""What a province takes follows from what was weighed."""

from bench.province import TASKS, Table, page

WEIGHED = [
    Table("area", 1_000, 400_000, 200_000),
    Table("event", 10_000, 6_000_000, 1_000_000),
    Table("idempotency_key", 10_000, 4_000_000, 2_000_000),
    Table("precedent", 4, 49_152, 32_768),
    Table("task", 1_000, 800_000, 450_000),
]


def test_the_page_reckons_a_province_from_rows_that_were_weighed() -> None:
    text = page(WEIGHED, tasks=1_000, idle=98.0, each=0.06, busy=0.000_16)
    assert "| `event` | 10,000 | 10.00 | 600 | 100 |" in text
    assert "| `area` | 1,000 | – | 400 | 200 |" in text and "| `area` | 531,725 | 0.21 |" in text
    assert "| **more with each year** | **2,750,000** | **1.7** |" in text
    assert "2.5 million events a year are 0.40 a second in working hours" in text
    assert "1,250 each: 75 MB and 20 % of a core" in text
    assert "precedent" not in text
    assert "| `idempotency_key` | 10,000 | – | 400 | 200 |" in text
    assert "Keys of 7 days are 47,945 rows at most, one for each event, and 0.02 GB." in text


def test_twice_as_many_events_for_a_task_are_twice_as_many_a_year() -> None:
    more = [table._replace(rows=2 * table.rows) if table.name == "event" else table for table in WEIGHED]
    assert f"| `event` | {20 * TASKS:,} | 1.50 |" in page(more, 1_000, 98.0, 0.06, 0.0)
