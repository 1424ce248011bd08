"""Who a client is: a number by which clients take turns, a network that tells too little."""

import ipaddress
from functools import lru_cache
from hashlib import blake2b
from typing import Final

_LONGEST_ADDRESS: Final = 64
"""No address has more characters; a proxy may pass on what is none."""


def number(address: str) -> int:
    """Return a number of 64 bits for a client's address; a network of IPv6 (/64) is one client."""
    return _number(address[:_LONGEST_ADDRESS])


@lru_cache(maxsize=4096)
def _number(address: str) -> int:
    return int.from_bytes(blake2b(network(address, 32, 64).encode(), digest_size=8).digest())


def network(address: str, of_four: int = 24, of_six: int = 48) -> str:
    """Return the network of an address: enough to tell clients apart, too little to know one."""
    return _network(address[:_LONGEST_ADDRESS], of_four, of_six)


@lru_cache(maxsize=4096)
def _network(address: str, of_four: int, of_six: int) -> str:
    try:
        length = of_four if ipaddress.ip_address(address).version == 4 else of_six
        return str(ipaddress.ip_network(f"{address}/{length}", strict=False))
    except ValueError:
        return ""
