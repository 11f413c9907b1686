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
  /** The second that the tree is of, as the host says it: up to five seconds before the picture's. */
  treeAt: string;
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

// A tab that nobody looks at for so long gives its connection back.
const HiddenAfterMs = 20_000;

let source: EventSource | null = null;
let heardAt = 0;
let openedAt = 0;
let hiddenAt = 0;
let resting = false;
let failures = 0;
let retry: ReturnType<typeof setTimeout> | undefined;
let watching: ReturnType<typeof setInterval> | undefined;

/** Opens the stream and keeps it open. While the tab is hidden it is closed, for a browser has few connections for each host. */
export function startLive(): void {
  if (watching) return;
  document.addEventListener("visibilitychange", seen);
  watching = setInterval(watch, 100);
  begin();
}

/** Closes it and forgets what it said, until `startLive`; for a session that has ended. */
export function stopLive(): void {
  document.removeEventListener("visibilitychange", seen);
  clearInterval(watching);
  watching = undefined;
  close();
  live.set(null);
  link.set("connecting");
}

// What was heard before is old, and nobody is to blame for that yet.
function begin(): void {
  heardAt = performance.now();
  hiddenAt = heardAt;
  resting = false;
  failures = 0;
  link.set("connecting");
  open();
}

function seen(): void {
  if (document.hidden) hiddenAt = performance.now();
  else if (resting) begin();
}

function open(): void {
  close();
  openedAt = performance.now();
  const stream = new EventSource("api/live");
  source = stream;
  stream.addEventListener("live", (event) => {
    if (source !== stream) return;
    const picture = JSON.parse((event as MessageEvent<string>).data) as Live;
    const first = failures > 0 || link.value !== "open" || heardAt < openedAt;
    failures = 0;
    heardAt = performance.now();
    live.set({ ...picture, tree: picture.tree ?? live.value?.tree ?? null, treeAt: picture.tree ? picture.site.now : live.value?.treeAt ?? picture.site.now, receivedAt: heardAt });
    link.set("open");
    if (first) connections.set(connections.value + 1);
  });
  // The host ends each stream after a while, and says so: that is no loss.
  stream.addEventListener("end", () => {
    if (source !== stream) return;
    void loadMe();
    open();
  });
  stream.addEventListener("error", () => {
    if (source !== stream) return;
    close();
    failures++;
    // The stream does not say why it ended; the host may want another key.
    void loadMe();
    retry = setTimeout(open, RetryMs[Math.min(failures, RetryMs.length) - 1]!);
  });
}

function close(): void {
  clearTimeout(retry);
  source?.close();
  source = null;
}

function watch(): void {
  if (resting) return;
  const now = performance.now();
  if (document.hidden && now - hiddenAt > HiddenAfterMs) {
    resting = true;
    close();
    return;
  }
  if (now - heardAt > (failures > 0 ? BrokenAfterMs : LostAfterMs)) link.set("lost");
  if (source && now - Math.max(heardAt, openedAt) > GiveUpAfterMs) {
    failures++;
    open();
  }
}
