"""Accessibility rules (axe, WCAG 2.2 AA) on the main screens, light and dark, and what automatic rules can't see."""

import pytest
from axe_playwright_python.sync_playwright import Axe

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    # A landmark of ours inside of somebody else's page can't know which landmarks are around it.
    "rules": {"landmark-one-main": {"enabled": False}},
}


def violations(page):
    found = Axe().run(page, options=RULES).response["violations"]
    return [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing(open_page, ask, scheme, width):
    with open_page(color_scheme=scheme, viewport={"width": width, "height": 800}) as page:
        assert violations(page) == [], "the empty page"
        turn = ask(page, "Top 5 stores by revenue in 2025", "answered")
        page.wait_for_selector(".plot[data-drawn] .main-svg")
        assert violations(page) == [], "an answer"
        turn.locator(".formats").click()
        assert violations(page) == [], "the menu of formats"
        page.keyboard.press("Escape")
        turn.locator(".edit").click()
        assert violations(page) == [], "the editor"
        page.keyboard.press("Escape")
        ask(page, "orders per city", "clarify")
        ask(page, "orders by zwungel", "refused")
        ask(page, "SELECT CAST(name AS INTEGER) FROM stores", "failed")
        assert violations(page) == [], "questions without an answer"
        if width < 900:
            page.locator(".narrow-bar button").first.click()
        page.click("#tab-history")
        page.wait_for_selector(".conversation")
        assert violations(page) == [], "conversations"
        page.click("#open-settings")
        assert violations(page) == [], "settings"


def test_the_focus_stays_in_a_window_and_comes_back(page):
    page.focus("#open-settings")
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog[open]")
    for _ in range(12):
        page.keyboard.press("Tab")
        inside = "document.querySelector('prosa-chat').shadowRoot.activeElement?.closest('dialog') !== null"
        assert page.evaluate(inside)
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog", state="detached")
    assert page.evaluate("document.querySelector('prosa-chat').shadowRoot.activeElement?.id") == "open-settings"


def test_a_menu_is_walked_by_arrows(page, ask):
    turn = ask(page, "SELECT 1 AS one", "answered")
    turn.locator(".formats").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("[role=menuitem]")
    now = "document.querySelector('prosa-chat').shadowRoot.activeElement?.dataset.item"
    first = page.evaluate(now)
    page.keyboard.press("ArrowDown")
    assert page.evaluate(now) not in (first, None)
    page.keyboard.press("Home")
    assert page.evaluate(now) == first == "xlsx"
    page.keyboard.press("Escape")
    assert page.locator("[role=menuitem]").count() == 0
    assert "formats" in page.evaluate("document.querySelector('prosa-chat').shadowRoot.activeElement?.className")


def test_cells_are_walked_by_arrows(page, ask):
    turn = ask(page, "SELECT order_id, channel FROM orders ORDER BY order_id LIMIT 3000", "answered")
    turn.locator("td[tabindex='0']").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    here = "document.querySelector('prosa-chat').shadowRoot.activeElement"
    assert page.evaluate(f"[{here}.cellIndex, {here}.parentElement.ariaRowIndex]") == [1, "3"]
    page.keyboard.press("Control+End")
    page.wait_for_selector("tr[aria-rowindex='3001']:not(.pending)")
    assert page.evaluate(f"{here}.parentElement.ariaRowIndex") == "3001"


def test_twice_the_size_still_fits(open_page, ask):
    with open_page(viewport={"width": 640, "height": 400}, device_scale_factor=2) as page:
        ask(page, "SELECT * FROM orders ORDER BY order_id LIMIT 60", "answered")
        assert page.locator("#question").is_visible()
        inside = page.locator(".thread").evaluate("e => [e.scrollWidth, e.clientWidth]")
        assert inside[0] <= inside[1]


def test_the_chart_tells_what_it_shows(page, ask):
    turn = ask(page, "How many orders are there by channel?", "answered")
    label = turn.locator(".plot").get_attribute("aria-label")
    assert "3 values" in label
    assert turn.locator(".plot").get_attribute("role") == "img"
