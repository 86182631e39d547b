"""
Carriers that try to draw secrets out, and a command that is looked at from outside.
"""

from __future__ import annotations

import contextlib
import http.client
import http.server
import json
import os
import ssl
import subprocess
import sys
import threading
import types
import urllib.request

import trustme


class Mirror(http.server.BaseHTTPRequestHandler):
    """
    A hostile carrier: puts what it was sent, credentials too, into every part of an answer.
    """

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        all_of_it = f"{body} {self.path} {self.headers}"
        keys = ("code", "message", "error", "reason", "type", "title", "detail", "request_id")
        told = dict.fromkeys(keys, all_of_it)
        told |= {"errors": [told], "field_errors": [{"field": all_of_it, "error": all_of_it}]}
        answer = json.dumps(json.loads(body or "{}") if self.server.status == 200 else told)
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(answer)))
        self.send_header("X-Request-Id", "Kzvqmira Xjwylund")
        self.end_headers()
        self.wfile.write(answer.encode())

    do_GET = do_PUT = do_PATCH = do_DELETE = do_POST  # noqa: N815  named by http.server

    def log_message(self, *_):
        """
        Say nothing: it is not what is tested.
        """


@contextlib.contextmanager
def serving(context=None):
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Mirror) as server:
        server.handle_error = lambda *_: None
        server.status = 200
        if context is not None:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()


def untrusted():
    """
    TLS by an authority that nobody trusts.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("localhost").configure_cert(context)
    return context


@contextlib.contextmanager
def running(simulator):
    carrier = simulator.build(simulator.options())
    carrier.start()
    yield carrier
    carrier.stop()


def arm(carrier, fault):
    """
    Let the next request meet *fault*, by the control API that every simulator has.
    """
    url = f"{carrier.base_url}/_simulator/faults"
    with urllib.request.urlopen(url, json.dumps({"name": fault}).encode()) as answer:
        answer.read()


WATCHED = """
import atexit, pathlib, sys
from doorstep.cli import main

def tell():
    for name in ("cmdline", "environ"):
        print(pathlib.Path("/proc/self", name).read_bytes(), file=sys.stderr)

atexit.register(tell)
sys.exit(main(sys.argv[1:]))
"""


def watched(words, folder, more=types.MappingProxyType({})):
    """
    Run a command; return what other processes see of it, and what it says on stderr.
    """
    own = {key: one for key, one in os.environ.items() if not key.startswith("DOORSTEP_")}
    own |= {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), **more}
    command = [sys.executable, "-c", WATCHED, *words]
    done = subprocess.run(command, env=own, cwd=folder, capture_output=True, check=False)
    return done.stderr
