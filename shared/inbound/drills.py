"""A call of the game day's function, and its answer."""

from shared.domain.game_day import Drill, Said


def is_forced(body: object) -> bool:
    """True when the caller wants a game day now: `{"run": true}`; the scheduler sends `{}`."""
    return isinstance(body, dict) and body.get("run") is True


def answer(said: Said, drill: Drill | None) -> dict[str, object]:
    """What the caller reads."""
    if drill is None:
        return {"game_day": str(said)}
    return {
        "game_day": str(said),
        "id": drill.id,
        "at": drill.at.isoformat(),
        "channels": list(drill.channels),
        "seconds": dict(drill.seconds),
        "failed": dict(drill.failed),
    }
