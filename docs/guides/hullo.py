#!/usr/bin/env python3
"""Hullo from Python: one file, on the standard library alone (Python 3.9 and up). Copy it beside your program.

    from hullo import Hullo

    with Hullo.sign_in("http://127.0.0.1:5000", "alice", "wonder") as me:
        me.send("@bob", "Hello Bob")
        for entry, cursor in me.stream():
            print(entry["sender"], entry.get("text"))

On the command line (it asks for the password, or reads HULLO_PASSWORD):

    python3 hullo.py http://127.0.0.1:5000 alice send @bob "Hello Bob"
    python3 hullo.py http://127.0.0.1:5000 alice read
    python3 hullo.py http://127.0.0.1:5000 alice stream
"""

import getpass
import http.client
import itertools
import json
import os
import random
import secrets
import signal
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

# The server says something at least every 15 s: a stream that is silent for longer than this is not there any more.
SILENCE_SECONDS = 30

# What passes by itself: with the same client id, trying again is right even where the outcome is unknown.
PASSING = {"busy", "too-many", "too-slow", "unavailable", "outcome-unknown"}


class Refused(Exception):
    """The server said no. `code` is stable and meant for programs, the text is a sentence for people."""

    def __init__(self, code, message, retry_after=0):
        super().__init__(message)
        self.code = code
        self.retry_after = retry_after


class NoAnswer(Exception):
    """No answer, or none that a Hullo server gives."""


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    # A redirection would repeat the token or a password to somewhere else.
    def redirect_request(self, *_):
        return None


_opener = urllib.request.build_opener(_NoRedirects)


class Hullo:
    """One session. `token` may be kept, and given to `Hullo(server, token)` next time; `with` signs out at its end."""

    def __init__(self, server, token=None):
        self.server = server.rstrip("/")
        self.token = token
        # Ids of one session begin alike; with them a message that is sent again is stored once.
        self._ids = (f"{prefix}-{n}" for prefix in [secrets.token_hex(9)] for n in itertools.count(1))

    @classmethod
    def sign_in(cls, server, name, password, label="python"):
        me = cls(server)
        answer = me.call("POST", "/sessions", {"name": name, "password": password, "label": label})
        me.token = answer["token"]
        return me

    def sign_out(self):
        """Ends the session on the server. Each sign-in is a session of the account's, which may have 100."""
        if self.token is not None:
            self.call("DELETE", "/sessions/current")
            self.token = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self.sign_out()
        except (Refused, NoAnswer):
            pass  # It is over already, or expires by itself.

    def call(self, method, path, body=None, **query):
        """One request of the v1 API: what it answers, or an exception. `path` begins behind /v1."""
        with self._open(method, path, body, query) as response:
            try:
                text = response.read()
                return json.loads(text) if text else None
            except (ValueError, OSError, http.client.HTTPException) as error:
                raise NoAnswer(f"{self.server} broke off: {error!r}") from error

    def send(self, to, text, client_id=None, tries=10):
        """Sends to "@account" or "#room"; returns {"seq", "conversation", "storedAt", "repeated"} once it is stored.

        Tries again while that can help, and stores it once however often it was tried.
        """
        draft = {"to": to, "text": text, "clientId": client_id or next(self._ids)}
        for attempt in itertools.count(1):
            try:
                (result,) = self.call("POST", "/messages", {"messages": [draft]})["results"]
                if "seq" in result:
                    return result
                raise Refused(result["error"], result["message"], result.get("retryAfter", 0))
            except (NoAnswer, Refused) as error:
                if attempt >= tries or isinstance(error, Refused) and error.code not in PASSING:
                    raise
                time.sleep(getattr(error, "retry_after", 0) + _wait(attempt))

    def entries(self, after=None):
        """Everything of mine behind a cursor (from the beginning without one), until there is no more.

        Yields (entry, cursor): once the entry is dealt with, the cursor is what to keep.
        """
        while True:
            page = self.call("GET", "/entries", after=after)
            for fate in ("diverged", "truncated"):
                if fate in page:
                    self.told({"type": fate, "shared" if fate == "diverged" else "floor": page[fate]})
            yield from _with_cursors(page["entries"], after, page["cursor"])
            after = page["cursor"]
            if not page["more"]:
                return

    def stream(self, after=None):
        """The same, live and without end: from now on without a cursor. It goes on by itself when the connection is lost.

        Raises Refused when the session is over.
        """
        failures = 0
        while True:
            try:
                for frame in self._frames(after):
                    if frame["type"] in ("entries", "beat"):
                        yield from _with_cursors(frame.get("entries", []), after, frame["cursor"])
                        after = frame["cursor"]
                        failures = 0
                    elif frame["type"] == "hello":
                        after = after or frame["cursor"]
                    elif frame["type"] == "end" and frame["reason"] == "session-over":
                        raise Refused("signed-out", "The session is over.")
                    elif frame["type"] == "end":
                        break
                    else:
                        self.told(frame)
                asked = 0
            except (NoAnswer, Refused) as error:
                if isinstance(error, Refused) and error.code not in PASSING:
                    raise
                asked = getattr(error, "retry_after", 0)
            failures += 1
            time.sleep(asked + _wait(failures))

    def told(self, frame):
        """What a stream says beside entries: override it. `soft` are hints (typing, presence); after `diverged`
        everything behind `shared` is not in the log any more; after `truncated` what lay below `floor` is gone."""
        if frame["type"] in ("diverged", "truncated"):
            print(f"hullo: the log was {frame}", file=sys.stderr)

    def _frames(self, after):
        """Server-sent events (WHATWG HTML, 9.2), as far as Hullo's need it: the frame is the event's data."""
        with self._open("GET", "/stream", None, {"after": after}) as response:
            data = []
            try:
                for line in response:
                    field, _, value = line.decode().rstrip("\r\n").partition(":")
                    if field == "data":
                        data.append(value[1:] if value.startswith(" ") else value)
                    elif field == "" and value == "" and data:
                        yield json.loads("\n".join(data))
                        data = []
            except (ValueError, OSError, http.client.HTTPException) as error:
                raise NoAnswer(f"the stream broke off: {error!r}") from error

    def _open(self, method, path, body, query):
        given = {name: value for name, value in query.items() if value is not None}
        url = f"{self.server}/v1{path}" + (f"?{urllib.parse.urlencode(given)}" if given else "")
        request = urllib.request.Request(url, method=method)
        if self.token is not None:
            request.add_header("Authorization", f"Bearer {self.token}")
        if body is not None:
            request.add_header("Content-Type", "application/json")
            request.data = json.dumps(body).encode()
        try:
            return _opener.open(request, timeout=SILENCE_SECONDS)
        except urllib.error.HTTPError as error:
            raise _refusal(error) from None
        except (OSError, http.client.HTTPException) as error:
            raise NoAnswer(f"{self.server} cannot be reached: {error}") from error


def _refusal(error):
    """What an HTTP error says: a problem document (RFC 9457), or whatever stands in the server's way."""
    with error:
        try:
            problem = json.loads(error.read())
            return Refused(problem["code"], problem["detail"], problem.get("retryAfter") or 0)
        except (ValueError, KeyError, TypeError, OSError, http.client.HTTPException):
            return NoAnswer(f"{error.url} answers {error.code}, not as a Hullo server does")


def _with_cursors(entries, before, behind):
    """An entry's cursor leads behind it only with the last of its frame: then nothing is ever passed over."""
    for at, entry in enumerate(entries, 1):
        yield entry, behind if at == len(entries) else before


def _wait(attempt):
    """Seconds: a bound that doubles up to 30, and chance below it, so that not all come back at once."""
    return random.uniform(0.05, min(30, 0.5 * 2 ** min(attempt - 1, 6)))


def main(args):
    server, name, what, *rest = args if len(args) >= 3 else ("", "", "")
    if (what, len(rest)) not in {("send", 2), ("read", 0), ("read", 1), ("stream", 0), ("stream", 1)}:
        return "usage: hullo.py SERVER NAME send TO TEXT | read [CURSOR] | stream [CURSOR]"
    # A service manager stops it with SIGTERM: it signs out then too.
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    try:
        with Hullo.sign_in(server, name, os.environ.get("HULLO_PASSWORD") or getpass.getpass()) as me:
            if what == "send":
                print(me.send(*rest)["seq"])
            else:
                for entry, _ in (me.entries if what == "read" else me.stream)(*rest):
                    print(json.dumps(entry, ensure_ascii=False), flush=True)
    except (Refused, NoAnswer) as no:
        return str(no)
    except KeyboardInterrupt:
        pass
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
