export { audit } from "./audit";
export { board, boards } from "./boards";
export { common } from "./common";
export { event, events } from "./events";
export { host } from "./host";
export { login } from "./login";
export { order } from "./order";
export { site } from "./site";
export { sources } from "./sources";
