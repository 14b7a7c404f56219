// A user who is to be made: with a password, or with an invitation to choose one.

import { Button, Group, Modal, Radio, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";

import { answer, api, Problem } from "~/api/client";
import type { MadeUser, Role } from "~/api/schema";
import { useWords } from "~/i18n";
import { addressOf } from "~/pages/invitation/address";
import { fieldsOf, isFlag, isOneOf, isText } from "~/parts/fits";
import { useKeptDraft } from "~/parts/kept-draft";
import { NotKept } from "~/parts/not-kept";
import { ProblemAlert } from "~/parts/problem";

import { english } from "./english";
import { fields, isBeside } from "./fields";
import { generate } from "./generate";
import { PasswordField } from "./password-field";
import { RoleChoice, roles } from "./role";
import { Copied, ShownOnce } from "./shown-once";

interface Draft {
  username: string;
  email: string;
  role: Role;
  invites: boolean;
}
const isDraft = fieldsOf<Draft>({ username: isText, email: isText, role: isOneOf(roles), invites: isFlag });
const EMPTY: Draft = { username: "", email: "", role: "operator", invites: false };

export function NewUserForm({ opened, close }: { opened: boolean; close: () => void }) {
  const { say } = useWords();
  const [made, setMade] = useState<Made | null>(null);
  const leave = () => {
    close();
    setMade(null);
  };
  return (
    <Modal
      opened={opened} onClose={leave} size="lg" title={say(made ? "users.is_made" : "users.new")} closeOnClickOutside={!made}
     
    >
      {made ? <ShowMade made={made} close={leave} /> : <Form made={setMade} close={leave} />}
    </Modal>
  );
}

interface Made {
  user: MadeUser;
  password: string | null;
}

function Form({ made, close }: { made: (made: Made) => void; close: () => void }) {
  const { say } = useWords();
  const queries = useQueryClient();
  // The password is not kept: it is in this form alone.
  const [kept, keep, unkept] = useKeptDraft("user", isDraft);
  const draft = kept ?? EMPTY;
  const [password, setPassword] = useState(generate);
  const set = (change: Partial<Draft>) => keep({ ...draft, ...change });
  const create = useMutation({
    mutationFn: () => {
      const body = { username: draft.username, role: draft.role, email: draft.email || null, password: draft.invites ? null : password };
      return answer(api.POST("/api/maid/users", { body }));
    },
    onSuccess: (user) => {
      keep(null);
      void queries.invalidateQueries({ queryKey: ["users"] });
      made({ user: user as MadeUser, password: draft.invites ? null : password });
    },
  });
  const told = fields(create.error);
  const taken = create.error instanceof Problem && create.error.code === "name_taken" ? say("users.taken") : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label={say("users.name")} required maxLength={64} value={draft.username} autoComplete="off" autoCapitalize="off" spellCheck={false} data-autofocus
          error={taken ?? english(told("username"))} onChange={(event) => set({ username: event.currentTarget.value })}
        />
        <TextInput
          label={say("users.email")} description={say("users.optional")} type="email" maxLength={254} value={draft.email} autoComplete="off"
          error={english(told("email"))} onChange={(event) => set({ email: event.currentTarget.value })}
        />
        <RoleChoice value={draft.role} change={(role) => set({ role })} />
        <Radio.Group label={say("users.first_sign_in")} value={draft.invites ? "invitation" : "password"} onChange={(way) => set({ invites: way === "invitation" })}>
          <Stack gap="xs" mt={4}>
            <Radio value="password" label={say("users.by_password")} />
            <Radio value="invitation" label={say("users.by_invitation")} description={say("users.by_invitation_why")} />
          </Stack>
        </Radio.Group>
        {!draft.invites && (
          <PasswordField label={say("sign_in.password")} description={say("users.password_why")} value={password} change={setPassword} error={told("password")} required />
        )}
        {create.error && !taken && !isBeside(create.error, ["username", "email", "password"]) && <ProblemAlert error={create.error} />}
        {unkept && <NotKept way="kept.send" />}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>{say("action.cancel")}</Button>
          <Button type="submit" loading={create.isPending}>{say("users.make")}</Button>
        </Group>
      </Stack>
    </form>
  );
}

function ShowMade({ made: { user, password }, close }: { made: Made; close: () => void }) {
  const { say } = useWords();
  const { invitation } = user;
  return (
    <ShownOnce why={say(password ? "users.once_password" : "users.once_invitation")}>
      <Copied label={say("users.name")} text={user.username} />
      {password && <Copied label={say("sign_in.password")} text={password} />}
      {invitation && <Copied label={say("users.invitation")} text={addressOf({ token: invitation, name: user.username })} />}
      <Group justify="flex-end"><Button onClick={close}>{say("action.close")}</Button></Group>
    </ShownOnce>
  );
}
