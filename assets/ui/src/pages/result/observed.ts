// What was observed of a threshold, told as every other figure is.

import type { ThresholdNow } from "~/api/schema";
import type { Figures } from "~/app/figures";
import type { Say } from "~/i18n";

/** The server tells the unit by its words alone. */
export const observedOf = (tell: Figures, say: Say) => ({ observed, observed_text: text }: Pick<ThresholdNow, "observed" | "observed_text">): string => {
  if (observed == null) return say("result.not_measured");
  if (text.endsWith(" ms")) return tell.ms(observed);
  if (text.endsWith(" %")) return tell.share(observed);
  if (text.endsWith("/s")) return `${tell.rate(observed)}/s`;
  if (text === "yes" || text === "no") return say(`result.${text}`);
  return tell.count(observed);
};
