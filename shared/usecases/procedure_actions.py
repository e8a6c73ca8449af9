"""What the machine does in procedures: the action behind each name that a step may have."""

from collections.abc import Mapping

from shared.domain.procedures import Doing
from shared.usecases import outage_actions
from shared.usecases.procedure_scene import Action

ACTIONS: Mapping[Doing, Action] = {
    Doing.ALERT_SENT: outage_actions.alert_sent,
    Doing.ONCALL_NOTIFIED: outage_actions.oncall_notified,
    Doing.DRAFT_CUSTOMER_MESSAGE: outage_actions.draft_customer_message,
    Doing.CUSTOMERS_TOLD: outage_actions.customers_told,
    Doing.RECOVERY_TOLD: outage_actions.recovery_told,
    Doing.RECOVERED: outage_actions.recovered,
    Doing.DRAFT_RECOVERY_MESSAGE: outage_actions.draft_recovery_message,
}
