"""Queries run in processes that may die; a web process ends one by hanging up.

    web process                                          release process (it never has a thread)
    QueryPool.ask ── FairQueue ── Line                    QueryProcesses: forks two that wait, and
                     so many at    │  │                      another whenever one takes a line
                     once, each    │  └ a pipe ──────► O_ASYNC: SIGIO ends the query process when
                     client in     │                         the pipe closes, whatever it does
                     turn          └─── a socket ────► query process (it shares the store):
                                                             query, reply, next query …

A line goes to a query process as a message on a queue of sockets, which all that wait read. Its
pipe closes when the time is up, when the client has left, and when the web process is dead. What
a query process dies of, ``faulthandler`` writes on the socket.
"""
