// A password that is chosen for somebody: typed, or generated.

import { Button, Group, PasswordInput } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import type { ReactNode } from "react";

import { useWords } from "~/i18n";

import { english } from "./english";
import { generate } from "./generate";

interface Props {
  label: string;
  description?: ReactNode;
  value: string;
  change: (password: string) => void;
  error?: string;
  required?: boolean;
}

export function PasswordField({ label, description, value, change, error, required }: Props) {
  const { say } = useWords();
  return (
    <Group align="flex-end" gap="xs">
      <PasswordInput
        flex={1} miw={220} label={label} description={description} value={value} required={required} maxLength={256} autoComplete="new-password"
        error={english(error)} aria-invalid={Boolean(error)} onChange={(event) => change(event.currentTarget.value)}
        inputWrapperOrder={["label", "description", "error", "input"]}
        visibilityToggleButtonProps={{ "aria-label": say("users.show_password"), tabIndex: 0 }}
      />
      <Button variant="default" leftSection={<IconRefresh size={16} aria-hidden />} onClick={() => change(generate())}>
        {say("users.generate")}
      </Button>
    </Group>
  );
}
