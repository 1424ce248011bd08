"""The credentials for a SPARQL server: a name and a password, or a token."""

import base64
import os
from threading import Lock
from typing import Final
from urllib.request import (
    HTTPDigestAuthHandler,
    HTTPPasswordMgrWithDefaultRealm,
    Request,
    parse_http_list,
    parse_keqv_list,
)

from rallynov_graph.base.errors import RallynovError

_BEARER: Final = "bearer "


class Credentials:
    """A secret for one server; a password is sent only after a challenge, in its scheme."""

    def __init__(self, secret: str) -> None:
        """Read ``NAME:PASSWORD`` or ``Bearer TOKEN``; raise RallynovError for anything else."""
        self._bearer = secret.strip() if secret[: len(_BEARER)].lower() == _BEARER else ""
        self._user, colon, self._password = secret.strip().partition(":")
        if not (self._bearer or (colon and self._user)):
            raise RallynovError(
                "The credentials of the endpoint are neither NAME:PASSWORD nor Bearer TOKEN."
            )
        self._passwords = HTTPPasswordMgrWithDefaultRealm()
        self._digest = HTTPDigestAuthHandler(self._passwords)
        self._challenge: dict[str, str] | None = None
        self._basic = False
        self._lock = Lock()

    @classmethod
    def in_environment(cls, name: str | None) -> "Credentials | None":
        """Return those in an environment variable, None without its name; raise RallynovError."""
        if name is None:
            return None
        secret = os.environ.get(name, "")
        if not secret.strip():
            raise RallynovError(
                f"The environment variable {name} for the endpoint is not set; "
                "set it, or name another."
            )
        return cls(secret)

    def sign(self, request: Request) -> None:
        """Add the Authorization header of the scheme that the server is known to use."""
        if self._bearer:
            request.add_unredirected_header("Authorization", self._bearer)
        elif self._challenge is not None:
            with self._lock:
                self._passwords.add_password(None, request.full_url, self._user, self._password)
                answer = self._digest.get_authorization(request, self._challenge)
            request.add_unredirected_header("Authorization", f"Digest {answer}")
        elif self._basic:
            secret = base64.b64encode(f"{self._user}:{self._password}".encode()).decode()
            request.add_unredirected_header("Authorization", f"Basic {secret}")

    def accept_challenge(self, challenges: list[str]) -> bool:
        """Record the scheme that a server asks for; return whether a second request may succeed."""
        if self._bearer:
            return False
        for challenge in challenges:
            scheme, _, rest = challenge.partition(" ")
            if scheme.lower() == "digest":
                digest = parse_keqv_list([part for part in parse_http_list(rest) if "=" in part])
                previous = self._challenge
                self._challenge = digest
                return previous is None or digest.get("stale", "").lower() == "true"
        if any(challenge.lower().startswith("basic") for challenge in challenges):
            is_first, self._basic = not self._basic, True
            return is_first
        return False
