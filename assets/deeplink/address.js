// The page's own address: what of it belongs to the link, and the run that it follows.

const KEPT = ["config", "recipe", "parameters", "preset", "expires", "link", "sig"];
const LONGEST_RETURN = 1000;
const STORED = "maid.run.query";
const RUN = /^#run=([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;

/** The part of a query that a link consists of: what others add on the way, such as `utm_source`, is left away. */
export function linkOf(search) {
  const kept = new URLSearchParams();
  for (const [name, value] of new URLSearchParams(search)) if (KEPT.includes(name)) kept.append(name, value);
  return kept.toString();
}

/** The link that the page was opened for; a long one waits in the browser while somebody signs in elsewhere. */
export function query() {
  const own = linkOf(location.search);
  if (own) return own;
  const stored = takeStored();
  if (stored) history.replaceState(null, "", `${location.pathname}?${stored}${location.hash}`);
  return stored;
}

function takeStored() {
  try {
    const stored = linkOf(sessionStorage.getItem(STORED) ?? "");
    sessionStorage.removeItem(STORED);
    return stored;
  } catch {
    return "";
  }
}

/** The whole link, as the server takes it. */
export const deeplink = (query) => `${location.origin}${location.pathname}?${query}`;

/** Where a provider sends people back to. The server takes no long path. */
export function returnTo(query) {
  const path = `${location.pathname}?${query}`;
  if (path.length <= LONGEST_RETURN) return path;
  try {
    sessionStorage.setItem(STORED, query);
  } catch {
    // Without it, people come back to a page that says that there is no link in its address.
  }
  return location.pathname;
}

/** The run that the address names: a page that is loaded again goes on with it. */
export const followed = () => RUN.exec(location.hash)?.[1].toLowerCase() ?? null;

export function follow(run) {
  const path = location.pathname + location.search;
  history.replaceState(null, "", run ? `${path}#run=${run}` : path);
}
