"""What the answer to a rollback's call means: started, surely not started, or nobody knows."""

from collections.abc import Callable

import requests
from urllib3.exceptions import NewConnectionError

from shared.errors import PermanentFailureError, TemporaryFailureError, UnknownOutcomeError

TIMEOUT_SECONDS = 15.0
SAID = 200
OK, REDIRECT, SERVER_FAULT = 200, 300, 500
NOT_NOW = frozenset({429, 503})  # the server says that it did nothing


def answered(call: Callable[[], requests.Response]) -> requests.Response:
    """The answer where it is a success. Raises TemporaryFailureError where surely nothing was started."""
    try:
        answer = call()
    except (requests.ConnectTimeout, requests.exceptions.SSLError) as error:
        raise TemporaryFailureError("unreachable", type(error).__name__) from error
    except requests.ConnectionError as error:
        reason = getattr(error.args[0] if error.args else None, "reason", None)
        if isinstance(reason, NewConnectionError):
            raise TemporaryFailureError("unreachable", "no connection") from error
        raise UnknownOutcomeError("answer lost", type(error).__name__) from error
    except requests.RequestException as error:
        raise UnknownOutcomeError("answer lost", type(error).__name__) from error
    return _judged(answer)


def words(answer: requests.Response) -> str:
    """The beginning of what the server said."""
    return " ".join(answer.text.split())[:SAID]


def _judged(answer: requests.Response) -> requests.Response:
    code = str(answer.status_code)
    if OK <= answer.status_code < REDIRECT:
        return answer
    if answer.status_code in NOT_NOW:
        raise TemporaryFailureError(code, words(answer))
    if answer.status_code >= SERVER_FAULT:
        raise UnknownOutcomeError(code, words(answer))
    redirected = answer.status_code < 400  # noqa: PLR2004 - the redirects end there
    raise PermanentFailureError(code, "a redirect, and none is followed" if redirected else words(answer))
