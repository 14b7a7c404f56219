import { expect, test } from "vitest";

import { invitationOf } from "./address";

test("an invitation is read from behind the #, with whom it is for", () => {
  expect(invitationOf("#maid_invite_0a_Bc/nina@example.com")).toEqual({ token: "maid_invite_0a_Bc", name: "nina@example.com" });
  expect(invitationOf("#maid_invite_0a_Bc")).toEqual({ token: "maid_invite_0a_Bc", name: "" });
});

test("what is none is none", () => {
  for (const hash of ["", "#", "#content", "#maid_live_0a_Bc", "#maid_invite_0a_Bc/<b>", "#maid_invite_"]) expect(invitationOf(hash)).toBeNull();
});
