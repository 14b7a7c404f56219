// What came of a change of the configuration.

import { Alert, List } from "@mantine/core";

import { useWords } from "~/i18n";

import type { Configuring } from "./use-config";

export function Applied({ config }: { config: Configuring }) {
  const { say } = useWords();
  if (!config.applied) return null;
  const { applied, restart_required, overridden } = config.applied;
  return (
    <Alert color="green" title={say("config.saved")} withCloseButton closeButtonLabel={say("action.close")} onClose={config.forget} role="status">
      <List size="sm">
        {applied.length > 0 && <List.Item>{say("config.holds_now", { keys: applied.join(", ") })}</List.Item>}
        {restart_required.length > 0 && <List.Item>{say("config.holds_later", { keys: restart_required.join(", ") })}</List.Item>}
        {overridden.map(({ key, by }) => <List.Item key={key}>{say("config.in_vain", { key })} <span lang="en">{by}</span></List.Item>)}
      </List>
    </Alert>
  );
}
