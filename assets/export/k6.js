// ---- What follows is the same in every script that MAID writes for k6. ----

// A value that a template needs and no answer gave.
class Missing extends Error {}

function env(name) {
  const value = __ENV[name];
  if (value === undefined) throw new Error(`set ${name} in the environment: this test reads it`);
  return value;
}

// A value as templates see it: its text, and whether JSON writes it without quotes.
function item(value) {
  return typeof value === 'string' ? { text: value, bare: false } : { text: JSON.stringify(value), bare: true };
}

// Escapes for the places that text goes to.
function asText(value) {
  return item(value).text;
}
const asJson = (value) => JSON.stringify(asText(value)).slice(1, -1);
const asJsonValue = (value) => (item(value).bare ? item(value).text : JSON.stringify(value));
const asQuery = (value) =>
  encodeURIComponent(asText(value)).replace(/[!'()*]/g, (c) => '%' + c.charCodeAt(0).toString(16).toUpperCase());
const asForm = (value) => asQuery(value).replace(/%20/g, '+');
const asHeader = (value) => asText(value).replace(/[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/g, '');
const asPath = (value) =>
  asText(value)
    .replace(/%(?![0-9A-Fa-f]{2})/g, '%25')
    .replace(/[\u0000-\u0020"#<>\\^`{|}\u007f-\uffff]+/g, encodeURIComponent);

// A path is one of the host, and a whole URL is not.
const whole = (host, to) => (to.startsWith('/') ? host + to : to);

const uuid = () =>
  'xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx'.replace(/[xy]/g, (c) =>
    (c === 'x' ? randomInt(0, 15) : randomInt(8, 11)).toString(16));
const now = () => new Date().toISOString();
const nowUnix = () => Math.floor(Date.now() / 1000);
const nowUnixMs = () => Date.now();
const randomInt = (low, high) => low + Math.floor(Math.random() * (high - low + 1));
const randomChoice = (values) => values[randomInt(0, values.length - 1)];

// What a user remembers. Each VU of k6 is one user.
const user = {
  started: false,
  slots: {},
  rows: {},
  host: (hosts) => hosts[(exec.vu.idInTest - 1) % hosts.length],
  slot(name) {
    if (!Object.prototype.hasOwnProperty.call(this.slots, name)) throw new Missing(`${name} has no value yet`);
    return this.slots[name];
  },
  cell(feeder, column) {
    if (this.rows[feeder.name] === undefined) this.rows[feeder.name] = draw(feeder);
    return feeder.rows[this.rows[feeder.name]][column];
  },
};

function draw(feeder) {
  if (feeder.mode === 'random') return randomInt(0, feeder.rows.length - 1);
  const turn = SCENES[exec.scenario.name].bound.includes(feeder.name)
    ? exec.vu.idInTest - 1
    : exec.scenario.iterationInTest;
  if (feeder.mode === 'unique' && turn >= feeder.rows.length) {
    exec.test.abort(`the rows of ${feeder.name} are used up`);
    throw new Missing(`the rows of ${feeder.name} are used up`);
  }
  return turn % feeder.rows.length;
}

// The values that a path leads to, the first of which counts.
function* found(value, path) {
  if (path.length === 0) {
    yield value;
  } else if (value !== null && typeof value === 'object') {
    const [key, ...rest] = path;
    const list = Array.isArray(value);
    if (key === null) {
      for (const one of Object.values(value)) yield* found(one, rest);
    } else if (list && typeof key === 'number') {
      const place = key < 0 ? value.length + key : key;
      if (place in value) yield* found(value[place], rest);
    } else if (!list && typeof key === 'string' && Object.prototype.hasOwnProperty.call(value, key)) {
      yield* found(value[key], rest);
    }
  }
}

function first(response, path) {
  try {
    return found(JSON.parse(response.body), path).next().value;
  } catch (_) {
    return undefined;
  }
}

function header(response, name) {
  const key = Object.keys(response.headers).find((key) => key.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : response.headers[key];
}

function number(value) {
  if (typeof value === 'number') return value;
  const plain = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
  return typeof value === 'string' && plain.test(value.trim()) ? Number(value) : undefined;
}

function same(a, b) {
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return a === b;
  const keys = Object.keys(a);
  return Array.isArray(a) === Array.isArray(b) && keys.length === Object.keys(b).length
    && keys.every((key) => Object.prototype.hasOwnProperty.call(b, key) && same(a[key], b[key]));
}

const equal = (value, wanted) => same(value, wanted) || (typeof wanted === 'number' && number(value) === wanted);

function ordered(a, op, b) {
  switch (op) {
    case '>': return a > b;
    case '>=': return a >= b;
    case '<': return a < b;
    case '<=': return a <= b;
    case '!=': return a !== b;
    default: return a === b;
  }
}

function compare(value, op, wanted) {
  if (value === undefined) return op === '!=';
  switch (op) {
    case 'exists': return true;
    case '==': return equal(value, wanted);
    case '!=': return !equal(value, wanted);
    case 'contains':
      if (typeof value === 'string') return value.includes(asText(wanted));
      if (Array.isArray(value)) return value.some((one) => equal(one, wanted));
      return value !== null && typeof value === 'object' && Object.prototype.hasOwnProperty.call(value, wanted);
    default: {
      const [a, b] = [number(value), number(wanted)];
      if (a !== undefined && b !== undefined) return ordered(a, op, b);
      return typeof value === 'string' && typeof wanted === 'string' && ordered(value, op, wanted);
    }
  }
}

const CHECKS = {
  status: (response, codes) => codes.includes(response.status),
  json: (response, path, op, wanted) => compare(first(response, path), op, wanted),
  header: (response, name, op, wanted) => compare(header(response, name), op, wanted),
  contains: (response, text) => (response.body || '').includes(text),
  matches: (response, pattern) => pattern.test(response.body || ''),
  time: (response, op, ms) => ordered(response.timings.duration, op, ms),
};

const EXTRACTS = {
  json: (response, path) => first(response, path),
  regex(response, pattern) {
    const match = pattern.exec(response.body || '');
    return match === null ? undefined : match[1] === undefined ? match[0] : match[1];
  },
  header: (response, name) => header(response, name),
  cookie: (response, name) => (response.cookies[name] || [{}])[0].value,
  status: (response) => response.status,
};

const failed = new Rate('request_failed');
const failures = new Counter('request_failures');

// Sends a request and judges its answer. Whether it passed: one that failed ends its transaction.
function send(request) {
  const tags = { name: request.name, request: request.id };
  const params = {
    headers: request.headers,
    timeout: request.timeout,
    redirects: request.redirects,
    tags,
    responseCallback: request.statuses
      ? http.expectedStatuses(...request.statuses)
      : http.expectedStatuses({ min: 100, max: 399 }),
  };
  if (!KEEP_COOKIES) params.jar = new http.CookieJar();
  const response = http.request(request.method, request.url, request.body === undefined ? null : request.body, params);
  let passed = response.status !== 0 && (request.statuses !== undefined || response.status < 400);
  for (const [words, kind, ...rest] of request.checks || []) {
    if (!check(response, { [words]: (response) => CHECKS[kind](response, ...rest) }, tags)) passed = false;
  }
  for (const [name, kind, what, otherwise] of request.extract || []) {
    const value = EXTRACTS[kind](response, what);
    delete user.slots[name];
    if (value !== undefined) user.slots[name] = value;
    else if (otherwise !== undefined) user.slots[name] = otherwise;
    else passed = false;
  }
  failed.add(!passed, tags);
  failures.add(passed ? 0 : 1, tags);
  return passed;
}

function transaction(act) {
  try {
    act();
  } catch (error) {
    if (!(error instanceof Missing)) throw error;
    console.warn(error.message);
  }
}

function shuffled(acts) {
  const list = acts.slice();
  for (let at = list.length - 1; at > 0; at -= 1) {
    const other = randomInt(0, at);
    [list[at], list[other]] = [list[other], list[at]];
  }
  return list;
}

// One pass of a user through its scenario.
function pass(scene) {
  if (!user.started) {
    user.started = true;
    if (scene.hatch) sleep(scene.hatch * (exec.vu.idInTest - 1));
    scene.start.forEach(transaction);
    user.pass = scene.shuffle ? scene.pass.map(shuffled) : scene.pass;
  }
  for (const name of Object.keys(user.rows)) if (!scene.bound.includes(name)) delete user.rows[name];
  for (const act of user.pass.flat()) {
    transaction(act);
    if (scene.think) sleep(randomInt(scene.think[0], scene.think[1]) / 1000);
  }
  if (scene.iterations && exec.vu.iterationInScenario + 1 === scene.iterations) scene.stop.forEach(transaction);
}
