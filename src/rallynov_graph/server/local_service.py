"""A server in processes of its own, that answers this process alone, at a Unix socket."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, NoReturn

from rallynov_graph.base.errors import RallynovError, ServingError
from rallynov_graph.server.forking import fork, plain
from rallynov_graph.server.generation import Generation, Settings
from rallynov_graph.server.local_sockets import LocalSocket
from rallynov_graph.server.opening import Opened

_READY: Final = b"+"
_LONGEST_WORDS: Final = 1 << 16


@dataclass(frozen=True)
class LocalService:
    """What serves; it ends with this process, however that ends."""

    socket: LocalSocket
    pid: int
    alive: int
    """The pipe whose end tells it that this process has ended."""

    @property
    def address(self) -> str:
        """The address of the socket."""
        return self.socket.address

    def stop(self) -> None:
        """End it, and wait for that."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGTERM)
        os.close(self.alive)
        os.waitpid(self.pid, 0)
        self.socket.remove()


def started(opening: Callable[[], Opened], settings: Settings) -> LocalService:
    """Return a service that is ready; raise ServingError, which says why there is none.

    This process must have no other thread yet.
    """
    local = LocalSocket.listening()
    local.socket.setblocking(False)
    life, alive = os.pipe()
    hears, tells = os.pipe()
    sys.stdout.flush()
    pid = fork()
    if not pid:
        os.close(alive)
        os.close(hears)
        _serve(opening, settings, local, life, tells)
    local.socket.close()
    os.close(life)
    os.close(tells)
    words = os.read(hears, _LONGEST_WORDS)
    os.close(hears)
    service = LocalService(local, pid, alive)
    if words != _READY:
        service.stop()
        raise ServingError(words.decode() or "The server ends as soon as it starts; see above.")
    return service


def _serve(
    opening: Callable[[], Opened], settings: Settings, local: LocalSocket, life: int, tells: int
) -> NoReturn:
    """Serve until the pipe of the parent's life ends; its standard streams stay the parent's."""
    status = 1
    try:
        plain(signal.SIGINT, signal.SIGHUP)
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, 0)
        os.dup2(2, 1)
        generation = Generation(opening(), local.socket, settings)
        generation.run(lambda: _ready(tells), life)
        status = 0
    except RallynovError as error:
        os.write(tells, str(error).encode("utf-8", "replace")[:_LONGEST_WORDS])
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)


def _ready(tells: int) -> None:
    os.write(tells, _READY)
    os.close(tells)
