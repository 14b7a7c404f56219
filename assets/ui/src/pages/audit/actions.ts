// What can be done, in the order in which it is offered.

import type { AuditAction } from "~/api/schema";

const all: Record<AuditAction, true> = {
  "test.start": true, "test.dry_run": true, "test.stop": true, "test.delete": true,
  "config.change": true, "engine.switch": true,
  "login.ok": true, "login.failed": true, logout: true, "session.reuse": true, "permission.denied": true,
  "user.create": true, "user.change": true, "user.delete": true, "user.password": true,
  "apikey.create": true, "apikey.revoke": true,
  "recipe.create": true, "recipe.change": true, "recipe.delete": true, "recipe.generate": true,
  "prompt.create": true, "prompt.change": true, "prompt.delete": true, "prompt.share": true,
  "deeplink.create": true, "deeplink.use": true, "deeplink.revoke": true,
  "preset.create": true, "preset.change": true, "preset.delete": true,
  "ai.complete": true, "extension.change": true,
  "audit.export": true, "audit.shorten": true, "audit.dropped": true,
};

export const actions = Object.keys(all) as AuditAction[];
