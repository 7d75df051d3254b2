"""Safety of fetching: http and https alone, and no address inside a private network."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.base import ReactorBase
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

from crawlers.failures import PrivateAddress, WrongScheme

#: The setting that names the hosts which may be private.
ALLOWED = "DIEMBAO_ALLOWED_HOSTS"
_SCHEMES = frozenset({"http", "https"})
#: IPv6 forms that carry an IPv4 address in their last four bytes.
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_NUMERIC = frozenset("0123456789abcdefx.")
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def host_of(url: str) -> str:
    """The host of an address, in lower case, without a dot at its end.

    >>> host_of("http://[::1]:80/a"), host_of("https://VnExpress.net./")
    ('::1', 'vnexpress.net')
    """
    return (urlsplit(url).hostname or "").rstrip(".")


def is_private(host: str) -> bool:
    """Whether a host is by its very name inside: an address not of the public net, or localhost.

    Every form in which a system reads an address is known here: ``127.1`` is loopback.

    >>> [is_private(host) for host in ("10.1.2.3", "127.1", "::ffff:10.0.0.1", "8.8.8.8", "bao.vn")]
    [True, True, True, False, False]
    """
    if host == "localhost" or host.endswith(".localhost"):
        return True
    address = _address(host)
    return address is not None and not _is_public(address)


def _address(host: str) -> _Address | None:
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        pass
    if not host or not set(host) <= _NUMERIC:
        return None
    try:
        return ipaddress.ip_address(socket.inet_aton(host))
    except OSError:
        return None  # a name, such as "bac.dad"


def _is_public(address: _Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address):
        carried = address.ipv4_mapped or address.sixtofour
        if carried is None and address in _NAT64:
            carried = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if carried is not None:
            return _is_public(carried)
    return address.is_global and not address.is_multicast


def allowed_hosts(private: Iterable[str], proxy: str) -> list[str]:
    """The hosts that may be private: those of the configuration, and the proxy's."""
    named = [host.strip().strip("[]").rstrip(".").lower() for host in private]
    return [*named, host_of(proxy)] if proxy else named


class NoPrivateAddress:
    """This refuses requests for other schemes and for private addresses, redirects included."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._allowed = frozenset(crawler.settings.getlist(ALLOWED))

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> NoPrivateAddress:
        """Scrapy's way to make a middleware."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Refuse by the address as it is written."""
        if urlsplit(request.url).scheme not in _SCHEMES:
            raise WrongScheme(request.url)
        host = host_of(request.url)
        if host not in self._allowed and is_private(host):
            raise PrivateAddress(host)

    async def process_exception(self, request: Request, exception: Exception) -> None:
        """Tell a name that the resolver refused from one that does not resolve."""
        host = host_of(request.url)
        if isinstance(exception, CannotResolveHostError) and host in PublicResolver.refused:
            raise PrivateAddress(host) from exception


class PublicResolver(CachingThreadedResolver):
    """This resolves names to public addresses alone: the address checked is the one connected to.

    So a name that changes its address between a check and the connection gains nothing.
    """

    #: Names refused in this process; a crawl has a process of its own.
    refused: set[str] = set()  # noqa: RUF012

    def __init__(
        self, reactor: ReactorBase, cache_size: int, timeout: float, allowed: Iterable[str] = ()
    ) -> None:
        super().__init__(reactor, cache_size, timeout)
        self._allowed = frozenset(allowed)

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> PublicResolver:
        """Scrapy's way to make a resolver."""
        asked = crawler.settings
        return cls(
            reactor,
            asked.getint("DNSCACHE_SIZE"),
            asked.getfloat("DNS_TIMEOUT"),
            asked.getlist(ALLOWED),
        )

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:
        """Resolve, and refuse what lies inside."""
        found: Deferred[Any] = super().getHostByName(name, timeout)
        return found.addCallback(self._checked, name)

    def _checked(self, address: str, name: str) -> str:
        host = name.rstrip(".").lower()
        if host in self._allowed or not is_private(address):
            return address
        self.refused.add(host)
        raise DNSLookupError(f"{name} is private")
