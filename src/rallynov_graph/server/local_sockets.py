"""Sockets at which processes of this server wait for each other."""

import os
import secrets
import shutil
import socket
import struct
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_QUEUE: Final = 128
"""How many may wait to be accepted."""
_PEER: Final = struct.Struct("3i")
"""A process, its user and its group."""


@dataclass(frozen=True)
class LocalSocket:
    """A Unix socket that listens, and the folder that it needs.

    On Linux it needs none: its name is no file's, so that nothing stays when all is killed. Any
    user can reach it there: who takes a connection asks ``is_of_this_user``.
    """

    socket: socket.socket
    address: str
    """Where it listens."""
    folder: Path | None = None

    @classmethod
    def listening(cls) -> "LocalSocket":
        """Return a new one."""
        made, folder = socket.socket(socket.AF_UNIX), None
        if sys.platform == "linux":
            address = f"\0rallynov-{secrets.token_hex(16)}"
        else:
            folder = Path(tempfile.mkdtemp(prefix="rallynov-"))
            address = str(folder / "socket")
        made.bind(address)
        made.listen(_QUEUE)
        return cls(made, address, folder)

    def remove(self) -> None:
        """Remove its folder."""
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)


def is_of_this_user(connection: socket.socket) -> bool:
    """Return whether who connected is this user, or root; True where the network leads here."""
    if sys.platform != "linux" or connection.family != socket.AF_UNIX:
        return True
    peer = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _PEER.size)
    _, user, _ = _PEER.unpack(peer)
    return user in (0, os.geteuid())
