import { expect, it } from "vitest";

import { foreign, own } from "./guess";

const k6 = 'import http from "k6/http";\nexport const options = {\n  scenarios: {\n    a: { executor: "constant-vus" },\n  },\n};\n';

it("tells what a test can be made of from a test", () => {
  expect(foreign('{"log": {"entries": []}}')).toBe("har");
  expect(foreign('openapi: "3.0.0"\npaths: {}\n')).toBe("openapi");
  expect(foreign('{\n  "openapi": "3.0.0",\n  "components": {"schemas": {"Lab": {\n    "scenarios": {}\n  }}}\n}')).toBe("openapi");
  expect(foreign("curl https://shop.example.com")).toBe("curl");
  expect(foreign("from locust import HttpUser")).toBe("locust");
  expect(foreign(`import http from "k6/http";\nexport const options = {\nscenarios: {} };\n`)).toBe("k6");
  expect(foreign(k6), "its options have scenarios of their own").toBe("k6");
});

it("leaves a test alone, whatever else is in it", () => {
  expect(foreign("# curl https://shop.example.com\n  curl it\nversion: 1\nscenarios:\n- name: visitor\n")).toBeNull();
  expect(foreign('{"version": 1, "scenarios": [{"body": {"log": {"openapi": "3"}}}], "log": {}}')).toBeNull();
  expect(foreign('{"version": 1, "scenarios": [')).toBeNull();
  expect(foreign("  # indented\n  version: 1\n  scenarios:\n  - name: a\n  description: |\n    curl it\n")).toBeNull();
  expect(foreign("- neither\n- nor\n")).toBeNull();
});

it("knows what MAID itself writes", () => {
  expect(own("# mine\ntitle: A\nloadtest:\n  scenarios: []\n")).toBe("recipe");
  expect(own('{"title": "A", "loadtest": {"scenarios": []}}')).toBe("recipe");
  expect(own("version: 1\nscenarios: []\n")).toBe("loadtest");
  expect(own(k6)).toBeNull();
  expect(own("openapi: 3.0.0\npaths:\n  loadtest: {}\n")).toBeNull();
  expect(foreign("title: A\nloadtest:\n  text: |\n    curl it\n"), "a recipe is taken as one").toBeNull();
});
