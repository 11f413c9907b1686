// What the host says about boards, as /openapi/v1.json describes it. W, GH/s, J/TH, °C; times RFC 3339.
import type { EventSummary } from "../events/types";

export interface FleetPage {
  at: string;
  total: number;
  matched: number;
  skip: number;
  powerW: number;
  orderedW: number;
  hashGhs: number;
  modes: Record<string, number>;
  states: Record<string, number>;
  rows: FleetLine[];
}

export interface FleetLine {
  board: string;
  mode: string;
  limitedBy: string;
  skip: string;
  states: string[];
  ageS: number | null;
  powerW: number | null;
  orderedW: number | null;
  estimateW: number;
  hashGhs: number;
  chipC: number | null;
  point: number | null;
}

export interface Board {
  name: string;
  online: boolean;
  mode: string;
  limitedBy: string;
  quality: string;
  ageMs: number | null;
  powerW: number;
  estimateW: number;
  orderedW: number;
  hashGhs: number;
  chipC: number | null;
  admitted: boolean | null;
  admission: string;
  epoch: number;
  orderId: number;
  leaseLeftS: number;
  nameplateW: number;
  model: string;
  firmware: string;
  latches: string;
  suspect: boolean;
  lockedOut: boolean;
  accepted: number;
  rejected: number;
}

export interface Readings {
  freqMhz: number | null;
  coreV: number | null;
  inputV: number | null;
  chipC: number | null;
  regulatorC: number | null;
  fanRpm: number | null;
  fanPercent: number | null;
  staleShares: number | null;
  hwErrors: number | null;
  uptimeS: number | null;
  loadPercent: number | null;
}

export interface LadderPoint {
  powerW: number;
  hashGhs: number;
  jPerTh: number | null;
  stepJPerTh: number | null;
}

export interface Ladder {
  id: number;
  points: LadderPoint[];
  present: number | null;
  ordered: number | null;
}

export interface BoardOrder {
  at: string;
  stream: "dispatch" | "set";
  kind: string;
  epoch: number;
  orderId: number;
  seq: number;
  class: string | null;
  limitMjPerTh: number | null;
  asksW: number | null;
  value: number | null;
  answer: string | null;
  answerAfterMs: number | null;
}

export interface BoardDetail {
  at: string;
  board: Board;
  skip: string;
  reason: string;
  onlineForS: number | null;
  serial: string;
  contract: boolean;
  kid: number;
  podKid: number;
  badMessages: number;
  readings: Readings | null;
  failsafeW: number;
  ownCapW: number | null;
  sentCapW: number | null;
  ladder: Ladder | null;
  offered: { ladder: Ladder; fault: string | null } | null;
  ladderPending: boolean;
  lockout: { node: string | null; reason: string; since: string | null } | null;
  podOrder: { class: string; limitMjPerTh: number; share: number; asksW: number | null };
  orders: BoardOrder[];
}

export interface BoardEvent {
  event: EventSummary;
  state: string | null;
  reason: string;
  ackedAfterMs: number | null;
  confirmedAfterMs: number | null;
}
