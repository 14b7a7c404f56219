// Asks for a test, and hears the steps on the way.

import { api, Problem } from "~/api/client";
import type { GenerateAnswer, Problem as ProblemBody } from "~/api/schema";

export const steps = ["sent", "reading", "recipes", "model", "draft"] as const;
export type Step = (typeof steps)[number];

/** What is asked. */
export interface Wish {
  text: string;
  /** The test that it changes. */
  previous: GenerateAnswer["loadtest"] | null;
}

/** The answer; `told` hears each step. Whoever gives up by `signal` ends the work at the server as well. */
export async function ask({ text, previous }: Wish, told: (step: Step) => void, signal: AbortSignal): Promise<GenerateAnswer> {
  const { response } = await api.POST("/api/maid/recipe-generator/generate", {
    body: { text, ...(previous ? { previous } : {}) },
    headers: { accept: "text/event-stream" },
    parseAs: "stream",
    signal,
  });
  if (!response.body) throw new Problem(0);
  for await (const { event, data } of events(response.body)) {
    if (event === "step") told((JSON.parse(data) as { step: Step }).step);
    if (event === "result") return JSON.parse(data) as GenerateAnswer;
    if (event === "error") {
      const body = JSON.parse(data) as ProblemBody;
      throw new Problem(body.status, body);
    }
  }
  throw new Problem(0);
}

/** Whether somebody gave up. */
const isOurs = (error: unknown) => error instanceof DOMException && error.name === "AbortError";

/** The events of a stream, as HTML's standard has them, as far as the server uses it. */
async function* events(body: ReadableStream<Uint8Array>): AsyncGenerator<{ event: string; data: string }> {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  let rest = "";
  try {
    for (;;) {
      // A connection that breaks off is a server that does not answer.
      const { value, done } = await reader.read().catch((error: unknown) => Promise.reject(isOurs(error) ? error : new Problem(0)));
      if (done) return;
      const blocks = (rest + value).replace(/\r\n/g, "\n").split("\n\n");
      rest = blocks.pop() ?? "";
      for (const block of blocks) {
        const of = (field: string) => block.split("\n").filter((line) => line.startsWith(`${field}:`)).map((line) => line.slice(field.length + 1).trimStart());
        yield { event: of("event")[0] ?? "message", data: of("data").join("\n") };
      }
    }
  } finally {
    void reader.cancel().catch(() => {});
  }
}
