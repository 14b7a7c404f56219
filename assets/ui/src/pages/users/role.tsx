// What users may be, in words.

import { Radio, Stack } from "@mantine/core";

import type { Role, UserStatus } from "~/api/schema";
import { useWords } from "~/i18n";

export const roles: Role[] = ["viewer", "operator", "editor", "admin"];

export const statusColours: Record<UserStatus, string> = { active: "green", pending: "orange", invited: "blue", disabled: "gray" };

export function RoleChoice({ value, change }: { value: Role; change: (role: Role) => void }) {
  const { say } = useWords();
  return (
    <Radio.Group label={say("users.role")} value={value} onChange={(role) => change(role as Role)}>
      <Stack gap="xs" mt={4}>
        {roles.map((role) => <Radio key={role} value={role} label={say(`role.${role}`)} description={say(`role.${role}_why`)} />)}
      </Stack>
    </Radio.Group>
  );
}
