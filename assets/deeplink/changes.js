// What is different between a link as it was shown and as it is now.

const lines = (link) => (link.yaml ?? JSON.stringify(link.loadtest ?? link.recipe?.loadtest ?? null, null, 2)).split("\n");

/** The lines that were, and those that are, without what both have at their beginning and at their end. */
export function changedLines(before, after) {
  const [was, is] = [lines(before), lines(after)];
  let start = 0;
  while (start < was.length && start < is.length && was[start] === is[start]) start += 1;
  let end = 0;
  while (end < was.length - start && end < is.length - start && was.at(-1 - end) === is.at(-1 - end)) end += 1;
  return { was: was.slice(start, was.length - end), is: is.slice(start, is.length - end) };
}

/** Which of the things that people look at first are different: pairs of what was and what is, by name. */
export function changedFacts(before, after) {
  const seen = (link) => ({
    test: link.summary?.name, targets: link.summary?.targets?.join("\n"), load: link.summary?.load,
    requests: link.summary?.requests?.join("\n"), thresholds: link.summary?.thresholds?.join("\n"),
  });
  const [was, is] = [seen(before), seen(after)];
  return Object.keys(is).filter((name) => (was[name] ?? "") !== (is[name] ?? "")).map((name) => [name, was[name] ?? "", is[name] ?? ""]);
}
