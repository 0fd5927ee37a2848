"""A result of a million rows in the page: scrolled, sorted and filtered by the engine, in little memory."""

import pytest

MILLION = """SELECT row_number() OVER () AS n, a.channel || a.order_id AS name,
  (a.order_id * 7919 + b.store_id) % 1000003 AS mixed FROM orders a, stores b LIMIT 1000000"""
MEGABYTE = 1 << 20


@pytest.mark.slow
def test_a_million_rows_scroll_and_sort_within_300_megabytes(open_page, ask):
    with open_page() as page:
        turn = ask(page, MILLION, "answered")
        assert turn.locator(".result .count").inner_text() == "1,000,000 rows"
        grid = turn.locator(".grid")
        for share in (0.25, 0.5, 0.75, 1):
            grid.evaluate("(e, share) => (e.scrollTop = (e.scrollHeight - e.clientHeight) * share)", share)
            turn.locator("tr.pending").first.wait_for(state="detached")
        assert turn.locator("tbody tr[aria-rowindex='1000001'] td").first.inner_text() == "1,000,000"
        turn.get_by_role("button", name="mixed").click()
        grid.evaluate("e => (e.scrollTop = 0)")
        page.wait_for_selector("tbody tr[aria-rowindex='2'] td:nth-child(3):text-is('0')", timeout=60_000)
        client = page.context.new_cdp_session(page)
        client.send("HeapProfiler.collectGarbage")
        assert client.send("Runtime.getHeapUsage")["usedSize"] < 100 * MEGABYTE
        assert turn.locator("tbody tr[aria-rowindex]").count() < 40
