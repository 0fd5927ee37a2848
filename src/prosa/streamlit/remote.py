"""`RemoteEngine`: a Prosa server behind its native HTTP API (docs/api.md), so that the pages look the same.

Who asks is told by `x-user-id`, which the server believes where this app is its trusted proxy, or runs without
sign-in. With one token for everybody the server can't tell visitors apart: then each sees only what came from them.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

import msgspec
import requests

from prosa import errors
from prosa.app.summaries import DocumentSummary, SourceSummary
from prosa.conversations.values import Conversation, ConversationDetail
from prosa.errors import AccessError, ProsaError, ServerError, UsageError
from prosa.events import Entry, decode
from prosa.identity import Principal
from prosa.question import Answerer, Question
from prosa.sources.base import Catalog

T = TypeVar("T")

SECONDS = (5.0, 60.0)
"""To connect, and of silence: the server's heartbeat is far more frequent."""
TRIES = 5
MOST_GONE = 10_000
ONCE = "prosa-once"
"""The header by which the server tells that a file is gone after this delivery."""
_GONE = frozenset({"file_gone", "not_found"})


class _Example(msgspec.Struct):
    question: str


class _Problem(msgspec.Struct):
    code: str = "internal"
    detail: str = ""
    hint: str = ""


class RemoteEngine:
    """`url` is the server's address, `token` a bearer token of it, if it wants one."""

    def __init__(self, url: str, token: str = "") -> None:
        if not url.startswith(("http://", "https://")):
            raise UsageError("streamlit_url", url=url)
        self._url = url.rstrip("/")
        self._token = token
        self._theirs: dict[str, set[str]] = {}
        self._gone: dict[str, None] = {}

    def examples(self, principal: Principal, locale: str) -> Sequence[str]:
        wishes: dict[str, Any] = {"locale": locale}
        if self._token:
            wishes["source"] = [source.id for source in self.sources(principal, locale)]
            if not wishes["source"]:
                return ()
        return [found.question for found in self._get(principal, "/api/examples", list[_Example], params=wishes)]

    def ask(
        self, principal: Principal, question: Question, conversation: str | None, answerer: Answerer | None
    ) -> _RemoteStream:
        if answerer is not None:
            raise UsageError("streamlit_remote_answerer")
        body: dict[str, Any] = {"question": question.text, "locale": question.locale}
        if question.sources or self._token:
            body["sources"] = list(question.sources) or self._asked(principal)
        if question.documents:
            body["documents"] = list(question.documents)
        place = f"/api/conversations/{conversation}/runs"
        started = self._read(self._send(principal, "POST", place, json=body), dict[str, str])
        return _RemoteStream(self, principal, started["run_id"])

    def _asked(self, principal: Principal) -> list[str]:
        """Everything that the visitor may ask, by name: an empty list would mean what others have brought as well.
        UsageError `source_none`."""
        found = self._get(principal, "/api/sources", list[SourceSummary])
        seen = [source.id for source in found if self._shown(principal, source)]
        if found and not seen:
            raise UsageError("source_none")
        return seen

    def sources(self, principal: Principal, locale: str) -> list[SourceSummary]:
        found = self._get(principal, "/api/sources", list[SourceSummary], locale=locale)
        return [source for source in found if self._shown(principal, source)]

    def _shown(self, principal: Principal, source: SourceSummary) -> bool:
        return not source.mine or self._seen_by(principal, source.id)

    def documents(self, principal: Principal, locale: str) -> list[DocumentSummary]:
        return self._get(principal, "/api/documents", list[DocumentSummary], locale=locale)

    def remove_document(self, principal: Principal, document_id: str) -> None:
        self._own(principal, document_id)
        self._send(principal, "DELETE", f"/api/documents/{document_id}")

    def catalog(self, principal: Principal, source_id: str) -> Catalog:
        return self._get(principal, f"/api/sources/{source_id}/catalog", Catalog)

    def upload(self, principal: Principal, name: str, data: bytes, locale: str) -> SourceSummary | DocumentSummary:
        sent = self._send(principal, "POST", "/api/uploads", locale=locale, files={"file": (name, data)})
        found = self._read(sent, dict[str, Any])
        if "passages" not in found:
            source = msgspec.convert(found, SourceSummary)
            self._note(principal, source.id)
            return source
        document = msgspec.convert(found, DocumentSummary)
        if self._token:  # a question can't be kept from the documents of all others who use this token
            self._send(principal, "DELETE", f"/api/documents/{document.id}")
            raise UsageError("streamlit_one_token")
        return document

    def remove_source(self, principal: Principal, source_id: str) -> None:
        self._own(principal, source_id)
        self._send(principal, "DELETE", f"/api/sources/{source_id}")

    def new_conversation(self, principal: Principal, title: str) -> str | None:
        sent = self._send(principal, "POST", "/api/conversations", json={"title": title[:200]})
        made = self._read(sent, Conversation)
        self._note(principal, made.id)
        return made.id

    def conversations(self, principal: Principal, search: str) -> list[Conversation]:
        found = self._get(principal, "/api/conversations", list[Conversation], params={"search": search[:200]})
        return [conversation for conversation in found if self._seen_by(principal, conversation.id)]

    def conversation(self, principal: Principal, conversation_id: str) -> ConversationDetail:
        self._own(principal, conversation_id)
        return self._get(principal, f"/api/conversations/{conversation_id}", ConversationDetail)

    def delete_conversation(self, principal: Principal, conversation_id: str) -> None:
        self._own(principal, conversation_id)
        self._send(principal, "DELETE", f"/api/conversations/{conversation_id}")

    def holds(self, principal: Principal, item_id: str) -> bool:
        return item_id not in self._gone

    def export(self, principal: Principal, result_id: str, format: str, locale: str) -> bytes:
        place, wishes = f"/api/results/{result_id}/export", {"format": format, "locale": locale}
        return self._content(self._send(principal, "GET", place, params=wishes))

    def bundle(self, principal: Principal, run_id: str, locale: str) -> bytes:
        return self._content(self._send(principal, "GET", f"/api/runs/{run_id}/bundle.zip", params={"locale": locale}))

    def file(self, principal: Principal, file_id: str) -> bytes:
        try:
            response = self._send(principal, "GET", f"/api/files/{file_id}")
            data = self._content(response)
        except ServerError as error:
            if error.code in _GONE:
                self._lost(file_id)
            raise
        if ONCE in response.headers:
            self._lost(file_id)
        return data

    def _lost(self, item_id: str) -> None:
        """Remembers what is gone, so that nobody is offered it again."""
        self._gone[item_id] = None
        if len(self._gone) > MOST_GONE:
            del self._gone[next(iter(self._gone))]

    def events(self, principal: Principal, run_id: str, after: int) -> requests.Response:
        """The run's event stream beyond an entry."""
        return self._send(principal, "GET", f"/api/runs/{run_id}/events", params={"after": after}, stream=True)

    def cancel(self, principal: Principal, run_id: str) -> None:
        """Asks the run to stop."""
        self._send(principal, "POST", f"/api/runs/{run_id}/cancel")

    def _note(self, principal: Principal, item_id: str) -> None:
        self._theirs.setdefault(principal.user, set()).add(item_id)

    def _seen_by(self, principal: Principal, item_id: str) -> bool:
        return not self._token or item_id in self._theirs.get(principal.user, ())

    def _own(self, principal: Principal, item_id: str) -> None:
        if not self._seen_by(principal, item_id):
            raise AccessError("not_found")

    def _get(self, principal: Principal | None, place: str, kind: type[T], **more: Any) -> T:
        return self._read(self._send(principal, "GET", place, **more), kind)

    def _send(
        self, principal: Principal | None, method: str, place: str, *, locale: str = "en", **more: Any
    ) -> requests.Response:
        headers = {"accept-language": locale}
        if self._token:
            headers["authorization"] = f"Bearer {self._token}"
        elif principal is not None:
            headers |= {"x-user-id": principal.user, "x-groups": ",".join(sorted(principal.groups))}
        try:
            response = requests.request(
                method, self._url + place, headers=headers, timeout=SECONDS, allow_redirects=False, **more
            )
        except requests.RequestException as error:
            raise UsageError("streamlit_unreachable", url=self._url) from error
        if response.status_code >= 300:
            raise _refused(response)
        return response

    def _read(self, response: requests.Response, kind: type[T]) -> T:
        try:
            return msgspec.json.decode(self._content(response), type=kind)
        except msgspec.MsgspecError as error:
            raise UsageError("streamlit_unreachable", url=self._url) from error

    def _content(self, response: requests.Response) -> bytes:
        try:
            return response.content
        except requests.RequestException as error:
            raise UsageError("streamlit_unreachable", url=self._url) from error


def _refused(response: requests.Response) -> ProsaError:
    try:
        problem = msgspec.json.decode(response.content, type=_Problem)
    except (msgspec.MsgspecError, requests.RequestException):
        return errors.by_code("internal")
    return ServerError(problem.code, problem.detail, problem.hint)


class _RemoteStream:
    """The entries of a server's run. A lost connection is taken up where it broke."""

    def __init__(self, engine: RemoteEngine, principal: Principal, run_id: str) -> None:
        self._engine, self._principal, self._run_id = engine, principal, run_id

    def __iter__(self) -> Iterator[Entry]:
        seen, failures = 0, 0
        while True:
            try:
                with self._engine.events(self._principal, self._run_id, seen) as response:
                    for entry in _entries(response):
                        yield entry
                        seen, failures = entry.seq, 0
                        if entry.terminal:
                            return
                if response.status_code == 204:
                    return
            except requests.RequestException as error:
                if failures == TRIES:
                    raise UsageError("streamlit_unreachable", url=self._engine._url) from error
            except UsageError:
                if failures == TRIES:
                    raise
            failures += 1
            if failures > TRIES:
                return
            time.sleep(0.2 * 2**failures)

    def stop(self) -> None:
        self._engine.cancel(self._principal, self._run_id)


def _entries(response: requests.Response) -> Iterator[Entry]:
    """The `data:` lines of an event stream; each event of this wire has one."""
    # One byte at a time as far as requests is concerned: it would wait for more than an event.
    for line in response.iter_lines(chunk_size=1):
        if line.startswith(b"data:"):
            yield decode(line[5:].strip())
