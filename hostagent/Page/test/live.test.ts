import assert from "node:assert/strict";
import { after, beforeEach, test } from "node:test";
import { connections, link, live, startLive, stopLive } from "../src/core/live";

// A browser with a clock of its own, as far as the live stream needs one.
let now = 0;
let due: { at: number; every: number; act: () => void }[] = [];
const listeners = new Map<string, Set<() => void>>();
const streams: FakeSource[] = [];

class FakeSource {
  closed = false;
  private readonly on = new Map<string, (event: unknown) => void>();

  constructor(readonly url: string) {
    streams.push(this);
  }

  addEventListener(name: string, act: (event: unknown) => void): void {
    this.on.set(name, act);
  }

  close(): void {
    this.closed = true;
  }

  say(name: string, data = ""): void {
    if (!this.closed) this.on.get(name)!({ data });
  }
}

const fakes = {
  EventSource: FakeSource,
  performance: { now: () => now },
  fetch: () => Promise.reject(new Error("no host")),
  document: {
    hidden: false,
    addEventListener: (name: string, act: () => void) => listeners.set(name, (listeners.get(name) ?? new Set()).add(act)),
    removeEventListener: (name: string, act: () => void) => listeners.get(name)?.delete(act),
  },
  setTimeout: (act: () => void, ms: number) => add(act, ms, 0),
  setInterval: (act: () => void, ms: number) => add(act, ms, ms),
  clearTimeout: (timer: unknown) => void (due = due.filter((d) => d !== timer)),
  clearInterval: (timer: unknown) => void (due = due.filter((d) => d !== timer)),
};
const real = Object.fromEntries(Object.keys(fakes).map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)]));

function add(act: () => void, ms: number, every: number): unknown {
  const timer = { at: now + ms, every, act };
  due.push(timer);
  return timer;
}

function pass(ms: number): void {
  const end = now + ms;
  for (;;) {
    const next = due.filter((d) => d.at <= end).sort((a, b) => a.at - b.at)[0];
    if (!next) break;
    now = next.at;
    if (next.every > 0) next.at += next.every;
    else due = due.filter((d) => d !== next);
    next.act();
  }
  now = end;
}

const picture = (): void => streams.at(-1)!.say("live", JSON.stringify({ site: { now: "2026-01-01T00:00:00Z" }, tree: null }));

const hide = (hidden: boolean): void => {
  fakes.document.hidden = hidden;
  for (const act of listeners.get("visibilitychange") ?? []) act();
};

const openStreams = (): number => streams.filter((s) => !s.closed).length;

beforeEach(() => {
  for (const [name, value] of Object.entries(fakes)) Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  stopLive();
  fakes.document.hidden = false;
  streams.length = 0;
  startLive();
});

after(() => {
  stopLive();
  for (const [name, descriptor] of Object.entries(real)) {
    if (descriptor) Object.defineProperty(globalThis, name, descriptor);
    else delete (globalThis as Record<string, unknown>)[name];
  }
});

test("A stream that the host ends in good order is opened again at once, and nobody is told of a loss", () => {
  const seen: string[] = [];
  pass(300);
  picture();
  pass(1000);
  picture();
  const end = link.watch((state) => seen.push(state));
  pass(950);
  streams.at(-1)!.say("end", "{}");
  assert.equal(openStreams(), 1);
  pass(1400);
  picture();
  end();
  assert.deepEqual(seen, ["open"]);
});

test("A silent stream is lost after 2.5 s, a broken one after 1.5 s, and what was missed is asked for when pictures come again", () => {
  picture();
  const before = connections.value;
  pass(2400);
  assert.equal(link.value, "open");
  pass(300);
  assert.equal(link.value, "lost");
  picture();
  assert.equal(link.value, "open");
  assert.equal(connections.value, before + 1);
  streams.at(-1)!.say("error");
  pass(1400);
  assert.equal(link.value, "open");
  pass(300);
  assert.equal(link.value, "lost");
});

test("Retries grow to three seconds, and there is never more than one stream", () => {
  picture();
  for (let i = 0; i < 20; i++) {
    streams.at(-1)!.say("error");
    assert.equal(openStreams(), 0);
    pass(3000);
    assert.equal(openStreams(), 1);
  }
  assert.equal(streams.length, 21);
  streams.at(-1)!.say("error");
  pass(2900);
  assert.equal(openStreams(), 0);
});

test("A connection that says nothing is given up and another one is tried", () => {
  picture();
  pass(5200);
  assert.equal(streams.length, 2);
  assert.equal(openStreams(), 1);
});

test("A tab that nobody looks at gives its connection back, and is no lost host when it is seen again", () => {
  const second = (): void => {
    picture();
    pass(1000);
  };
  second();
  hide(true);
  for (let i = 0; i < 15; i++) second();
  assert.equal(openStreams(), 1);
  for (let i = 0; i < 10; i++) second();
  assert.equal(openStreams(), 0);
  pass(3_600_000);
  assert.equal(openStreams(), 0);
  hide(false);
  assert.equal(openStreams(), 1);
  assert.equal(link.value, "connecting");
  pass(900);
  assert.equal(link.value, "connecting");
  picture();
  assert.equal(link.value, "open");
});

test("A session that ended leaves no picture, no timer and no listener, however often one signs in", () => {
  picture();
  for (let i = 0; i < 5; i++) {
    stopLive();
    startLive();
  }
  assert.equal(openStreams(), 1);
  assert.equal(due.length, 1);
  assert.equal(listeners.get("visibilitychange")!.size, 1);
  picture();
  stopLive();
  assert.equal(live.value, null);
  assert.equal(due.length, 0);
  assert.equal(listeners.get("visibilitychange")!.size, 0);
});
