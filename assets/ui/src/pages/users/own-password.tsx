// Another password for oneself. All other sessions end with it.

import { Alert, Button, PasswordInput, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";

import { api } from "~/api/client";
import { useSession } from "~/app/session";
import { useWords } from "~/i18n";
import { ProblemAlert } from "~/parts/problem";

import { english } from "./english";
import { fields, isBeside } from "./fields";

export function OwnPassword() {
  const { say } = useWords();
  const { me } = useSession();
  const queries = useQueryClient();
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const [again, setAgain] = useState("");
  const change = useMutation({
    mutationFn: () => api.POST("/api/maid/auth/password", { body: { current, new: next } }),
    onSuccess: () => {
      [setCurrent, setNext, setAgain].forEach((clear) => clear(""));
      void queries.invalidateQueries({ queryKey: ["sessions"] });
    },
  });
  const told = fields(change.error);
  const differs = again !== "" && again !== next;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (again === next) change.mutate();
  };
  const toggle = { visibilityToggleButtonProps: { "aria-label": say("users.show_password"), tabIndex: 0 } };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Text size="sm" c="dimmed">{say("me.password_why")}</Text>
        {/* For programs that keep passwords. */}
        <input type="text" name="username" autoComplete="username" value={me.name} readOnly hidden />
        <PasswordInput
          {...toggle} label={say("me.current")} autoComplete="current-password" required maxLength={256} value={current}
          error={english(told("current"))} aria-invalid={Boolean(told("current"))} onChange={(event) => setCurrent(event.currentTarget.value)}
        />
        <PasswordInput
          {...toggle} label={say("users.new_password")} description={say("users.password_rule")} autoComplete="new-password" required maxLength={256} value={next}
          error={english(told("new", "password"))} aria-invalid={Boolean(told("new", "password"))} onChange={(event) => setNext(event.currentTarget.value)}
        />
        <PasswordInput
          {...toggle} label={say("me.again")} autoComplete="new-password" required maxLength={256} value={again}
          error={differs ? say("me.differs") : undefined} aria-invalid={differs} onChange={(event) => setAgain(event.currentTarget.value)}
        />
        {change.error && !isBeside(change.error, ["current", "new", "password"]) && <ProblemAlert error={change.error} />}
        {change.isSuccess && <Alert color="green" role="status">{say("me.password_changed")}</Alert>}
        <Button type="submit" loading={change.isPending} style={{ alignSelf: "flex-start" }}>{say("me.change")}</Button>
      </Stack>
    </form>
  );
}
