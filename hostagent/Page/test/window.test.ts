import assert from "node:assert/strict";
import { test } from "node:test";
import { PageSize, windows, type PageOf } from "../src/views/boards/window";

const Total = 30_000;

interface Asked {
  skip: number;
  signal: AbortSignal;
  answer(page: PageOf<string> | null): Promise<void>;
}

function host(): { asked: Asked[]; fetch: (skip: number, take: number, signal: AbortSignal) => Promise<PageOf<string> | null> } {
  const asked: Asked[] = [];
  return {
    asked,
    fetch: (skip, _take, signal) => new Promise((resolve) => asked.push({ skip, signal, answer: async (page) => {
      resolve(page);
      await new Promise((ok) => setTimeout(ok, 0));
    } })),
  };
}

const page = (skip: number, name = "row", matched = Total): PageOf<string> => ({ matched, rows: Array.from({ length: Math.min(PageSize, matched - skip) }, (_, i) => name + (skip + i)) });

test("Rows in sight are fetched by page, and the list has its full length", async () => {
  const { asked, fetch } = host();
  let changes = 0;
  const list = windows<string, PageOf<string>>(fetch, () => changes++);
  list.look(0, 40);
  assert.deepEqual(asked.map((a) => a.skip), [0]);
  await asked[0]!.answer(page(0));
  assert.equal(list.rows.length, Total);
  assert.equal(list.rows[199], "row199");
  assert.equal(list.rows[200], undefined);
  list.look(190, 40);
  assert.deepEqual(asked.map((a) => a.skip), [0, 200]);
  list.look(10, 40);
  assert.equal(asked.length, 2, "a page that is here is not fetched again");
  assert.equal(changes, 1);
});

test("What was scrolled past is aborted, and an answer that comes all the same changes nothing", async () => {
  const { asked, fetch } = host();
  const list = windows<string, PageOf<string>>(fetch, () => {});
  list.look(0, 40);
  await asked[0]!.answer(page(0));
  list.look(10_000, 40);
  list.look(20_000, 40);
  assert.equal(asked[1]!.signal.aborted, true);
  await asked[1]!.answer(page(10_000));
  assert.equal(list.rows[10_000], undefined);
  await asked[2]!.answer(page(20_000));
  assert.equal(list.rows[20_000], "row20000");
});

test("Another order keeps the old rows until the first page of the new ones is there", async () => {
  const { asked, fetch } = host();
  const list = windows<string, PageOf<string>>(fetch, () => {});
  list.look(0, 40);
  await asked[0]!.answer(page(0));
  list.restart();
  list.look(0, 40);
  assert.equal(list.rows[0], "row0");
  await asked[1]!.answer(page(0, "other", 3));
  assert.deepEqual([...list.rows], ["other0", "other1", "other2"]);
});

test("A refusal leaves the rows as they are, and pages far away are forgotten", async () => {
  const { asked, fetch } = host();
  const list = windows<string, PageOf<string>>(fetch, () => {});
  list.look(0, 40);
  await asked[0]!.answer(page(0));
  list.look(0, 40, true);
  await asked[1]!.answer(null);
  assert.equal(list.rows[0], "row0");
  for (let i = 1; i <= 20; i++) {
    list.look(i * 1000, 40);
    await asked[i + 1]!.answer(page(i * 1000));
  }
  assert.equal(list.rows[0], undefined);
  assert.equal(list.rows[20_000], "row20000");
});
