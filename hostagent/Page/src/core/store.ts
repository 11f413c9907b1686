// A value that others watch. State of the page lives in a few of these, each with one owner.

export interface Store<T> {
  readonly value: T;
  set(value: T): void;
  /** Calls `watch` now and at each change; gives back what ends that. */
  watch(watch: (value: T) => void): () => void;
}

export function store<T>(first: T): Store<T> {
  let value = first;
  const watchers = new Set<(value: T) => void>();
  return {
    get value() {
      return value;
    },
    set(next) {
      if (Object.is(next, value)) return;
      value = next;
      for (const watcher of [...watchers]) watcher(next);
    },
    watch(watcher) {
      watchers.add(watcher);
      watcher(value);
      return () => watchers.delete(watcher);
    },
  };
}
