// All views. A view's file says where it stands in the navigation.
import type { View } from "../core/router";
import { audit } from "./audit";
import { site } from "./site";
import { board } from "./boards/detail";
import { boards } from "./boards/list";
import { event } from "./events/detail";
import { events } from "./events/list";
import { order } from "./order/order";
import { sources } from "./sources";

export const views: readonly View[] = [site, boards, board, events, event, order, sources, audit];
