"""Who is asking: tokens, the one-time link, sessions, proxies, stated users, a host application's own people."""

import pytest

from prosa.config import Settings
from prosa.errors import ConfigError
from prosa.server.auth import identity_of, start_token
from prosa.server.sessions import OneTimeLink, Sessions

TOKEN = "start-token-0123456789"


def who(client, **options):
    """Whose conversations a client sees: the titles."""
    reply = client.get("/api/conversations", **options)
    return [head["title"] for head in reply.json()] if reply.status_code == 200 else reply.status_code


def test_each_token_is_its_own_user(ana, bia):
    ana.post("/api/conversations", json={"title": "ana's"})
    assert "ana's" in who(ana)
    assert "ana's" not in who(bia)


@pytest.mark.parametrize(
    "headers",
    [{}, {"authorization": "Bearer wrong"}, {"authorization": "Bearer"}, {"authorization": "Basic YTpi"},
     {"x-user-id": "ana"}, {"cookie": "prosa_session_0=x; prosa_session_8765=x"}],
    ids=str,
)  # fmt: skip
def test_without_a_valid_sign_in_nothing_is_reached(nobody, headers):
    reply = nobody.get("/api/conversations", headers=headers)
    assert (reply.status_code, reply.json()["code"]) == (401, "not_signed_in")
    assert reply.headers["www-authenticate"].startswith("Bearer")


def test_every_address_but_the_public_ones_needs_a_sign_in(server, nobody):
    document = nobody.get("/openapi.json").json()
    private = []
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            reply = nobody.request(method, path, json={"question": "x", "sql": "x", "title": "x", "token": "x"})
            if "security" in operation:
                private.append(path)
                assert reply.status_code in (401, 422), (method, path)
            else:
                assert reply.status_code != 401 or path == "/api/session"
    assert len(private) > 15


def test_a_wrong_token_is_not_mended_by_a_session(serving):
    with serving(token=TOKEN) as server, server.client(None) as browser:
        browser.get("/", params={"token": TOKEN})
        assert who(browser) == []
        assert who(browser, headers={"authorization": "Bearer wrong"}) == 401


def test_the_link_signs_in_one_browser_once_and_leaves_no_token_behind(serving):
    with serving(token=TOKEN) as server, server.client(None) as browser, server.client(None) as other:
        reply = browser.get("/", params={"token": TOKEN})
        assert (reply.status_code, reply.headers["location"]) == (303, "/")
        cookie = reply.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=strict" in cookie
        assert "Path=/" in cookie
        assert TOKEN not in cookie
        assert who(browser) == []
        again = other.get("/", params={"token": TOKEN})
        assert (again.status_code, "set-cookie" in again.headers) == (401, False)
        assert who(other) == 401
        assert browser.get("/", params={"token": TOKEN}).status_code == 303


def test_the_links_token_goes_on_as_a_bearer_token_for_programs(serving):
    with serving(token=TOKEN) as server, server.client(None) as browser:
        browser.get("/", params={"token": TOKEN})
        browser.post("/api/conversations", json={"title": "mine"})
        with server.client(None, authorization=f"Bearer {TOKEN}") as program:
            assert who(program) == ["mine"]


def test_a_wrong_token_does_not_use_the_link_up(serving):
    with serving(token=TOKEN) as server, server.client(None) as browser:
        refused = browser.get("/", params={"token": "guessed"}, headers={"accept-language": "pt"})
        assert refused.status_code == 401
        assert "Este link já foi usado" in refused.text
        assert browser.get("/", params={"token": TOKEN}).status_code == 303


def test_a_browser_may_sign_in_with_a_users_token_and_out_again(server, nobody):
    assert nobody.post("/api/session", json={"token": "wrong"}).status_code == 401
    assert nobody.post("/api/session", json={"token": "bia-token-0123456789"}).status_code == 204
    assert isinstance(who(nobody), list)
    assert nobody.delete("/api/session").status_code == 204
    nobody.cookies.clear()
    assert who(nobody) == 401


def test_a_session_that_was_ended_can_not_be_used_again(server, nobody):
    nobody.post("/api/session", json={"token": "bia-token-0123456789"})
    kept = dict(nobody.cookies)
    nobody.delete("/api/session")
    nobody.cookies.update(kept)
    assert who(nobody) == 401


def test_the_start_up_token_is_nowhere_in_the_log(serving, caplog):
    with serving(token=TOKEN) as server, server.client(None) as browser, caplog.at_level(0):
        browser.get("/", params={"token": TOKEN})
        browser.get("/api/conversations", headers={"authorization": f"Bearer {TOKEN}"})
        browser.get("/nowhere", params={"token": TOKEN})
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith("http")]
    assert TOKEN not in "".join(ours)


def test_only_a_trusted_proxy_speaks_for_others(serving):
    said = {"x-user-id": "carla", "x-groups": "sales, board"}
    with serving(trusted_proxy=("127.0.0.0/8",)) as server, server.client(None) as proxy:
        proxy.post("/api/conversations", json={"title": "carla's"}, headers=said)
        assert who(proxy, headers=said) == ["carla's"]
        assert who(proxy, headers={"x-user-id": "dora"}) == []
        assert who(proxy) == 401
    with serving(trusted_proxy=("10.0.0.0/8",)) as server, server.client(None) as proxy:
        assert who(proxy, headers={**said, "x-forwarded-for": "10.0.0.1"}) == 401


def test_without_sign_in_a_stated_user_divides_the_data(serving):
    with serving(auth=False, users=()) as server, server.client(None) as client:
        client.post("/api/conversations", json={"title": "e's"}, headers={"x-user-id": "e"})
        assert who(client, headers={"x-user-id": "e"}) == ["e's"]
        assert who(client, params={"user_id": "e"}) == ["e's"]
        assert who(client) == []


def test_a_body_makes_nobody_another_user(ana):
    reply = ana.post("/api/ask", json={"question": "say x", "user_id": "bia"})
    assert reply.status_code == 422


def test_settings_that_let_nobody_in_are_refused():
    with pytest.raises(ConfigError) as caught:
        identity_of(Settings(), None, "")
    assert caught.value.code == "identity"
    assert identity_of(Settings(auth=False), None, "")
    assert identity_of(Settings(), lambda request: None, "")


def test_a_server_without_users_makes_a_token():
    assert len(start_token(Settings())) > 32
    assert start_token(Settings()) != start_token(Settings())
    assert start_token(Settings(token=TOKEN)) == TOKEN
    assert start_token(Settings(auth=False)) == ""
    assert start_token(Settings(trusted_proxy=("10.0.0.0/8",))) == ""


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def test_a_session_ends_a_week_after_its_last_use(identity_ana):
    clock = Clock()
    sessions = Sessions(clock)
    value = sessions.start(identity_ana)
    assert sessions.find(value).user == "ana"
    clock.now += 6 * 86_400
    assert sessions.find(value).session
    clock.now += 6 * 86_400
    assert sessions.find(value)
    clock.now += 8 * 86_400
    assert sessions.find(value) is None
    assert sessions.find("guessed") is None


def test_only_so_many_sessions_are_kept(identity_ana):
    sessions = Sessions()
    first = sessions.start(identity_ana)
    for _ in range(10_000):
        last = sessions.start(identity_ana)
    assert sessions.find(first) is None
    assert sessions.find(last)


def test_a_one_time_link_is_used_once():
    link = OneTimeLink(TOKEN)
    assert [link.use("wrong"), link.use(TOKEN), link.use(TOKEN)] == [False, True, False]
