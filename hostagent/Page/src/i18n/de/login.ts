import type * as en from "../en/login";

export const login: typeof en.login = {
  title: "Anmelden",
};
