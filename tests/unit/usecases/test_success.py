"""The success metrics read from a real store: what people did, and what was sent."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shared.adapters.sqlite_state import SqliteState
from shared.config.loader import load
from shared.domain.figures import Gap, Span, Standing, Trend
from shared.domain.impact_statements import Statement, Unknown, unknown_all
from shared.domain.incidents import Acked
from shared.domain.signals import SignalKind
from shared.domain.silences import Silence
from shared.domain.success import OF_INCIDENTS, SUCCESS_METRICS
from shared.errors import PermanentFailureError
from shared.ports import Answer, Put
from shared.usecases.act import acknowledge
from shared.usecases.figure_reading import Asked, figure, read
from shared.usecases.impact_statements import STATEMENTS
from shared.usecases.records import body_of
from shared.usecases.success import cases_of, own_readings
from tests.conftest import NIGHT, configuration
from tests.unit.usecases.world import World
