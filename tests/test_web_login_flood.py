"""Ten thousand attempts to sign in: few passwords are checked, and the right one opens nothing."""

from __future__ import annotations

from domain.users import Access
from tests.web_house import PASSWORD, add, visitor, web_house
from web import people

ATTEMPTS = 10_000


def test_of_ten_thousand_attempts_few_are_checked(tmp_path, monkeypatch):
    house = web_house(tmp_path)
    add(house, "an", Access.ADMINISTRATOR)
    checked = []

    def counted(password, kept):
        checked.append(password)
        return is_right(password, kept)

    is_right = people.is_right
    monkeypatch.setattr(people, "is_right", counted)
    guest = visitor(house)
    token = guest.token("/login")
    statuses = [
        guest.client.post(
            "/login", data={"csrf": token, "name": "an", "password": f"doan-{attempt}"}
        ).status_code
        for attempt in range(ATTEMPTS)
    ]
    assert set(statuses) == {401, 429}
    assert len(checked) == 5
    assert guest.sign_in("an", PASSWORD).status_code == 429
