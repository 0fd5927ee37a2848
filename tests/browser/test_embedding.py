"""`<prosa-chat>` in somebody else's page: another origin, a bearer token, and style rules that mean harm."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

TOKEN = "token-of-the-browser-tests"

HOSTILE = """
* { color: red !important; font-size: 40px !important; line-height: 3 !important; letter-spacing: 9px; }
html { font-size: 62.5%; direction: rtl; }
div, button, table, td, p, section { display: none !important; background: hotpink !important; }
.turn, .download, .bar, #question { visibility: hidden !important; position: fixed !important; }
prosa-chat { opacity: 0.01; transform: rotate(90deg); filter: blur(9px); pointer-events: none; }
"""

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Theirs</title><style>{style}</style></head>
<body><h1>Theirs</h1>
<script>
  window.heard = [];
  for (const name of ["ready", "conversation", "question", "answer", "error", "download"])
    addEventListener(`prosa-${{name}}`, (event) => heard.push([name, event.detail]));
  window.Plotly = "theirs";
</script>
<script type="module" src="{server}static/prosa-chat.js"></script>
<prosa-chat {attributes}></prosa-chat>
<script>
  window.tokens = 0;
  document.querySelector("prosa-chat").token = async () => (window.tokens += 1, {token!r});
</script>
</body></html>"""


class Site:
    """A web server of another origin that serves one page."""

    def __init__(self):
        self.page = ""
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                body = site.page.encode() if self.path == "/" else b""
                self.send_response(200 if body else 404)
                self.send_header("content-type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://localhost:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture(scope="module")
def site():
    site = Site()
    yield site
    site.close()


@pytest.fixture(scope="module")
def server(site, speaking_to):
    with speaking_to(site.origin) as address:
        yield address


@pytest.fixture
def embedded(chromium, site, server):
    """Opens the foreign page, with attributes of the element and rules of the page."""

    @contextmanager
    def opened(attributes="", style="", token=TOKEN, **options):
        site.page = PAGE.format(server=server, attributes=attributes, style=style, token=token)
        context = chromium.new_context(**{"locale": "en-US", **options})
        page = context.new_page()
        wrong = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(site.origin)
        yield page
        context.close()
        assert wrong == []

    return opened


def asked(page, question):
    page.fill("#question", question)
    page.keyboard.press("Enter")
    page.wait_for_selector('.turn:not([data-status="running"])')


def test_a_question_is_answered_with_the_pages_own_token(embedded, server):
    with embedded() as page:
        page.wait_for_selector(".entry", state="attached")
        asked(page, "say **Hello**")
        assert page.inner_text(".words strong") == "Hello"
        assert page.evaluate("tokens") > 0
        names = [name for name, _ in page.evaluate("heard")]
        assert names[0] == "ready"
        assert {"conversation", "question", "answer"} <= set(names)
        answer = next(detail for name, detail in page.evaluate("heard") if name == "answer")
        assert answer["status"] == "answered"
        assert answer["answer"]["blocks"][0]["text"] == "**Hello**"


def test_charts_and_downloads_work_from_afar(embedded):
    with embedded() as page:
        page.wait_for_selector(".entry", state="attached")
        asked(page, "grow")
        page.wait_for_selector(".plot[data-drawn] .main-svg")
        assert page.evaluate("window.Plotly") == "theirs"
        assert page.locator(".plot .main-svg").first.bounding_box()["height"] > 100
        page.locator(".turn-tools .menu > button").click()
        page.keyboard.press("Escape")
        page.click("#tab-history")
        page.locator(".conversations .conversation").first.hover()
        page.locator(".conversations .menu > button").first.click()
        with page.expect_download() as waiting:
            page.click("[data-item=md]")
        assert "grow" in waiting.value.path().read_text("utf-8")


def test_hostile_rules_of_the_page_do_not_reach_in(embedded):
    with embedded(style=HOSTILE, viewport={"width": 1100, "height": 900}) as page:
        page.wait_for_selector(".entry", state="attached")
        asked(page, "say Hello")
        look = """(e) => { const s = getComputedStyle(e);
          return [s.color, s.fontSize, s.direction, s.visibility, s.position, s.letterSpacing, s.display]; }"""
        colour, size, direction, visible, position, spacing, display = page.locator(".turn").evaluate(look)
        assert (direction, visible, position, spacing, display) == ("ltr", "visible", "static", "normal", "block")
        assert colour != "rgb(255, 0, 0)"
        assert size == "16px"
        host = page.locator("prosa-chat").evaluate(
            "e => { const s = getComputedStyle(e); return [s.opacity, s.filter]; }"
        )
        assert host == ["1", "none"]
        assert page.locator("#question").is_visible()


def test_the_page_chooses_colours_language_and_shape(embedded):
    style = "prosa-chat { --prosa-accent: #7c3aed; --prosa-page: #fef9c3; --prosa-font-size: 18px; height: 500px; }"
    with embedded('locale="pt-BR" theme="light" compact', style=style) as page:
        page.wait_for_selector("#question")
        assert page.locator(".side").count() == 0
        root = page.locator(".root").evaluate(
            "e => { const s = getComputedStyle(e); return [s.backgroundColor, s.fontSize, e.lang]; }"
        )
        assert root == ["rgb(254, 249, 195)", "18px", "pt-BR"]
        assert page.locator("prosa-chat").bounding_box()["height"] == 500
        assert page.get_attribute("html", "lang") == "en"
        page.fill("#question", "x")
        send = page.locator("#send").evaluate("e => getComputedStyle(e).backgroundColor")
        assert send == "rgb(124, 58, 237)"


def test_the_page_asks_and_opens_by_script(embedded):
    with embedded() as page:
        page.wait_for_selector(".entry", state="attached")
        assert page.evaluate("document.querySelector('prosa-chat').ask('say By script')") is True
        page.wait_for_selector('.turn[data-status="answered"] .words:has-text("By script")')
        page.wait_for_function("heard.some(([name]) => name === 'conversation')")
        conversation = page.evaluate("heard.find(([name]) => name === 'conversation')[1].id")
        page.evaluate("document.querySelector('prosa-chat').reset()")
        page.wait_for_selector("#welcome")
        page.evaluate("id => document.querySelector('prosa-chat').open(id)", conversation)
        page.wait_for_selector('.turn .words:has-text("By script")')


def test_a_wrong_token_says_so_and_shows_nothing(embedded):
    with embedded(token="wrong") as page:
        page.wait_for_selector("#trouble")
        assert page.locator("#question").count() == 0


def test_an_origin_that_is_not_allowed_gets_nothing(chromium, site, speaking_to):
    with speaking_to("https://allowed.example") as address:
        site.page = PAGE.format(server=address, attributes="", style="", token=TOKEN)
        context = chromium.new_context(locale="en-US")
        page = context.new_page()
        page.goto(site.origin)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("customElements.get('prosa-chat')") is None
        context.close()
