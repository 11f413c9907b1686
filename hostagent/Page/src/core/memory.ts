// What this browser remembers: language, theme. A browser that keeps nothing is no error.

export function recall(name: string): string | null {
  try {
    return localStorage.getItem("ballast." + name);
  } catch {
    return null;
  }
}

export function remember(name: string, value: string): void {
  try {
    localStorage.setItem("ballast." + name, value);
  } catch {
    // It holds until the page is closed.
  }
}
