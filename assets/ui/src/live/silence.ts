// How long nothing has come. Told by beats and not by the clock: one that did not sleep with the page would say of the time that was slept
// through that nothing came in it.

/** Between two beats, in ms. */
export const BEAT_MS = 1_000;
/** Beats without a word after which the server is asked for a sign of life: sooner while a run should be telling of itself. */
const [ASK_RUN, ASK_IDLE] = [2, 5];
/** After which a run that goes on is said to be silent, and after which the socket is given up. */
const [SILENT, DEAD] = [3, 15];

export interface Seen {
  /** Whether a run goes on, of which something comes four times a second. */
  running: boolean;
  /** Whether somebody can see the page; where not, the browser lets it do little. */
  visible: boolean;
}

export class Silence {
  #beats = 0;

  /** Something came, or what did not come until now says nothing. */
  broken(): void {
    this.#beats = 0;
  }

  /** Another beat without a word: what is to be done about it. */
  beat({ running, visible }: Seen): "wait" | "ask" | "silent" | "dead" {
    const beats = ++this.#beats;
    if (beats >= DEAD) return "dead";
    if (running && visible && beats >= SILENT) return "silent";
    return beats % (running ? ASK_RUN : ASK_IDLE) === 0 ? "ask" : "wait";
  }
}
