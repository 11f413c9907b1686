import type * as en from "../en/login";

export const login: typeof en.login = {
  title: "Anmelden",
  text: "Dieser Host verlangt einen API-Schlüssel. Ein Verwalter erzeugt ihn auf dem Rechner des Hosts:",
  key: "API-Schlüssel",
  signIn: "Anmelden",
  wrong: "Der Host kennt diesen Schlüssel nicht.",
  kept: "Der Schlüssel geht nur an diesen Host und wird nirgends gespeichert; ein Cookie steht für ihn, bis Sie sich abmelden.",
};
