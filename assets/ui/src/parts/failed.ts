// What is said where something that somebody pressed did not work, and there is no place beside it to say so.

import { notifications } from "@mantine/notifications";

import { useWords } from "~/i18n";

import { toldProblem } from "./told-problem";

export function useFailed(): (error: Error) => void {
  const { say } = useWords();
  return (error) => void notifications.show({ color: "red", message: toldProblem(error, say).text });
}
