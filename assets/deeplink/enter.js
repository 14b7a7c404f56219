// Signing in, without leaving the page for longer than it takes.

import * as api from "./api.js";
import { el } from "./dom.js";
import { say } from "./words.js";

/** A form to sign in with; `done` is called once somebody is signed in. `path` is where a provider comes back to. */
export async function enter({ again, path, done }) {
  const told = el("p", { class: "care", role: "alert" });
  const name = el("input", { id: "username", name: "username", type: "text", autocomplete: "username", autocapitalize: "off", spellcheck: "false", required: true, maxlength: 200 });
  const password = el("input", { id: "password", name: "password", type: "password", autocomplete: "current-password", required: true, maxlength: 256 });
  const button = el("button", { type: "submit", class: "primary", id: "sign-in" }, say("sign_in_button"));
  const submit = async (event) => {
    event.preventDefault();
    if (button.disabled) return;
    button.disabled = true;
    button.textContent = say("signing_in");
    told.replaceChildren();
    try {
      await api.signIn(name.value, password.value);
      password.value = "";
    } catch (problem) {
      const known = problem.status === 401 || problem.status === 422;
      told.replaceChildren(known ? say("sign_in_failed") : problem.status === 0 ? say("no_answer") : el("span", { lang: "en" }, problem.detail || problem.title));
      password.select();
      button.disabled = false;
      button.textContent = say("sign_in_button");
      return;
    }
    await done();
  };
  const offered = await api.providers();
  return [
    el("h1", { tabindex: -1 }, say(again ? "sign_in_again" : "sign_in")),
    el("p", { class: "lead" }, say("sign_in_why")),
    el("form", { class: "card narrow", on: { submit } },
      el("div", { class: "field" }, el("label", { for: "username" }, say("user_name")), el("div", { class: "input" }, name)),
      el("div", { class: "field" }, el("label", { for: "password" }, say("password")), el("div", { class: "input" }, password)),
      told, button,
      offered.length > 0 && [el("p", { class: "or" }, say("or")),
        offered.map((provider) => el("a", { class: "wide", href: api.providerPage(provider.id, path()) }, say("sign_in_with", { name: provider.name })))]),
  ];
}
