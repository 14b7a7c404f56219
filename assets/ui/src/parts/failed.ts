// What is said where something that somebody pressed did not work, and there is no place beside it to say so.

import { notifications } from "@mantine/notifications";

import { useWords } from "~/i18n";

export function useFailed(): (error: Error) => void {
  const { say } = useWords();
  // A server that does not answer says nothing.
  return (error) => void notifications.show({ color: "red", message: error.message || say("problem.none") });
}
