import type * as en from "../en/audit";

export const audit: typeof en.audit = {
  title: "Audit",
};
