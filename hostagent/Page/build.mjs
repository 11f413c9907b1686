// Builds the page. dotnet build calls it; by hand:
//   node build.mjs build --out ../obj/page [--no-types]   bundles, hashes and compresses what the host embeds
//   node build.mjs check                                  type check and unit tests
// Works with Node.js 18 and later. Several builds at once wait for each other.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import zlib from "node:zlib";

const here = path.dirname(fileURLToPath(import.meta.url));
const modules = path.join(here, "node_modules");

const inputs = () => {
  const files = ["package.json", "package-lock.json", "tsconfig.json", "build.mjs"];
  const walk = (folder) => {
    for (const entry of fs.readdirSync(path.join(here, folder), { withFileTypes: true })) {
      const name = folder + "/" + entry.name;
      if (entry.isDirectory()) walk(name);
      else files.push(name);
    }
  };
  walk("src");
  return files.sort();
};

const digest = (files) => {
  const hash = createHash("sha256");
  for (const file of files) hash.update(file).update("\0").update(fs.readFileSync(path.join(here, file))).update("\0");
  return hash.digest("hex");
};

class Failure extends Error {}

// A folder is made by one process only. One that belongs to a process that is gone is taken over.
async function locked(folder, work) {
  fs.mkdirSync(folder, { recursive: true });
  const lock = path.join(folder, "lock");
  const owner = path.join(lock, "pid");
  for (let waited = 0; ; waited += 100) {
    try {
      fs.mkdirSync(lock);
      break;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
      if (waited > 300_000) throw new Failure(`Another build of the page has held ${lock} for five minutes: delete that folder if no build is running.`);
      if (abandoned(lock, owner)) fs.rmSync(lock, { recursive: true, force: true });
      else await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  try {
    fs.writeFileSync(owner, String(process.pid));
    return await work();
  } finally {
    fs.rmSync(lock, { recursive: true, force: true });
  }
}

function abandoned(lock, owner) {
  try {
    process.kill(Number(fs.readFileSync(owner, "utf8")), 0);
    return false;
  } catch (error) {
    if (error.code === "ESRCH") return true;
    // No owner's name yet: it is being made, unless that was long ago.
    try {
      return error.code === "ENOENT" && Date.now() - fs.statSync(lock).mtimeMs > 10_000;
    } catch {
      return false;
    }
  }
}

function run(command, args, what) {
  const result = spawnSync(command, args, { cwd: here, encoding: "utf8", shell: process.platform === "win32" && command === "npm" });
  if (result.error?.code === "ENOENT")
    throw new Failure(`${command} is missing: install Node.js 18 or later with npm (Debian: apt-get install nodejs npm).`);
  if (result.error) throw result.error;
  if (result.status !== 0) throw new Failure(`${what} failed:\n${result.stdout}${result.stderr}`.trimEnd());
  return result.stdout;
}

// Packages are installed again only when the lock file, or the machine's Node.js, is another one.
function install() {
  const wanted = digest(["package.json", "package-lock.json"]) + " " + process.platform + " " + process.arch;
  const mark = path.join(modules, ".ballast");
  if (fs.existsSync(mark) && fs.readFileSync(mark, "utf8") === wanted) return;
  // No package of the list needs its install script.
  run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], "npm ci (the packages of the page; it needs the npm registry once)");
  fs.writeFileSync(mark, wanted);
}

const types = () => run(process.execPath, [path.join(modules, "typescript/bin/tsc"), "--noEmit", "-p", "."], "The type check of the page");

const esbuild = async () => (await import(pathToFileURL(path.join(modules, "esbuild/lib/main.js")))).default;

// early is a script of the old kind: it holds up the first paint, and a module does not.
async function bundle(dist) {
  const made = {
    ...(await bundled(dist, { app: "src/main.ts", style: "src/styles/main.css", icon: "src/icon.svg" }, "esm")),
    ...(await bundled(dist, { early: "src/early.ts" }, "iife")),
  };
  const html = fs.readFileSync(path.join(here, "src/index.html"), "utf8").replace(/\{\{(.+?)\}\}/g, (_, name) => {
    if (!made[name]) throw new Failure(`src/index.html names ${name}, which is not built.`);
    return made[name];
  });
  fs.writeFileSync(path.join(dist, "index.html"), html);
}

// The files that entry points became, by their sources.
async function bundled(dist, entryPoints, format) {
  const result = await (await esbuild()).build({
    absWorkingDir: here,
    entryPoints,
    bundle: true,
    minify: true,
    format,
    target: ["es2022", "chrome100", "firefox102", "safari16"],
    loader: { ".svg": "copy", ".woff2": "file" },
    entryNames: "assets/[name]-[hash]",
    assetNames: "assets/[name]-[hash]",
    legalComments: "none",
    outdir: dist,
    metafile: true,
    logLevel: "silent",
  }).catch((error) => {
    throw new Failure("The bundle of the page failed:\n" + (error.errors ?? [error]).map((e) => (e.location ? `${e.location.file}(${e.location.line}): ` : "") + (e.text ?? e.message)).join("\n"));
  });
  const made = {};
  for (const [file, output] of Object.entries(result.metafile.outputs))
    if (output.entryPoint) made[output.entryPoint] = path.relative(dist, path.resolve(here, file)).replaceAll("\\", "/");
  return made;
}

function compress(folder) {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) compress(file);
    else if (!file.endsWith(".woff2")) {
      const bytes = fs.readFileSync(file);
      fs.writeFileSync(file + ".gz", zlib.gzipSync(bytes, { level: 9 }));
      fs.writeFileSync(file + ".br", zlib.brotliCompressSync(bytes));
    }
  }
}

async function build(out, withTypes) {
  await locked(out, async () => {
    const stamp = path.join(out, "stamp");
    const wanted = digest(inputs());
    if (fs.existsSync(stamp) && fs.readFileSync(stamp, "utf8") === wanted) {
      fs.utimesSync(stamp, new Date(), new Date());
      return;
    }
    install();
    if (withTypes) types();
    const fresh = path.join(out, "next");
    fs.rmSync(fresh, { recursive: true, force: true });
    await bundle(fresh);
    compress(fresh);
    fs.rmSync(path.join(out, "dist"), { recursive: true, force: true });
    fs.renameSync(fresh, path.join(out, "dist"));
    fs.writeFileSync(stamp, wanted);
  });
}

async function check() {
  const out = path.join(here, "../obj/page");
  await locked(out, async () => {
    install();
    types();
    // Node.js 18 reads no TypeScript: the tests are bundled first.
    const tests = path.join(out, "tests");
    fs.rmSync(tests, { recursive: true, force: true });
    const entryPoints = fs.readdirSync(path.join(here, "test")).filter((f) => f.endsWith(".test.ts")).map((f) => "test/" + f);
    await (await esbuild()).build({ absWorkingDir: here, entryPoints, bundle: true, platform: "node", format: "esm", target: "node18", outdir: tests, outExtension: { ".js": ".mjs" } });
    const files = entryPoints.map((f) => path.join(tests, path.basename(f).replace(/\.ts$/, ".mjs")));
    const result = spawnSync(process.execPath, ["--test", ...files], { cwd: here, stdio: "inherit" });
    if (result.status !== 0) throw new Failure("The unit tests of the page failed; see above.");
  });
}

const [command, ...rest] = process.argv.slice(2);
const at = rest.indexOf("--out");
try {
  if (Number(process.versions.node.split(".")[0]) < 18) throw new Failure(`Node.js ${process.versions.node} is too old for the page: it needs 18 or later.`);
  if (command === "build" && at >= 0 && rest[at + 1]) await build(path.resolve(rest[at + 1]), !rest.includes("--no-types"));
  else if (command === "check" && rest.length === 0) await check();
  else throw new Failure("usage: node build.mjs build --out FOLDER [--no-types] | node build.mjs check");
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  // MSBuild shows lines of this form as errors.
  console.error("page : error BALLAST01: " + error.message);
  process.exit(1);
}
