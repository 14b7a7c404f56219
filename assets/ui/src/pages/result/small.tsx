// A part of the details of a request, with what it is called.

import { Box, Text } from "@mantine/core";
import type { ReactNode } from "react";

export function Small({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Box miw={0}>
      <Text size="sm" fw={600} mb={4}>{title}</Text>
      {children}
    </Box>
  );
}
