// A screen on the wall: `?wall` in the address, before or behind the fragment.

/** True where nobody scrolls or presses: lists then show as much as has room, and say how many more there are. */
export const onWall = (): boolean => document.documentElement.classList.contains("wall");
