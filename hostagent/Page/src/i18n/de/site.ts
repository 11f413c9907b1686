import type * as en from "../en/site";

export const site: typeof en.site = {
  title: "Anlage",
};
