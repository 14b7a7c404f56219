// A user whose role, status, address or password is to be another.

import { Alert, Button, Group, Modal, Radio, Stack, Text, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";

import { answer, api } from "~/api/client";
import type { UserStatus, UserView } from "~/api/schema";
import { useSession } from "~/app/session";
import { useWords } from "~/i18n";
import { AnchorLink } from "~/parts/links";
import { ProblemAlert } from "~/parts/problem";

import { english } from "./english";
import { fields, isBeside } from "./fields";
import { PasswordField } from "./password-field";
import { RoleChoice } from "./role";
import { Copied, ShownOnce } from "./shown-once";

export function ChangeUser({ user, close }: { user: UserView; close: () => void }) {
  const { say } = useWords();
  const [password, setPassword] = useState<string | null>(null);
  return (
    <Modal
      opened onClose={close} size="lg" closeOnClickOutside={password === null}
      title={<Text span style={{ overflowWrap: "anywhere" }}>{say("users.change_of", { name: user.username })}</Text>}
    >
      {password === null ? <Form user={user} close={close} renewed={setPassword} /> : (
        <ShownOnce why={say("users.once_password")}>
          <Copied label={say("sign_in.password")} text={password} />
          <Group justify="flex-end"><Button onClick={close}>{say("action.close")}</Button></Group>
        </ShownOnce>
      )}
    </Modal>
  );
}

interface Props {
  user: UserView;
  close: () => void;
  renewed: (password: string) => void;
}

function Form({ user, close, renewed }: Props) {
  const { say } = useWords();
  const { me } = useSession();
  const queries = useQueryClient();
  const [role, setRole] = useState(user.role);
  const [status, setStatus] = useState<UserStatus>(user.status);
  const [email, setEmail] = useState(user.email ?? "");
  const [password, setPassword] = useState("");
  // Only what is another is sent.
  const body = {
    ...(role !== user.role && { role }),
    ...(status !== user.status && { status }),
    ...(email !== (user.email ?? "") && { email }),
    ...(password && { password }),
  };
  const change = useMutation({
    mutationFn: () => answer(api.PATCH("/api/maid/users/{id}", { params: { path: { id: user.id } }, body })),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["users"] });
      if (user.id === me.id) await queries.invalidateQueries({ queryKey: ["me"] });
      if (password) return renewed(password);
      notifications.show({ color: "green", message: say("users.is_changed", { name: user.username }) });
      close();
    },
  });
  const told = fields(change.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        {user.provider ? <Alert color="gray">{say("users.of_provider", { provider: user.provider })}</Alert> : <RoleChoice value={role} change={setRole} />}
        <Radio.Group label={say("users.status")} value={status} onChange={(to) => setStatus(to as UserStatus)}>
          <Stack gap="xs" mt={4}>
            {user.status !== "active" && user.status !== "disabled" && <Radio value={user.status} label={say(`user_status.${user.status}`)} description={say(`user_status.${user.status}_why`)} />}
            <Radio value="active" label={say("user_status.active")} description={say("user_status.active_why")} />
            <Radio value="disabled" label={say("user_status.disabled")} description={say("user_status.disabled_why")} />
          </Stack>
        </Radio.Group>
        <TextInput disabled={Boolean(user.provider)} label={say("users.email")} description={say("users.optional")} type="email" maxLength={254} value={email} error={english(told("email"))} onChange={(event) => setEmail(event.currentTarget.value)} />
        {user.id === me.id ? (
          <AnchorLink to="/users" search={{ tab: "me" }} size="sm">{say("me.password")}</AnchorLink>
        ) : (
          <PasswordField
            label={say("users.new_password")} description={say("users.new_password_why")} value={password} change={setPassword} error={told("password")}
          />
        )}
        {change.error && !isBeside(change.error, ["email", "password"]) && <ProblemAlert error={change.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>{say("action.cancel")}</Button>
          <Button type="submit" loading={change.isPending} disabled={Object.keys(body).length === 0}>{say("action.save")}</Button>
        </Group>
      </Stack>
    </form>
  );
}
