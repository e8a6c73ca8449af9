"""The gateway on 127.0.0.1: functions, pages, their JSON twins, and the sandbox providers behind one address."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, Response, abort, jsonify, redirect, request, send_from_directory
from flask.typing import ResponseReturnValue
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client

from infra.local import demo_history
from infra.local.sandbox.telephone import MACHINE
from shared import bootstrap
from shared.domain.redaction import redact
from shared.ports.store import Document, Query
from shared.rendering import pages
from shared.usecases.quarantine import dead_letters
from shared.usecases.records import INCIDENTS, NOTIFICATIONS, RECEIPTS

if TYPE_CHECKING:
    from infra.local.platform import Platform
    from infra.local.sandbox.providers import Providers

LISTED = 200
TWILIO = "/2010-04-01"
# of serve_dashboard
PAGES = ("/incidents", "/dashboard", "/reports", "/maintenance", "/sign-in", "/sign-out", "/session", "/assets")
LONGEST_WAIT = timedelta(seconds=120)


class Gateway:
    """A WSGI application whose parts are mounted once the platform's address is known."""

    def __init__(self, platform: "Platform") -> None:
        self._platform = platform
        self._app: WSGIApplication = _not_ready

    def mount(self, clients: Mapping[str, Client], providers: "Providers") -> None:
        """Put everything behind its path."""
        mounts: dict[str, WSGIApplication] = {
            f"/functions/{name}": _rooted(client.application) for name, client in clients.items()
        }
        mounts["/a"], mounts["/c"] = mounts["/functions/acknowledge"], mounts["/functions/serve_chart"]
        mounts["/cal"], mounts["/r"] = mounts["/functions/serve_calendar"], mounts["/functions/serve_report"]
        mounts["/s"] = mounts["/functions/manage_subscriptions"]
        mounts["/u"] = mounts["/functions/unsubscribe"]
        pages = clients["serve_dashboard"].application
        mounts |= {path: _unmounted(pages, path) for path in PAGES}
        token = self._platform.settings.sign_in_token
        for twins in ("/api/incidents", "/api/dashboards", "/api/jobs"):
            mounts[twins] = _signed_in(_unmounted(pages, twins), token)
        mounts["/sandbox/fcm"], mounts["/sandbox/identity"] = providers.fcm_app, providers.identity_app
        mounts["/sandbox/google"], mounts["/sandbox/packages"] = providers.google_app, providers.packages_app
        mounts["/sandbox/rollback"] = providers.rollback_app
        mounts["/sandbox/slack"], mounts[TWILIO] = providers.slack_app, _unmounted(providers.twilio_app, TWILIO)
        self._app = DispatcherMiddleware(_pages(self._platform), mounts)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Serve one request."""
        return self._app(environ, start_response)


def _not_ready(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    del environ
    start_response("503 Service Unavailable", [("Retry-After", "1")])
    return [b""]


def _rooted(app: WSGIApplication) -> WSGIApplication:
    """A function is called with or without a trailing slash."""

    def serve(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return app({**environ, "PATH_INFO": environ.get("PATH_INFO") or "/"}, start_response)

    return serve


def _unmounted(app: WSGIApplication, at: str) -> WSGIApplication:
    """What stands at the root of its own host: the pages do, and Twilio's SDK takes another host but no other path."""

    def serve(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = at + environ.get("PATH_INFO", "")
        return app({**environ, "PATH_INFO": path, "SCRIPT_NAME": ""}, start_response)

    return serve


def _signed_in(app: WSGIApplication, token: str) -> WSGIApplication:
    """Programs on this machine need no token to read, as with everything else here that begins with /api."""

    def serve(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return app({"HTTP_AUTHORIZATION": f"Bearer {token}", **environ}, start_response)

    return serve


def _pages(platform: "Platform") -> Flask:
    app = Flask("soukmon")
    app.add_url_rule("/", view_func=lambda: _home(platform), endpoint="home")
    app.add_url_rule("/healthz", view_func=lambda: _health(platform), endpoint="healthz")
    app.add_url_rule("/inbox", view_func=lambda: _inbox(platform), endpoint="inbox")
    app.add_url_rule("/inbox/press", view_func=lambda: _press(platform), endpoint="press", methods=["POST"])
    app.add_url_rule("/inbox/call", view_func=lambda: _call(platform), endpoint="call", methods=["POST"])
    app.add_url_rule("/inbox/submit", view_func=lambda: _submit(platform), endpoint="submit", methods=["POST"])
    app.add_url_rule("/status/", view_func=lambda: _status(platform, ""), endpoint="status")
    app.add_url_rule("/status/<path:name>", view_func=lambda name: _status(platform, name), endpoint="status_file")
    app.add_url_rule("/api/messages", view_func=lambda: jsonify(platform.providers.messages()), endpoint="api_messages")
    app.add_url_rule("/api/ledger", view_func=_api_ledger, endpoint="api_ledger")
    app.add_url_rule("/api/receipts", view_func=_api_receipts, endpoint="api_receipts")
    app.add_url_rule("/api/dead-letters", view_func=_api_dead_letters, endpoint="api_dead_letters")
    app.add_url_rule("/api/quiet", view_func=lambda: _quiet(platform), endpoint="api_quiet")
    app.add_url_rule("/api/clock", view_func=lambda: {"now": platform.clock.now().isoformat()}, endpoint="api_clock")
    app.add_url_rule(
        "/api/clock/advance", view_func=lambda: _advance(platform), endpoint="api_advance", methods=["POST"]
    )
    return app


def _home(platform: "Platform") -> ResponseReturnValue:
    recent = _find(INCIDENTS, "opened_at")
    stats = {
        "now": platform.clock.now(),
        "virtual": platform.is_virtual,
        "incidents": [row.body for row in recent],
        "messages": platform.providers.count(),
        "dead_letters": len(dead_letters(bootstrap.state())),
        "functions": sorted(platform.clients),
        "note": demo_history.note(Path(platform.settings.state_dir)),
    }
    return _page(pages.home(stats, locale=_locale()))


def _health(platform: "Platform") -> ResponseReturnValue:
    beat = bootstrap.state().get("heartbeats", "escalate_incidents")
    return {
        "status": "ok",
        "now": platform.clock.now().isoformat(),
        "last_tick": beat.body["at"] if beat else None,
        "waiting_messages": platform.bus.waiting(),
    }


def _inbox(platform: "Platform") -> ResponseReturnValue:
    only = request.args.get("only", "")
    return _page(pages.inbox(platform.providers.messages(), locale=_locale(), only=only, user=_reader()))


def _press(platform: "Platform") -> ResponseReturnValue:
    """What Slack would do when the person presses the button: a signed request to our function."""
    form = request.form
    try:
        platform.providers.press(form["message"], form["action"], user=form["user"])
    except LookupError:
        abort(404)
    platform.wait_until_quiet(timedelta(seconds=10))
    return redirect("/inbox", code=303)


def _call(platform: "Platform") -> ResponseReturnValue:
    """A key of a telephone; "" is silence, "voicemail" lets a machine answer instead."""
    name, key = request.form["message"], request.form["key"]
    telephone = platform.providers.telephone
    try:
        if key == "voicemail":
            telephone.answer(name, answered_by=MACHINE)
        elif key:
            telephone.press(name, key)
        else:
            telephone.wait(name)
    except LookupError:
        abort(404)
    platform.wait_until_quiet(timedelta(seconds=10))
    return redirect("/inbox?only=voice", code=303)


def _submit(platform: "Platform") -> ResponseReturnValue:
    """What Slack would do when the person sends a modal; its errors are shown in it."""
    form = dict(request.form)
    try:
        platform.providers.submit(form.pop("view"), form, user=form.pop("user"))
    except LookupError:
        abort(404)
    platform.wait_until_quiet(timedelta(seconds=10))
    return redirect("/inbox", code=303)


def _status(platform: "Platform", name: str) -> ResponseReturnValue:
    """The files of the public status page, as they lie in its folder."""
    path = f"{name}index.html" if not name or name.endswith("/") else name
    return send_from_directory(Path(platform.settings.state_dir).resolve() / "status", path)


def _api_ledger() -> ResponseReturnValue:
    return jsonify([row.body for row in _find(NOTIFICATIONS, "planned_at")])


def _api_receipts() -> ResponseReturnValue:
    return jsonify([{"event": row.id, **row.body} for row in _find(RECEIPTS, "at")])


def _api_dead_letters() -> ResponseReturnValue:
    found = dead_letters(bootstrap.state())
    return jsonify([{"id": row.id, **row.body, "preview": redact(str(row.body["preview"]))} for row in found])


def _quiet(platform: "Platform") -> ResponseReturnValue:
    longest = min(timedelta(seconds=float(request.args.get("wait", "10"))), LONGEST_WAIT)
    quiet = platform.wait_until_quiet(longest)
    return {"quiet": quiet}, 200 if quiet else 503


def _advance(platform: "Platform") -> ResponseReturnValue:
    body: Any = request.get_json(silent=True)
    seconds = body.get("seconds") if isinstance(body, dict) else None
    if not isinstance(seconds, int | float) or isinstance(seconds, bool) or seconds < 0:
        return {"error": 'send {"seconds": n} with n >= 0'}, 400
    if not platform.is_virtual:
        return {"error": "the clock is real; start with --clock virtual"}, 409
    platform.advance(timedelta(seconds=seconds))
    return {"now": platform.clock.now().isoformat()}


def _find(collection: str, order_by: str) -> list[Document]:
    limit = request.args.get("limit", type=int) or LISTED
    return bootstrap.state().find(Query(collection, order_by=order_by, newest_first=True, limit=min(limit, 20_000)))


def _reader() -> str:
    """Whose finger presses the buttons: the first responder with a Slack account."""
    people = bootstrap.config().directory.people.values()
    return next((person.slack_user for person in people if person.slack_user), "")


def _locale() -> str:
    return "ar" if request.args.get("lang") == "ar" else "en"


def _page(html: str) -> Response:
    response = Response(html, content_type="text/html; charset=utf-8")
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
