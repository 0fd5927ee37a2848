"""Conversations, pinned questions, settings, the editor of statements, other chart types, earlier questions."""

import json

import pytest


def open_history(page):
    page.click("#tab-history")
    page.wait_for_selector("#panel-history:not([hidden])")


def entry(page, title):
    return page.locator(".conversations .conversation", has_text=title)


def act(page, one, action):
    one.hover()
    one.locator(".menu > button").click()
    page.locator(f"[data-item={action}]").click()


def test_conversations_are_searched_renamed_and_opened(page, ask):
    ask(page, "SELECT 17 AS seventeen", "answered")
    page.click("#new")
    ask(page, "SELECT 18 AS eighteen", "answered")
    open_history(page)
    act(page, entry(page, "seventeen"), "rename")
    page.locator(".rename").fill("My número")
    page.keyboard.press("Enter")
    entry(page, "My número").wait_for()
    page.get_by_label("Search conversations").fill("numero")
    entry(page, "eighteen").wait_for(state="detached")
    entry(page, "My número").locator(".open").click()
    page.wait_for_selector(".turn h2:has-text('seventeen')")
    page.get_by_label("Search conversations").fill("zzz nothing")
    page.wait_for_selector("#panel-history .hint:has-text('Nothing found.')")


def test_a_deleted_conversation_comes_back_or_is_gone_for_good(page, ask):
    ask(page, "SELECT 'keep' AS kept_one", "answered")
    open_history(page)
    act(page, entry(page, "kept_one"), "delete")
    entry(page, "kept_one").wait_for(state="detached")
    assert page.locator(".turn").count() == 0
    page.locator(".toast button").click()
    entry(page, "kept_one").wait_for()
    act(page, entry(page, "kept_one"), "delete")
    page.reload()
    page.wait_for_selector(".entry", state="attached")
    page.wait_for_function("""async () => {
      const kept = await (await fetch("api/conversations")).json();
      return !kept.some((one) => one.title.includes("kept_one"));
    }""")


@pytest.mark.parametrize("kind", ["md", "txt", "json"])
def test_a_conversation_is_taken_away(page, ask, kind):
    ask(page, f"SELECT 'x' AS exported_{kind}", "answered")
    open_history(page)
    with page.expect_download() as waiting:
        act(page, entry(page, f"exported_{kind}"), kind)
    text = waiting.value.path().read_text("utf-8")
    assert f"exported_{kind}" in text
    if kind == "json":
        assert json.loads(text)


def test_a_pinned_question_is_asked_with_one_click(page, ask):
    turn = ask(page, "How many stores are there?", "answered")
    turn.locator(".turn-tools .menu > button").click()
    page.click("[data-item=pin]")
    page.click("#new")
    open_history(page)
    page.locator(".pin", has_text="How many stores").click()
    page.wait_for_selector('.turn[data-status="answered"]')
    assert page.inner_text(".turn h2") == "How many stores are there?"
    page.get_by_role("button", name="Unpin How many stores").click()
    page.locator(".pin").wait_for(state="detached")


def test_a_statement_is_edited_and_run_again(page, ask):
    turn = ask(page, "How many orders are there by channel?", "answered")
    turn.locator(".edit").click()
    box = turn.locator(".sql-edit")
    assert box.input_value() == turn.locator(".sql-edit").input_value()
    assert "SELECT" in box.input_value()
    box.fill("SELECT 41 + 1 AS answer")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector('.turn:nth-of-type(2)[data-status="answered"]')
    assert page.locator(".turn:nth-of-type(2) tbody td").inner_text() == "42"
    assert turn.locator(".sql-edit").count() == 0


def test_an_edited_statement_passes_the_same_guard(page, ask):
    turn = ask(page, "How many stores are there?", "answered")
    turn.locator(".edit").click()
    turn.locator(".sql-edit").fill("DROP TABLE stores")
    turn.locator(".run").click()
    page.wait_for_selector('.turn:nth-of-type(2):not([data-status="running"])')
    assert page.get_attribute(".turn:nth-of-type(2)", "data-status") in ("refused", "failed")


def test_a_chart_changes_its_type(page, ask):
    turn = ask(page, "How many orders are there by channel?", "answered")
    page.wait_for_selector(".plot[data-drawn=bar] .main-svg")
    for kind, mark in (("pie", ".slice"), ("line", ".scatterlayer .trace"), ("points", ".scatterlayer .point")):
        turn.locator(f"[data-type={kind}]").click()
        page.wait_for_selector(f".plot[data-drawn={kind}] {mark}")
        assert turn.locator(f"[data-type={kind}]").get_attribute("aria-pressed") == "true"
    turn.locator("[data-type=bar]").click()
    page.wait_for_selector(".plot[data-drawn=bar] .bars .point")
    assert turn.locator(".plot .point").count() == 3


def test_a_chart_that_was_asked_for_in_dark_is_dark_on_a_light_page(page, ask):
    ask(page, "How many orders are there by channel?", "answered")
    turn = ask(page, "as a pie chart, in dark", "answered")
    page.wait_for_selector(".turn:nth-of-type(2) .plot[data-drawn=pie] .slice")
    assert "rgb(22, 24, 29)" in turn.locator(".plot .main-svg").first.get_attribute("style")
    assert "rgb(22, 24, 29)" not in page.locator(".plot .main-svg").first.get_attribute("style")


def test_a_chart_fills_the_screen_and_comes_back(page, ask):
    turn = ask(page, "How many orders are there by channel?", "answered")
    page.wait_for_selector(".plot[data-drawn=bar] .main-svg")
    small = turn.locator(".plot").bounding_box()["height"]
    turn.get_by_role("button", name="Full screen").click()
    page.wait_for_selector(".chart:fullscreen")
    page.wait_for_function(
        """small => document.querySelector('prosa-chat').shadowRoot
            .querySelector('.chart:fullscreen .main-svg').getBoundingClientRect().height > small * 1.5""",
        arg=small,
    )
    turn.get_by_role("button", name="Full screen").click()
    page.locator(".chart:fullscreen").wait_for(state="detached")


def test_the_settings_say_who_answers_and_what_they_see(page):
    page.click("#open-settings")
    assert page.inner_text("#model-sees").endswith("without a language model: nothing is sent elsewhere.")
    assert page.locator("select[name=analyst]").count() == 0, "there is nobody to choose between"


def test_settings_hold_at_once_and_are_kept(page, ask):
    turn = ask(page, "SELECT 1234.5 AS n", "answered")
    page.click("#open-settings")
    page.select_option("select[name=numbers]", "pt-BR")
    page.select_option("select[name=theme]", "dark")
    page.uncheck("dialog input[type=checkbox]")
    page.keyboard.press("Escape")
    assert turn.locator("tbody td").inner_text() == "1.234,50"
    assert turn.locator(".download").inner_text() == "Download CSV"
    page.reload()
    page.wait_for_selector('.turn[data-status="answered"]')
    assert page.locator("tbody td").inner_text() == "1.234,50"
    assert page.get_attribute(".root", "data-theme") == "dark"
    assert page.locator(".sql details[open]").count() == 0


def test_arrow_up_brings_earlier_questions_back(page, ask):
    ask(page, "SELECT 1 AS one", "answered")
    ask(page, "SELECT 2 AS two", "answered")
    page.focus("#question")
    page.keyboard.press("ArrowUp")
    assert page.input_value("#question") == "SELECT 2 AS two"
    page.keyboard.press("ArrowUp")
    assert page.input_value("#question") == "SELECT 1 AS one"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.input_value("#question") == ""


def test_two_tabs_show_the_same_run(page):
    items = "order_items a, order_items b, order_items c"
    sql = f"SELECT count(*) AS n FROM {items} WHERE a.amount * b.amount = c.amount + 0.1"
    page.fill("#question", sql)
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-stage=execute][data-standing=running]")
    other = page.context.new_page()
    other.goto(page.url)
    other.wait_for_selector("[data-stage=execute][data-standing=running]")
    other.click("#stop")
    for one in (page, other):
        one.wait_for_selector('.turn[data-status="cancelled"]')
        assert one.locator(".sql pre").count() == 1


def test_going_back_shows_the_conversation_before(page, ask):
    ask(page, "SELECT 1 AS one", "answered")
    page.click("#new")
    ask(page, "SELECT 2 AS two", "answered")
    page.go_back()
    page.wait_for_selector("#welcome")
    page.go_back()
    page.wait_for_selector(".turn h2:has-text('SELECT 1 AS one')")
