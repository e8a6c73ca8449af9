"""What the machine does in the procedure of a breach."""

from shared.domain.bulletins import Bulletin, BulletinKind
from shared.domain.notifications import Channel, LedgerState, Notification, Recipient, address_of
from shared.domain.severities import Severity
from shared.domain.tasks import NewTask, TaskKind, opened
from shared.ports.store import Query, Write
from shared.rendering import breach as rendering
from shared.usecases.breach_records import breach_of
from shared.usecases.bulletins import plan_bulletin
from shared.usecases.procedure_scene import NOT_YET, Acting, Did, Scene
from shared.usecases.records import BULLETINS, NOTIFICATIONS, value_of
from shared.usecases.tasks import task_write

REACHED = frozenset({LedgerState.SENT, LedgerState.DELIVERED, LedgerState.READ})
WAYS = (Channel.EMAIL, Channel.SMS)
MOST = 20


def legal_told(scene: Scene) -> Did:
    """Whoever judges what has to be reported was told, by mail and text; done once one of them has left."""
    breach, legal = breach_of(scene.incident, scene.store), scene.config.response_team.legal
    if breach is None or not legal:
        return Did(Acting.FAILED, "nobody is named as legal in breach.yaml")
    name = f"{breach.id}-legal"
    left = [row for row in _rows(name, scene) if row.state in REACHED]
    if left:
        first = min(left, key=lambda row: row.sent_at or row.planned_at)
        return Did(Acting.DONE, f"{_name(legal, scene)} was told by {first.channel}", first.sent_at)
    if scene.store.get(BULLETINS, name) is not None:
        return NOT_YET
    notice = Bulletin(name, BulletinKind.NOTICE, scene.now, rendering.notice_outside(breach), about=(breach.incident,))
    to = [Recipient(legal, way) for way in WAYS if address_of(scene.config.directory, legal, way)]
    rows, writes = plan_bulletin(notice, to, severity=Severity.CRITICAL)
    return Did(Acting.NOT_YET, writes=tuple(_of(BULLETINS, writes)), rows=rows)


def evidence_kept(scene: Scene) -> Did:
    """A package of evidence is in the store."""
    breach = breach_of(scene.incident, scene.store)
    if breach is None or not breach.evidence:
        return NOT_YET
    return Did(Acting.DONE, f"a package of evidence is kept ({breach.evidence[-1]})")


def regulator_told(scene: Scene) -> Did:
    """Somebody noted that the regulator has the report."""
    breach = breach_of(scene.incident, scene.store)
    if breach is None or breach.reported_at is None:
        return NOT_YET
    return Did(Acting.DONE, f"the regulator has the report of {_name(breach.reported_by, scene)}", breach.reported_at)


def prevention_opened(scene: Scene) -> Did:
    """What has to follow from every breach is on somebody's list; it outlives the incident."""
    config, incident = scene.config, scene.incident
    owner = incident.owner or next(iter(config.response_team.people), config.directory.default_contact)
    wanted = [NewTask(text, TaskKind.ACTION, owner, owner) for text in rendering.PREVENTION]
    tasks = [change.task for new in wanted if (change := opened(new, incident, scene.now)).task is not None]
    said = ", ".join(task.id for task in tasks)
    what = f"action items of {_name(owner, scene)}: {said}"
    return Did(Acting.DONE, what, writes=tuple(task_write(task, None) for task in tasks))


def _name(person: str, scene: Scene) -> str:
    known = scene.config.directory.people.get(person)
    return known.name if known else person


def _rows(bulletin: str, scene: Scene) -> list[Notification]:
    found = scene.store.find(Query(NOTIFICATIONS, equal={"bulletin": bulletin}, order_by="planned_at", limit=MOST))
    return [value_of(row, Notification) for row in found]


def _of(collection: str, writes: list[Write]) -> list[Write]:
    return [write for write in writes if write.collection == collection]
