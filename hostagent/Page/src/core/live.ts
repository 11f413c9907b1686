// The live stream: one picture of the site each second. Whoever shows values watches `live`; `link` says whether they are still true.
import { loadMe } from "./session";
import { store } from "./store";
import type { Live, TreeNode } from "./types";

/** Without a picture for so long, all values are old. */
export const LostAfterMs = 2500;

// The same after a connection that broke: then nobody has to wait for a picture that may be late.
const BrokenAfterMs = 1500;

// A connection that says nothing for so long is given up, though nobody has told that it is gone.
const GiveUpAfterMs = 5000;
const RetryMs = [500, 1000, 2000, 3000];

export interface LivePicture extends Live {
  /** The newest tree, of this picture or of one before. */
  tree: TreeNode | null;
  /** performance.now() when it came. */
  receivedAt: number;
}

export type Link = "connecting" | "open" | "lost";

/** The last picture, or null before the first. */
export const live = store<LivePicture | null>(null);

/** Whether pictures come. */
export const link = store<Link>("connecting");

/** Counts up each time that the stream is open again: whoever keeps a history fetches what was missed. */
export const connections = store(0);

/** Age of the last picture, ms; null before the first. */
export const liveAgeMs = (): number | null => (live.value ? performance.now() - live.value.receivedAt : null);

/** The host's time now, ms since 1970, by its own clock. */
export const hostNow = (): number => (live.value ? Date.parse(live.value.site.now) + performance.now() - live.value.receivedAt : Date.now());

let source: EventSource | null = null;
let heardAt = 0;
let openedAt = 0;
let failures = 0;
let retry: ReturnType<typeof setTimeout> | undefined;
let wanted = false;

/** Opens the stream and keeps it open. While the tab is hidden it is closed, for a browser has few connections for each host. */
export function startLive(): void {
  if (wanted) return;
  wanted = true;
  heardAt = performance.now();
  open();
  setInterval(watch, 100);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    if (!source) again(0);
  });
}

/** Closes it, until `startLive`; for a session that has ended. */
export function stopLive(): void {
  wanted = false;
  close();
}

function open(): void {
  clearTimeout(retry);
  close();
  if (!wanted) return;
  openedAt = performance.now();
  const stream = new EventSource("api/live");
  source = stream;
  stream.addEventListener("live", (event) => {
    const picture = JSON.parse((event as MessageEvent<string>).data) as Live;
    const first = failures > 0 || link.value !== "open" || heardAt < openedAt;
    failures = 0;
    heardAt = performance.now();
    live.set({ ...picture, tree: picture.tree ?? live.value?.tree ?? null, receivedAt: heardAt });
    link.set("open");
    if (first) connections.set(connections.value + 1);
  });
  stream.addEventListener("error", () => {
    if (source !== stream) return;
    close();
    failures++;
    // The stream does not say why it ended; the host may want another key.
    void loadMe();
    again(RetryMs[Math.min(failures, RetryMs.length) - 1]!);
  });
}

function close(): void {
  source?.close();
  source = null;
}

function again(afterMs: number): void {
  clearTimeout(retry);
  retry = setTimeout(open, afterMs);
}

function watch(): void {
  if (!wanted) return;
  const now = performance.now();
  const hidden = document.hidden;
  if (now - heardAt > (failures > 0 ? BrokenAfterMs : LostAfterMs) && link.value !== "lost") link.set("lost");
  if (hidden && now - heardAt > 20_000 && source) close();
  if (source && now - Math.max(heardAt, openedAt) > GiveUpAfterMs) {
    if (hidden) close();
    else {
      failures++;
      open();
    }
  }
}
