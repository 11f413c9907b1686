export const login = {
  title: "Sign in",
  text: "This host asks for an API key. An administrator makes one on the host's machine:",
  key: "API key",
  signIn: "Sign in",
  wrong: "The host does not know this key.",
  kept: "The key goes to this host only and is kept nowhere; a cookie stands for it until you sign out.",
};
