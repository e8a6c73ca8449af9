"""The local platform: every function mounted in one process, with bus, scheduler and sandbox providers around it."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from werkzeug.serving import BaseWSGIServer, make_server

from infra.local.engines import EMBEDDED, Engines
from infra.local.functions import ROOT, clients, manifests
from infra.local.gateway import Gateway
from infra.local.permitted import PermittedPublisher
from infra.local.sandbox.providers import Providers
from infra.local.sandbox.server import Silent
from infra.local.scheduler import Scheduler, jobs
from infra.local.secrets import local_secrets
from infra.local.warehouse.on_demand import WarehouseOnDemand
from shared import bootstrap
from shared.adapters.clocks import SystemClock, VirtualClock
from shared.adapters.sqlite_bus import Message
from shared.adapters.sqlite_query_history import SqliteQueryHistory
from shared.config.loader import load
from shared.domain.configuration import Configuration
from shared.ports.platform import Clock
from shared.settings import Settings, current
from shared.usecases.quarantine import Delivery, quarantine

REPORTS = "send_report"
OK = 300
ROUNDS = 10_000
IDLE_SECONDS = 0.2
STOP_SECONDS = 5.0
SEES_ITS_END = 0.02  # seconds; half of one would be waited for by everybody who closes a platform


def _own(environment: Settings, sandbox: Settings) -> Settings:
    """The environment's providers on this machine's engines; addresses and keys it lacks are the local ones."""
    return replace(
        environment,
        state_dir=sandbox.state_dir,
        public_url=sandbox.public_url if environment.public_url == Settings().public_url else environment.public_url,
        link_keys=environment.link_keys or sandbox.link_keys,
        sign_in=environment.sign_in or sandbox.sign_in,
        sign_in_token=environment.sign_in_token or sandbox.sign_in_token,
    )


class Platform:
    """Starts the gateway at once; call `run` for a live system or drive it with `drain` and `advance`.

    Messages go to the sandbox providers, or with an `environment` to the real ones it names. Only one that `is_full`
    makes reports and runs maintenance jobs (and misses what did not run): in a scenario nobody reads reports, each of
    which takes seconds, and there is nothing to maintain.
    """

    def __init__(
        self,
        state_dir: Path,
        *,
        port: int = 0,
        clock: Clock | None = None,
        configuration: Configuration | None = None,
        functions: Path = ROOT,
        environment: Settings | None = None,
        engines: Engines = EMBEDDED,
        is_full: bool = False,
    ) -> None:
        self.clock = clock or SystemClock()
        self.functions = manifests(functions)
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._busy = 0
        self._workers: list[threading.Thread] = []
        keys = local_secrets(state_dir)
        self._by_topic = {f.topic: name for name, f in self.functions.items() if f.topic}
        self.bus = engines.bus(state_dir, self._by_topic, clock=self.clock)
        self.bus.take_back()
        self.gateway = Gateway(self)
        self._server: BaseWSGIServer = make_server(
            "127.0.0.1", port, self.gateway, threaded=True, request_handler=Silent
        )
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self.providers = Providers(state_dir / "sandbox.db", keys=keys, clock=self.clock)
        sandbox = Settings(
            state_dir=str(state_dir),
            config_dir=current().config_dir,
            public_url=self.url,
            link_keys=keys.link_key,
            sign_in="local",
            sign_in_token=keys.sign_in_token,
            slack_token=keys.slack_token,
            slack_signing_secret=keys.slack_signing_secret,
            slack_url=f"{self.url}/sandbox/slack/api/",
            twilio_account=keys.twilio_account,
            twilio_token=keys.twilio_token,
            twilio_from="+15005550006",
            twilio_url=self.url,
            fcm_url=f"{self.url}/sandbox/fcm",
            fcm_token=keys.fcm_token,
            google_url=f"{self.url}/sandbox/google",
            google_token=keys.google_token,
            osv_url=f"{self.url}/sandbox/packages",
            pypi_url=f"{self.url}/sandbox/packages",
            identity_keys=f"{self.url}/sandbox/identity/keys",
            probe_keys=keys.probe_key,
            rollback_keys=keys.rollback_key,
            rollback_url=f"{self.url}/sandbox/rollback",
            rollback_token=keys.rollback_token,
            smtp_host="127.0.0.1",
            smtp_port=str(self.providers.smtp_port),
            smtp_security="none",
        )
        self.settings = engines.chosen(sandbox if environment is None else _own(environment, sandbox))
        chosen = configuration or load(Path(folder) if (folder := self.settings.config_dir) else None)
        self.warehouse = WarehouseOnDemand(
            state_dir / "warehouse.duckdb", recorder=SqliteQueryHistory(state_dir / "queries.db", self.clock)
        )
        bootstrap.install(
            self.settings,
            clock=self.clock,
            publisher=PermittedPublisher(self.bus, {name: one.publishes for name, one in self.functions.items()}),
            configuration=chosen if is_full else replace(chosen, jobs=()),
            warehouse=engines.warehouse(self.warehouse),
        )
        self.clients = clients(functions)
        self.providers.clients = self.clients
        scheduled = (one for one in self.functions.values() if is_full or one.name != REPORTS)
        self.scheduler = Scheduler(jobs(scheduled), start=self.clock.now())
        self.gateway.mount(self.clients, self.providers)
        threading.Thread(target=self._server.serve_forever, args=(SEES_ITS_END,), daemon=True).start()

    def run(self, *, workers: int = 2) -> None:
        """Carry messages (and, on a real clock, scheduled runs) in the background until `close`."""
        self._workers = [threading.Thread(target=self._work, daemon=True) for _ in range(workers)]
        for worker in self._workers:
            worker.start()
        if not self.is_virtual:
            threading.Thread(target=self._keep_schedule, daemon=True).start()

    @property
    def is_virtual(self) -> bool:
        """True while the clock moves only when it is told to."""
        return isinstance(self.clock, VirtualClock) and not self.clock.is_running

    def close(self) -> None:
        """Stop everything."""
        self._stopped.set()
        self.bus.arrived.set()
        for worker in self._workers:
            worker.join(timeout=STOP_SECONDS)
        self._server.shutdown()
        self._server.server_close()
        self.providers.close()
        self.warehouse.close()
        bootstrap.install()

    def call(self, function: str, body: bytes, headers: dict[str, str], *, path: str = "/") -> int:
        """Send a request to a function without a network; returns the status."""
        return self.clients[function].post(path, data=body, headers=headers).status_code

    def drain(self) -> None:
        """Carry everything that is due now, receipts of the sandbox included."""
        for _ in range(ROUNDS):
            if not self._push_one() and not self.providers.deliver_receipts():
                return
        raise RuntimeError("the platform does not become quiet")

    def advance(self, step: timedelta) -> None:
        """Move a virtual clock, stopping at every scheduled run and every retry on the way."""
        clock = self._virtual()
        end = clock.now() + step
        self.settle()
        while (at := self._next_stop()) is not None and at <= end.timestamp():
            clock.advance(timedelta(seconds=max(0.0, at - clock.now().timestamp())))
            self.settle()
        clock.set(end)
        self.settle()

    def move_clock(self, to: datetime) -> None:
        """Put a virtual clock on, as if nothing had run in between, and go on from there."""
        self._virtual().set(to)
        self.scheduler.restart(to)
        self.settle()

    def settle(self) -> None:
        """Run what is scheduled by now, then carry what is due."""
        self.run_due_jobs()
        if self._busy_workers():
            self.wait_until_quiet(timedelta(seconds=60))
        else:
            self.drain()

    def run_due_jobs(self) -> None:
        """Call every function whose schedule is due, as Cloud Scheduler does."""
        with self._lock:
            due = self.scheduler.due(self.clock.now())
        for job, at in due:
            headers = {
                "User-Agent": "Google-Cloud-Scheduler",
                "X-CloudScheduler": "true",
                "X-CloudScheduler-JobName": job.function,
                "X-CloudScheduler-ScheduleTime": at.isoformat(),
                "Content-Type": "application/json",
            }
            self.call(job.function, b"{}", headers)

    def is_quiet(self) -> bool:
        """True when nothing is due and nobody is at work."""
        due = self.bus.next_due()
        return self._busy == 0 and (due is None or due > self.clock.now().timestamp()) and not self.providers.waiting()

    def wait_until_quiet(self, longest: timedelta) -> bool:
        """Wait (on the machine's clock) until nothing is due; False when that takes too long."""
        pause, waited = threading.Event(), 0.0
        while not self.is_quiet():
            if waited > longest.total_seconds():
                return False
            pause.wait(0.02)
            waited += 0.02
        return True

    def _virtual(self) -> VirtualClock:
        if not isinstance(self.clock, VirtualClock) or self.clock.is_running:
            raise TypeError("only a virtual clock can be moved; start with --clock virtual")
        return self.clock

    def _next_stop(self) -> float | None:
        job, retry = self.scheduler.next_at(), self.bus.next_due()
        stops = [at for at in (job.timestamp() if job else None, retry) if at is not None]
        return min(stops, default=None)

    def _push_one(self) -> bool:
        return self.bus.push_one(self._push, give_up=self._give_up)

    def _push(self, message: Message) -> bool:
        function = self._by_topic.get(message.topic)
        if function is None:
            return True  # a topic without a subscription keeps nothing
        path = f"/projects/{self.settings.project}/topics/{message.topic}"
        body = message.push_body(self.settings.project)
        return self.call(function, body, {"Content-Type": "application/json"}, path=path) < OK

    def _give_up(self, message: Message) -> None:
        function = self._by_topic.get(message.topic, message.topic)
        delivery = Delivery(function, {"content-type": "application/json"}, message.push_body(self.settings.project))
        quarantine(
            delivery,
            f"failed {message.attempts} times",
            alarm="dead_letters",
            store=bootstrap.state(),
            objects=bootstrap.objects(),
            publisher=self.bus,
            clock=self.clock,
        )

    def _busy_workers(self) -> bool:
        return any(worker.is_alive() for worker in self._workers)

    def _work(self) -> None:
        self._repeat(lambda: self._push_one() or bool(self.providers.deliver_receipts()))

    def _keep_schedule(self) -> None:
        while not self._stopped.wait(1.0):
            self.run_due_jobs()

    def _repeat(self, act: Callable[[], bool]) -> None:
        while not self._stopped.is_set():
            with self._lock:
                self._busy += 1
            try:
                worked = act()
            finally:
                with self._lock:
                    self._busy -= 1
            if not worked:
                self.bus.arrived.wait(IDLE_SECONDS)
                self.bus.arrived.clear()
