// Whether the host has become another one than this page came from: it has been replaced by a newer version while the page stayed open.
import { connections } from "./live";
import { store } from "./store";

/** True once the host serves other scripts than those that run here. */
export const newer = store(false);

// Names of scripts change with their content.
const mine = (): string | null => /app-[^/]+\.js$/.exec(document.querySelector<HTMLScriptElement>("script[src*='app-']")?.src ?? "")?.[0] ?? null;

/** Looks each time that the stream is open again. */
export function watchForNewer(): void {
  connections.watch((count) => count > 0 && void look());
}

async function look(): Promise<void> {
  const name = mine();
  if (!name) return;
  try {
    const answer = await fetch("./", { headers: { Accept: "text/html" }, cache: "no-cache", credentials: "same-origin" });
    const page = await answer.text();
    // Something that is no page of a host, such as a proxy's, says nothing about its version.
    if (answer.ok && /app-[^/"]+\.js/.test(page)) newer.set(!page.includes(name));
  } catch {
    // The stream will be open again, and it is looked at then.
  }
}
