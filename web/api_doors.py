"""Who may ask the API: keys with scopes, how often, and answers that need not be sent twice."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request, Response
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel

from domain.users import ApiKey, Scope
from storage.api_keys import key_of
from storage.database import reading
from web.desk import Desk
from web.throttle import Turn

_bearer = HTTPBearer(auto_error=False, description="A key made on the administration page.")


class ApiRefusal(Exception):
    """A question that the API does not answer: with which status, and why."""

    def __init__(
        self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.headers = dict(headers or {})

    def answer(self) -> Response:
        """The refusal as it is sent."""
        body = {"error": {"code": self.code, "message": str(self)}}
        return JSONResponse(body, self.status, self.headers)


class ApiProblem(BaseModel):
    """This is what is sent in place of an answer."""

    error: dict[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """This is one question to the API with the key that asks it."""

    request: Request
    desk: Desk
    key: ApiKey
    turn: Turn

    @property
    def address(self) -> str:
        """Where the question comes from."""
        return self.request.client.host if self.request.client else ""

    def headers(self) -> dict[str, str]:
        """How much the key may still ask."""
        return limits(self.turn)

    def answer(self, body: BaseModel | Mapping[str, Any]) -> Response:
        """The answer as JSON, or that it is what the asker has already."""
        if isinstance(body, BaseModel):
            text = body.model_dump_json()
        else:
            text = json.dumps(body, ensure_ascii=False)
        tag = f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'
        headers = {**self.headers(), "ETag": tag, "Cache-Control": "private, no-cache"}
        if tag in _tags(self.request.headers.get("if-none-match", "")):
            return Response(status_code=304, headers=headers)
        return Response(text, media_type="application/json", headers=headers)


def _tags(header: str) -> set[str]:
    return {each.strip().removeprefix("W/") for each in header.split(",")}


def limits(turn: Turn) -> dict[str, str]:
    """The headers that say how often may be asked."""
    return {
        "RateLimit-Limit": str(turn.limit),
        "RateLimit-Remaining": str(turn.remaining),
        "RateLimit-Reset": str(turn.seconds),
    }


def call(
    request: Request,
    given: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Call:
    """A question with a key that is known and has not asked too often."""
    desk: Desk = request.app.state.desk.today()
    found = None
    if given is not None:
        with reading(desk.context.engine) as connection:
            found = key_of(connection, given.credentials)
    if found is None:
        raise ApiRefusal(
            401, "unauthorized", "Cần khóa API: Authorization: Bearer KHÓA.",
            {"WWW-Authenticate": "Bearer"},
        )  # fmt: skip
    turn = desk.api.take(found.id)
    if not turn.allowed:
        raise ApiRefusal(
            429, "too_many_requests", f"Hỏi quá nhanh. Thử lại sau {turn.seconds} giây.",
            {**limits(turn), "Retry-After": str(turn.seconds)},
        )  # fmt: skip
    return Call(request=request, desk=desk, key=found, turn=turn)


def _with_scope(scope: Scope) -> Any:
    def check(asked: Annotated[Call, Depends(call)]) -> Call:
        if scope not in asked.key.scopes:
            raise ApiRefusal(
                403, "forbidden", f"Khóa này không có quyền “{scope.value}”.", asked.headers()
            )
        return asked

    return Depends(check)


Reading = Annotated[Call, _with_scope(Scope.READ)]
Measuring = Annotated[Call, _with_scope(Scope.MEASURE)]
Exporting = Annotated[Call, _with_scope(Scope.EXPORT)]
