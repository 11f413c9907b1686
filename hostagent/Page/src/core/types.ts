// What the host says, as /openapi/v1.json describes it. Members that an older host leaves out are marked with `?`.
// Watts are W, energy per work mJ/TH, hash rate GH/s, times RFC 3339.

export type OrderClass = "economic" | "reliability" | "emergency";

export type Right = "read" | "lower" | "raise" | "abandon" | "operate" | "admin";

export interface Me {
  /** Null: somebody without a key. */
  name: string | null;
  role: string | null;
  rights: Right[];
  authRequired: boolean;
}

export interface Limit {
  id: string;
  source: string;
  node: string;
  class: OrderClass;
  limitW: number;
  start: string;
  end: string | null;
  reason: string;
  state: string;
  durable: boolean;
  unreachable: boolean;
  ordered: boolean;
  confirmed: boolean;
  confirmedAfterMs: number | null;
  eventId: string;
  test: boolean;
  profile: string | null;
  ledger?: string | null;
}

export interface Pod {
  id: string;
  boards: number;
  class: string;
  limitMjPerTh: number;
  share: number;
  orderId: number;
  seq: number;
  orderedW: number;
  estimateW: number;
}

export interface BoardCounts {
  total: number;
  online: number;
  admitted: number;
  running: number;
  asleep: number;
  other: number;
  suspect: number;
  lockedOut: number;
  unavailable: number;
}

export interface Alarm {
  code: string;
  text: string;
  sinceUtc: string;
  active: boolean;
}

export interface Site {
  site: string;
  hostId: string;
  phase: "offline" | "collecting" | "leading" | "passive";
  whyNotLeading: string | null;
  epoch: number;
  now: string;
  capW: number | null;
  capClass: OrderClass | null;
  capWhy: string;
  emergency: boolean;
  meterW: number;
  meterQuality: string;
  meterAgeMs: number | null;
  floorW: number;
  orderedW: number;
  orderedBoardsW: number;
  estimateW: number;
  fullW: number;
  gain: number;
  unreachable: boolean;
  hashGhs: number;
  boards: BoardCounts;
  waiting: number;
  settlesInMs: number;
  noRiseForMs: number;
  shedW: number;
  raiseW: number;
  raiseS: number;
  numberMjPerTh: number | null;
  numberWhy: string | null;
  breakerRequest: string | null;
  orderChanges: number;
  brokerConnected: boolean;
  durable: boolean;
  held: boolean;
  pods: Pod[];
  limits: Limit[];
  alarms: Alarm[];
}

export interface Headroom {
  at: string;
  nowW: number;
  metered: boolean;
  floorW: number;
  shed: { class: OrderClass; shedW: number; withinS: number }[];
  raiseW: number;
  raiseS: number;
  raiseIfFreeW: number;
  waits: string[];
}

export interface TreeNode {
  id: string;
  kind: "site" | "feeder" | "pod" | "board";
  capW: number | null;
  capClass: OrderClass | null;
  why: string;
  test: boolean;
  eventId: string | null;
  boundBy: string | null;
  lastingCapW: number | null;
  minW: number;
  minHolds: boolean | null;
  minWhy: string | null;
  drawnW: number | null;
  quality: string | null;
  gain: number | null;
  lockout: string | null;
  orderedW: number;
  estimateW: number;
  nameplateW: number;
  unreachable: boolean;
  boards: number;
  limits: Limit[];
  children: TreeNode[];
}

export interface Source {
  id: string;
  kind: string;
  quality: "good" | "stale" | "waiting" | "idle";
  lastSpoke: string | null;
  ageMs: number | null;
  freshS: number | null;
  fallbackW: number | null;
  fallbackMjPerTh: number | null;
  fallbackHolds: boolean;
  mayRaise: boolean;
  node: string | null;
  asksW: number | null;
  asksMjPerTh: number | null;
  why: string;
  via: string | null;
  nextChange: string | null;
  taken: number;
  refused: number;
  lastRefusal: string;
}

export interface SourceTest {
  good: boolean;
  sentence: string;
  wouldAskW: number | null;
  wouldAskMjPerTh: number | null;
}

export interface Breaker {
  id: string;
  node: string;
  state: "waiting" | "confirmed" | "refused" | "lapsed" | "withdrawn" | "excluded";
  askedAt: string;
  expiresAt: string;
  boards: string[];
  reason: string;
  told: string;
}

/** One picture of the live stream. `tree` is null where it is as before. */
export interface Live {
  site: Site;
  headroom: Headroom;
  sources: Source[];
  breakers: Breaker[];
  ledger: string;
  tree: TreeNode | null;
}

export interface History {
  everyS: number;
  at: number[];
  capW: (number | null)[];
  orderedW: number[];
  meteredW: number[];
  metered: boolean[];
}

export interface Ledger {
  head: string;
  publicKey: string;
  keySha256: string;
  problem: string | null;
  openFinding: string | null;
}

export interface Proof {
  at: string;
  tookMs: number;
  good: boolean;
  fault: string | null;
  proven: string[];
  unproven: string[];
  head: string;
}

/** A change over the interface, or a refusal, as the ledger has it. */
export interface Change {
  number: number;
  at: string;
  change: {
    what: string;
    /** "" for somebody unknown. */
    who: string;
    role: string;
    from: string;
    request: string;
    status: number;
    target: string | null;
    asked: unknown;
    before: unknown;
    after: unknown;
    leftOut: number;
  };
}
