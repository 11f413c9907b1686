// What the host says about events and previews, as /openapi/v1.json describes it.
import type { Limit, OrderClass } from "../../core/types";

export interface EventSummary {
  eventId: string;
  limitId: string;
  source: string;
  node: string;
  class: OrderClass;
  test: boolean;
  profile: string | null;
  limitW: number;
  reason: string;
  state: string;
  accepted: string;
  start: string;
  end: string | null;
  endedBy: string | null;
}

export interface Percentiles {
  boards: number;
  p50Ms: number;
  p90Ms: number;
  p99Ms: number;
  maxMs: number;
}

export interface BoardWord {
  board: string;
  state: string;
  reason: string;
}

export interface Finding {
  /** over, boards, no-sample, unwatched, unjudged; a newer host may have more. */
  code: string;
  text: string;
}

export interface PodDecision {
  pod: string;
  fromLimitMjPerTh: number;
  toLimitMjPerTh: number;
  fromW: number;
  toW: number;
}

export interface Decision {
  at: string;
  inputs: {
    capW: number | null;
    capWhy: string;
    meterW: number;
    meterFresh: boolean;
    gain: number;
    floorW: number;
    orderedBeforeW: number;
    allowedW: number;
    fullW: number;
    boardsSteered: number;
    held: boolean;
  };
  pods: PodDecision[];
  boardsShed: number;
  shedW: number;
  hashLostGhs: number;
  skipped: Record<string, number>;
  skippedBoards: BoardWord[];
}

export interface EventRecord extends EventSummary {
  closed: string | null;
  unreachable: boolean;
  binds: boolean;
  response: { publishedAfterMs: number | null; capReachedAfterMs: number | null; boardsAcked: Percentiles | null; boardsConfirmed: Percentiles | null };
  boards: Record<string, number>;
  exceptions: BoardWord[];
  moreExceptions: number;
  compliance: { judgedS: number; overS: number; worstOverW: number; unmeteredS: number; notBindingS: number; unwatchedS: number };
  /** An older host leaves it out. */
  findings?: Finding[];
  decision: Decision | null;
  optOuts: { target: string; reason: string; by: string; at: string }[];
  history: { at: string; text: string }[];
}

export interface Sample {
  atS: number;
  capW: number | null;
  orderedW: number;
  meteredW: number;
  metered: boolean;
  settled: boolean;
  over: boolean;
}

export interface Series {
  eventId: string;
  accepted: string;
  samples: Sample[];
}

export interface Preview {
  sentence: string;
  limit: Limit;
  binds: boolean;
  unreachable: boolean;
  shedW: number;
  hashLostGhs: number;
  settlesInS: number;
  waits: string[];
  boards: { board: string; fromW: number; toW: number; hashLostGhs: number }[];
  moreBoards: number;
  decision: Decision;
}

export interface Profile {
  name: string;
  class: OrderClass;
  rampUpWPerS: number | null;
  scope: string[];
  maxDurationS: number | null;
}
