// Numbers, units and times for people. Pages show W, kW, MW and J/TH; wires carry W and mJ/TH.
import { lang, t } from "./i18n";

/** Shown where there is no value. */
export const NoValue = "–";

/** The host's "no number": 2^31 − 1 mJ/TH asks nothing. */
export const NoNumber = 2147483647;

const Locales = { en: "en-GB", de: "de-DE" } as const;

const formats = new Map<string, Intl.NumberFormat>();

export function locale(): string {
  return Locales[lang.value];
}

/** A number with so many decimals. */
export function number(value: number | null | undefined, decimals = 0): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NoValue;
  const key = lang.value + decimals;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(locale(), { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
    formats.set(key, format);
  }
  // No "-0".
  return format.format(Math.abs(value) < 0.5 * 10 ** -decimals ? 0 : value);
}

interface Scale {
  unit: string;
  factor: number;
}

const PowerScales: readonly Scale[] = [
  { unit: "MW", factor: 1e6 },
  { unit: "kW", factor: 1e3 },
  { unit: "W", factor: 1 },
];

const HashScales: readonly Scale[] = [
  { unit: "EH/s", factor: 1e9 },
  { unit: "PH/s", factor: 1e6 },
  { unit: "TH/s", factor: 1e3 },
  { unit: "GH/s", factor: 1 },
];

/** A value and its unit, apart, for large figures. */
export interface Quantity {
  value: string;
  unit: string;
}

function scaled(scales: readonly Scale[], value: number | null | undefined, like: number): Quantity {
  const scale = scales.find((s) => Math.abs(like) >= s.factor) ?? scales[scales.length - 1]!;
  if (value === null || value === undefined || !Number.isFinite(value)) return { value: NoValue, unit: scale.unit };
  const shown = value / scale.factor;
  const digits = value === 0 || (scale.factor === 1 && scales === PowerScales) ? 0 : Math.abs(shown) >= 100 ? 1 : 2;
  return { value: number(shown, digits), unit: scale.unit };
}

/** An id as it fits into a line: drawn ones are long and tell nobody anything beyond their first digits. */
export const shortId = (id: string): string => (/^[0-9a-f]{24,}$/.test(id) ? id.slice(0, 8) + "…" : id);

/** Watts with the unit that fits `like` (the value itself if left out), so that figures side by side have one unit. */
export const powerParts = (watts: number | null | undefined, like?: number): Quantity => scaled(PowerScales, watts, like ?? watts ?? 0);

export const hashParts = (ghs: number | null | undefined): Quantity => scaled(HashScales, ghs, ghs ?? 0);

const joined = (q: Quantity): string => (q.value === NoValue ? NoValue : q.value + " " + q.unit);

/** 12.3 kW */
export const power = (watts: number | null | undefined, like?: number): string => joined(powerParts(watts, like));

/** 1.23 PH/s */
export const hashRate = (ghs: number | null | undefined): string => joined(hashParts(ghs));

/** Millijoule per terahash as J/TH; the host's "no number" has a word of its own. */
export function efficiency(mjPerTh: number | null | undefined): string {
  if (mjPerTh === null || mjPerTh === undefined) return NoValue;
  return mjPerTh >= NoNumber ? t().common.noNumber : number(mjPerTh / 1000, 2) + " J/TH";
}

export const percent = (value: number | null | undefined, decimals = 0): string => (value === null || value === undefined || !Number.isFinite(value) ? NoValue : number(value, decimals) + " %");

export const celsius = (value: number | null | undefined): string => (value === null || value === undefined || !Number.isFinite(value) ? NoValue : number(value, 1) + " °C");

/** A length of time: 0.4 s, 12 s, 2 min 5 s, 3 h 4 min, 5 d 2 h. */
export function duration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined || !Number.isFinite(ms)) return NoValue;
  const u = t().common.units;
  const s = Math.max(0, ms) / 1000;
  if (s < 10) return number(s, s < 0.95 && s > 0 ? 1 : 0) + " " + u.s;
  const whole = Math.round(s);
  if (whole < 60) return whole + " " + u.s;
  if (whole < 3600) return two(Math.floor(whole / 60), u.min, whole % 60, u.s);
  const minutes = Math.floor(whole / 60);
  if (minutes < 1440) return two(Math.floor(minutes / 60), u.h, minutes % 60, u.min);
  const hours = Math.floor(minutes / 60);
  return two(Math.floor(hours / 24), u.d, hours % 24, u.h);
}

function two(a: number, ua: string, b: number, ub: string): string {
  return a + " " + ua + (b > 0 ? " " + b + " " + ub : "");
}

function time(at: string | number | Date | null | undefined, options: Intl.DateTimeFormatOptions): string {
  if (at === null || at === undefined) return NoValue;
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? NoValue : new Intl.DateTimeFormat(locale(), options).format(date);
}

/** 14:03:07, in the browser's zone. */
export const clock = (at: string | number | Date | null | undefined): string => time(at, { hour: "2-digit", minute: "2-digit", second: "2-digit" });

/** 22 Nov 2026, 14:03 GMT+1: a time that somebody gives, with its zone, for an hour comes twice when summer time ends. */
export const momentZone = (at: string | number | Date | null | undefined): string =>
  time(at, { day: "2-digit", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", timeZoneName: "shortOffset" });

/** 22 Nov 2026, 14:03:07 */
export const moment = (at: string | number | Date | null | undefined): string =>
  time(at, { day: "2-digit", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit" });

/** A time, without the day if that is today's. */
export function when(at: string | number | null | undefined): string {
  if (at === null || at === undefined) return NoValue;
  return new Date(at).toDateString() === new Date().toDateString() ? clock(at) : moment(at);
}
