// From one model of a load to another, and back to what was there.

import { type Document, isNode, type Node } from "yaml";

import { list, put, record, says } from "~/editor/document";

import { type Model, modelOf } from "./shape";

export const own: Record<Model, string[]> = { users: ["users", "hatch_rate", "iterations"], stages: ["stages"], arrival: ["arrival"] };

/** What a load was in each model, with what was written beside it, for as long as nothing else changes the load. */
export class Models {
  #were = new Map<Model, Node>();
  /** What it said when a model was chosen last. */
  #left = "";

  choose(document: Document, to: Model): void {
    const load = loadOf(document);
    if (JSON.stringify(load) !== this.#left) this.#were.clear();
    const node = document.getIn(["load"], true);
    if (isNode(node)) this.#were.set(modelOf(load), node.clone() as Node);
    const was = this.#were.get(to);
    if (was) document.setIn(["load"], was.clone());
    else convert(document, load, to);
    this.#left = JSON.stringify(loadOf(document));
  }
}

const loadOf = (document: Document): Record<string, unknown> => record(record(says(document))["load"]);

/** The same load, as near as another model comes to it. */
function convert(document: Document, load: Record<string, unknown>, to: Model): void {
  for (const key of [...Object.values(own).flat(), "run_time"]) put(document, ["load", key], undefined);
  for (const [key, value] of Object.entries(converted(load, to))) put(document, ["load", key], value);
}

const count = (value: unknown, otherwise: number) => (typeof value === "number" && value > 0 ? value : otherwise);

function converted(load: Record<string, unknown>, to: Model): Record<string, unknown> {
  const arrival = record(load["arrival"]);
  const steps = list(load["stages"] ?? arrival["stages"]).map((step) => count(record(step)["target"], 0));
  const most = Math.max(count(load["users"], 0), count(arrival["rate"], 0), ...steps) || 10;
  const time = typeof load["run_time"] === "string" ? load["run_time"] : "30s";
  if (to === "users") return { users: Math.ceil(most), run_time: time };
  if (to === "stages") return { stages: [{ duration: "10s", target: most }, { duration: time, target: most }] };
  return { arrival: { rate: most, max_users: Math.ceil(most) * 2 }, run_time: time };
}
