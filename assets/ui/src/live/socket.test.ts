import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

class Socket {
  static all: Socket[] = [];
  static readonly OPEN = 1;
  static readonly CONNECTING = 0;
  readyState = 0;
  sent: unknown[] = [];
  onopen?: () => void;
  onclose?: () => void;
  onmessage?: (event: { data: string }) => void;
  constructor(readonly address: URL) {
    Socket.all.push(this);
  }
  send(text: string) {
    this.sent.push(JSON.parse(text));
  }
  close() {
    this.readyState = 3;
    this.onclose?.();
  }
  open() {
    this.readyState = 1;
    this.onopen?.();
  }
  tell(message: unknown) {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
}

const asked = vi.fn(() => Promise.resolve({ data: { phase: "idle", run_id: null } }));
vi.mock("~/api/client", () => ({ BASE: "", api: { GET: () => asked() } }));
vi.stubGlobal("WebSocket", Socket);
vi.stubGlobal("location", { href: "http://127.0.0.1/plugins/maid/" });
const page = new EventTarget();
const network = { onLine: true };
const shown = Object.assign(new EventTarget(), { visibilityState: "visible" });
vi.stubGlobal("addEventListener", page.addEventListener.bind(page));
vi.stubGlobal("removeEventListener", page.removeEventListener.bind(page));
vi.stubGlobal("navigator", network);
vi.stubGlobal("document", shown);
const { live } = await import("./socket");

const newest = () => Socket.all.at(-1)!;
const be = (onLine: boolean) => {
  network.onLine = onLine;
  page.dispatchEvent(new Event(onLine ? "online" : "offline"));
};
const show = (visibilityState: string) => {
  shown.visibilityState = visibilityState;
  shown.dispatchEvent(new Event("visibilitychange"));
};
const runs = () => newest().tell({ topic: "maid:status", seq: 1, run_id: "a", data: { phase: "maintain" } });

describe("the link to the server", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    Socket.all = [];
    asked.mockReset();
    asked.mockImplementation(() => Promise.resolve({ data: { phase: "idle", run_id: null } }));
    live.begin();
  });
  afterEach(() => {
    live.end();
    network.onLine = true;
    shown.visibilityState = "visible";
    vi.useRealTimers();
  });

  it("subscribes to what is heard, also after it broke", () => {
    const heard = vi.fn();
    const stop = live.hear("maid:status", heard);
    newest().open();
    expect(newest().sent).toContainEqual({ subscribe: ["maid:status"] });
    newest().tell({ topic: "maid:status", seq: 1, data: { phase: "idle" } });
    expect(heard).toHaveBeenCalledTimes(1);

    newest().close();
    expect(live.link).toBe("lost");
    vi.advanceTimersByTime(1_000);
    expect(Socket.all).toHaveLength(2);
    newest().open();
    expect(live.link).toBe("connected");
    expect(newest().sent).toContainEqual({ subscribe: ["maid:status"] });
    stop();
    expect(newest().sent).toContainEqual({ unsubscribe: ["maid:status"] });
  });

  it("asks where no socket is let through, says so, and stops when one is", async () => {
    const heard = vi.fn();
    live.hear("maid:status", heard);
    for (let count = 0; count < 5; count++) {
      expect(live.link).toBe("connecting");
      newest().close();
      await vi.advanceTimersByTimeAsync(5_000);
    }
    expect(live.link).toBe("polling");
    expect(heard).toHaveBeenCalled();
    newest().open();
    expect(live.link).toBe("connected");
    asked.mockClear();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked).not.toHaveBeenCalled();
  });

  it("lets no late answer of that asking say otherwise than the socket", async () => {
    let late: (told: { data: { phase: string; run_id: null } }) => void = () => undefined;
    for (let count = 0; count < 2; count++) {
      newest().close();
      await vi.advanceTimersByTimeAsync(5_000);
    }
    asked.mockImplementationOnce(() => new Promise((answered) => (late = answered)));
    newest().close();
    await vi.advanceTimersByTimeAsync(1_900);
    newest().open();
    late({ data: { phase: "idle", run_id: null } });
    await vi.advanceTimersByTimeAsync(0);
    expect(live.link).toBe("connected");
  });

  it("calls no socket refused because the server was away", async () => {
    const links: string[] = [];
    newest().open();
    asked.mockImplementation(() => Promise.reject(new Error("away")));
    const stop = live.watch(() => links.push(live.link));
    for (let count = 0; count < 6; count++) {
      newest().close();
      await vi.advanceTimersByTimeAsync(12_500);
    }
    newest().close();
    const before = Socket.all.length;
    asked.mockImplementation(() => Promise.resolve({ data: { phase: "idle", run_id: null } }));
    await vi.advanceTimersByTimeAsync(2_000);
    expect(Socket.all).toHaveLength(before + 1);
    // One more may still be refused, as by what stands before a server that starts.
    newest().close();
    await vi.advanceTimersByTimeAsync(2_000);
    newest().open();
    expect(links).toEqual(["lost", "connected"]);
    stop();
  });

  it("says at once that the network is gone, and comes back with it", () => {
    newest().open();
    be(false);
    vi.advanceTimersByTime(500);
    expect(live.link).toBe("offline");
    be(true);
    expect(Socket.all).toHaveLength(2);
    expect(live.link).toBe("offline");
    newest().open();
    expect(live.link).toBe("connected");
  });

  it("says that the server is gone where the network alone is back", () => {
    newest().open();
    be(false);
    vi.advanceTimersByTime(500);
    be(true);
    newest().close();
    expect(live.link).toBe("lost");
  });

  it("misses no network where the server answers without one", () => {
    newest().open();
    be(false);
    expect(newest().sent).toContainEqual({ ping: 1 });
    newest().tell({ pong: 1 });
    vi.advanceTimersByTime(2_000);
    expect(live.link).toBe("connected");
    be(true);
    expect(Socket.all).toHaveLength(1);
  });

  it("says that nothing comes of a run that goes on, and of when the figures are", () => {
    newest().open();
    runs();
    const told = new Date().toISOString();
    vi.advanceTimersByTime(2_000);
    expect(live.link).toBe("connected");
    expect(live.asOf).toBe(null);
    vi.advanceTimersByTime(1_000);
    expect(live.link).toBe("silent");
    expect(live.asOf).toBe(told);
    runs();
    expect(live.link).toBe("connected");
  });

  it("counts no silence of the time in which nobody saw the page", () => {
    newest().open();
    runs();
    vi.advanceTimersByTime(2_000);
    show("hidden");
    vi.advanceTimersByTime(5_000);
    show("visible");
    vi.advanceTimersByTime(2_000);
    expect(live.link).toBe("connected");
    vi.advanceTimersByTime(1_000);
    expect(live.link).toBe("silent");
  });

  it("asks for log lines of the level that is wanted, also after it broke", () => {
    newest().open();
    live.hear("maid:logs", () => undefined, "debug");
    expect(newest().sent).toContainEqual({ subscribe: ["maid:logs"], level: "debug" });
    newest().close();
    vi.advanceTimersByTime(1_000);
    newest().open();
    expect(newest().sent.some((sent) => (sent as { level?: string }).level === "debug")).toBe(true);
  });

  it("does not wait for a silent socket to close", () => {
    newest().open();
    newest().close = () => undefined;
    vi.advanceTimersByTime(17_000);
    expect(live.link).toBe("lost");
    expect(Socket.all).toHaveLength(2);
  });

  it("gives up a socket on which nothing comes any more", () => {
    newest().open();
    vi.advanceTimersByTime(14_000);
    expect(newest().sent).toContainEqual({ ping: 1 });
    expect(live.link).toBe("connected");
    vi.advanceTimersByTime(2_000);
    expect(live.link).toBe("lost");
  });

  it("keeps a socket that answers", () => {
    newest().open();
    for (let count = 0; count < 12; count++) {
      vi.advanceTimersByTime(5_000);
      newest().tell({ pong: 1 });
    }
    expect(live.link).toBe("connected");
    expect(Socket.all).toHaveLength(1);
  });

  it("does not ask a server that is down more often than every ten seconds or so", () => {
    for (let count = 0; count < 20; count++) {
      newest().close();
      vi.advanceTimersByTime(12_500);
    }
    expect(Socket.all.length).toBeLessThanOrEqual(21);
  });
});
