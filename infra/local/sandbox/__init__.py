"""Sandbox providers: Slack, Twilio and a mail server that behave like the real ones and deliver to nobody."""
