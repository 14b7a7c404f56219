// The configuration's JSON Schema as a list of settings, each with the control that it takes.

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** As much of JSON Schema as MAID's configuration uses. */
export interface Schema {
  $ref?: string;
  $defs?: Record<string, Schema>;
  type?: string | string[];
  title?: string;
  description?: string;
  default?: Json;
  examples?: Json[];
  const?: Json;
  enum?: Json[];
  oneOf?: Schema[];
  anyOf?: Schema[];
  properties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  items?: Schema;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  writeOnly?: boolean;
  "x-restart"?: boolean;
}

export type Kind = "switch" | "number" | "choice" | "duration" | "text" | "list" | "object" | "secret";

export interface Setting {
  /** With its sections, such as `load.breaker.after`. */
  key: string;
  kind: Kind;
  says: string;
  default: Json;
  /** Whether a change waits for the next start. */
  restart: boolean;
  nullable: boolean;
  whole: boolean;
  choices: { value: string; says: string }[];
  min?: number;
  max?: number;
  least?: number;
  most?: number;
  pattern?: string;
  example?: string;
}

export interface Section {
  name: string;
  says: string;
  settings: Setting[];
}

/** The sections of the configuration, in the order of the schema, with what it says in another language where `words` are given. */
export function sections(root: Schema, words: Record<string, string> = {}): Section[] {
  const say: Say = (told = "") => {
    const text = told.replace(/\s+/g, " ");
    return words[text] ?? text;
  };
  return Object.entries(root.properties ?? {}).flatMap(([name, told]) => {
    const { form } = resolve(told, root);
    if (!form.properties) return [];
    return [{ name, says: say(told.description ?? form.description), settings: settings(form, name, root, say) }];
  });
}

type Say = (told?: string) => string;

function settings(schema: Schema, path: string, root: Schema, say: Say): Setting[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, told]) => {
    const { form, nullable } = resolve(told, root);
    const key = `${path}.${name}`;
    return form.properties ? settings(form, key, root, say) : [setting(key, form, nullable, root, say)];
  });
}

/** What a schema says with what it refers to; and whether it may be null. */
function resolve(schema: Schema, root: Schema): { form: Schema; nullable: boolean } {
  if (schema.$ref) {
    const { form, nullable } = resolve(root.$defs?.[schema.$ref.replace("#/$defs/", "")] ?? {}, root);
    const { $ref: _, ...beside } = schema;
    return { form: { ...form, ...beside }, nullable };
  }
  const either = schema.oneOf ?? schema.anyOf ?? [];
  const one = either.find((part) => part.type !== "null");
  if (one && either.some((part) => part.type === "null")) {
    const { oneOf: _, anyOf: __, ...beside } = schema;
    return { form: { ...resolve(one, root).form, ...beside }, nullable: true };
  }
  return { form: schema, nullable: Array.isArray(schema.type) && schema.type.includes("null") };
}

function setting(key: string, form: Schema, nullable: boolean, root: Schema, say: Say): Setting {
  return {
    key,
    kind: kind(form, root),
    says: say(form.description),
    default: form.default ?? null,
    restart: form["x-restart"] ?? false,
    nullable,
    whole: typeOf(form) === "integer",
    choices: choices(form).map((choice) => ({ ...choice, says: say(choice.says) })),
    min: form.minimum,
    max: form.maximum,
    least: form.minLength,
    most: form.maxLength,
    pattern: form.pattern,
    example: example(form),
  };
}

const typeOf = (form: Schema) => (Array.isArray(form.type) ? form.type.find((type) => type !== "null") : form.type);

function kind(form: Schema, root: Schema): Kind {
  if (hides(form, root)) return "secret";
  if (choices(form).length > 0) return "choice";
  if (form.title === "Duration") return "duration";
  const type = typeOf(form);
  if (type === "boolean") return "switch";
  if (type === "integer" || type === "number") return "number";
  if (type === "array") return typeOf(resolve(form.items ?? {}, root).form) === "string" ? "list" : "object";
  return type === "object" ? "object" : "text";
}

/** Whether there is something in it that is never shown: such a key is not taken over the API. */
function hides(schema: Schema, root: Schema): boolean {
  const { form } = resolve(schema, root);
  if (form.writeOnly) return true;
  const more = typeof form.additionalProperties === "object" ? [form.additionalProperties] : [];
  const inside = [...Object.values(form.properties ?? {}), ...more, ...(form.items ? [form.items] : [])];
  return inside.some((part) => hides(part, root));
}

function choices(form: Schema): Setting["choices"] {
  if (form.enum) return form.enum.filter((value) => value !== null).map((value) => ({ value: String(value), says: "" }));
  const named = (form.oneOf ?? []).filter((part) => part.const !== undefined);
  return named.map((part) => ({ value: String(part.const), says: part.description ?? "" }));
}

function example(form: Schema): string | undefined {
  const first = form.examples?.[0];
  if (Array.isArray(first)) return first.join("\n");
  return first == null ? undefined : String(first);
}
