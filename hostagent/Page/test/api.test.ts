import assert from "node:assert/strict";
import { test } from "node:test";
import { call, whenRefused } from "../src/core/api";

// A signal that counts who listens to it.
class Counted extends AbortController {
  listeners = 0;

  constructor() {
    super();
    const { addEventListener, removeEventListener } = this.signal;
    this.signal.addEventListener = (...given: Parameters<typeof addEventListener>) => {
      this.listeners++;
      addEventListener.apply(this.signal, given);
    };
    this.signal.removeEventListener = (...given: Parameters<typeof removeEventListener>) => {
      this.listeners--;
      removeEventListener.apply(this.signal, given);
    };
  }
}

function answer(status: number, body = "{}"): void {
  globalThis.fetch = async (_, init) => {
    if (init?.signal?.aborted) throw new DOMException("aborted", "AbortError");
    return new Response(body, { status });
  };
}

test("A view that asks for weeks leaves nothing behind at its signal", async () => {
  answer(200);
  const view = new Counted();
  for (let i = 0; i < 20; i++) assert.ok((await call("api/site", { signal: view.signal })).ok);
  assert.equal(view.listeners, 0);
});

test("Nothing is asked for a view that has been left", async () => {
  answer(200);
  const view = new AbortController();
  view.abort();
  const gone = await call("api/site", { signal: view.signal });
  assert.equal(gone.ok, false);
});

test("Who is no longer known, or no longer let, is looked up again", async () => {
  let asked = 0;
  whenRefused(() => asked++);
  for (const status of [200, 401, 403, 422, 503]) {
    answer(status);
    await call("api/site");
  }
  assert.equal(asked, 2);
});
