// A prompt as it is being written: all of it text, until it is sent.

import { once, Problem } from "~/api/client";
import type { Parameter, ParameterType, Prompt, PromptCategory, PromptView } from "~/api/schema";
import { fieldsOf, type Fits, isFlag, isOneOf, isText, listOf } from "~/parts/fits";

import { categories } from "../prompts/view";

export interface VariableForm {
  /** Tells one from another while they are written; the server does not see it. */
  key: string;
  name: string;
  type: ParameterType;
  help: string;
  required: boolean;
  default: string;
  example: string;
  min: string;
  max: string;
  choices: string[];
  unit: string;
}

export interface PromptForm {
  title: string;
  description: string;
  category: PromptCategory;
  tags: string[];
  text: string;
  variables: VariableForm[];
}

const isVariable = fieldsOf<VariableForm>({
  key: isText, name: isText,
  // One that there is not shows as none, and the server says no to it.
  type: isText as Fits<ParameterType>,
  help: isText, required: isFlag, default: isText, example: isText, min: isText, max: isText, choices: listOf(isText), unit: isText,
});

export const isPromptForm = fieldsOf<PromptForm>({
  title: isText, description: isText, category: isOneOf(categories), tags: listOf(isText), text: isText, variables: listOf(isVariable),
});

const shown = (value: unknown) => (value == null ? "" : String(value));

export const newVariable = (name = ""): VariableForm => ({
  key: once(), name, type: "string", help: "", required: true, default: "", example: "", min: "", max: "", choices: [], unit: "",
});

const written = (variable: Parameter): VariableForm => ({
  key: once(), name: variable.name, type: variable.type, help: variable.help, required: variable.required ?? false,
  default: shown(variable.default), example: shown(variable.example), min: shown(variable.min), max: shown(variable.max),
  choices: variable.choices ?? [], unit: variable.unit ?? "",
});

export const empty = (): PromptForm => ({ title: "", description: "", category: "describe", tags: [], text: "", variables: [] });

export const formOf = ({ title, description, category, tags, text, variables }: PromptView): PromptForm => ({
  title, description, category, tags, text, variables: variables.map(written),
});

/** A value of its kind; what is none of it is left to the server to refuse. */
function value(text: string, type: ParameterType): unknown {
  if (type === "integer" || type === "number") return text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
  if (type === "boolean") return text === "true" ? true : text === "false" ? false : text;
  return text;
}

export const bounded = (type: ParameterType) => type === "integer" || type === "number" || type === "duration";

function parameter({ name, type, help, required, choices, unit, ...texts }: VariableForm): Parameter {
  const made: Parameter = { name, type, help };
  const put = (key: "default" | "example" | "min" | "max") => {
    if (texts[key] !== "") made[key] = value(texts[key], type);
  };
  if (required) made.required = true;
  put(required ? "example" : "default");
  if (!required && texts.default === "" && type === "string") made.default = "";
  if (bounded(type)) {
    put("min");
    put("max");
  }
  if (type === "choice") made.choices = choices;
  if (unit && bounded(type)) made.unit = unit;
  return made;
}

export const promptOfForm = ({ variables, ...form }: PromptForm): Prompt => ({ ...form, variables: variables.map(parameter) });

/** Names of places that no variable is declared for. */
export function undeclared({ text, variables }: PromptForm): string[] {
  const places = [...text.matchAll(/(?<!\\)\{\{\s*([a-z][a-z0-9_]*)\s*\}\}/g)].map(([, name]) => name ?? "");
  const known = new Set(variables.map(({ name }) => name));
  return [...new Set(places)].filter((name) => !known.has(name));
}

const errorsOf = (error: unknown) => (error instanceof Problem && error.status === 422 ? error.errors : []);

/** What the server says about no field that there is. */
export const unplaced = (error: unknown): string[] =>
  errorsOf(error).filter(({ path }) => !/^(title|description|category|tags|text)(\[|$)|^variables\[\d+\]/.test(path)).map(({ path, message }) => (path ? `${path}: ${message}` : message));

/** What the server says about a field, and about what is in it. */
export function saidOf(error: unknown): (path: string) => string | undefined {
  const errors = errorsOf(error);
  return (path) => errors.filter((one) => one.path === path || one.path.startsWith(`${path}[`)).map(({ message }) => message).join("; ") || undefined;
}
