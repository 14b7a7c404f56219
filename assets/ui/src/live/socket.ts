// The one WebSocket of the page. It comes back by itself, and says how it is; where a proxy lets none through, what it
// would tell is asked for instead.

import { BASE, api } from "~/api/client";
import type { components } from "~/api/schema";

import { isActive } from "./phase";
import { BEAT_MS, Silence } from "./silence";

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

/** `polling`: no socket is let through. `silent`: nothing comes of a run that goes on. `offline`: there is no network. */
export type Link = "connecting" | "connected" | "polling" | "silent" | "lost" | "offline";

/** Whether what is shown is not renewed. */
const isStale = (link: Link) => link === "silent" || link === "lost" || link === "offline";

type Listener = (message: Told<Topic>) => void;

/** Shortest and longest pause before the next try, in ms. */
const [SHORTEST, LONGEST] = [250, 10_000];
/** A socket that never opened so often in a row is no longer waited for: what it would tell is asked for. */
const FAILED = 3;
/** One that is refused so often in a row while the server answers such questions is taken for one that a proxy refuses. */
const REFUSED = 2;
const POLL_MS = 2_000;
/** Without a network, a server on this same machine answers within this time, and no other does. */
const NEAR_MS = 500;

class Live {
  #socket: WebSocket | null = null;
  #listeners = new Map<Topic, Set<Listener>>();
  #watchers = new Set<() => void>();
  #link: Link = "connecting";
  #wanted = false;
  /** What log lines must at least matter. */
  #level: Schemas["LogLevel"] = "info";
  #failed = 0;
  /** Sockets that were refused since the server answers what it is asked; null while it does not. */
  #refused: number | null = null;
  #running = false;
  #heardAt: string | null = null;
  #silence = new Silence();
  /** What is done when the socket is closed. */
  #over: () => void = () => undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #poll: ReturnType<typeof setInterval> | undefined;
  #beat: ReturnType<typeof setInterval> | undefined;
  #near: ReturnType<typeof setTimeout> | undefined;

  get link(): Link {
    return this.#link;
  }

  /** When something was told for the last time, where that is not renewed. */
  get asOf(): string | null {
    return isStale(this.#link) ? this.#heardAt : null;
  }

  /** Begins, for somebody who is signed in. */
  begin(): void {
    if (this.#wanted) return;
    this.#wanted = true;
    addEventListener("online", this.#now);
    addEventListener("offline", this.#offline);
    document.addEventListener("visibilitychange", this.#now);
    this.#open();
  }

  end(): void {
    this.#wanted = false;
    removeEventListener("online", this.#now);
    removeEventListener("offline", this.#offline);
    document.removeEventListener("visibilitychange", this.#now);
    this.#stopTimers();
    this.#stopAsking();
    this.#socket?.close();
    this.#socket = null;
    this.#failed = 0;
    this.#running = false;
    this.#heardAt = null;
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

  /** Nobody answers, for a reason that the browser may know. */
  #gone(why: "lost" | "silent" = "lost"): void {
    this.#set(navigator.onLine === false ? "offline" : why);
  }

  #say(message: unknown): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  #subscribe(topics: Topic[]): void {
    const logs = topics.includes("maid:logs");
    this.#say({ subscribe: topics, ...(logs ? { level: this.#level } : {}) });
  }

  #open(): void {
    this.#stopTimers();
    const address = new URL(`${BASE}/api/maid/ws`, location.href);
    address.protocol = address.protocol.replace("http", "ws");
    const socket = new WebSocket(address);
    this.#socket = socket;
    let opened = false;
    this.#silence.broken();
    this.#beat = setInterval(this.#listen, BEAT_MS);
    socket.onopen = () => {
      opened = true;
      this.#failed = 0;
      this.#stopAsking();
      this.#heard();
      this.#subscribe([...this.#listeners.keys()]);
    };
    socket.onmessage = ({ data }) => {
      // One that was given up may have something to say yet.
      if (this.#socket !== socket) return;
      const message = JSON.parse(String(data)) as Told<Topic> | { pong: number };
      this.#heard();
      if ("pong" in message) clearTimeout(this.#near);
      else this.#tell(message);
    };
    this.#over = () => {
      if (this.#socket !== socket || !this.#wanted) return;
      this.#socket = null;
      this.#stopTimers();
      this.#failed += opened ? 0 : 1;
      if (this.#refused !== null) this.#refused += 1;
      // Where a network is back and the server is not, it is the server that is missed.
      if (opened || this.#link === "offline") this.#gone();
      if (this.#failed >= FAILED) this.#ask();
      const pause = Math.min(LONGEST, SHORTEST * 2 ** this.#failed);
      this.#retry = setTimeout(() => this.#open(), pause * (0.75 + Math.random() / 2));
    };
    socket.onclose = this.#over;
  }

  #tell(message: Told<Topic>): void {
    if (message.topic === "maid:status") this.#running = isActive((message as Told<"maid:status">).data.phase);
    this.#heardAt = new Date().toISOString();
    this.#listeners.get(message.topic)?.forEach((told) => told(message));
  }

  /** Something came: the socket lives. */
  #heard(): void {
    this.#silence.broken();
    this.#set("connected");
  }

  #listen = (): void => {
    const told = this.#silence.beat({ running: this.#running, visible: document.visibilityState !== "hidden" });
    if (told === "dead") this.#giveUp();
    else if (told === "ask") this.#say({ ping: 1 });
    else if (told === "silent" && this.#socket?.readyState === WebSocket.OPEN) this.#gone("silent");
  };

  /** It may take its time to close: it is over now. */
  #giveUp(): void {
    const silent = this.#socket;
    this.#over();
    silent?.close();
  }

  #offline = (): void => {
    if (this.#socket?.readyState !== WebSocket.OPEN) return this.#gone();
    this.#say({ ping: 1 });
    clearTimeout(this.#near);
    this.#near = setTimeout(() => navigator.onLine === false && this.#gone(), NEAR_MS);
  };

  /** A tab that wakes, or a network that is back, waits for nothing. */
  #now = (): void => {
    // What came in a tab's sleep comes only now.
    this.#silence.broken();
    const asleep = document.visibilityState === "hidden";
    if (asleep || !this.#wanted) return;
    // What was open before the network was gone may never hear of its end.
    const state = this.#socket?.readyState;
    if (state === WebSocket.CONNECTING || (state === WebSocket.OPEN && !isStale(this.#link))) return;
    const deaf = this.#socket;
    this.#open();
    deaf?.close();
  };

  #stopTimers(): void {
    clearTimeout(this.#retry);
    clearTimeout(this.#near);
    clearInterval(this.#beat);
  }

  #ask(): void {
    if (this.#poll) return;
    const once = () =>
      api.GET("/api/maid/status").then(
        ({ data }) => {
          // What comes late is told by the socket by now.
          if (!this.#poll) return;
          this.#answered();
          if (!data) return;
          const [at, run_id] = [new Date().toISOString(), data.run_id ?? null];
          this.#tell({ topic: "maid:status", seq: 0, at, run_id, data });
          if (run_id && this.#listeners.has("maid:metrics")) return this.#measure(run_id, at);
        },
        () => {
          if (!this.#poll) return;
          this.#refused = null;
          this.#gone();
        },
      );
    this.#poll = setInterval(once, POLL_MS);
    void once();
  }

  /** The server is there. It may have come back just now: a socket is tried before one is called refused. */
  #answered(): void {
    this.#refused ??= 0;
    if (this.#refused >= REFUSED) this.#set("polling");
    else if (this.#socket?.readyState !== WebSocket.CONNECTING) this.#open();
  }

  /** What is measured now; a run that is over by then has a report. */
  async #measure(id: string, at: string): Promise<void> {
    const { data } = await api.GET("/api/maid/runs/{id}/metrics", { params: { path: { id } } }).catch(() => ({ data: undefined }));
    if (data && this.#poll) this.#tell({ topic: "maid:metrics", seq: 0, at, run_id: id, data });
  }

  #stopAsking(): void {
    clearInterval(this.#poll);
    this.#poll = undefined;
    this.#refused = null;
  }
}

export const live = new Live();
