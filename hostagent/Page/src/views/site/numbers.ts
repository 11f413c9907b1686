import { NoNumber, number, type Quantity } from "../../core/format";
import { t } from "../../core/i18n";
import type { Pod } from "../../core/types";

/** The number of the pods' orders in J/TH: one figure where all have the same, else the span. */
export function numbersOf(pods: readonly Pod[]): { quantity: Quantity; note: string } {
  const ordered = pods.filter((p) => p.orderId > 0).map((p) => p.limitMjPerTh);
  if (ordered.length === 0) return { quantity: { value: "–", unit: "" }, note: "" };
  const low = Math.min(...ordered);
  const high = Math.max(...ordered);
  const show = (mjPerTh: number): string => (mjPerTh >= NoNumber ? t().common.noNumber : number(mjPerTh / 1000, 2));
  return {
    quantity: { value: (high >= NoNumber || high === 0 ? "" : "≤ ") + show(high), unit: high >= NoNumber ? "" : "J/TH" },
    note: high === 0 ? t().site.allOff : low === high ? "" : t().site.pods(show(low), show(high)),
  };
}
