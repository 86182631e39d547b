"""
The frameworks, each with a receiver mounted in one line, served over HTTP on loopback.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

import pytest

pytest.importorskip("uvicorn")

import django
import fastapi
import flask
import starlette.applications
import uvicorn
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.core.wsgi import get_wsgi_application
from django.urls import path
from starlette.routing import Route
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.serving import WSGIRequestHandler, make_server

from doorstep.webhooks import asgi, django_view, wsgi

URLS = ModuleType("urls")


class Quiet(WSGIRequestHandler):
    """
    Says nothing on the screen.
    """

    def log(self, *args):
        """
        Drop it.
        """


def in_flask(courier):
    """
    Flask, beside the shop's own pages.
    """
    app = flask.Flask("shop")
    app.add_url_rule("/", "home", lambda: "home")
    app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {"/webhooks": wsgi(courier)})
    return app


def in_django(courier):
    """
    Django, with its check of form tokens on.
    """
    if not settings.configured:
        settings.configure(
            ROOT_URLCONF=URLS,
            ALLOWED_HOSTS=["127.0.0.1"],
            SECRET_KEY="of no worth",
            MIDDLEWARE=["django.middleware.csrf.CsrfViewMiddleware"],
            USE_TZ=True,
        )
        django.setup()
    URLS.urlpatterns = [path("webhooks", django_view(courier))]
    django.urls.clear_url_caches()


def in_django_wsgi(courier):
    """
    Django under WSGI.
    """
    in_django(courier)
    return get_wsgi_application()


def in_django_asgi(courier):
    """
    Django under ASGI.
    """
    in_django(courier)
    return get_asgi_application()


def in_fastapi(courier):
    """
    FastAPI.
    """
    app = fastapi.FastAPI()
    app.add_route("/webhooks", asgi(courier))
    return app


def in_starlette(courier):
    """
    Starlette.
    """
    return starlette.applications.Starlette(routes=[Route("/webhooks", asgi(courier))])


@contextmanager
def over_wsgi(app) -> Iterator[int]:
    """
    Serve a WSGI application; give the port.
    """
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def over_asgi(app) -> Iterator[int]:
    """
    Serve an ASGI application; give the port.
    """
    # Django answers no lifespan.
    lifespan = "off" if type(app).__module__.startswith("django") else "on"
    config = uvicorn.Config(app, port=0, log_config=None, lifespan=lifespan, ws="none")
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()))
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.01)
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()


FRAMEWORKS = {
    "flask": (in_flask, over_wsgi),
    "django": (in_django_wsgi, over_wsgi),
    "django-asgi": (in_django_asgi, over_asgi),
    "fastapi": (in_fastapi, over_asgi),
    "starlette": (in_starlette, over_asgi),
}


@pytest.fixture(params=sorted(FRAMEWORKS))
def framework(request):
    """
    A function that serves a client's receiver in one framework, and whether it awaits.
    """
    mount, serve = FRAMEWORKS[request.param]

    @contextmanager
    def serving(courier):
        with serve(mount(courier)) as port:
            yield port

    # Django under ASGI has read everything before any view is asked.
    serving.reads_first = request.param == "django-asgi"
    serving.awaits = request.param in ("fastapi", "starlette")
    return serving
