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
vi.stubGlobal("addEventListener", () => undefined);
vi.stubGlobal("removeEventListener", () => undefined);
vi.stubGlobal("document", { addEventListener: () => undefined, removeEventListener: () => undefined, visibilityState: "visible" });
const { live } = await import("./socket");

const newest = () => Socket.all.at(-1)!;

describe("the link to the server", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    Socket.all = [];
    asked.mockClear();
    live.begin();
  });
  afterEach(() => {
    live.end();
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
    for (let count = 0; count < 3; count++) {
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
