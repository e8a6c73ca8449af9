"""What Twilio is told to do in a call or after a text message: TwiML."""

from collections.abc import Iterable

from twilio.twiml.messaging_response import MessagingResponse
from twilio.twiml.voice_response import Gather, VoiceResponse

from shared.rendering.voice import Spoken

# Amazon Polly's voices as Twilio names them; there is none for Egypt's own Arabic, "arb" is the standard language.
VOICES = {"en": ("en-US", "Polly.Joanna"), "ar": ("arb", "Polly.Zeina")}
PATIENCE_SECONDS = 6


def asking(lines: Iterable[Spoken], *, answer_to: str, silence_to: str) -> str:
    """Say the lines, wait for one key and send it to `answer_to`; without a key go on at `silence_to`."""
    response = VoiceResponse()
    gather = Gather(num_digits=1, action=answer_to, method="POST", timeout=PATIENCE_SECONDS)
    _say(gather, lines)
    response.append(gather)
    response.redirect(silence_to, method="POST")
    return str(response)


def telling(lines: Iterable[Spoken]) -> str:
    """Say the lines and hang up."""
    response = VoiceResponse()
    _say(response, lines)
    response.hangup()
    return str(response)


def text_answer(text: str) -> str:
    """Answer a text message with a text; "" answers nothing."""
    response = MessagingResponse()
    if text:
        response.message(text)
    return str(response)


def _say(verb: Gather | VoiceResponse, lines: Iterable[Spoken]) -> None:
    for line in lines:
        language, voice = VOICES[line.locale]
        verb.say(line.text, language=language, voice=voice)
