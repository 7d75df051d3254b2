"""No request goes into a private network, by address, by name or by redirect."""

from __future__ import annotations

import pytest

from crawlers.safety import allowed_hosts, is_private
from tests.houses import SETTINGS, Answer, House, crawl, outlet, rss


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.9.9", "169.254.169.254", "0.0.0.0",
        "100.64.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1%eth0", "fd00::1",
        "::ffff:127.0.0.1", "2002:7f00:1::", "64:ff9b::a00:1", "127.1", "2130706433", "0x7f.1",
        "0177.0.0.1", "localhost", "a.localhost",
    ],
)  # fmt: skip
def test_what_lies_inside_is_known_in_every_form(host):
    assert is_private(host)


@pytest.mark.parametrize(
    "host", ["8.8.8.8", "2606:4700::1111", "bao.vn", "10.vn", "bac.dad", "1.2.3.4.5", ""]
)
def test_what_lies_outside_is_not_refused(host):
    assert not is_private(host)


def test_the_proxy_may_stand_inside():
    assert allowed_hosts(("10.1.2.3", "[::1]"), "http://Proxy.noi-bo:3128") == [
        "10.1.2.3", "::1", "proxy.noi-bo",
    ]  # fmt: skip


def test_private_lists_pages_and_redirects_are_refused_and_told():
    house = House()
    inside = House(host="127.0.0.2")
    moved = f"{house.root}/chuyen-1.html"
    port = house.root.rpartition(":")[2]
    house.answers |= {
        "/rss": rss(moved, f"{house.root}/nop-2.html"),
        "/chuyen-1.html": Answer(status=302, headers={"Location": f"{inside.root}/mat-9.html"}),
        "/nop-2.html": Answer(status=302, headers={"Location": f"http://localhost:{port}/kin"}),
    }
    result = crawl(
        outlet("open", f"{house.root}/rss"),
        outlet("literal", f"{inside.root}/rss", host="127.0.0.2"),
        outlet("named", f"http://localhost:{port}/rss", host="localhost"),
        settings=SETTINGS.model_copy(update={"allow_private_hosts": ("127.0.0.1",)}),
    )
    house.close()
    inside.close()
    assert inside.asked == []
    assert "/kin" not in house.paths()
    assert result.outcome_of(moved) == "private_address"
    assert result.outcome_of(f"{house.root}/nop-2.html") == "private_address"
    assert "allow_private_hosts" in result.of("literal").errors[f"{inside.root}/rss"]
    assert result.outcome_of(f"http://localhost:{port}/rss") == "private_address"


def test_a_name_that_resolves_inside_is_refused(tmp_path):
    # The machine's own name resolves to itself, and says nothing of it by its letters.
    import socket

    name = socket.gethostname()
    try:
        inside = is_private(socket.gethostbyname(name))
    except OSError:
        inside = False
    if not inside or is_private(name):
        pytest.skip("this machine's name does not resolve to a private address")
    house = House(host="0.0.0.0")
    port = house.root.rpartition(":")[2]
    url = f"http://{name}:{port}/rss"
    result = crawl(outlet("named", url, host=name))
    allowed = crawl(
        outlet("named", url, host=name),
        settings=SETTINGS.model_copy(update={"allow_private_hosts": (name,)}),
    )
    house.close()
    assert result.outcome_of(url) == "private_address"
    assert allowed.outcome_of(url) == "http_error"
