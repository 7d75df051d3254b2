"""Signing in, roles, form tokens, throttling, the audit trail: who may do what."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import delete, exc, update

from domain.errors import StorageError, UsageError
from domain.users import Access
from storage.audit_trail import deeds
from storage.database import reading
from storage.tables import audit_trail, sessions, users
from tests.stored_press import NOW, put
from tests.web_house import PASSWORD, Hands, add, visitor, web_house, with_clock
from web.passwords import check_choice, is_right
from web.secret import read_secret
from web.serving import FIRST_NAME, first_administrator
from web.visits import own_path

ROLES = {
    "doc": Access.READER,
    "bnv": Access.OFFICER,
    "bien": Access.EDITOR,
    "quan": Access.ADMINISTRATOR,
}


@pytest.fixture
def house(tmp_path):
    found = web_house(tmp_path)
    for name, access in ROLES.items():
        add(found, name, access, *(["BNV"] if access is Access.OFFICER else []))
    return found


@pytest.fixture
def trail(house):
    def read():
        with reading(house.engine) as connection:
            return [deed for _, deed in deeds(connection, limit=1_000)][::-1]

    return read


PAGES = ("/", "/search", "/agencies", "/agencies/BNV", "/areas", "/areas/so", "/map", "/events",
         "/outlets", "/runs", "/reports", "/alerts")  # fmt: skip


@pytest.mark.parametrize("path", [*PAGES, "/review", "/admin", "/articles/1", "/stories/1"])
def test_nobody_sees_a_page_without_signing_in(house, path):
    answer = visitor(house).get(path)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/login")


def test_after_signing_in_the_page_asked_for_is_shown(house):
    guest = visitor(house)
    assert guest.get("/search?q=mot").headers["location"] == "/login?next=%2Fsearch%3Fq%3Dmot"
    answer = guest.post(
        "/login",
        {"name": "doc", "password": PASSWORD, "next": "/search?q=mot"},
        at="/login?next=%2Fsearch%3Fq%3Dmot",
    )
    assert answer.headers["location"] == "/search?q=mot"
    assert guest.get("/search?q=mot").status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_there_for_a_reader(house, path):
    put(house, 1)
    guest = visitor(house)
    guest.sign_in("doc")
    answer = guest.get(path)
    assert answer.status_code == 200
    assert "<h1>" in answer.text


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/review", {"bien", "quan"}),
        ("/admin", {"quan"}),
        ("/runs", set(ROLES)),
    ],
)
@pytest.mark.parametrize("name", ROLES)
def test_a_role_sees_what_it_may(house, path, allowed, name):
    guest = visitor(house)
    guest.sign_in(name)
    assert guest.get(path).status_code == (200 if name in allowed else 403)


@pytest.mark.parametrize(
    ("name", "password"),
    [("doc", "sai-mat-khau"), ("khong-co", PASSWORD), ("doc", ""), ("", ""), ("doc", "x" * 5_000)],
)
def test_a_wrong_name_or_password_opens_nothing_and_says_the_same(house, name, password):
    guest = visitor(house)
    answer = guest.sign_in(name, password)
    assert answer.status_code == 401
    assert "Tên hoặc mật khẩu không đúng." in answer.text
    assert guest.get("/").status_code == 303


def test_many_guesses_are_not_checked(house, monkeypatch):
    checked = []
    monkeypatch.setattr("web.people.is_right", lambda *given: checked.append(given) or False)
    guest = visitor(house)
    token = guest.token("/login")
    statuses = set()
    for number in range(500):
        answer = guest.client.post(
            "/login", data={"csrf": token, "name": "quan", "password": f"{number}"}
        )
        statuses.add(answer.status_code)
    assert statuses == {401, 429}
    assert len(checked) == 5
    assert int(answer.headers["retry-after"]) > 0


def test_the_right_password_waits_too_and_is_let_in_later(house):
    clock = Hands()
    guest = visitor(with_clock(house, clock))
    for _ in range(5):
        guest.sign_in("doc", "sai-mat-khau")
    assert guest.sign_in("doc").status_code == 429
    clock.pass_by(minutes=16)
    assert guest.sign_in("doc").status_code == 303


def test_a_session_is_over_after_its_hours(house):
    clock = Hands()
    guest = visitor(with_clock(house, clock))
    guest.sign_in("doc")
    clock.pass_by(hours=11.9)
    assert guest.get("/").status_code == 200
    clock.pass_by(hours=0.2)
    assert guest.get("/").status_code == 303


def test_a_cookie_kept_from_before_signing_out_opens_nothing(house):
    guest = visitor(house)
    guest.sign_in("doc")
    stolen = guest.client.cookies["diembao_session"]
    guest.post("/logout")
    again = visitor(house)
    again.client.cookies.set("diembao_session", stolen)
    assert again.get("/").status_code == 303


def test_the_cookie_is_signed_and_out_of_reach_of_scripts_and_other_sites(house):
    guest = visitor(house)
    answer = guest.sign_in("doc")
    cookie = next(
        each for each in answer.headers.get_list("set-cookie") if each.startswith("diembao_session")
    )
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    guest.client.cookies.set("diembao_session", guest.client.cookies["diembao_session"][:-2] + "xx")
    assert visitor(house).get("/").status_code == 303


def test_what_the_database_keeps_signs_nobody_in(house):
    guest = visitor(house)
    guest.sign_in("doc")
    with reading(house.engine) as connection:
        kept = connection.execute(users.select()).all()
        opened = connection.execute(sessions.select()).all()
    assert all(row.password.startswith("$argon2id$") for row in kept)
    again = visitor(house)
    again.client.cookies.set("diembao_session", opened[0].token_hash)
    assert again.get("/").status_code == 303


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/logout", {}),
        ("/search/save", {"name": "a", "query": "q=a"}),
        ("/admin/users", {"name": "ma", "access": "administrator"}),
        ("/admin/keys", {"name": "a", "scopes": "read"}),
        ("/reports", {"month": "2026-07", "window": "lich", "format": "csv"}),
        ("/review/draw", {}),
        ("/language", {"language": "en"}),
    ],
)
@pytest.mark.parametrize("token", ["", "0" * 64, "not a token", "ô"])
def test_a_form_of_another_site_is_refused(house, path, fields, token):
    guest = visitor(house)
    guest.sign_in("quan")
    answer = guest.client.post(path, data={"csrf": token, **fields})
    assert answer.status_code == 403
    assert "Trang đã cũ" in answer.text


def test_a_token_of_another_visitor_is_refused(house):
    mine, other = visitor(house), visitor(house)
    mine.sign_in("quan")
    other.sign_in("doc")
    answer = mine.client.post("/logout", data={"csrf": other.token()})
    assert answer.status_code == 403
    crossing = mine.client.post(
        "/logout", data={"csrf": mine.token()}, headers={"sec-fetch-site": "cross-site"}
    )
    assert crossing.status_code == 403


def test_the_first_administrator_is_made_once_and_must_choose_a_password(tmp_path):
    house = web_house(tmp_path)
    password = first_administrator(house.engine, house.clock)
    assert password
    assert first_administrator(house.engine, house.clock) == ""
    guest = visitor(house)
    assert guest.sign_in(FIRST_NAME, password).headers["location"] == "/password"
    assert guest.get("/").headers["location"] == "/password"
    weak = guest.post("/password", {"old": password, "new": "ngan", "again": "ngan"})
    assert weak.status_code == 400
    assert "từ 10 đến 200" in weak.text
    same = guest.post("/password", {"old": password, "new": password, "again": password})
    assert same.status_code == 400
    chosen = {"old": password, "new": "mat-khau-cua-toi", "again": "mat-khau-cua-toi"}
    assert guest.post("/password", chosen).status_code == 303
    assert guest.get("/").status_code == 200
    late = visitor(house)
    assert late.sign_in(FIRST_NAME, password).status_code == 401


def test_another_password_ends_the_sessions_that_the_old_one_opened(house):
    mine, other = visitor(house), visitor(house)
    mine.sign_in("doc")
    other.sign_in("doc")
    fields = {"old": PASSWORD, "new": "mot-mat-khau-khac", "again": "mot-mat-khau-khac"}
    assert mine.post("/password", fields).status_code == 303
    assert mine.get("/").status_code == 200
    assert other.get("/").status_code == 303


def test_a_blocked_person_is_out_at_once_and_stays_out(house):
    guest, chief = visitor(house), visitor(house)
    guest.sign_in("doc")
    chief.sign_in("quan")
    number = _number_of(chief, "doc")
    fields = {"access": "reader", "agencies": "", "disabled": "1", "do": "change"}
    assert chief.post(f"/admin/users/{number}", fields).status_code == 303
    assert guest.get("/").status_code == 303
    assert guest.sign_in("doc").status_code == 401


def _number_of(chief, name):
    page = chief.get("/admin").text
    return re.search(rf'/admin/users/(\d+)"(?:(?!</form>).)*<strong>{name}</strong>', page, re.S)[1]


def test_the_last_administrator_stays_one(house):
    chief = visitor(house)
    chief.sign_in("quan")
    number = _number_of(chief, "quan")
    answer = chief.post(f"/admin/users/{number}", {"access": "reader", "do": "change"})
    assert answer.status_code == 400
    assert "quản trị duy nhất" in answer.text


def test_a_person_added_on_the_page_signs_in_once_with_what_was_shown(house):
    chief = visitor(house)
    chief.sign_in("quan")
    fields = {"name": "moi", "full_name": "Người Mới", "access": "officer", "agencies": "BNV, BTC"}
    shown = chief.post("/admin/users", fields)
    password = re.search(r"<code>([^<]+)</code>", shown.text)[1]
    guest = visitor(house)
    assert guest.sign_in("moi", password).headers["location"] == "/password"
    assert chief.post("/admin/users", fields).status_code == 400
    bad = chief.post("/admin/users", {**fields, "name": "moi2", "agencies": "BNVV"})
    assert bad.status_code == 400
    assert "BNVV" in bad.text


def test_what_people_do_is_on_the_trail(house, trail):
    guest = visitor(house)
    guest.sign_in("doc", "sai-mat-khau")
    guest.sign_in("doc")
    guest.post("/logout")
    told = [(deed.who, deed.action) for deed in trail()]
    assert told == [("doc", "login failed"), ("doc", "login"), ("doc", "logout")]
    assert {deed.at for deed in trail()} == {NOW}


@pytest.mark.parametrize("change", [delete(audit_trail), update(audit_trail).values(who="khác")])
def test_the_trail_cannot_be_changed(house, change):
    visitor(house).sign_in("doc")
    with (
        pytest.raises((exc.IntegrityError, exc.DatabaseError), match="append-only"),
        house.engine.begin() as connection,
    ):
        connection.execute(change)


def test_the_language_is_kept_for_the_visitor(house):
    guest = visitor(house)
    guest.sign_in("doc")
    answer = guest.post("/language", {"language": "en", "next": "/search?q=a"})
    assert answer.headers["location"] == "/search?q=a"
    page = guest.get("/search").text
    assert '<html lang="en">' in page
    assert "Search" in page


@pytest.mark.parametrize(
    "path", ["//xau.test", "/\\xau.test", "https://xau.test", "javascript:alert(1)", ""]
)
def test_signing_in_leads_nowhere_else(path):
    assert own_path(path) == "/"


@pytest.mark.parametrize("password", ["ngan", "x" * 201, "aaaaaaaaaaaa", "ababababababab"])
def test_an_easy_password_is_refused(password):
    with pytest.raises(UsageError, match="Mật khẩu"):
        check_choice(password, "an")


def test_nobodys_password_is_never_right():
    assert not is_right("x", None)


def test_the_secret_is_made_once_and_is_its_owners_alone(tmp_path):
    secret = read_secret(tmp_path)
    assert read_secret(tmp_path) == secret
    assert (tmp_path / "web.secret").stat().st_mode & 0o077 == 0
    assert [path.name for path in tmp_path.iterdir()] == ["web.secret"]
    (tmp_path / "web.secret").write_bytes(b"short")
    with pytest.raises(StorageError, match="đã hỏng"):
        read_secret(tmp_path)
