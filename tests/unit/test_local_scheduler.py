"""The local scheduler plans every job anew when the clock is put somewhere else."""

from datetime import UTC, datetime, timedelta

from infra.local.scheduler import Job, Scheduler

AT = datetime(2026, 3, 10, 9, 17, tzinfo=UTC)
MINUTELY, QUARTERLY = Job("escalate", "* * * * *", "Africa/Cairo"), Job("report", "*/15 * * * *", "Africa/Cairo")


def due(scheduler: Scheduler, at: datetime) -> set[str]:
    return {job.function for job, _ in scheduler.due(at)}


def test_what_is_left_out_does_not_run_until_everything_is_planned_anew():
    scheduler = Scheduler([MINUTELY, QUARTERLY], start=AT)
    scheduler.restart(AT, without={"report"})
    assert due(scheduler, AT + timedelta(hours=1)) == {"escalate"}
    assert scheduler.next_at() == AT + timedelta(hours=1, minutes=1)
    scheduler.restart(AT)
    assert due(scheduler, AT + timedelta(hours=1)) == {"escalate", "report"}


def test_a_job_runs_once_however_many_of_its_times_have_passed():
    scheduler = Scheduler([QUARTERLY], start=AT)
    assert [job for job, _ in scheduler.due(AT + timedelta(hours=1))] == [QUARTERLY]
    assert scheduler.due(AT + timedelta(hours=1)) == []
    assert scheduler.next_at() == AT + timedelta(minutes=73)
