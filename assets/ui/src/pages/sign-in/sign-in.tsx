// Signing in: a page of its own at first, a dialog over what was open when a session is over.

import { Alert, Anchor, Button, Modal, Paper, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";

import { answer, api, BASE, Problem, remember } from "~/api/client";
import { type Say, useWords } from "~/i18n";
import { Mark } from "~/parts/mark";
import { toldProblem } from "~/parts/told-problem";

import classes from "./sign-in.module.css";

interface Entering {
  /** Whether a session was over. */
  again: boolean;
  /** Who has just chosen a password, with an invitation. */
  chosen?: string;
  entered: () => Promise<void>;
}

export function SignIn({ again, chosen, entered }: Entering) {
  const { say } = useWords();
  if (!again) {
    return (
      <main className={classes.page}>
        <Paper withBorder shadow="sm" radius="md" p="xl" w="100%" maw={400}>
          <Form again={false} chosen={chosen} entered={entered} />
        </Paper>
      </main>
    );
  }
  return (
    <Modal opened centered title={say("sign_in.again")} withCloseButton={false} closeOnClickOutside={false} closeOnEscape={false} onClose={() => undefined}>
      <Form again entered={entered} />
    </Modal>
  );
}

function Form({ again, chosen, entered }: Entering) {
  const { say } = useWords();
  const [name, setName] = useState(chosen ?? "");
  const [password, setPassword] = useState("");
  const providers = useQuery({ queryKey: ["oidc"], queryFn: () => answer(api.GET("/api/maid/auth/oidc")), retry: false });
  const enter = useMutation({
    mutationFn: async () => {
      const body = { username: name, password, cookie: true };
      const signed = await answer(api.POST("/api/maid/auth/login", { body }));
      remember(signed.csrf_token);
      await entered();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    enter.mutate();
  };
  const back = chosen ? import.meta.env.BASE_URL : location.pathname + location.search;
  return (
    <form onSubmit={submit} aria-label={say("sign_in.title")} data-mantine-stop-propagation={again || undefined}>
      <Stack>
        {!again && <Mark />}
        {!again && <Title order={1} size="h3">{say("sign_in.title")}</Title>}
        {chosen && <Alert color="green" role="status">{say("invitation.done")}</Alert>}
        {!chosen && (
          <Text size="sm" c="dimmed">
            {say(again ? "sign_in.again_why" : "sign_in.first")}
          </Text>
        )}
        <TextInput
          label={say("sign_in.name")} autoComplete="username" autoCapitalize="off" spellCheck={false} required withAsterisk={false} maxLength={200}
          value={name} onChange={(event) => setName(event.currentTarget.value)} data-autofocus
        />
        <PasswordInput
          label={say("sign_in.password")} autoFocus={Boolean(chosen)} autoComplete="current-password" required withAsterisk={false} maxLength={256}
          value={password} onChange={(event) => setPassword(event.currentTarget.value)}
        />
        {enter.error && <Alert color="red" role="alert">{wrong(enter.error, say)}</Alert>}
        <Button type="submit" loading={enter.isPending}>
          {say("sign_in.button")}
        </Button>
        {providers.data?.providers.map((provider) => (
          <Anchor key={provider.id} href={`${BASE}/api/maid/auth/oidc/${provider.id}/login?return_to=${encodeURIComponent(back)}`}>
            {say("sign_in.with", { name: provider.name })}
          </Anchor>
        ))}
      </Stack>
    </form>
  );
}

function wrong(error: Error, say: Say): string {
  const { status, retryAfter } = error instanceof Problem ? error : new Problem(0);
  if (status === 401 || status === 422) return say("sign_in.failed");
  const { text } = toldProblem(error, say);
  return retryAfter ? `${text} ${say("problem.wait", { seconds: retryAfter })}` : text;
}
