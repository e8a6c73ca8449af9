"""Topic status-mails -> mails to the subscribers of the status page, and links to those who want to be one."""

import functions_framework
from cloudevents.http import CloudEvent

from shared import bootstrap
from shared.inbound import topics
from shared.runtime import event_handler
from shared.usecases import mail_subscribers as mails


@functions_framework.cloud_event
@event_handler
def mail_subscribers(event: CloudEvent) -> None:
    """Redelivery is safe: who was written to, or perhaps was, is not written to again."""
    mails.mail(
        topics.status_mail(event.data),
        doors=mails.Doors(bootstrap.status_url(), bootstrap.subscriptions_url()),
        ports=mails.Ports(
            bootstrap.config(), bootstrap.state(), bootstrap.mailer(), bootstrap.publisher(), bootstrap.clock()
        ),
    )
