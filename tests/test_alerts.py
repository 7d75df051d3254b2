"""Alerts: what people are told, once, by which way, and what waits for the end of quiet hours."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from cli.alerts import alerts as alerts_command
from domain.alerts import AlertKind, AlertWishes, check_wishes
from domain.codes import DatePrecision
from domain.errors import UsageError
from domain.events import EventKind, EventState, OfficialEvent
from domain.settings import Settings
from domain.users import Access
from pipeline.alert_messages import message_of
from pipeline.alert_searches import asked
from pipeline.alerts import tell_people
from storage.alerts import alerts_of, keep_wishes, subscribers
from storage.api_keys import save_search
from storage.database import reading
from storage.events import add_events
from storage.notices import end_trouble, raise_notice
from storage.search import index_pending
from storage.tables import alerts, articles, audit_trail, polls, sources, users
from tests.stored_press import NOW, as_one_story, put
from tests.test_notices import address, hook, mail
from tests.web_house import REGISTER, Hands, add, visitor, web_house, with_clock

__all__ = ["hook", "mail"]  # fixtures
SCRIPT = "<script>alert(1)</script>"
HOUR = timedelta(hours=1)
YESTERDAY = NOW - timedelta(days=1)


@pytest.fixture
def clock():
    return Hands()


@pytest.fixture
def house(tmp_path, clock):
    found = with_clock(web_house(tmp_path), clock)
    add(found, "lan", Access.OFFICER, "BNV")
    add(found, "tai", Access.OFFICER, "BTC")
    add(found, "bien", Access.EDITOR)
    return found


def user_id(house, name):
    with reading(house.engine) as connection:
        return connection.scalar(select(users.c.id).where(users.c.name == name))


def tell(house):
    return tell_people(house, REGISTER)


def told(house, name="lan", kind=None):
    with reading(house.engine) as connection:
        found = alerts_of(connection, user_id(house, name), limit=1_000)
    return [each for each in found if kind is None or each.kind is kind]


def wish(house, name="lan", **wishes):
    with house.engine.begin() as connection:
        keep_wishes(connection, user_id(house, name), AlertWishes(**wishes))


def criticise(house, number, outlet="bao_mot", at=YESTERDAY, **given):
    article = put(house, number, outlet, at, **given)
    with house.engine.begin() as connection:
        connection.execute(update(articles).where(articles.c.id == article).values(tone="phe_phan"))
    return article


def observe(house, *, days=150, without=()):
    """Every press outlet answers every day, but for some days ago."""
    with house.engine.begin() as connection:
        press = select(sources.c.id).where(sources.c.outlet_id.in_(["bao_mot", "bao_hai"]))
        for source in connection.scalars(press).all():
            for ago in range(days):
                if ago not in without:
                    connection.execute(
                        insert(polls).values(
                            source_id=source, at=NOW - timedelta(days=ago), outcome="ok",
                            items=5, new_items=1, malformed=0, unchanged=False,
                        )
                    )  # fmt: skip


def with_settings(house, **sections):
    return replace(house, settings=Settings.model_validate(sections))


def mailing(house, server, **sections):
    notices = {
        "smtp_host": "127.0.0.1", "smtp_port": server.server_address[1],
        "smtp_security": "none", "email_from": "diembao@so.test",
    }  # fmt: skip
    return with_settings(house, notices=notices, **sections)


def test_criticism_is_told_once_and_only_to_who_follows_the_agency(house):
    article = criticise(house, 1)
    put(house, 2, at=YESTERDAY)
    assert tell(house).new == 1
    (alert,) = told(house)
    assert alert.kind is AlertKind.CRITICISM
    assert alert.path == f"/feedback/{article}/BNV"
    assert told(house, "tai") == told(house, "bien") == []
    assert tell(house).new == 0


def test_a_second_text_of_a_story_is_not_told_again(house, clock):
    first = criticise(house, 1)
    tell(house)
    second = criticise(house, 2, "bao_hai", YESTERDAY - HOUR)
    as_one_story(house, second, first)
    clock.pass_by(hours=1)
    assert tell(house).new == 0


def test_old_criticism_found_late_is_no_news(house):
    criticise(house, 1, at=NOW - timedelta(days=30))
    assert tell(house).new == 0


def test_who_asked_for_nothing_is_told_nothing(house):
    wish(house, kinds=())
    criticise(house, 1)
    assert tell(house).new == 0


def test_a_silence_longer_than_ever_is_told_once(house):
    observe(house)
    for ago in range(8, 120, 2):
        put(house, ago, at=NOW - timedelta(days=ago))
    assert tell(house).new == 1
    (alert,) = told(house, kind=AlertKind.SILENCE)
    assert "7 ngày" in alert.title
    assert "12/07/2026" in alert.text
    assert tell(house).new == 0


def test_days_that_nobody_watched_are_no_silence(house):
    observe(house, without=range(1, 8))
    for ago in range(8, 120, 2):
        put(house, ago, at=NOW - timedelta(days=ago))
    assert tell(house).new == 0


@pytest.mark.parametrize(
    ("ago", "without", "is_told"),
    [
        (timedelta(hours=73), (), True),
        (timedelta(hours=71), (), False),
        (timedelta(days=9), (), False),
        (timedelta(hours=73), (2,), False),  # nobody can say: the press was not watched
    ],
)
def test_a_release_is_told_after_72_hours(house, ago, without, is_told):
    observe(house, without=without)
    put(house, 1, "cong_bnv", NOW - ago)
    tell(house)
    assert bool(told(house, kind=AlertKind.RELEASE)) is is_told


def test_a_release_that_the_press_carries_is_not_told(house):
    observe(house)
    release = put(house, 1, "cong_bnv", NOW - 80 * HOUR)
    copy = put(house, 2, "bao_mot", NOW - 79 * HOUR)
    as_one_story(house, release, copy)
    tell(house)
    assert told(house, kind=AlertKind.RELEASE) == []


def test_a_confirmed_document_that_nobody_reports_is_told_and_a_rejected_one_is_not(house):
    observe(house)
    event = OfficialEvent(
        kind=EventKind.DOCUMENT, agency_id="BNV", title="Quyết định số 5",
        at=NOW - 80 * HOUR, precision=DatePrecision.MINUTE, state=EventState.CONFIRMED,
    )  # fmt: skip
    rejected = replace(event, title="Quyết định khác", state=EventState.REJECTED)
    with house.engine.begin() as connection:
        number, _ = add_events(connection, [event, rejected], now=NOW)
    tell(house)
    (alert,) = told(house, kind=AlertKind.RELEASE)
    assert (alert.title, alert.path) == ("Quyết định số 5", f"/events/{number}")


def test_a_dark_source_is_told_to_who_can_mend_it_and_again_when_it_comes_back(house, clock):
    def goes_dark():
        with house.engine.begin() as connection:
            raise_notice(
                connection, kind="source", key="source:bao_mot", subject="Nguồn tin mất tín hiệu",
                text="Không trả lời.", now=clock(), silent_since=clock(),
            )  # fmt: skip

    goes_dark()
    tell(house)
    clock.pass_by(days=4)
    goes_dark()  # the operator is reminded; the trouble is the same
    tell(house)
    assert [each.path for each in told(house, "bien")] == ["/outlets/bao_mot"]
    assert told(house) == []
    with house.engine.begin() as connection:
        end_trouble(connection, ["source:bao_mot"], clock())
    clock.pass_by(days=1)
    goes_dark()
    tell(house)
    assert len(told(house, "bien")) == 2


def save(house, query, name="một cửa", owner="lan"):
    with house.engine.begin() as connection:
        save_search(connection, user_id(house, owner), name=name, query=query, now=NOW - HOUR)


def indexed(house):
    with house.engine.begin() as connection:
        index_pending(connection, limit=100)


def test_a_saved_search_tells_each_new_article_once(house, clock):
    save(house, "q=cong+bo&agency=BNV")
    put(house, 1, at=YESTERDAY, headline="Công bố thứ nhất")
    indexed(house)
    tell(house)
    (first,) = told(house, kind=AlertKind.SEARCH)
    assert first.title == "một cửa: 1 bài mới"
    put(house, 2, at=YESTERDAY, headline="Công bố thứ hai")
    indexed(house)
    clock.pass_by(hours=1)
    tell(house)
    second, _ = told(house, kind=AlertKind.SEARCH)
    assert second.text.startswith("Công bố thứ hai (")
    clock.pass_by(hours=1)
    tell(house)
    assert len(told(house, kind=AlertKind.SEARCH)) == 2


def test_a_saved_search_says_nothing_of_what_was_there_before_and_a_muted_one_nothing(house):
    put(house, 1, at=YESTERDAY, headline="Công bố cũ")
    indexed(house)
    with house.engine.begin() as connection:
        connection.execute(update(articles).values(first_seen_at=NOW - timedelta(days=2)))
    save(house, "q=cong+bo")
    tell(house)
    assert told(house) == []
    put(house, 2, at=YESTERDAY, headline="Công bố mới")
    indexed(house)
    wish(house, muted=(1,))
    tell(house)
    assert told(house) == []


def test_a_saved_search_that_cannot_be_asked_stops_no_other(house):
    save(house, "q=cong+bo&from=hom-qua", name="hỏng")
    save(house, "q=cong+bo", name="lành")
    put(house, 1, at=YESTERDAY, headline="Công bố mới")
    indexed(house)
    tell(house)
    assert [each.title for each in told(house)] == ["lành: 1 bài mới"]
    with pytest.raises(UsageError, match="hom-qua"):
        asked("from=hom-qua")


def test_one_message_for_all_that_is_new(house, mail):
    wish(house, email="lan@bo.test")
    criticise(house, 1)
    criticise(house, 2, headline=f"Phê bình {SCRIPT}")
    served = mailing(house, mail, web={"public_url": "https://diembao.so.test/"})
    assert tell(served).sent.mails == 1
    (letter,) = mail.mails
    assert letter["To"] == "lan@bo.test"
    assert letter["Subject"] == "[diembao] 2 cảnh báo"
    plain = letter.get_body(("plain",)).get_content()
    html = letter.get_body(("html",)).get_content()
    assert "https://diembao.so.test/feedback/" in plain
    assert SCRIPT not in html
    assert tell(served).sent.mails == 0
    assert len(mail.mails) == 1


def test_no_link_where_the_address_of_the_pages_is_not_known(house):
    criticise(house, 1)
    tell(house)
    message = message_of(told(house), "")
    assert "http" not in message.text
    assert "href" not in message.html


def test_a_mail_that_nobody_took_is_sent_with_the_next_one(house, clock, mail):
    wish(house, email="lan@bo.test")
    criticise(house, 1)
    broken = with_settings(
        house, notices={"smtp_host": "127.0.0.1", "smtp_port": 9, "smtp_security": "none"}
    )
    (problem,) = tell(broken).sent.problems
    assert problem.startswith("lan: Không gửi được thư")
    guest = visitor(house)
    guest.sign_in("lan")
    assert "Không gửi được thư" in guest.get("/alerts").text
    clock.pass_by(hours=1)
    criticise(house, 2)
    assert tell(mailing(house, mail)).sent.mails == 1
    assert mail.mails[0]["Subject"] == "[diembao] 2 cảnh báo"
    assert "Không gửi được thư" not in guest.get("/alerts").text


def test_quiet_hours_hold_a_message_and_lose_nothing(house, clock, mail):
    wish(house, email="lan@bo.test")
    served = mailing(house, mail)
    criticise(house, 1)
    clock.pass_by(hours=13)  # 22:00
    assert tell(served).sent.held == 1
    assert mail.mails == []
    assert len(told(house)) == 1  # on the page it stands at once
    clock.pass_by(hours=8, minutes=59)
    assert tell(served).sent.held == 1
    clock.pass_by(minutes=1)
    assert tell(served).sent.mails == 1


def test_one_way_that_fails_is_tried_again_alone(house, mail, hook):
    wish(house, email="lan@bo.test", webhook=address(hook))
    criticise(house, 1)
    served = mailing(house, mail)
    hook.status = 500
    sent = tell(served).sent
    assert (sent.mails, sent.posts, len(sent.problems)) == (1, 0, 1)
    hook.status, hook.mails = 200, []
    sent = tell(served).sent
    assert (sent.mails, sent.posts, sent.problems) == (0, 1, ())
    assert (len(mail.mails), len(hook.mails)) == (1, 1)


def test_a_mail_address_given_later_is_not_sent_what_was_told_before(house, mail):
    served = mailing(house, mail)
    criticise(house, 1)
    tell(served)
    wish(house, email="lan@bo.test")
    assert tell(served).sent.mails == 0


def test_who_may_not_sign_in_is_told_nothing(house):
    with house.engine.begin() as connection:
        connection.execute(update(users).where(users.c.name == "lan").values(disabled=True))
        assert "lan" not in {each.user.name for each in subscribers(connection)}
    criticise(house, 1)
    assert tell(house).new == 0


@pytest.mark.parametrize(
    ("wishes", "said"),
    [
        ({"email": "lan"}, "không phải một địa chỉ thư"),
        ({"email": "lan@bo.test\nBcc: x@y.test"}, "không phải một địa chỉ thư"),
        ({"email": "lan@bo.test, x@y.test"}, "không phải một địa chỉ thư"),
        ({"webhook": "ftp://chat.test/x"}, "https://"),
        ({"webhook": "https://169.254.169.254/x"}, "chưa được phép"),
        ({"webhook": "https://chat.test@la.test/x"}, "chưa được phép"),
        ({"quiet_from": "25:00"}, "25:00"),
        ({"quiet_from": ""}, "cả hai"),
    ],
)
def test_what_could_not_be_followed_is_refused(wishes, said):
    with pytest.raises(UsageError, match=said):
        check_wishes(AlertWishes(**wishes), webhook_hosts=["chat.test"])


def test_the_page_shows_alerts_as_text_and_marks_them_read(house):
    criticise(house, 1, headline=f"Phê bình {SCRIPT}")
    criticise(house, 2)
    tell(house)
    guest = visitor(house)
    guest.sign_in("lan")
    page = guest.get("/alerts").text
    assert SCRIPT not in page
    assert "Cảnh báo (2)" in guest.get("/").text
    newest = told(house)[0]
    guest.post("/alerts/read", {"id": str(newest.id)})
    assert "Cảnh báo (1)" in guest.get("/alerts").text
    other = visitor(house)
    other.sign_in("tai")
    other.post("/alerts/read", {"id": str(told(house)[1].id)})  # somebody else's: stays unread
    assert "Cảnh báo (1)" in guest.get("/alerts").text
    guest.post("/alerts/read")
    assert "Cảnh báo (" not in guest.get("/alerts").text
    assert "Không có cảnh báo nào chưa đọc." in guest.get("/alerts?unread=1").text
    assert guest.post("/alerts/read", {"id": "x"}).status_code == 400


def test_the_form_keeps_what_is_asked_and_leaves_a_trace(house):
    guest = visitor(house)
    guest.sign_in("lan")
    fields = {
        "kinds": ["criticism", "source"], "agencies": ["BTC"], "email": "lan@bo.test",
        "quiet_from": "22:00", "quiet_to": "06:00",
    }  # fmt: skip
    assert guest.post("/alerts", fields).status_code == 303
    with reading(house.engine) as connection:
        (lan,) = (each for each in subscribers(connection) if each.user.name == "lan")
        traces = connection.scalars(select(audit_trail.c.detail).where(
            audit_trail.c.action == "alerts")).all()  # fmt: skip
    assert lan.wishes.kinds == (AlertKind.CRITICISM,)  # sources are not an officer's
    assert lan.agencies == ("BTC",)
    assert traces == ["criticism, lan@bo.test"]
    refused = guest.post("/alerts", fields | {"email": "khong"})
    assert refused.status_code == 400
    assert 'value="khong"' in refused.text
    assert guest.client.post("/alerts", data=fields).status_code == 403


def test_who_follows_their_own_agencies_follows_them_when_they_change(house):
    guest = visitor(house)
    guest.sign_in("lan")
    guest.post("/alerts", {"kinds": ["criticism"], "agencies": ["BNV"]})
    with house.engine.begin() as connection:
        connection.execute(update(users).where(users.c.name == "lan").values(agencies=["BTC"]))
        (lan,) = (each for each in subscribers(connection) if each.user.name == "lan")
    assert lan.agencies == ("BTC",)


def test_a_way_that_is_given_up_waits_no_more(house, mail):
    wish(house, email="lan@bo.test")
    criticise(house, 1)
    tell(with_settings(
        house, notices={"smtp_host": "127.0.0.1", "smtp_port": 9, "smtp_security": "none"}
    ))  # fmt: skip
    wish(house)
    wish(house, email="lan@bo.test")
    assert tell(mailing(house, mail)).sent.mails == 0
    with reading(house.engine) as connection:
        assert connection.scalars(select(alerts.c.to_mail)).all() == [False]


def test_the_command_has_a_help():
    assert "giờ yên lặng" in alerts_command.help
