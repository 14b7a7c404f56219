// Whoever was invited chooses a password here, signed in or not.

import { Alert, Anchor, Button, Paper, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useEffect, useState } from "react";

import { answer, api, Problem } from "~/api/client";
import { useWords } from "~/i18n";
import { SignIn } from "~/pages/sign-in/sign-in";
import classes from "~/pages/sign-in/sign-in.module.css";
import { english } from "~/pages/users/english";
import { fields, isBeside } from "~/pages/users/fields";
import { Mark } from "~/parts/mark";
import { ProblemAlert } from "~/parts/problem";
import { useTitle } from "~/parts/title";

import { type Invitation, invitationOf } from "./address";

/** Takes the invitation out of the address, so that neither a bookmark nor whoever looks over a shoulder has it. */
function taken(): Invitation | null {
  const invitation = invitationOf(location.hash);
  if (location.hash) history.replaceState(history.state, "", location.pathname);
  return invitation;
}
const first = taken();

const HOME = import.meta.env.BASE_URL;

export function InvitationPage() {
  const { say } = useWords();
  const [invitation, set] = useState(first);
  const [done, setDone] = useState<string | null>(null);
  useTitle(say(done ? "sign_in.title" : "invitation.title"));
  useEffect(() => {
    // One that is opened over another loads nothing anew.
    const another = () => {
      const next = taken();
      if (next) set(next);
    };
    addEventListener("hashchange", another);
    return () => removeEventListener("hashchange", another);
  }, []);
  if (done) return <SignIn again={false} chosen={done} entered={async () => location.assign(HOME)} />;
  return (
    <main className={classes.page}>
      <Paper withBorder shadow="sm" radius="md" p="xl" w="100%" maw={440}>
        <Stack>
          <Mark />
          <Title order={1} size="h3">{say("invitation.title")}</Title>
          {invitation ? <Form key={invitation.token} invitation={invitation} done={setDone} /> : <None />}
        </Stack>
      </Paper>
    </main>
  );
}

function None() {
  const { say } = useWords();
  return (
    <>
      <Text>{say("invitation.none")}</Text>
      <Anchor href={HOME}>{say("sign_in.title")}</Anchor>
    </>
  );
}

function Form({ invitation, done }: { invitation: Invitation; done: (name: string) => void }) {
  const { say } = useWords();
  const [name, setName] = useState(invitation.name);
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");
  const register = useMutation({
    mutationFn: () => answer(api.POST("/api/maid/auth/register", { body: { username: name, password, invitation: invitation.token } })),
    onSuccess: ({ username }) => done(username),
  });
  const { error } = register;
  const told = fields(error);
  const spent = error instanceof Problem && error.status === 401;
  const differs = again !== "" && again !== password;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (again === password) register.mutate();
  };
  const toggle = { visibilityToggleButtonProps: { "aria-label": say("users.show_password"), tabIndex: 0 } };
  return (
    <form onSubmit={submit} aria-label={say("invitation.title")}>
      <Stack>
        <Text size="sm" c="dimmed">{say("invitation.why")}</Text>
        <TextInput
          label={say("sign_in.name")} description={say("invitation.name_why")} autoComplete="username" autoCapitalize="off" spellCheck={false}
          required withAsterisk={false} maxLength={64} value={name} error={english(told("username"))} onChange={(event) => setName(event.currentTarget.value)}
        />
        <PasswordInput
          {...toggle} label={say("users.new_password")} description={say("users.password_rule")} autoComplete="new-password" required withAsterisk={false}
          maxLength={256} value={password} error={english(told("password"))} aria-invalid={Boolean(told("password"))}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <PasswordInput
          {...toggle} label={say("me.again")} autoComplete="new-password" required withAsterisk={false} maxLength={256} value={again}
          error={differs ? say("me.differs") : undefined} aria-invalid={differs} onChange={(event) => setAgain(event.currentTarget.value)}
        />
        {spent && (
          <Alert color="red" role="alert" title={say("invitation.spent")}>
            <Text size="sm">{say("invitation.spent_why")}</Text>
            <Anchor href={HOME} size="sm" c="inherit" underline="always">{say("sign_in.title")}</Anchor>
          </Alert>
        )}
        {error && !spent && !isBeside(error, ["username", "password"]) && <ProblemAlert error={error} />}
        <Button type="submit" loading={register.isPending}>{say("invitation.choose")}</Button>
      </Stack>
    </form>
  );
}
