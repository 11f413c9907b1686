// All views. A view's file says where it stands in the navigation.
import type { View } from "../core/router";
import { audit } from "./audit";
import { site } from "./site";
import { sources } from "./sources";

export const views: readonly View[] = [site, sources, audit];
