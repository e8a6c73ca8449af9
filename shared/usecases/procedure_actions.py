"""What the machine does in procedures: the action behind each name that a step may have."""

from collections.abc import Mapping

from shared.domain.procedures import Doing
from shared.usecases import breach_actions, breach_notice, communication_actions, outage_actions
from shared.usecases.procedure_scene import Action

ACTIONS: Mapping[Doing, Action] = {
    Doing.STATUS_PAGE: communication_actions.status_page,
    Doing.DIAGNOSTICS: outage_actions.diagnostics,
    Doing.ALERT_SENT: outage_actions.alert_sent,
    Doing.ONCALL_NOTIFIED: outage_actions.oncall_notified,
    Doing.DRAFT_CUSTOMER_MESSAGE: communication_actions.draft_customer_message,
    Doing.CUSTOMERS_TOLD: communication_actions.customers_told,
    Doing.POST_MORTEM: outage_actions.post_mortem,
    Doing.RECOVERY_TOLD: communication_actions.recovery_told,
    Doing.RECOVERED: outage_actions.recovered,
    Doing.DRAFT_RECOVERY_MESSAGE: communication_actions.draft_recovery_message,
    Doing.LEGAL_TOLD: breach_actions.legal_told,
    Doing.DRAFT_CUSTOMER_NOTICE: breach_notice.draft_customer_notice,
    Doing.CUSTOMER_NOTICE_SENT: breach_notice.customer_notice_sent,
    Doing.EVIDENCE_KEPT: breach_actions.evidence_kept,
    Doing.REGULATOR_TOLD: breach_actions.regulator_told,
    Doing.PREVENTION_OPENED: breach_actions.prevention_opened,
}
