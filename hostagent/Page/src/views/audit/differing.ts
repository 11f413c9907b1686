/** The members of a record that another record has otherwise; all of them if the other is no record, or the same. */
export function differing(of: unknown, other: unknown): unknown {
  const record = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);
  if (!record(of) || !record(other)) return of;
  const members = Object.entries(of).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(other[name]));
  return members.length > 0 ? Object.fromEntries(members) : of;
}
