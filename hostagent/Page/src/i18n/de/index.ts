export { audit } from "./audit";
export { common } from "./common";
export { login } from "./login";
export { site } from "./site";
export { sources } from "./sources";
