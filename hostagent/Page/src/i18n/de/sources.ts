import type * as en from "../en/sources";

export const sources: typeof en.sources = {
  title: "Quellen",
};
