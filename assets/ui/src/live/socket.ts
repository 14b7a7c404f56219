// The one WebSocket of the page. It comes back by itself, and says how it is; where a proxy lets none through, what it
// would tell is asked for instead.

import { BASE, api } from "~/api/client";
import type { components } from "~/api/schema";

type Schemas = components["schemas"];

/** What is told on each topic. */
export interface Topics {
  "maid:status": Schemas["StatusEvent"];
  "maid:metrics": Schemas["MetricsEvent"];
  "maid:logs": Schemas["LogEvent"];
  "maid:test-completed": Schemas["TestCompleted"];
  "maid:recipe-generated": Schemas["RecipeGenerated"];
}

export type Topic = keyof Topics;

/** A message of a topic. */
export interface Told<T extends Topic> {
  topic: T;
  seq: number;
  at: string;
  run_id: string | null;
  data: Topics[T];
}

export type Link = "connecting" | "connected" | "polling" | "lost";

type Listener = (message: Told<Topic>) => void;

/** Shortest and longest pause before the next try, in ms. */
const [SHORTEST, LONGEST] = [250, 10_000];
/** A socket that never opened so often in a row is taken for one that a proxy refuses. */
const REFUSED = 3;
const POLL_MS = 2_000;
/** How often the server is asked for a sign of life, and how long it may take. */
const [PING_MS, SILENCE_MS] = [5_000, 15_000];

class Live {
  #socket: WebSocket | null = null;
  #listeners = new Map<Topic, Set<Listener>>();
  #watchers = new Set<() => void>();
  #link: Link = "connecting";
  #wanted = false;
  /** What log lines must at least matter. */
  #level: Schemas["LogLevel"] = "info";
  #failed = 0;
  /** What is done when the socket is closed. */
  #over: () => void = () => undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #poll: ReturnType<typeof setInterval> | undefined;
  #ping: ReturnType<typeof setInterval> | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;

  get link(): Link {
    return this.#link;
  }

  /** Begins, for somebody who is signed in. */
  begin(): void {
    if (this.#wanted) return;
    this.#wanted = true;
    addEventListener("online", this.#now);
    document.addEventListener("visibilitychange", this.#now);
    this.#open();
  }

  end(): void {
    this.#wanted = false;
    removeEventListener("online", this.#now);
    document.removeEventListener("visibilitychange", this.#now);
    clearTimeout(this.#retry);
    clearTimeout(this.#silence);
    clearInterval(this.#ping);
    this.#stopAsking();
    this.#socket?.close();
    this.#socket = null;
    this.#failed = 0;
    this.#set("connecting");
  }

  /** Hears a topic until what is answered is called. */
  hear<T extends Topic>(topic: T, told: (message: Told<T>) => void, level = this.#level): () => void {
    const listeners = this.#listeners.get(topic) ?? new Set();
    this.#listeners.set(topic, listeners);
    listeners.add(told as unknown as Listener);
    // Asked again, so that whoever comes late hears the present state as well.
    this.#level = level;
    this.#subscribe([topic]);
    return () => {
      listeners.delete(told as unknown as Listener);
      if (listeners.size === 0) {
        this.#listeners.delete(topic);
        this.#say({ unsubscribe: [topic] });
      }
    };
  }

  /** Hears how the link is. */
  watch = (changed: () => void): (() => void) => {
    this.#watchers.add(changed);
    return () => this.#watchers.delete(changed);
  };

  #set(link: Link): void {
    if (this.#link === link) return;
    this.#link = link;
    this.#watchers.forEach((changed) => changed());
  }

  #say(message: unknown): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  #subscribe(topics: Topic[]): void {
    const logs = topics.includes("maid:logs");
    this.#say({ subscribe: topics, ...(logs ? { level: this.#level } : {}) });
  }

  #open(): void {
    clearTimeout(this.#retry);
    clearTimeout(this.#silence);
    clearInterval(this.#ping);
    const address = new URL(`${BASE}/api/maid/ws`, location.href);
    address.protocol = address.protocol.replace("http", "ws");
    const socket = new WebSocket(address);
    this.#socket = socket;
    let opened = false;
    socket.onopen = () => {
      opened = true;
      this.#failed = 0;
      this.#stopAsking();
      this.#set("connected");
      this.#subscribe([...this.#listeners.keys()]);
      this.#ping = setInterval(() => this.#say({ ping: 1 }), PING_MS);
      this.#heard();
    };
    socket.onmessage = ({ data }) => {
      this.#heard();
      this.#tell(JSON.parse(String(data)) as Told<Topic>);
    };
    this.#over = () => {
      if (this.#socket !== socket || !this.#wanted) return;
      this.#socket = null;
      clearTimeout(this.#silence);
      clearInterval(this.#ping);
      this.#failed += opened ? 0 : 1;
      if (opened) this.#set("lost");
      if (this.#failed >= REFUSED) this.#ask();
      const pause = Math.min(LONGEST, SHORTEST * 2 ** this.#failed);
      this.#retry = setTimeout(() => this.#open(), pause * (0.75 + Math.random() / 2));
    };
    socket.onclose = this.#over;
  }

  #tell(message: Told<Topic>): void {
    this.#listeners.get(message.topic)?.forEach((told) => told(message));
  }

  /** Something came: the socket lives. */
  #heard(): void {
    clearTimeout(this.#silence);
    // It may take its time to close: it is over now.
    this.#silence = setTimeout(() => {
      const silent = this.#socket;
      this.#over();
      silent?.close();
    }, SILENCE_MS);
  }

  /** A tab that wakes, or a network that is back, waits for nothing. */
  #now = (): void => {
    const asleep = document.visibilityState === "hidden";
    if (asleep || !this.#wanted || this.#socket?.readyState === WebSocket.OPEN) return;
    if (this.#socket?.readyState !== WebSocket.CONNECTING) this.#open();
  };

  #ask(): void {
    if (this.#poll) return;
    const once = () =>
      api.GET("/api/maid/status").then(
        ({ data }) => {
          // What comes late is told by the socket by now.
          if (!this.#poll) return;
          this.#set("polling");
          if (!data) return;
          const [at, run_id] = [new Date().toISOString(), data.run_id ?? null];
          this.#tell({ topic: "maid:status", seq: 0, at, run_id, data });
          if (run_id && this.#listeners.has("maid:metrics")) return this.#measure(run_id, at);
        },
        () => void (this.#poll && this.#set("lost")),
      );
    this.#poll = setInterval(once, POLL_MS);
    void once();
  }

  /** What is measured now; a run that is over by then has a report. */
  async #measure(id: string, at: string): Promise<void> {
    const { data } = await api.GET("/api/maid/runs/{id}/metrics", { params: { path: { id } } }).catch(() => ({ data: undefined }));
    if (data && this.#poll) this.#tell({ topic: "maid:metrics", seq: 0, at, run_id: id, data });
  }

  #stopAsking(): void {
    clearInterval(this.#poll);
    this.#poll = undefined;
  }
}

export const live = new Live();
