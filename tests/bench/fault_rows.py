# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows of "what a gateway does when upstream fails", as a caller sees them from outside.

Each row says what the route's targets do, and judges what the caller got: None where it is right, else what was wrong.
"""

import json
import socket
import time
from dataclasses import dataclass, field

PATIENCE = 15  # seconds for one call


@dataclass
class Answer:
    status: int = 0
    headers: dict = field(default_factory=dict)
    body: str = ""
    whole: bool = False      # the framing says that nothing is missing
    seconds: float = 0

    def json(self):
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    def events(self):
        """The JSON of each event; text where it is none."""
        found = []
        for event in self.body.replace("\r\n", "\n").replace("\r", "\n").split("\n\n"):
            data = "\n".join(line[5:].removeprefix(" ") for line in event.split("\n") if line.startswith("data:"))
            if not data:
                continue
            try:
                found.append(json.loads(data))
            except ValueError:
                found.append(data)
        return found


@dataclass
class Cell:
    """One caller with one kind of answer."""

    caller: str   # "openai", "anthropic"
    stream: bool

    @property
    def name(self):
        return ("o" if self.caller == "openai" else "a") + ("s" if self.stream else "w")

    @property
    def path(self):
        return "/v1/chat/completions" if self.caller == "openai" else "/v1/messages"

    def body(self, model):
        return json.dumps({"model": model, "max_tokens": 64, "stream": self.stream, "messages": [{"role": "user", "content": "ping"}]})

    def text(self, answer):
        if not self.stream:
            body = answer.json() or {}
            try:
                return body["choices"][0]["message"]["content"] if self.caller == "openai" else "".join(part.get("text", "") for part in body["content"])
            except (KeyError, IndexError, TypeError):
                return None
        text = ""
        for event in answer.events():
            try:
                if self.caller == "openai":
                    text += event["choices"][0]["delta"].get("content") or ""
                elif event["type"] == "content_block_delta":
                    text += event["delta"].get("text", "")
            except (KeyError, IndexError, TypeError):
                pass
        return text

    def ended(self, answer):
        """Whether a client takes it for a whole answer."""
        if not answer.whole or answer.status != 200:
            return False
        if not self.stream:
            return answer.json() is not None
        if self.caller == "openai":
            return "[DONE]" in answer.events()
        return any(isinstance(event, dict) and event.get("type") == "message_stop" for event in answer.events())

    def error(self, answer):
        """The error in the caller's own form; None where there is none."""
        for body in [answer.json(), *reversed(answer.events())]:
            if isinstance(body, dict) and isinstance(body.get("error"), dict) and body["error"].get("message"):
                return body["error"] if self.caller == "openai" or body.get("type") == "error" else None
        return None


def read(connection, until):
    """One answer, as far as it comes."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = more(connection, until)
        if not piece:
            return Answer(body=data.decode(errors="replace"))
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
    answer = Answer(status=int(lines[0].split()[1]), headers=headers)
    if headers.get("transfer-encoding", "").lower() == "chunked":
        content, answer.whole = read_chunks(connection, body, until)
    else:
        length = int(headers["content-length"]) if "content-length" in headers else None
        while length is None or len(body) < length:
            piece = more(connection, until)
            if not piece:
                break
            body += piece
        content, answer.whole = body, length is not None and len(body) >= length
    answer.body = content.decode(errors="replace")
    return answer


def more(connection, until):
    connection.settimeout(max(until - time.monotonic(), 0.001))
    try:
        return connection.recv(65536)
    except OSError:
        return b""


def read_chunks(connection, data, until):
    content = b""
    while True:
        while b"\r\n" not in data:
            piece = more(connection, until)
            if not piece:
                return content, False
            data += piece
        size_text, _, data = data.partition(b"\r\n")
        size = int(size_text.split(b";")[0], 16)
        if size == 0:
            return content, True
        while len(data) < size + 2:
            piece = more(connection, until)
            if not piece:
                return content + data[:size], False
            data += piece
        content, data = content + data[:size], data[size + 2:]


class Call:
    """A call under way."""

    def __init__(self, gateway, cell, model, targets):
        self.begun = time.monotonic()
        self.connection = socket.create_connection(("127.0.0.1", gateway.port), timeout=PATIENCE)
        body = cell.body(model).encode()
        headers = "".join(f"{name}: {value}\r\n" for name, value in gateway.headers_for(cell, targets).items())
        self.connection.sendall(f"POST {cell.path} HTTP/1.1\r\nHost: 127.0.0.1:{gateway.port}\r\nContent-Type: application/json\r\nConnection: close\r\n"
                                f"anthropic-version: 2023-06-01\r\n{headers}Content-Length: {len(body)}\r\n\r\n".encode() + body)

    def answer(self):
        with self.connection:
            answer = read(self.connection, self.begun + PATIENCE)
        answer.seconds = time.monotonic() - self.begun
        return answer


@dataclass
class Target:
    model: str
    where: str = "fake"   # or "refused", "nowhere", "self-signed"


class Trial:
    """One row in one cell at one gateway. `targets` of a row in their order; the same models for nobody else, so that no cell
    learns from another."""

    def __init__(self, gateway, cell, number, row):
        self.gateway, self.cell, self.number, self.row = gateway, cell, number, row
        self.targets = [Target(f"{target.model}~{number}-{cell.name}-{gateway.name}-{place}", target.where) for place, target in enumerate(row.targets_of(cell))]

    @property
    def model(self):
        return f"F{self.number:02}-{self.cell.name}"

    def start(self):
        return Call(self.gateway, self.cell, self.model, self.targets)

    def ask(self):
        return self.start().answer()

    def seen(self, place=0):
        """How many calls the target at that place got, and how many it lost its client of."""
        return self.gateway.fake.seen(self.targets[place].model)

    def judge(self):
        return self.row.judge(self)

    # --- what is right

    def rescued(self, answer=None):
        answer = answer or self.ask()
        if not self.cell.ended(answer):
            return f"no whole answer ({answer.status})"
        text = self.cell.text(answer)
        return None if text == "pong" else f"says {str(text)[:20]!r}"

    def told(self, answer, statuses):
        if self.cell.ended(answer):
            return "an error as an answer"
        if answer.status not in statuses:
            return f"status {answer.status}"
        return None if self.cell.error(answer) else "no error in the caller's form"

    def cut(self, answer):
        """What came before it broke has gone out: nobody may take it for the whole, and the caller is told."""
        if self.cell.ended(answer):
            return "passed off as whole"
        return None if self.cell.error(answer) else "the caller is not told"


@dataclass
class Row:
    title: str
    targets: object       # a list of models, or what gives one for a cell
    judge: object         # takes a Trial; None where all is right, else what is not
    needs: str = ""       # a feature; gateways without it say so

    def targets_of(self, cell):
        targets = self.targets(cell) if callable(self.targets) else self.targets
        return [target if isinstance(target, Target) else Target(target) for target in targets]


def simply(trial):
    return trial.rescued()


def in_time(trial):
    answer = trial.ask()
    return trial.rescued(answer) or (None if answer.seconds < 8 else f"after {answer.seconds:.0f} s")


def rests_for_long(trial):
    for _ in range(3):
        wrong = trial.rescued()
        if wrong:
            return wrong
    calls = trial.seen()["calls"]
    return None if calls == 1 else f"asked {calls} of 3 times in its Retry-After"


def opens(trial):
    for _ in range(20):
        wrong = trial.rescued()
        if wrong:
            return wrong
    calls = trial.seen()["calls"]
    return None if calls <= 12 else f"asked {calls} times in 20 calls"


def cut_or_rescued(trial):
    answer = trial.ask()
    return trial.cut(answer) if trial.cell.stream else trial.rescued(answer)


def not_forwarded(trial, statuses, words=""):
    answer = trial.ask()
    wrong = trial.told(answer, statuses)
    if wrong:
        return wrong
    if words and words not in answer.body:
        return "without the provider's reason"
    return None if trial.seen(1)["calls"] == 0 else "asked the next target too"


def hung_up(trial):
    call = trial.start()
    until = time.monotonic() + 5
    while trial.seen()["calls"] == 0 and time.monotonic() < until:
        time.sleep(0.02)
    call.connection.close()
    until = time.monotonic() + 3
    while time.monotonic() < until:
        if trial.seen()["left"] > 0:
            return None
        time.sleep(0.05)
    return "goes on upstream for seconds"


def bounded(trial):
    before = trial.gateway.memory_mb()
    call = trial.start()
    time.sleep(3)
    grown = trial.gateway.memory_mb() - before
    call.connection.close()
    return None if grown < 48 else f"grows by {grown:.0f} MB"


def redirect_ignored(trial):
    before = trial.gateway.fake.seen("redirected")["calls"]
    return trial.rescued() or (None if trial.gateway.fake.seen("redirected")["calls"] == before else "follows it")


def tells_of_all(trial):
    return trial.told(trial.ask(), {429, 500, 502, 503, 504})


ROWS = [
    Row("429 once", ["limited-1", "pong"], simply),
    Row("429 for long", ["limited-60", "pong"], rests_for_long),
    Row("500 once", ["once-500"], simply),
    Row("503 always", ["status-503", "pong"], opens),
    Row("connection refused", [Target("never", "refused"), "pong"], in_time),
    Row("TLS: self-signed", [Target("never", "self-signed"), "pong"], simply),
    Row("accepts, never answers", ["silence", "pong"], in_time),
    Row("headers, then nothing", ["head", "pong"], in_time),
    Row("cut before content", lambda cell: ["cut-early" if cell.stream else "hang-up", "pong"], simply),
    Row("cut after content", ["cut", "pong"], cut_or_rescued),
    Row("silent after content", ["stall", "pong"], cut_or_rescued),
    Row("error event in a 200", ["error-event", "pong"], simply),
    Row("HTML in a 200", ["html", "pong"], simply),
    Row("error object in a 200", ["error-in-200", "pong"], simply),
    Row("context length exceeded", ["context", "pong"], lambda trial: not_forwarded(trial, {400}, "maximum context length")),
    Row("400", ["status-400", "pong"], lambda trial: not_forwarded(trial, {400})),
    Row("401", ["status-401", "pong"], simply),
    Row("quota gone", ["quota", "pong"], simply),
    Row("content policy", ["policy", "pong"], lambda trial: not_forwarded(trial, {400}, "safety system" if trial.cell.caller == "openai" else "content filtering policy")),
    Row("trickle, odd framing", ["trickle"], lambda trial: None if trial.cell.text(trial.ask()) == "gr\u00fc\u00df dich" else "another text"),
    Row("usage missing", ["no-usage"], simply),
    Row("all targets fail", ["status-500", "status-503"], tells_of_all),
    Row("caller disconnects", ["silence-long"], hung_up),
    Row("caller reads slowly", ["words-16000000"], bounded),
    Row("headers too large", ["header-flood", "pong"], simply),
    Row("redirect", ["redirect", "pong"], redirect_ignored),
    Row("hedge", ["silence-long", "pong"], in_time, needs="hedge"),
]
CELLS = [Cell(caller, stream) for caller in ("openai", "anthropic") for stream in (False, True)]
