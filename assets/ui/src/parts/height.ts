// How high a chart is: a large screen has room for more.

import { useViewportSize } from "@mantine/hooks";

/** Of a screen's height, and of its least height. */
const [SHARE, MOST, USUAL] = [0.18, 2.1, 200];

/** In pixels, of a chart that is `least` high on a usual screen. */
export function useHeight(least: number): number {
  const { height } = useViewportSize();
  return Math.round(Math.min(Math.max(least, (height * SHARE * least) / USUAL), least * MOST));
}
