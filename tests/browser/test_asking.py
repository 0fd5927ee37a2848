"""A question on the page, from Enter to the answer."""

import pytest

from prosa import demo

STAGES = ["classify", "select", "plan", "execute", "respond"]

WATCH_STAGES = """() => {
  window.seen = [];
  const inside = document.querySelector("prosa-chat").shadowRoot;
  new MutationObserver(() => {
    for (const stage of inside.querySelectorAll(".turn:last-child [data-stage]")) {
      if (stage.dataset.standing !== "waiting" && !seen.includes(stage.dataset.stage)) seen.push(stage.dataset.stage);
    }
  }).observe(inside.getElementById("turns"), { subtree: true, childList: true, attributes: true });
}"""

SLOW = (
    "SELECT count(*) AS n FROM order_items a, order_items b, order_items c WHERE a.amount * b.amount = c.amount + 0.001"
)


def test_the_link_signs_in_and_leaves_no_token_behind(signed_in, link):
    state, address = signed_in
    assert "token" in link
    assert "token" not in address
    assert [cookie["httpOnly"] for cookie in state["cookies"]] == [True]


def test_without_signing_in_the_page_says_what_to_do(chromium, signed_in):
    context = chromium.new_context(locale="en-US")
    page = context.new_page()
    page.goto(signed_in[1])
    page.wait_for_selector("#trouble")
    assert "link" in page.inner_text("#trouble")
    page.fill("input[name=token]", "not-the-token")
    page.click("button[type=submit]")
    page.wait_for_selector(".bad:not(:empty)")
    context.close()


def test_a_question_gets_stages_sql_table_and_an_answer(page, ask):
    page.evaluate(WATCH_STAGES)
    turn = ask(page, "How many orders are there by channel?", "answered")
    assert page.evaluate("seen") == STAGES
    assert turn.locator(".stage[data-standing=done]").count() == 5
    assert "SELECT" in turn.locator(".sql pre").inner_text()
    assert turn.locator("tbody tr").count() == 3
    assert {"store", "app", "online"} == set(turn.locator("tbody td:first-child").all_inner_texts())
    assert turn.locator(".words").inner_text()
    assert turn.locator("mark.confirmed").count() > 0
    assert turn.locator("mark.unconfirmed").count() == 0
    assert turn.locator(".reading").inner_text().startswith("Read as:")


def test_a_chart_is_drawn_by_plotly_from_our_own_host(page, ask):
    turn = ask(page, "How many orders are there by channel?", "answered")
    page.wait_for_selector(".plot[data-drawn] .main-svg")
    assert turn.locator(".plot .point, .plot .slice").count() == 3


def test_a_question_in_portuguese_is_answered_in_portuguese(open_page, ask):
    with open_page(locale="pt-BR") as page:
        assert page.get_attribute("html", "lang") == "pt-BR"
        turn = ask(page, "Quantos pedidos há por canal?", "answered")
        assert turn.locator("tbody tr").count() == 3
        assert turn.locator(".reading").inner_text().startswith("Entendi assim:")
        assert "." in turn.locator("tbody td.number").first.inner_text()
        assert turn.locator(".download").inner_text() == "Baixar CSV"


def test_the_language_can_be_switched_and_is_remembered(page, ask):
    turn = ask(page, "SELECT 1234.5 AS n", "answered")
    assert turn.locator("tbody td").inner_text() == "1,234.50"
    page.click("#open-settings")
    page.select_option("select[name=locale]", "pt-BR")
    page.keyboard.press("Escape")
    page.wait_for_selector("html[lang=pt-BR]")
    assert turn.locator("tbody td").inner_text() == "1.234,50"
    assert turn.locator(".download").inner_text() == "Baixar CSV"
    page.reload()
    page.wait_for_selector("html[lang=pt-BR]")
    assert page.locator("#new").inner_text() == "Nova conversa"


def test_examples_of_both_languages_are_answered(open_page):
    for locale in ("en-US", "pt-BR"):
        with open_page(locale=locale) as page:
            examples = page.locator("#examples button").all_inner_texts()
            assert len(examples) >= demo.EXAMPLES
            for example in examples:
                page.click("#new")
                page.get_by_role("button", name=example, exact=True).click()
                page.wait_for_selector('.turn:not([data-status="running"])')
                assert page.get_attribute(".turn", "data-status") == "answered", example


def test_words_that_are_not_understood_are_underlined(page, ask):
    turn = ask(page, "orders by zwungel", "refused")
    assert turn.locator("h2 u.unknown").all_inner_texts() == ["zwungel"]
    assert turn.locator(".reading u.unknown").all_inner_texts() == ["zwungel"]
    assert turn.locator("h2").inner_text() == "orders by zwungel"


def test_a_choice_among_readings_is_asked_at_a_click(page, ask):
    turn = ask(page, "orders per city", "clarify")
    options = turn.locator(".options button")
    assert options.count() == 2
    options.filter(has_text="store").click()
    page.wait_for_selector('.turn:nth-of-type(2)[data-status="answered"]')
    assert "stores" in page.locator(".turn:nth-of-type(2) .sql pre").inner_text()


def test_stop_ends_a_long_statement(page):
    page.fill("#question", SLOW)
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-stage=execute][data-standing=running]")
    page.click("#stop")
    page.wait_for_selector('.turn[data-status="cancelled"]')
    assert page.locator(".failure").inner_text().startswith("Stopped:")
    assert page.locator("#send").is_visible()


def test_a_reload_in_the_middle_goes_on_with_the_run(page):
    page.fill("#question", SLOW)
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-stage=execute][data-standing=running]")
    page.reload()
    page.wait_for_selector("[data-stage=execute][data-standing=running]")
    assert page.locator(".sql pre").count() == 1
    page.click("#stop")
    page.wait_for_selector('.turn[data-status="cancelled"]')


def test_a_lost_connection_is_taken_up_again(open_page, line):
    with open_page(expected=["ERR_"], address=line.address) as page:
        page.fill("#question", SLOW)
        page.keyboard.press("Enter")
        page.wait_for_selector("[data-stage=execute][data-standing=running]")
        line.cut()
        page.wait_for_selector("#note")
        line.mend()
        page.wait_for_selector("#note", state="detached")
        page.click("#stop")
        page.wait_for_selector('.turn[data-status="cancelled"]')
        assert page.locator(".sql pre").count() == 1


def test_a_conversation_is_there_again_after_a_reload(page, ask):
    ask(page, "SELECT 1 AS one", "answered")
    ask(page, "SELECT 2 AS two", "answered")
    page.reload()
    page.wait_for_selector('.turn:nth-of-type(2)[data-status="answered"]')
    assert page.locator(".turn h2").all_inner_texts() == ["SELECT 1 AS one", "SELECT 2 AS two"]
    page.click("#new")
    assert page.locator(".turn").count() == 0
    assert page.locator("#welcome").is_visible()


def test_a_conversation_that_is_not_there_says_so_and_a_new_one_begins(open_page, signed_in, ask):
    with open_page(expected=["404"], address=f"{signed_in[1]}#nowhere") as page:
        page.wait_for_selector("#trouble")
        ask(page, "SELECT 1 AS one", "answered")
        assert page.locator("#trouble").count() == 0
        assert not page.url.endswith("#nowhere")


def test_a_failure_says_what_happened_and_what_to_do(page, ask):
    turn = ask(page, "SELECT CAST(name AS INTEGER) FROM stores", "failed")
    assert turn.locator(".failure .problem").inner_text()
    assert turn.locator(".problem .hint").inner_text()


def test_a_question_that_is_too_long_comes_back_into_the_box(open_page):
    with open_page(expected=["422"]) as page:
        page.fill("#question", "x" * 9000)
        page.keyboard.press("Enter")
        page.wait_for_selector("#trouble")
        assert "8000" in page.inner_text("#trouble")
        assert len(page.input_value("#question")) == 9000


@pytest.mark.parametrize(
    "hostile",
    ["<img src=x onerror=window.hacked=1>", "</script><script>window.hacked=1</script>", "{{7*7}} ${7*7} <b>b</b>"],
)
def test_hostile_values_stay_text(page, ask, hostile):
    sql = f"SELECT '{hostile}' AS name, 3 AS n UNION ALL SELECT 'b', 2 UNION ALL SELECT 'c', 1 ORDER BY n DESC"
    turn = ask(page, sql, "answered")
    assert turn.locator("tbody td").first.inner_text() == hostile
    assert turn.locator("h2").inner_text() == sql
    page.wait_for_selector(".plot[data-drawn] .main-svg")
    labels = "".join(turn.locator(".plot text").all_text_contents())
    assert hostile[:20] in labels
    assert page.locator("main img, main script, main b").count() == 0
    assert page.evaluate("window.hacked") is None
