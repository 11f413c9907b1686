/** A head, segment/number/hash, as parts. */
export function headParts(head: string): { segment: string; number: string; hash: string } {
  const [segment = "", record = "", hash = ""] = head.split("/");
  return { segment, number: record, hash };
}
