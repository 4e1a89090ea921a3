"""Nothing reaches the network: the block that `make` puts around tests and notebooks holds."""

import os
import socket
import subprocess
import sys

import pytest


def run(root, code):
    environment = {**os.environ, "PYTHONPATH": str(root / "tools" / "no_network")}
    return subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True
    )


@pytest.mark.parametrize(
    "code",
    [
        "import socket; socket.create_connection(('192.0.2.1', 80), timeout=2)",
        "import urllib.request; urllib.request.urlopen('http://example.invalid', timeout=2)",
        "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 9))",
    ],
)
def test_outgoing_connections_are_blocked(root, code):
    done = run(root, code)
    assert done.returncode != 0
    assert "blocked" in done.stderr


def test_loopback_works(root):
    code = (
        "import socket\n"
        "server = socket.create_server(('127.0.0.1', 0))\n"
        "socket.create_connection(server.getsockname(), timeout=2)\n"
    )
    assert run(root, code).returncode == 0


def test_the_block_is_around_this_run():
    if "no_network" not in os.environ.get("PYTHONPATH", ""):
        pytest.skip("run through make to have the network blocked")
    with pytest.raises(OSError, match="blocked"):
        socket.create_connection(("192.0.2.1", 80), timeout=2)
