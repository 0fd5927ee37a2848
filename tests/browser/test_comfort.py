"""The page for everybody: narrow screens, dark rooms, keyboards, screen readers."""

import pytest

WIDE = "SELECT * FROM orders ORDER BY order_id LIMIT 60"


@pytest.mark.parametrize("width", [360, 800, 1280])
def test_nothing_is_wider_than_the_screen(open_page, ask, width):
    with open_page(viewport={"width": width, "height": 700}) as page:
        turn = ask(page, WIDE, "answered")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        turn.locator(".download").scroll_into_view_if_needed()
        assert turn.locator(".download").bounding_box()["width"] < width


def test_a_small_screen_begins_at_the_top(open_page):
    with open_page(viewport={"width": 360, "height": 500}) as page:
        heading = page.locator("#welcome h1")
        assert heading.bounding_box()["y"] > 0
        assert page.locator(".thread").evaluate("e => [e.scrollTop, e.scrollHeight > e.clientHeight]") == [0, True]


def test_a_dark_screen_gets_dark_colours_and_a_readable_chart(open_page, ask):
    with open_page(color_scheme="dark") as page:
        turn = ask(page, "SELECT store_type, count(*) AS n FROM stores GROUP BY 1 ORDER BY 2 DESC", "answered")
        page.wait_for_selector(".plot[data-drawn] .main-svg")
        assert lightness(page.locator(".root"), "backgroundColor") < 60
        assert lightness(turn.locator(".plot .ytick text").first, "fill") > 180
        assert turn.locator(".download").evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(4, 120, 87)"


def lightness(element, name):
    colour = element.evaluate(f"e => getComputedStyle(e).{name}")
    return max(int(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(","))


def test_the_download_button_is_bold_and_white_on_green(page, ask):
    turn = ask(page, "SELECT 1 AS one", "answered")
    style = turn.locator(".download").evaluate(
        "e => (({ color, backgroundColor, fontWeight }) => [color, backgroundColor, fontWeight])(getComputedStyle(e))"
    )
    assert style == ["rgb(255, 255, 255)", "rgb(4, 120, 87)", "700"]
    assert turn.locator(".download").get_attribute("title") == "Download CSV file"


def test_a_question_can_be_asked_by_keyboard_alone(page):
    assert focused(page, "id") == "question"
    page.keyboard.type("SELECT 1 AS one,")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("2 AS two")
    assert page.input_value("#question") == "SELECT 1 AS one,\n2 AS two"
    page.keyboard.press("Enter")
    page.wait_for_selector('.turn[data-status="answered"]')
    assert page.locator("tbody td").all_inner_texts() == ["1", "2"]
    assert page.input_value("#question") == ""


def focused(page, field):
    return page.evaluate(f"document.querySelector('prosa-chat').shadowRoot.activeElement?.{field}")


def test_every_control_has_a_name_and_can_be_reached(page, ask):
    ask(page, WIDE, "answered")
    nameless = page.evaluate("""() => [...document.querySelector("prosa-chat").shadowRoot
        .querySelectorAll("button, a, textarea, input, summary, [role=region]")]
        .filter((e) => e.checkVisibility() && !(e.innerText || e.ariaLabel || e.labels?.length || "").toString().trim())
        .map((e) => e.outerHTML)""")
    assert nameless == []
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(focused(page, "id") or focused(page, "className"))
    assert {"download", "quiet copy", "quiet edit", "question", "new", "tab-data", "open-settings"} <= reached


def test_focus_can_be_seen(page):
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    outline = page.evaluate(
        "getComputedStyle(document.querySelector('prosa-chat').shadowRoot.activeElement).outlineStyle"
    )
    assert outline == "solid"


def test_a_screen_reader_is_told_the_end(page, ask):
    ask(page, "SELECT 41 + 1 AS answer", "answered")
    page.wait_for_selector("#status:has-text('42')", state="attached")
    assert page.get_attribute("#status", "role") == "status"


def test_who_wants_no_motion_gets_none(open_page):
    with open_page(reduced_motion="reduce") as page:
        assert page.locator(".examples button").first.evaluate("e => getComputedStyle(e).transitionDuration") == "0s"
