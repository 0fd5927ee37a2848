"""Who looks at the page: the host application's user, whoever came by the command line's link, or a visitor."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from typing import TypeAlias

import streamlit as st

from prosa.errors import AccessError
from prosa.identity import LOCAL, Principal
from prosa.streamlit.sessions import Session, Sessions

PrincipalCallable: TypeAlias = Callable[[], Principal | str | None]
"""Tells who looks at the page, as a Principal or a user's name; None where nobody is signed in."""

PARAMETER = "chat"
TOKEN = "token"  # noqa: S105 a parameter's name
_STATE = "prosa_session"


@st.cache_resource(show_spinner=False)
def sessions() -> Sessions:
    """The registry of this process."""
    return Sessions()


def current(principal: PrincipalCallable | None) -> Session:
    """The session of this tab: the one it had, the one that its address names, or a new one, which is a visitor's where
    the application does not know its users. Nothing is drawn before this is known. AccessError `not_signed_in`."""
    person = None
    if principal is not None:
        found = principal()
        if not found:
            raise AccessError("not_signed_in")
        person = Principal(found) if isinstance(found, str) else found
    return _noted(_known(person) or sessions().open(person, st.query_params.get(PARAMETER, "")))


def by_link(token: str) -> Session:
    """The session of a tab that came by the link that `prosa streamlit` printed, or had come by it before. The token
    leaves the address. AccessError `not_signed_in`."""
    given = st.query_params.pop(TOKEN, "") if TOKEN in st.query_params else ""
    if hmac.compare_digest(given.encode(), token.encode()):
        return _noted(_known(LOCAL) or sessions().open(LOCAL))
    session = _known(LOCAL)
    if session is None:
        raise AccessError("not_signed_in")
    return _noted(session)


def _known(person: Principal | None) -> Session | None:
    for session_id in (st.session_state.get(_STATE, ""), st.query_params.get(PARAMETER, "")):
        session = sessions().find(session_id, person)
        if session is not None:
            return session
    return None


def _noted(session: Session) -> Session:
    st.session_state[_STATE] = session.id
    if st.query_params.get(PARAMETER) != session.id:
        st.query_params[PARAMETER] = session.id
    return session
