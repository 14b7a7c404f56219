# ---- What follows is the same in every file that MAID writes for Locust. ----


class Missing(Exception):
    """A value that a template needs and no answer gave."""


def env(name):
    value = os.environ.get(name)
    if value is None:
        raise SystemExit(f"set {name} in the environment: this test reads it")
    return value


def bare(value):
    """JSON of a value, as short as it can be."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def as_text(value):
    return value if isinstance(value, str) else bare(value)


def as_json(value):
    return bare(as_text(value))[1:-1]


def as_json_value(value):
    return bare(value)


def as_path(value):
    text = re.sub("%(?![0-9A-Fa-f]{2})", "%25", as_text(value))
    return quote(text, safe="%!$&'()*+,-./:;=?@[]_~")


def as_query(value):
    return quote(as_text(value), safe="-._~")


def as_form(value):
    return as_query(value).replace("%20", "+")


def as_header(value):
    return "".join(c for c in as_text(value) if c == "\t" or not unicodedata.category(c) == "Cc")


def whole(host, to):
    """A path is one of the host, and a whole URL is not."""
    return host + to if to.startswith("/") else to


def new_uuid():
    return str(uuid.uuid4())


def now():
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def now_unix():
    return int(time.time())


def now_unix_ms():
    return int(time.time() * 1000)


class Feeder:
    """Rows of a data file, handed out to all users of this process."""

    def __init__(self, name, mode, rows):
        self.name, self.mode, self.rows = name, mode, rows
        self.turns = itertools.count()

    def draw(self):
        if self.mode == "random":
            return random.randrange(len(self.rows))
        turn = next(self.turns)
        if self.mode == "unique" and turn >= len(self.rows):
            raise StopUser
        return turn % len(self.rows)


def found(value, path):
    """The values that a path leads to, the first of which counts."""
    if not path:
        yield value
        return
    key, rest = path[0], path[1:]
    if key is None and isinstance(value, (dict, list)):
        for one in value.values() if isinstance(value, dict) else value:
            yield from found(one, rest)
    elif isinstance(value, list) and isinstance(key, int) and -len(value) <= key < len(value):
        yield from found(value[key], rest)
    elif isinstance(value, dict) and isinstance(key, str) and key in value:
        yield from found(value[key], rest)


NOTHING = object()


class Answer:
    """An answer as checks and extractions read it."""

    def __init__(self, response, took_ms):
        self.response, self.took_ms = response, took_ms
        self.text = (response.content or b"").decode("utf-8", "replace")

    def json(self, path):
        try:
            return next(found(json.loads(self.text), path), NOTHING)
        except ValueError:
            return NOTHING

    def header(self, name):
        return self.response.headers.get(name, NOTHING)

    def cookie(self, name):
        return self.response.cookies.get(name, NOTHING)

    def status(self, _):
        return self.response.status_code

    def regex(self, pattern):
        match = re.search(pattern, self.text)
        if match is None:
            return NOTHING
        return match[1] if match.re.groups and match[1] is not None else match[0]


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def number(value):
    if is_number(value):
        return value
    plain = r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?"
    return float(value) if isinstance(value, str) and re.fullmatch(plain, value.strip()) else None


def equal(value, wanted):
    if is_number(wanted):
        return number(value) == wanted
    return type(value) is type(wanted) and value == wanted


ORDER = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq, "!=": operator.ne,
}


def compare(value, op, wanted):
    if value is NOTHING:
        return op == "!="
    if op == "exists":
        return True
    if op in ("==", "!="):
        return equal(value, wanted) == (op == "==")
    if op == "contains":
        if isinstance(value, str):
            return as_text(wanted) in value
        if isinstance(value, list):
            return any(equal(one, wanted) for one in value)
        return isinstance(value, dict) and isinstance(wanted, str) and wanted in value
    a, b = number(value), number(wanted)
    if a is not None and b is not None:
        return ORDER[op](a, b)
    return isinstance(value, str) and isinstance(wanted, str) and ORDER[op](value, wanted)


CHECKS = {
    "status": lambda answer, codes: answer.response.status_code in codes,
    "json": lambda answer, path, op, wanted: compare(answer.json(path), op, wanted),
    "header": lambda answer, name, op, wanted: compare(answer.header(name), op, wanted),
    "contains": lambda answer, text: text in answer.text,
    "matches": lambda answer, pattern: re.search(pattern, answer.text) is not None,
    "time": lambda answer, op, ms: ORDER[op](answer.took_ms, ms),
}


class Person(HttpUser):
    """A user of MAID: it goes through its scenario in passes, as often as the test says."""

    abstract = True
    host = "http://127.0.0.1"
    number = itertools.count()
    ended = 0
    hosts = acts_first = acts_of_pass = acts_last = bound = ()
    think = None

    def on_start(self):
        self.slots, self.rows, self.passes = {}, {}, 0
        self.base = self.hosts[next(Person.number) % len(self.hosts)]
        self.client.trust_env = False
        self.client.verify, self.client.cert = VERIFY, CERT
        self.order = [random.sample(group, len(group)) if SHUFFLE else group for group in self.acts_of_pass]
        for act in self.acts_first:
            self.transaction(act)

    def on_stop(self):
        for act in self.acts_last:
            self.transaction(act)
        Person.ended += 1

    @task
    def one_pass(self):
        self.rows = {name: row for name, row in self.rows.items() if name in self.bound}
        began = time.monotonic()
        for group in self.order:
            for act in group:
                self.transaction(act)
                if self.think:
                    gevent.sleep(random.uniform(*self.think) / 1000)
        self.passes += 1
        if ITERATIONS and self.passes >= ITERATIONS:
            raise StopUser
        if PACE:
            rate = PACE(time.monotonic() - STARTED)
            requests = sum(len(act) for group in self.acts_of_pass for act in group)
            if rate > 0:
                gevent.sleep(max(0, requests * MAX_USERS / rate - (time.monotonic() - began)))

    def transaction(self, act):
        try:
            for request in act:
                if not self.send(**request(self)):
                    return
        except Missing as missing:
            logging.warning("%s has no value yet", missing)

    def slot(self, name):
        if name not in self.slots:
            raise Missing(name)
        return self.slots[name]

    def cell(self, feeder, column):
        if feeder.name not in self.rows:
            self.rows[feeder.name] = feeder.draw()
        return feeder.rows[self.rows[feeder.name]][column]

    def send(self, method, url, name, timeout, redirects, headers=(), body=None, checks=(), extract=()):
        """Sends a request and judges its answer. Whether it passed."""
        if not KEEP_COOKIES:
            self.client.cookies.clear()
        self.client.max_redirects = redirects
        began = time.perf_counter()
        with self.client.request(
            method, url, name=name, headers={key: value.encode() for key, value in dict(headers).items()}, timeout=timeout, allow_redirects=redirects > 0,
            data=body.encode() if isinstance(body, str) else body, catch_response=True,
        ) as response:
            answer = Answer(response, (time.perf_counter() - began) * 1000)
            wrong = self.judge(answer, checks)
            for slot, kind, what, *otherwise in extract:
                value = getattr(answer, kind)(what)
                self.slots.pop(slot, None)
                if value is not NOTHING:
                    self.slots[slot] = value
                elif otherwise:
                    self.slots[slot] = otherwise[0]
                else:
                    wrong = wrong or f"nothing to extract for {slot}"
            if wrong:
                response.failure(wrong)
            else:
                response.success()
            return not wrong

    def judge(self, answer, checks):
        """What is wrong with an answer, if anything."""
        response = answer.response
        if not response.status_code:
            return str(getattr(response, "error", None) or "no answer")
        if response.status_code >= 400 and not any(kind == "status" for _, kind, *_ in checks):
            return f"status {response.status_code}"
        for words, kind, *rest in checks:
            if not CHECKS[kind](answer, *rest):
                return f"check failed: {words}"
        return None


STARTED = time.monotonic()


def along(start, stages):
    """What a load that moves from target to target is at a time, in seconds."""

    def at(seconds):
        before, passed = start, 0
        for length, target in stages:
            if seconds < passed + length:
                return before + (target - before) * (seconds - passed) / length
            before, passed = target, passed + length
        return before

    return at


@events.test_start.add_listener
def note_start(**_):
    global STARTED
    STARTED = time.monotonic()


def figure(stats, measure, what):
    """A figure of the statistics that thresholds are about."""
    if measure == "percentile":
        return stats.get_response_time_percentile(what)
    return {
        "min": stats.min_response_time or 0,
        "avg": stats.avg_response_time,
        "max": stats.max_response_time,
        "error_rate": stats.fail_ratio,
        "failures": stats.num_failures,
        "rps": stats.total_rps,
    }[measure]


@events.quitting.add_listener
def judge_run(environment, **_):
    if not THRESHOLDS:
        return
    environment.process_exit_code = 0
    for rule, request, measure, what, op, limit in THRESHOLDS:
        stats = environment.stats.get(*request) if request else environment.stats.total
        observed = figure(stats, measure, what)
        if not ORDER[op](observed, limit):
            logging.error("threshold failed: %s (it was %s)", rule, observed)
            environment.process_exit_code = 99
