"""Block every outgoing connection but loopback, in this process and its Python children.

Put this folder on PYTHONPATH and Python imports it at start-up. An audit hook cannot be
removed again, so a test or a notebook cell cannot reach the network by accident.
"""

import sys

_LOCAL = ("127.", "::1", "localhost", "0.0.0.0", "::ffff:127.")


def _guard(event, args):
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = args[1]
        if isinstance(address, tuple) and not str(address[0]).startswith(_LOCAL):
            raise OSError(f"outgoing connection blocked: {address[0]}")
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = args[0]
        if host and not str(host).startswith(_LOCAL):
            import socket

            if str(host) != socket.gethostname():
                raise OSError(f"name look-up blocked: {host}")


sys.addaudithook(_guard)
