import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
import {
  formatSize,
  stripVTControlCharacters
} from "./chunk-MAGKRFWX.mjs";
import {
  DamagedEntry,
  claimsOf,
  formatVersion,
  hasZstd,
  mostLayers,
  narString,
  openEntry,
  piecesOf,
  readParts,
  seal,
  settleAll,
  sortByReferences,
  storeDirectory,
  writeEntry
} from "./chunk-P2O3J3TS.mjs";
import {
  Failure,
  freeMemory,
  hasCode,
  messageOf
} from "./chunk-IQWQOVRW.mjs";
import {
  __require
} from "./chunk-MPN7ELPR.mjs";

// src/lib/transport.ts
import { readFileSync } from "node:fs";

// src/lib/http-module.ts
function httpModuleFor({ protocol }) {
  return process.getBuiltinModule(protocol === "https:" ? "node:https" : "node:http");
}
function addressOf({ hostname, port }) {
  return { hostname: hostname.replaceAll(/[[\]]/g, ""), port };
}

// src/lib/http-timeout.ts
function timeoutError(what, limit, code = "ERR_TIMEOUT") {
  return Object.assign(new Error(`Timeout: ${what} after ${limit / 1e3} s`), { code });
}

// src/lib/is-loopback.ts
function isLoopback(host) {
  const name = host.replace(/:[0-9]+$/, "");
  return name === "localhost" || /^127(?:\.[0-9]{1,3}){3}$/.test(name) || name === "[::1]" || name.endsWith(".localhost");
}

// src/lib/proxy.ts
function proxyFor({ protocol, host, hostname, port }, env) {
  const name = protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY";
  const value = named(name, env);
  const target = { hostname, port: port || String(portOf(protocol)) };
  if (value === "" || isLoopback(host) || isExcepted(target, named("NO_PROXY", env))) return void 0;
  const url = value.includes("://") ? value : `http://${value}`;
  if (!/^https?:/i.test(url) || !URL.canParse(url))
    throw new Failure(`Cannot use ${name}: it is not a URL of a proxy. Give http://HOST:PORT.`);
  return new URL(url);
}
function named(name, env) {
  return env[name.toLowerCase()] ?? env[name] ?? "";
}
function isExcepted(target, noProxy) {
  if (noProxy === "*") return true;
  return noProxy.toLowerCase().split(/[,\s]+/).some((entry) => {
    const [, host = "", port = target.port] = /^(?:\*?\.)?(.+?)(?::(\d+))?$/.exec(entry) ?? [];
    return host !== "" && port === target.port && `.${target.hostname}`.endsWith(`.${host}`);
  });
}
function portOf(protocol) {
  return protocol === "https:" ? 443 : 80;
}
function openTunnel(proxy, target, agent) {
  const path = `${target.host.includes(":") ? `[${target.host}]` : target.host}:${target.port}`;
  return new Promise((resolve, reject) => {
    const asked = httpModuleFor(proxy).request({
      agent,
      ...addressOf(proxy),
      method: "CONNECT",
      path,
      headers: { host: path, ...proxyAuthorization(proxy) }
    });
    asked.on("connect", ({ statusCode }, socket) => {
      if (statusCode === 200) return resolve(socket);
      socket.destroy();
      reject(new Failure(`Cannot reach ${path}: the proxy ${proxy.host} said HTTP ${statusCode}.`));
    });
    asked.on("error", reject);
    asked.end();
  });
}
function proxyAuthorization({ username, password }) {
  const login = [username, password].map(decodeURIComponent).join(":");
  return login === ":" ? {} : { "proxy-authorization": `Basic ${Buffer.from(login).toString("base64")}` };
}

// src/lib/http-agent.ts
var longestConnecting = 1e4;
function openAgent(protocol, { insecure, ca, tunnel }) {
  const isTls = protocol === "https:";
  const { Agent } = httpModuleFor({ protocol });
  const agent = new Agent({
    keepAlive: true,
    ...isTls ? { rejectUnauthorized: !insecure } : {},
    ...ca === void 0 ? {} : { ca: [...ca] }
  });
  const connect = agent.createConnection;
  const open2 = (options) => limitConnecting(connect.call(agent, options), isTls);
  agent.createConnection = (options, callback) => {
    if (tunnel === void 0) return open2(options);
    const target = { host: String(options.host), port: Number(options.port) };
    const give = callback;
    openTunnel(tunnel.proxy, target, tunnel.agent).then((socket) => give(null, isTls ? open2({ ...options, socket }) : socket)).catch(give);
    return void 0;
  };
  return agent;
}
function limitConnecting(socket, isTls) {
  const giveUp = () => socket.destroy(timeoutError("not connected", longestConnecting, "ETIMEDOUT"));
  const timer = setTimeout(giveUp, longestConnecting);
  for (const end of [isTls ? "secureConnect" : "connect", "close"]) socket.once(end, () => clearTimeout(timer));
  return socket;
}

// src/lib/http-exchange.ts
function exchange(request, route, timeouts2) {
  const { url, body } = request;
  return new Promise((resolve, reject) => {
    const sent = openRequest(request, route);
    const giveUp = () => sent.destroy(timeoutError(`no answer of ${url.host}`, timeouts2.answer));
    const timer = setTimeout(giveUp, timeouts2.answer);
    let hasAnswer = false;
    sent.once("response", (answer) => {
      hasAnswer = true;
      clearTimeout(timer);
      answer.once("close", () => sent.writableFinished || sent.destroy());
      resolve(answer);
    });
    sent.once("error", (error) => {
      const wasIdle = sent.reusedSocket && hasCode(error, "ECONNRESET", "EPIPE");
      if (!wasIdle || hasAnswer || (body?.size ?? 0) > 0) return reject(reasonOf(error));
      for (const idle of Object.values(route.agent.freeSockets).flat()) idle?.destroy();
      resolve(exchange(request, route, timeouts2));
    });
    sent.on("error", () => {
    });
    sent.once("close", () => clearTimeout(timer));
    sendBody(sent, body, () => timer.refresh()).catch((error) => sent.destroy(error));
  });
}
function openRequest({ method, url, headers, body }, { agent, proxy }) {
  const server = proxy ?? url;
  return httpModuleFor(server).request({
    agent,
    ...addressOf(server),
    path: `${proxy === void 0 ? "" : url.origin}${url.pathname}${url.search}`,
    method,
    headers: {
      host: url.host,
      "user-agent": "nix-image-action",
      ...headers,
      ...proxy === void 0 ? {} : proxyAuthorization(proxy),
      ...body === void 0 ? {} : { "content-length": body.size }
    }
  });
}
function reasonOf(error) {
  return error instanceof AggregateError ? error.errors[0] : error;
}
async function sendBody(sent, body, onProgress) {
  let left = body?.size ?? 0;
  if (body === void 0 || left === 0) {
    sent.end();
    return;
  }
  let isOver = false;
  let wake = () => {
  };
  const stop = () => {
    isOver = true;
    wake();
  };
  sent.once("response", stop).once("close", stop);
  for await (const chunk of body.open()) {
    if (isOver) return;
    left -= chunk.length;
    if (left < 0) break;
    await new Promise((resolve) => {
      wake = resolve;
      const onTaken = (error) => error ? stop() : resolve();
      if (left === 0) sent.end(chunk, onTaken);
      else sent.write(chunk, onTaken);
    });
    if (isOver) return;
    onProgress();
  }
  if (left !== 0) throw new Error(`a body of ${body.size} bytes has ${body.size - left}`);
}

// src/lib/http-response.ts
function openResponse(answer, url, timeouts2) {
  const giveUp = () => answer.destroy(timeoutError(`no end of an answer of ${url.host}`, timeouts2.body));
  const bytes = async (limit) => {
    const chunks = [];
    let size = 0;
    const timer = setTimeout(giveUp, timeouts2.body);
    try {
      for await (const chunk of chunksOf(answer)) {
        chunks.push(chunk);
        size += chunk.length;
        if (size >= limit) break;
      }
    } finally {
      clearTimeout(timer);
    }
    return Buffer.concat(chunks).subarray(0, limit);
  };
  return {
    url,
    status: answer.statusCode ?? 0,
    header: (name) => answer.headersDistinct[name]?.join(", "),
    bytes,
    body: withPauses(answer, giveUp, timeouts2.body),
    async discard() {
      await bytes(1 << 20).catch(() => {
      });
    }
  };
}
function redirectOf({ status, header }) {
  return [301, 302, 303, 307, 308].includes(status) ? header("location") : void 0;
}
async function* withPauses(answer, giveUp, limit) {
  let timer = setTimeout(giveUp, limit);
  try {
    for await (const chunk of chunksOf(answer)) {
      clearTimeout(timer);
      yield chunk;
      timer = setTimeout(giveUp, limit);
    }
  } finally {
    clearTimeout(timer);
  }
}
async function* chunksOf(answer) {
  try {
    yield* answer;
  } catch (cause) {
    if (!hasCode(cause, "ECONNRESET", "ERR_STREAM_PREMATURE_CLOSE")) throw cause;
    throw Object.assign(new Error("the connection was closed before the end of an answer", { cause }), {
      code: "ECONNRESET"
    });
  }
}

// src/lib/transport.ts
var usualTimeouts = { answer: 3e5, body: 6e4 };
function openTransport({ insecureHosts, env, timeouts: timeouts2 = usualTimeouts }) {
  const agents = /* @__PURE__ */ new Map();
  let isClosed = false;
  const agentTo = ({ protocol }, insecure, proxy) => {
    const kind = `${protocol} ${insecure} ${proxy ?? ""}`;
    const known = agents.get(kind);
    if (known !== void 0) return known;
    const ca = protocol === "https:" ? readAuthorities(env.SSL_CERT_FILE) : void 0;
    const tunnel = proxy === void 0 ? void 0 : { proxy, agent: agentTo(proxy, false) };
    const agent = openAgent(protocol, { insecure, ca, tunnel });
    agents.set(kind, agent);
    return agent;
  };
  return {
    async send(request) {
      if (isClosed) throw new Error("The transport is closed.");
      const { url } = request;
      const proxy = proxyFor(url, env);
      const asked = url.protocol === "http:" ? proxy : void 0;
      const agent = asked === void 0 ? agentTo(url, insecureHosts.includes(url.host), proxy) : agentTo(asked, false);
      return openResponse(await exchange(request, { agent, proxy: asked }, timeouts2), url, timeouts2);
    },
    async close() {
      isClosed = true;
      for (const agent of agents.values()) agent.destroy();
    }
  };
}
function readAuthorities(file) {
  if (file === void 0 || file === "") return void 0;
  try {
    const tls = process.getBuiltinModule("node:tls");
    return [...tls.getCACertificates?.() ?? tls.rootCertificates, readFileSync(file, "utf8")];
  } catch (cause) {
    throw new Failure(`Cannot read SSL_CERT_FILE=${file}: ${messageOf(cause)}.`, { cause });
  }
}

// src/cache/choose-paths.ts
function choosePaths(candidates, choice) {
  const { maxSize = Number.POSITIVE_INFINITY, toolchain } = choice;
  const beside = chooseWithin(maxSize - totalSize(toolchain), candidates, choice);
  if (beside.evicted.every(({ isSubstitutable }) => isSubstitutable)) return { ...beside, toolchain };
  return { ...chooseWithin(maxSize, candidates, choice), toolchain: [] };
}
function chooseWithin(maxSize, candidates, { excludeSubstitutable, outputs }) {
  const substitutable = excludeSubstitutable ? candidates.filter(({ isSubstitutable }) => isSubstitutable) : [];
  const left = new Map(candidates.map((candidate) => [candidate.path, candidate]));
  for (const { path } of substitutable) left.delete(path);
  let size = totalSize([...left.values()]);
  const evicted = [];
  for (const next of leastUsefulFirst([...left.values()], outputs)) {
    if (size <= maxSize) break;
    for (const gone of withReferrers(next, left)) {
      left.delete(gone.path);
      evicted.push(gone);
      size -= gone.narSize;
    }
  }
  return { paths: [...left.values()], substitutable, evicted };
}
function totalSize(paths) {
  return paths.reduce((sum, { narSize }) => sum + narSize, 0);
}
function leastUsefulFirst(candidates, outputs) {
  const closure = closureOf(outputs, new Map(candidates.map((candidate) => [candidate.path, candidate])));
  const use = ({ path, isSubstitutable }) => isSubstitutable ? 0 : closure.has(path) ? 2 : 1;
  return candidates.toSorted((a, b) => use(a) - use(b) || b.narSize - a.narSize || (a.path < b.path ? -1 : 1));
}
function closureOf(paths, all) {
  const closure = /* @__PURE__ */ new Set();
  for (const rest = [...paths]; rest.length > 0; ) {
    const path = rest.pop();
    if (closure.has(path)) continue;
    closure.add(path);
    rest.push(...all.get(path)?.references ?? []);
  }
  return closure;
}
function withReferrers(candidate, left) {
  if (!left.has(candidate.path)) return [];
  if (candidate.isSubstitutable) return [candidate];
  const gone = /* @__PURE__ */ new Set([candidate]);
  for (const one of gone) {
    for (const other of left.values()) if (other.references.includes(one.path)) gone.add(other);
  }
  return [...gone];
}

// src/nix/binary-cache.ts
import { writeFile } from "node:fs/promises";
import { join as join3 } from "node:path";

// src/lib/process.ts
import { spawn } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { Readable, Writable } from "node:stream";
import { finished, pipeline } from "node:stream/promises";
var stderrKept = 65536;
async function runProgram(program, args, options = {}) {
  const child = spawn(program, args, {
    stdio: [options.input === void 0 ? "ignore" : "pipe", "pipe", "pipe"],
    ...options.cwd === void 0 ? {} : { cwd: options.cwd },
    ...options.env === void 0 ? {} : { env: options.env }
  });
  const exit = new Promise((resolve, reject) => {
    child.once("error", (cause) => reject(new Failure(`Cannot run ${program}: ${cause.message}.`, { cause })));
    child.once("close", (code2) => resolve(code2 ?? -1));
  });
  const stdout = [];
  let stderr = "";
  const lines = createInterface({ input: child.stderr, crlfDelay: Number.POSITIVE_INFINITY });
  lines.on("line", (line) => {
    stderr = `${stderr}${line}
`.slice(-stderrKept);
    options.onErrorLine?.(line);
  });
  const output = options.output ?? collectText(stdout);
  const streams = [
    pipeline(child.stdout, output),
    ...child.stdin === null ? [] : [feed(child.stdin, options.input ?? "")],
    finished(child.stderr, { cleanup: true })
  ];
  const settled = Promise.allSettled(streams);
  let code;
  try {
    code = await exit;
  } catch (error) {
    output.destroy();
    throw error;
  }
  const failed = (await settled).find((result) => result.status === "rejected");
  if (failed !== void 0 && code === 0) throw failed.reason;
  return { code, stdout: stdout.join(""), stderr };
}
function collectText(parts) {
  const decoder = new TextDecoder();
  return new Writable({
    write(chunk, _encoding, done) {
      parts.push(decoder.decode(chunk, { stream: true }));
      done();
    },
    final(done) {
      parts.push(decoder.decode());
      done();
    }
  });
}
async function feed(stdin, input) {
  const source = typeof input === "string" ? Readable.from(input === "" ? [] : [Buffer.from(input)]) : input;
  let isBroken = false;
  async function* watched() {
    try {
      yield* source;
    } catch (error) {
      isBroken = true;
      throw error;
    }
  }
  try {
    await pipeline(watched, stdin);
  } catch (error) {
    if (isBroken) throw error;
  }
}
function findProgram(program, env) {
  for (const directory of (env.PATH ?? "").split(delimiter).filter((part) => part !== "")) {
    const candidate = join(directory, program);
    if (isExecutable(candidate)) return candidate;
  }
  return void 0;
}
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

// src/nix/build.ts
import { randomUUID } from "node:crypto";
import { join as join2 } from "node:path";

// src/nix/build-log.ts
var tailLength = 25;
var levels = { error: 0, warning: 1, info: 3 };
var activities = { copyPath: 100, build: 105, substitute: 108, postBuildHook: 110 };
var results = { buildLogLine: 101, postBuildLogLine: 107 };
function createBuildLog() {
  return { derivations: /* @__PURE__ */ new Map(), tails: /* @__PURE__ */ new Map(), errors: [], plain: [], work: { built: 0, substituted: 0 } };
}
function readLogLine(log, line) {
  const event = parseEvent(line);
  if (event === void 0) {
    const text = stripVTControlCharacters(line);
    keepLast(log.plain, text);
    return { level: "info", text };
  }
  switch (event.action) {
    case "start":
      return readStart(log, event, parseId(line));
    case "stop":
      log.derivations.delete(parseId(line));
      return void 0;
    case "result":
      return readResult(log, event, parseId(line));
    case "msg":
      return readMessage(log, event);
    default:
      return void 0;
  }
}
function findFailedBuild(log) {
  for (const error of log.errors) {
    const { derivation, reason } = (failure.exec(error) ?? failureSince231.exec(error))?.groups ?? {};
    if (derivation === void 0 || reason === void 0) continue;
    return { derivation, reason, tail: log.tails.get(derivation) ?? [] };
  }
  return void 0;
}
var failure = /^builder for '(?<derivation>\S+\.drv)' (?<reason>failed [^;\n]+)/m;
var failureSince231 = /^Cannot build '(?<derivation>\S+\.drv)'\.\s+Reason: builder (?<reason>failed [^;\n]+?)\.?$/m;
function storePathName(path) {
  return path.replace(/^.*\/[0-9a-z]{32}-/, "").replace(/\.drv$/, "");
}
function parseEvent(line) {
  if (!line.startsWith("@nix ")) return void 0;
  try {
    const event = JSON.parse(line.slice("@nix ".length));
    return typeof event === "object" && event !== null ? event : void 0;
  } catch {
    return void 0;
  }
}
function parseId(line) {
  return /"id":(\d+)/.exec(line)?.[1] ?? "";
}
function textOf(value) {
  return typeof value === "string" ? stripVTControlCharacters(value) : "";
}
function fieldOf(event, index) {
  return Array.isArray(event.fields) ? textOf(event.fields[index]) : "";
}
function readStart(log, event, id) {
  const text = textOf(event.text);
  const path = fieldOf(event, 0);
  switch (event.type) {
    case activities.build: {
      log.derivations.set(id, path);
      log.work.built += 1;
      const machine = fieldOf(event, 1);
      return { level: "info", text: `building ${storePathName(path)}${machine === "" ? "" : ` on ${machine}`}` };
    }
    case activities.substitute:
      log.work.substituted += 1;
      return { level: "info", text: `fetching ${storePathName(path)} from ${fieldOf(event, 1)}` };
    case activities.copyPath:
      return void 0;
    case activities.postBuildHook:
      log.derivations.set(id, path);
  }
  const isTold = text !== "" && (isAtMost(event.level, levels.info) || text.startsWith("fetching "));
  return isTold ? { level: "info", text } : void 0;
}
function readResult(log, event, id) {
  const derivation = log.derivations.get(id);
  if (derivation === void 0) return void 0;
  const line = fieldOf(event, 0);
  const name = storePathName(derivation);
  switch (event.type) {
    case results.buildLogLine: {
      const tail = log.tails.get(derivation) ?? [];
      keepLast(tail, line);
      log.tails.set(derivation, tail);
      return { level: "info", text: `${name}> ${line}` };
    }
    case results.postBuildLogLine:
      return { level: "info", text: `${name} (post-build-hook)> ${line}` };
    default:
      return void 0;
  }
}
function readMessage(log, event) {
  const text = textOf(event.msg);
  if (event.level === levels.warning) return { level: "warning", text: text.replace(/^warning: /, "") };
  if (event.level === levels.error) {
    if (text.startsWith("error:")) log.errors.push(undent(text.slice("error:".length)));
    const warning = /^trace: (?:evaluation )?warning: (.*)$/s.exec(text)?.[1];
    if (warning !== void 0) return { level: "warning", text: warning };
  }
  return isAtMost(event.level, levels.info) ? { level: "info", text } : void 0;
}
function undent(text) {
  return text.replace(/^ {7}/gm, "").trim();
}
function isAtMost(level, limit) {
  return typeof level === "number" && level <= limit;
}
function keepLast(lines, line) {
  lines.push(line);
  if (lines.length > tailLength) lines.shift();
}

// src/nix/build.ts
var longestError = 4e3;
async function build(nix, inputs, host) {
  const log = createBuildLog();
  const { code, stdout } = await runProgram(
    nix.program,
    buildArguments(inputs, join2(host.temporary, `result-${randomUUID()}`)),
    {
      env: nix.env,
      cwd: host.directory,
      onErrorLine: (line) => {
        const said = readLogLine(log, line);
        if (said !== void 0) host.log[said.level](said.text);
      }
    }
  );
  const name = describeSpec(inputs.spec);
  if (code !== 0) throw new Failure(`Cannot build ${name}: ${explainFailure(log, code)}`);
  return { ...parseBuilt(stdout, name), work: log.work };
}
function buildArguments(inputs, link) {
  const output = ["--log-format", "internal-json", "--json", "--out-link", link];
  return ["build", ...features, ...output, ...specArguments(inputs)];
}
var features = ["--extra-experimental-features", "nix-command flakes"];
function specArguments({ spec, buildArgs, impure }) {
  return [
    ...impure ? ["--impure"] : [],
    ...spec.kind === "file" ? ["--file", spec.file] : [],
    ...buildArgs,
    "--",
    ...spec.kind === "installable" ? [spec.installable] : spec.attr === void 0 ? [] : [spec.attr]
  ];
}
function describeSpec(spec) {
  if (spec.kind === "installable") return spec.installable;
  return spec.attr === void 0 ? spec.file : `${spec.attr} of ${spec.file}`;
}
function explainFailure(log, code) {
  const failed = findFailedBuild(log);
  if (failed !== void 0) {
    const { derivation, reason, tail } = failed;
    return [
      `builder of '${storePathName(derivation)}' (${derivation}) ${reason}.`,
      ...tail.map((line) => `  ${line}`),
      `The whole log is above, or where it was built: nix log ${derivation}`
    ].join("\n");
  }
  const words = log.errors.length > 0 ? log.errors : log.plain;
  return words.length > 0 ? withoutMiddle(words.join("\n")) : `nix ended with exit code ${code} and no error message.`;
}
function withoutMiddle(text) {
  if (text.length <= longestError) return text;
  return `${text.slice(0, longestError / 2)}
\u2026
${text.slice(-longestError / 2)}`;
}
function parseBuilt(json, name) {
  const results2 = JSON.parse(json);
  const [result] = results2;
  if (results2.length !== 1) {
    throw new Failure(`Cannot build ${name}: it is ${results2.length} things, an image is one. Name one of them.`);
  }
  if (typeof result === "string") return { path: result };
  const { path, drvPath, outputs = {} } = result;
  const output = path ?? outputs.out ?? Object.values(outputs)[0];
  if (output === void 0) throw new Failure(`Cannot build ${name}: Nix names no output path in ${json.trim()}.`);
  return { path: output, ...drvPath === void 0 ? {} : { drvPath } };
}

// src/nix/binary-cache.ts
var pathsAtATime = 1e3;
function fetchingFrom(settings, { url, signingKey }) {
  const isBelieved = signingKey === void 0 && url.startsWith("file://");
  const nixConf = [
    // Behind the user's own lines, which may set substituters anew.
    ...settings.nixConf,
    `extra-substituters = ${isBelieved ? withParameter(url, "trusted", "true") : url}`,
    ...signingKey === void 0 ? [] : [`extra-trusted-public-keys = ${publicKeyOf(signingKey)}`]
  ];
  return { ...settings, nixConf };
}
function publicKeyOf(signingKey) {
  const [name, key = ""] = signingKey.split(":");
  return `${name}:${Buffer.from(key, "base64").subarray(32).toString("base64")}`;
}
async function copyToBinaryCache(paths, { url, signingKey }, { nix, directory }) {
  let target = withParameter(url, "compression", "zstd");
  if (signingKey !== void 0) {
    const file = join3(directory, "signing-key");
    await writeFile(file, signingKey, { mode: 384 });
    target = withParameter(target, "secret-key", file);
  }
  const copied = /* @__PURE__ */ new Set();
  for (let at = 0; at < paths.length; at += pathsAtATime) {
    const args = ["copy", ...features, "--to", target, "--", ...paths.slice(at, at + pathsAtATime)];
    const { code, stderr } = await runProgram(nix.program, args, { env: nix.env });
    if (code !== 0) throw new Failure(`nix copy --to ${url} failed: ${reasonIn(stderr)}`);
    for (const [, path = ""] of stderr.matchAll(/^copying path '(.+?)' to /gm)) copied.add(path);
  }
  return copied;
}
function reasonIn(stderr) {
  const [, reason = stderr] = /.*error: (.*)/s.exec(stderr) ?? [];
  return reason.replace(/\s+/g, " ").trim();
}
function withParameter(url, name, value) {
  const [, query = ""] = /\?(.*)$/.exec(url) ?? [];
  if (new URLSearchParams(query).has(name)) return url;
  return `${url}${query === "" && !url.endsWith("?") ? "?" : query === "" ? "" : "&"}${name}=${value}`;
}

// src/nix/database.ts
import { readFileSync as readFileSync2 } from "node:fs";
import { join as join4 } from "node:path";
var knownSchema = "10";
function readHashesInDatabase({ env }, paths) {
  if (!hasQuietSqlite()) return void 0;
  if (!["", "auto", "daemon", "local"].includes(env.NIX_REMOTE ?? "")) return void 0;
  const directory = join4(env.NIX_STATE_DIR || "/nix/var/nix", "db");
  try {
    if (readFileSync2(join4(directory, "schema"), "utf8").trim() !== knownSchema) return void 0;
    return queryHashes(join4(directory, "db.sqlite"), paths);
  } catch {
    return void 0;
  }
}
function hasQuietSqlite() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  return major > 24 || major === 24 && minor >= 15;
}
function queryHashes(file, paths) {
  const { DatabaseSync } = process.getBuiltinModule("node:sqlite");
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const query = database.prepare("SELECT hash FROM ValidPaths WHERE path = ?");
    const hashes = paths.map((path) => String(query.get(path)?.hash ?? ""));
    return hashes.includes("") ? void 0 : hashes;
  } finally {
    database.close();
  }
}

// src/nix/store.ts
import { access, constants as constants2 } from "node:fs/promises";
import { dirname, join as join5 } from "node:path";
var pathsAtATime2 = 1e3;
async function listValidPaths(nix) {
  const { code, stdout, stderr } = await runProgram(nix.program, ["path-info", ...features, "--all"], { env: nix.env });
  if (code !== 0) throw new Failure(`Cannot list the store: ${stderr.trim()}`);
  return new Set(linesOf(stdout));
}
async function findInvalidPaths(nix, paths) {
  return new Set(await askStore(nix, ["--check-validity", "--print-invalid"], paths));
}
async function readRequisites(nix, paths) {
  return new Set(await askStore(nix, ["--query", "--requisites", "--include-outputs"], paths));
}
async function readFlakeInputs(nix, { spec }, directory) {
  if (spec.kind === "file") return [];
  const flake = spec.installable.split("#")[0] || ".";
  const args = ["flake", "archive", ...features, "--json", "--dry-run", "--no-write-lock-file", "--", flake];
  const { code, stdout, stderr } = await runProgram(nix.program, args, { env: nix.env, cwd: directory });
  if (code !== 0) throw new Failure(`Cannot list the inputs of ${describeSpec(spec)}: ${stderr.trim()}`);
  return inputsBelow(JSON.parse(stdout)).flatMap(({ path }) => path === void 0 ? [] : [path]);
}
function inputsBelow({ inputs = {} }) {
  return Object.values(inputs).flatMap((input) => [input, ...inputsBelow(input)]);
}
async function ownsStore(nix) {
  if (!["auto", "local"].includes(await readStoreSetting(nix))) return false;
  try {
    for (const path of ["/nix/store", "/nix/var/nix", "/nix/var/nix/db"]) await access(path, constants2.W_OK);
    return true;
  } catch {
    return false;
  }
}
async function readStoreSetting({ program, env }) {
  for (const command of [["show-config"], ["config", "show"]]) {
    const { code, stdout } = await runProgram(program, [...command, ...features, "--json"], { env });
    if (code === 0) return JSON.parse(stdout).store.value;
  }
  throw new Failure("Cannot ask Nix which store it uses.");
}
async function registerPaths(nix, registration) {
  await feedStore(nix, "--load-db", registration);
}
async function importPaths(nix, stream) {
  try {
    await feedStore(nix, "--import", stream);
  } catch (cause) {
    if (!/lacks a (valid )?signature/.test(messageOf(cause))) throw cause;
    throw new Failure("the store's daemon takes them from trusted users only. Add this one to its trusted-users", {
      cause
    });
  }
}
async function substitutePaths(nix, paths) {
  try {
    await askStore(nix, ["--realise"], paths);
    return true;
  } catch {
    return false;
  }
}
async function keepPaths(nix, paths, directory) {
  for (let at = 0; at < paths.length; at += pathsAtATime2) {
    const root = join5(directory, `kept-${at}`);
    await askStore(nix, ["--realise", "--add-root", root, "--indirect"], paths.slice(at, at + pathsAtATime2));
  }
}
async function feedStore(nix, command, input) {
  const { code, stderr } = await runProgram(storeProgram(nix), [command], { env: nix.env, input });
  if (code !== 0) throw new Failure(`nix-store ${command} failed: ${stderr.trim()}`);
}
async function askStore(nix, command, paths) {
  const answers = [];
  for (let at = 0; at < paths.length; at += pathsAtATime2) {
    const args = [...command, ...paths.slice(at, at + pathsAtATime2)];
    const { code, stdout, stderr } = await runProgram(storeProgram(nix), args, { env: nix.env });
    if (code !== 0) throw new Failure(`nix-store ${command[0]} failed: ${stderr.trim()}`);
    answers.push(...linesOf(stdout));
  }
  return answers;
}
function storeProgram(nix) {
  return join5(dirname(nix.program), "nix-store");
}
function linesOf(text) {
  return text.split("\n").filter((line) => line !== "");
}

// src/nix/closure.ts
var pathsAtATime3 = 1e3;
function readClosure(nix, paths) {
  return readPathInfos(nix, paths, ["--recursive"]);
}
function readRegistrations(nix, paths) {
  return readPathInfos(nix, paths, []);
}
async function readNarHashes(nix, paths) {
  const hashes = readHashesInDatabase(nix, paths) ?? await askForHashes(nix, paths);
  return new Map(paths.map((path, i) => [path, parseNarHash(hashes[i] ?? "", path)]));
}
async function askForHashes(nix, paths) {
  try {
    return await askStore(nix, ["--query", "--hash"], paths);
  } catch (cause) {
    throw new Failure(`Cannot ask Nix about the paths of the image: ${messageOf(cause)}`, { cause });
  }
}
async function readPathInfos(nix, paths, options) {
  const infos = /* @__PURE__ */ new Map();
  const isDerivation = (path) => path.endsWith(".drv");
  for (const [some, more] of [
    [paths.filter((path) => !isDerivation(path)), options],
    // To Nix before 2.15 a derivation stands for its outputs, unless it is told otherwise.
    [paths.filter(isDerivation), [...options, "--derivation"]]
  ]) {
    for (let at = 0; at < some.length; at += pathsAtATime3) {
      const json = await pathInfo(nix, [...more, "--", ...some.slice(at, at + pathsAtATime3)]);
      for (const [path, info] of entriesOf(JSON.parse(json))) infos.set(path, parsePathInfo(path, info));
    }
  }
  return new Map([...infos].sort(([a], [b]) => a < b ? -1 : 1));
}
async function pathInfo(nix, args) {
  const run = (format) => runProgram(nix.program, ["path-info", ...features, "--json", ...format, ...args], { env: nix.env });
  let result = await run([]);
  if (result.code !== 0 && result.stderr.includes("--json-format")) result = await run(["--json-format", "1"]);
  if (result.code === 0) return result.stdout;
  throw new Failure(`Cannot ask Nix about the paths of the image: ${result.stderr.trim()}`);
}
function entriesOf(json) {
  if (Array.isArray(json)) return json.map((info) => [info.path, info]);
  return Object.entries(json);
}
function parsePathInfo(path, info) {
  const { narHash, narSize, references, deriver, signatures, ultimate } = info ?? {};
  if (narHash === void 0 || narSize === void 0 || references === void 0) {
    throw new Failure(`Cannot use ${path}: it is not in the store. Build it again.`);
  }
  return {
    narHash: parseNarHash(narHash, path),
    narSize,
    references,
    // Nix 2.8 omits it where it is unknown, newer ones say null.
    ...deriver === void 0 || deriver === null ? {} : { deriver },
    isSubstitutable: ultimate !== true && (signatures ?? []).length > 0
  };
}
function parseNarHash(text, path) {
  const digits = /^sha256[:-]([0-9a-zA-Z+/]+=*)$/.exec(text)?.[1] ?? "";
  const hex = digits.length === 64 ? digits : digits.length === 52 ? fromBase32(digits) : fromBase64(digits);
  if (/^[0-9a-f]{64}$/.test(hex)) return `sha256:${hex}`;
  throw new Failure(`Cannot use ${path}: its NAR hash "${text}" is no SHA-256 in a form that this program knows.`);
}
function fromBase64(digits) {
  return Buffer.from(digits, "base64").toString("hex");
}
function fromBase32(digits) {
  const alphabet = "0123456789abcdfghijklmnpqrsvwxyz";
  const bytes = Buffer.alloc(32);
  for (let i = 0; i < digits.length; i++) {
    const digit = alphabet.indexOf(digits[digits.length - 1 - i]);
    if (digit < 0) return "";
    const at = i * 5 >> 3;
    const shifted = digit << (i * 5 & 7);
    bytes[at] = bytes[at] | shifted;
    if (at < 31) bytes[at + 1] = shifted >> 8;
  }
  return bytes.toString("hex");
}

// src/nix/settings.ts
import { randomUUID as randomUUID2 } from "node:crypto";
import { mkdir, rename, writeFile as writeFile2 } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname as dirname2, join as join6 } from "node:path";

// src/nix/is-there.ts
import { access as access2 } from "node:fs/promises";
async function isThere(path) {
  try {
    await access2(path);
    return true;
  } catch {
    return false;
  }
}

// src/nix/as-root.ts
async function canBeRoot(host) {
  if (process.getuid?.() === 0) return true;
  const sudo = findProgram("sudo", host.env);
  return sudo !== void 0 && (await runProgram(sudo, ["-n", "true"], { env: host.env })).code === 0;
}
async function runAsRoot(command, host) {
  const [program = "", ...args] = process.getuid?.() === 0 ? command : ["sudo", "-n", ...command];
  const { code, stderr } = await runProgram(program, args, { env: host.env });
  if (code === 0) return;
  throw new Failure(`Cannot run "${command.join(" ")}" as root: ${stderr.trim()} (exit code ${code}).`);
}

// src/nix/sandbox.ts
var namespaces = ["--user", "--map-root-user", "--mount", "--pid", "--fork", "--mount-proc"];
async function openSandbox(host) {
  const unshare = findProgram("unshare", host.env);
  if (unshare === void 0) return void 0;
  const isAllowed = async () => (await runProgram(unshare, [...namespaces, "true"], { env: host.env })).code === 0;
  if (await isAllowed()) return true;
  if (!host.isDisposable || !await canBeRoot(host)) return false;
  try {
    await runAsRoot(["sysctl", "-w", "kernel.apparmor_restrict_unprivileged_userns=0"], host);
  } catch {
    return false;
  }
  return isAllowed();
}

// src/nix/settings.ts
var ownDirectory = "/nix/var/nix-image-action";
var ownRoot = "/nix/var/nix/gcroots/nix-image-action";
var ownProgram = join6(ownRoot, "bin/nix");
var packagedProgram = "/usr/bin/nix";
var ownCertificates = "/nix/var/nix/gcroots/nix-image-action-certificates";
var ownSettings = join6(ownDirectory, "nix.conf");
function withNixConfig(env, settings) {
  const { githubToken, githubHost = "github.com" } = settings;
  const lines = [
    ...env.NIX_CONFIG ? [env.NIX_CONFIG] : [],
    // With "extra-" a token that the user's own settings have for this host stays the one in force.
    ...githubToken === void 0 ? [] : [`extra-access-tokens = ${githubHost}=${githubToken}`],
    ...linesOf2(settings)
  ];
  return lines.length === 0 ? env : { ...env, NIX_CONFIG: lines.join("\n") };
}
function linesOf2({ substituters = [], trustedPublicKeys = [], builders = [], nixConf }) {
  return [
    ...substituters.length === 0 ? [] : [`extra-substituters = ${substituters.join(" ")}`],
    ...trustedPublicKeys.length === 0 ? [] : [`extra-trusted-public-keys = ${trustedPublicKeys.join(" ")}`],
    ...builders.length === 0 ? [] : [`builders = ${builders.join(" ; ")}`],
    ...nixConf
  ];
}
async function isOwnInstallation(program) {
  return [ownProgram, packagedProgram].includes(program) && await isThere(ownSettings);
}
async function exportInstallation(program, settings, host) {
  const lines = ["build-users-group =", ...await sandboxLines(settings, host), ...linesOf2(settings), ""];
  await replaceFile(ownSettings, lines.join("\n"));
  const files = userSettings(host.env).filter((file) => file !== ownSettings);
  host.exportVariable("NIX_USER_CONF_FILES", [ownSettings, ...files].join(":"));
  const bundle = join6(ownCertificates, "etc/ssl/certs/ca-bundle.crt");
  if (!host.env.NIX_SSL_CERT_FILE && !await isThere("/etc/ssl/certs/ca-certificates.crt") && await isThere(bundle)) {
    host.exportVariable("NIX_SSL_CERT_FILE", bundle);
  }
  if (program === ownProgram && findProgram("nix", host.env) !== ownProgram) host.addPath(dirname2(ownProgram));
}
async function sandboxLines({ nixConf }, host) {
  if (nixConf.some((line) => /^sandbox\s*=/.test(line))) return [];
  const isAllowed = await openSandbox(host);
  if (isAllowed === void 0) return [];
  if (!isAllowed) {
    host.log.notice(
      "Builds are not sandboxed here: the kernel refuses namespaces to this user. They see the files of this machine and its network; see docs/toolchain.md."
    );
  }
  return [`sandbox = ${isAllowed}`];
}
function userSettings(env) {
  if (env.NIX_USER_CONF_FILES) return env.NIX_USER_CONF_FILES.split(":");
  const home = env.XDG_CONFIG_HOME || join6(env.HOME || homedir(), ".config");
  return [home, ...(env.XDG_CONFIG_DIRS || "/etc/xdg").split(":")].map((directory) => join6(directory, "nix/nix.conf"));
}
async function replaceFile(path, text) {
  await mkdir(dirname2(path), { recursive: true });
  const temporary = `${path}.${randomUUID2()}`;
  await writeFile2(temporary, text, { mode: 384 });
  await rename(temporary, path);
}

// src/nix/toolchain.ts
import { readlink } from "node:fs/promises";
import { homedir as homedir2 } from "node:os";
import { dirname as dirname4, join as join10 } from "node:path";

// src/nix/install.ts
import { createReadStream as createReadStream2 } from "node:fs";
import { open } from "node:fs/promises";
import { join as join9 } from "node:path";

// src/nix/adopt.ts
import { randomUUID as randomUUID3 } from "node:crypto";
import { createReadStream } from "node:fs";
import { chmod, lstat, mkdir as mkdir2, readdir as readdir3, rename as rename2, symlink } from "node:fs/promises";
import { dirname as dirname3, join as join8 } from "node:path";

// src/nix/nix-directory.ts
import { access as access3, constants as constants3, readdir } from "node:fs/promises";
var nixDirectory = "/nix";
var storeDirectory2 = "/nix/store";
var stateDirectory = "/nix/var/nix";
async function prepareNixDirectory(host) {
  const owner = `${process.getuid?.()}:${process.getgid?.()}`;
  if (!await isThere(nixDirectory)) {
    if (!await canBeRoot(host)) {
      throw new Failure(
        `Cannot create /nix: this user is not root and there is no sudo that asks for no password. Before this step, as root: mkdir /nix && chown ${owner} /nix`
      );
    }
    await runAsRoot(["mkdir", "-p", nixDirectory], host);
    await runAsRoot(["chown", owner, nixDirectory], host);
  }
  const refused = await findUnwritable();
  if (refused === void 0) return;
  if (refused.isEmpty && await canBeRoot(host)) return runAsRoot(["chown", owner, nixDirectory], host);
  throw new Failure(
    `Cannot install Nix: ${refused.path} is there and not writable. Before this step, as root: chown -R ${owner} /nix`,
    { cause: refused.cause }
  );
}
async function findUnwritable() {
  for (const path of [nixDirectory, storeDirectory2, "/nix/var", stateDirectory]) {
    try {
      await access3(path, constants3.W_OK);
    } catch (cause) {
      if (hasCode(cause, "ENOENT")) continue;
      const isEmpty = hasCode(cause, "EACCES") && path === nixDirectory && (await readdir(path)).length === 0;
      return { path, cause, isEmpty };
    }
  }
  return void 0;
}

// src/nix/nix-version.ts
function parseNixVersion(output) {
  return /^nix \(.+\) (\d+\.\d\S*)$/m.exec(output)?.[1];
}
function compareVersions(a, b) {
  const [left, right] = [a, b].map((version) => version.split(".").map((part) => Number.parseInt(part, 10) || 0));
  for (let index = 0; index < 3; index++) {
    const difference = (left?.[index] ?? 0) - (right?.[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
async function readNixVersion(program, env) {
  const { code, stdout, stderr } = await runProgram(program, ["--version"], { env });
  const version = code === 0 ? parseNixVersion(stdout) : void 0;
  if (version !== void 0) return version;
  throw new Failure(
    `Cannot use ${program}: its --version said "${(stdout + stderr).trim().slice(0, 500)}" (exit code ${code}). Repair that Nix or take it off PATH.`
  );
}

// src/nix/unpack-directory.ts
import { mkdtemp, readdir as readdir2, rm, stat } from "node:fs/promises";
import { join as join7 } from "node:path";
var prefix = ".nix-image-action-";
var staleAge = 24 * 60 * 60 * 1e3;
function makeUnpackDirectory() {
  return mkdtemp(join7(nixDirectory, prefix));
}
async function removeUnpacked(directory, host) {
  await runProgram("chmod", ["-R", "u+w", directory], { env: host.env });
  await rm(directory, { recursive: true, force: true });
}
async function removeStale(host) {
  try {
    for (const name of await readdir2(nixDirectory)) {
      const path = join7(nixDirectory, name);
      if (!name.startsWith(prefix) || host.now() - (await stat(path)).mtimeMs < staleAge) continue;
      await removeUnpacked(path, host);
      host.log.info(`Removed ${path}, which a run left that was cut short`);
    }
  } catch (error) {
    host.log.debug(`What is stale in ${nixDirectory} stays: ${messageOf(error)}`);
  }
}

// src/nix/adopt.ts
async function adoptRelease(directory, release, host) {
  const store = join8(directory, "store");
  const names = (await readdir3(store)).sort();
  const candidates = names.filter((name) => name.endsWith(`-nix-${release.version}`));
  if (candidates.length === 0) throw withoutNix(release);
  await makeReadOnly(
    names.map((name) => join8(store, name)),
    host
  );
  await mkdir2(storeDirectory2, { recursive: true });
  await mkdir2(stateDirectory, { recursive: true });
  const moved = [];
  let nix;
  try {
    for (const name of names) {
      const to = join8(storeDirectory2, name);
      if (await moveStorePath(join8(store, name), to)) moved.push(to);
    }
    nix = await findNixPath(candidates);
    if (nix === void 0) throw withoutNix(release);
    await requireVersion(nix, release, host);
    await register(nix, join8(directory, ".reginfo"), host);
  } catch (error) {
    for (const path of moved) await removeUnpacked(path, host);
    throw error;
  }
  await linkCertificates(names);
  await replaceLink(nix, ownRoot);
}
async function makeReadOnly(paths, host) {
  const { code, stderr } = await runProgram("chmod", ["-R", "a-w", ...paths], { env: host.env });
  if (code !== 0) throw new Failure(`Cannot install Nix: chmod failed: ${stderr.trim()} (exit code ${code}).`);
}
async function moveStorePath(from, to) {
  const isDirectory = (await lstat(from)).isDirectory();
  if (isDirectory) await chmod(from, 493);
  try {
    await rename2(from, to);
  } catch (error) {
    if (hasCode(error, "ENOTEMPTY", "EEXIST")) return false;
    throw error;
  }
  if (isDirectory) await chmod(to, 365);
  return true;
}
async function findNixPath(names) {
  for (const name of names) {
    const path = join8(storeDirectory2, name);
    if (isExecutable(join8(path, "bin/nix"))) return path;
  }
  return void 0;
}
function withoutNix({ version, url }) {
  return new Failure(`Cannot install Nix ${version}: ${url} holds no store path with its bin/nix.`);
}
async function requireVersion(nix, { version }, host) {
  const found = await readNixVersion(join8(nix, "bin/nix"), host.env);
  if (found !== version) throw new Failure(`Cannot install Nix ${version}: ${nix} says that it is Nix ${found}.`);
}
async function register(nix, registration, host) {
  const program = join8(nix, "bin/nix-store");
  const { code, stderr } = await runProgram(program, ["--load-db"], {
    env: host.env,
    input: createReadStream(registration)
  });
  if (code !== 0) throw new Failure(`Cannot register Nix in ${storeDirectory2}: ${stderr.trim()} (exit code ${code}).`);
}
async function linkCertificates(names) {
  for (const name of names) {
    const path = join8(storeDirectory2, name);
    if (await isThere(join8(path, "etc/ssl/certs/ca-bundle.crt"))) return replaceLink(path, ownCertificates);
  }
}
async function replaceLink(target, link) {
  await mkdir2(dirname3(link), { recursive: true });
  const temporary = `${link}.${randomUUID3()}`;
  await symlink(target, temporary);
  await rename2(temporary, link);
}

// src/lib/retry.ts
import { setTimeout as sleep } from "node:timers/promises";
var tries = 5;
var usualWaits = { first: 500, longest: 6e4 };
async function retry(body, options) {
  const { waitFor, onRetry, waits = usualWaits } = options;
  for (let tried = 1; ; tried++) {
    try {
      return await body();
    } catch (error) {
      const asked = tried < tries ? waitFor(error) : void 0;
      if (asked === void 0) throw error;
      const ours = waits.first * 2 ** (tried - 1) * (0.5 + Math.random());
      const wait = Math.round(Math.min(Math.max(asked, ours), waits.longest));
      onRetry(error, wait);
      await sleep(wait);
    }
  }
}
var brokenConnection = /^(ECONNRESET|ECONNREFUSED|ECONNABORTED|EPIPE|ETIMEDOUT|ERR_TIMEOUT|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN|HPE_\w+)$/;
function isBrokenConnection(error) {
  if (!(error instanceof Error)) return false;
  const { code } = error;
  return code !== void 0 && brokenConnection.test(code);
}

// src/nix/download.ts
var timeouts = { answer: 3e4, body: 3e4 };
var mostRedirects = 5;
var HttpError = class extends Error {
  name = "HttpError";
  status;
  constructor(status) {
    super(`the server said HTTP ${status}`);
    this.status = status;
  }
};
async function* download(url, { env, ...options }) {
  const transport = openTransport({ insecureHosts: [], env, timeouts });
  let received = 0;
  let chunks;
  const next = async () => {
    try {
      chunks ??= await openFrom(url, received, transport);
      return await chunks.next();
    } catch (error) {
      chunks = void 0;
      throw error;
    }
  };
  const waitFor = (error) => mayPass(error) && (received > 0 || !isUnreachable(error)) ? 0 : void 0;
  try {
    for (; ; ) {
      const { done, value } = await retry(next, { waitFor, ...options });
      if (done) return;
      received += value.length;
      yield value;
    }
  } finally {
    await transport.close();
  }
}
function isUnreachable(error) {
  return hasCode(error, "ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "ETIMEDOUT");
}
function mayPass(error) {
  if (error instanceof HttpError) return error.status >= 500 || [408, 429].includes(error.status);
  return isBrokenConnection(error);
}
async function openFrom(url, start, transport) {
  const response = await follow(new URL(url), start === 0 ? {} : { range: `bytes=${start}-` }, transport);
  const { status, body } = response;
  if (status === 206 && response.header("content-range")?.startsWith(`bytes ${start}-`)) {
    return body[Symbol.asyncIterator]();
  }
  if (status === 200) return withoutStart(body, start);
  await response.discard();
  throw new HttpError(status);
}
async function follow(start, headers, transport) {
  let url = start;
  for (let hops = 0; ; hops++) {
    const response = await transport.send({ method: "GET", url, headers });
    const location = redirectOf(response);
    if (location === void 0 || hops === mostRedirects) return response;
    await response.discard();
    url = new URL(location, url);
  }
}
async function* withoutStart(chunks, size) {
  let left = size;
  for await (const chunk of chunks) {
    if (left < chunk.length) yield chunk.subarray(left);
    left = Math.max(0, left - chunk.length);
  }
}

// src/nix/releases.json
var releases_default = {
  "2.35.1": {
    "x86_64-linux": "c3fe29778acaa93b5095ee66e36f11ec7c6a284c40970a24cc83ac4f04809db3",
    "aarch64-linux": "79b739996f1751573b4d2b56e4ae607855184c711f2cc1274fa0952a13d4bfc9"
  },
  "2.34.7": {
    "x86_64-linux": "eafe5042404e818505e28c5ca3d0885f3ec45c31f955489a25bb38258f87560e",
    "aarch64-linux": "f1cee64ae7a02330c6421924c28f597c41813f2214ff108622087d8056378b08"
  },
  "2.28.3": {
    "x86_64-linux": "85d1847d06d5d56167796d3f61cd992908de84584db3e700da031a782b59ea22",
    "aarch64-linux": "3dffb118772382e35526806fb97acc05df7ad6dc29dbe52b921b77e52e39f571"
  }
};

// src/nix/release.ts
var checksums = releases_default;
function chooseRelease(inputs, system) {
  const version = inputs.nixVersion ?? newestVersion();
  if (!/^\d+\.\d[0-9A-Za-z.]*$/.test(version)) {
    throw new Failure(`Cannot install Nix "${version}": nix-version has to be a version such as ${newestVersion()}.`);
  }
  const base = parseBase(inputs.nixUrl ?? "https://releases.nixos.org/nix");
  return {
    version,
    url: `${base}/nix-${version}/nix-${version}-${system}.tar.xz`,
    sha256: chooseChecksum(inputs.nixSha256, version, system)
  };
}
function releaseName({ version, sha256 }) {
  return `nix${version}-${sha256.slice(0, 8)}`;
}
function newestVersion() {
  return Object.keys(checksums).reduce((newest2, version) => compareVersions(newest2, version) < 0 ? version : newest2);
}
function parseBase(url) {
  const protocol = URL.canParse(url) ? new URL(url).protocol : "";
  if (protocol === "https:" || protocol === "http:") return url.replace(/\/+$/, "");
  throw new Failure(`Cannot install Nix from "${url}": nix-url has to be an http or https URL.`);
}
function chooseChecksum(given, version, system) {
  if (given !== void 0 && !/^[0-9a-fA-F]{64}$/.test(given)) {
    throw new Failure(`Cannot check Nix ${version} against "${given}": nix-sha256 has to be 64 hexadecimal digits.`);
  }
  const sha256 = given ?? checksums[version]?.[system];
  if (sha256 !== void 0) return sha256.toLowerCase();
  throw new Failure(
    `Cannot install Nix ${version} for ${system}: its checksum is not known here. Set nix-sha256 to the SHA-256 of nix-${version}-${system}.tar.xz, or nix-version to one of ${Object.keys(checksums).join(", ")}.`
  );
}

// src/nix/system.ts
var architectures = { x64: "x86_64", arm64: "aarch64" };
function installableSystem(platform, arch) {
  const architecture = architectures[arch];
  if (platform === "linux" && architecture !== void 0) return `${architecture}-linux`;
  throw new Failure(`Cannot install Nix on ${platform} (${arch}). ${adviceFor(platform)}`);
}
function adviceFor(platform) {
  if (platform === "win32") return "There is no Nix for Windows: use a Linux runner, or run the command in WSL.";
  if (platform === "darwin") {
    return "A Nix that is there is used on macOS: install it before this step, and give builders for images of Linux. Or use a Linux runner.";
  }
  return "Linux on x86_64 and aarch64 has releases. Here, install Nix 2.8 or newer before this step.";
}

// src/nix/unpack.ts
import { createHash } from "node:crypto";

// src/lib/decompress.ts
import { PassThrough } from "node:stream";
import { pipeline as pipeline2 } from "node:stream/promises";
import { createGunzip } from "node:zlib";

// node_modules/fzstd/esm/index.mjs
var ab = ArrayBuffer;
var u8 = Uint8Array;
var u16 = Uint16Array;
var i16 = Int16Array;
var i32 = Int32Array;
var slc = function(v, s, e) {
  if (u8.prototype.slice)
    return u8.prototype.slice.call(v, s, e);
  if (s == null || s < 0)
    s = 0;
  if (e == null || e > v.length)
    e = v.length;
  var n = new u8(e - s);
  n.set(v.subarray(s, e));
  return n;
};
var fill = function(v, n, s, e) {
  if (u8.prototype.fill)
    return u8.prototype.fill.call(v, n, s, e);
  if (s == null || s < 0)
    s = 0;
  if (e == null || e > v.length)
    e = v.length;
  for (; s < e; ++s)
    v[s] = n;
  return v;
};
var cpw = function(v, t, s, e) {
  if (u8.prototype.copyWithin)
    return u8.prototype.copyWithin.call(v, t, s, e);
  if (s == null || s < 0)
    s = 0;
  if (e == null || e > v.length)
    e = v.length;
  while (s < e) {
    v[t++] = v[s++];
  }
};
var ec = [
  "invalid zstd data",
  "window size too large (>2046MB)",
  "invalid block type",
  "FSE accuracy too high",
  "match distance too far back",
  "unexpected EOF"
];
var err = function(ind, msg, nt) {
  var e = new Error(msg || ec[ind]);
  e.code = ind;
  if (Error.captureStackTrace)
    Error.captureStackTrace(e, err);
  if (!nt)
    throw e;
  return e;
};
var rb = function(d, b, n) {
  var i = 0, o = 0;
  for (; i < n; ++i)
    o |= d[b++] << (i << 3);
  return o;
};
var b4 = function(d, b) {
  return (d[b] | d[b + 1] << 8 | d[b + 2] << 16 | d[b + 3] << 24) >>> 0;
};
var rzfh = function(dat, w) {
  var n3 = dat[0] | dat[1] << 8 | dat[2] << 16;
  if (n3 == 3126568 && dat[3] == 253) {
    var flg = dat[4];
    var ss = flg >> 5 & 1, cc = flg >> 2 & 1, df = flg & 3, fcf = flg >> 6;
    if (flg & 8)
      err(0);
    var bt = 6 - ss;
    var db = df == 3 ? 4 : df;
    var di = rb(dat, bt, db);
    bt += db;
    var fsb = fcf ? 1 << fcf : ss;
    var fss = rb(dat, bt, fsb) + (fcf == 1 && 256);
    var ws = fss;
    if (!ss) {
      var wb = 1 << 10 + (dat[5] >> 3);
      ws = wb + (wb >> 3) * (dat[5] & 7);
    }
    if (ws > 2145386496)
      err(1);
    var buf = new u8((w == 1 ? fss || ws : w ? 0 : ws) + 12);
    buf[0] = 1, buf[4] = 4, buf[8] = 8;
    return {
      b: bt + fsb,
      y: 0,
      l: 0,
      d: di,
      w: w && w != 1 ? w : buf.subarray(12),
      e: ws,
      o: new i32(buf.buffer, 0, 3),
      u: fss,
      c: cc,
      m: Math.min(131072, ws)
    };
  } else if ((n3 >> 4 | dat[3] << 20) == 25481893) {
    return b4(dat, 4) + 8;
  }
  err(0);
};
var msb = function(val) {
  var bits = 0;
  for (; 1 << bits <= val; ++bits)
    ;
  return bits - 1;
};
var rfse = function(dat, bt, mal) {
  var tpos = (bt << 3) + 4;
  var al = (dat[bt] & 15) + 5;
  if (al > mal)
    err(3);
  var sz = 1 << al;
  var probs = sz, sym = -1, re = -1, i = -1, ht = sz;
  var buf = new ab(512 + (sz << 2));
  var freq = new i16(buf, 0, 256);
  var dstate = new u16(buf, 0, 256);
  var nstate = new u16(buf, 512, sz);
  var bb1 = 512 + (sz << 1);
  var syms = new u8(buf, bb1, sz);
  var nbits = new u8(buf, bb1 + sz);
  while (sym < 255 && probs > 0) {
    var bits = msb(probs + 1);
    var cbt = tpos >> 3;
    var msk = (1 << bits + 1) - 1;
    var val = (dat[cbt] | dat[cbt + 1] << 8 | dat[cbt + 2] << 16) >> (tpos & 7) & msk;
    var msk1fb = (1 << bits) - 1;
    var msv = msk - probs - 1;
    var sval = val & msk1fb;
    if (sval < msv)
      tpos += bits, val = sval;
    else {
      tpos += bits + 1;
      if (val > msk1fb)
        val -= msv;
    }
    freq[++sym] = --val;
    if (val == -1) {
      probs += val;
      syms[--ht] = sym;
    } else
      probs -= val;
    if (!val) {
      do {
        var rbt = tpos >> 3;
        re = (dat[rbt] | dat[rbt + 1] << 8) >> (tpos & 7) & 3;
        tpos += 2;
        sym += re;
      } while (re == 3);
    }
  }
  if (sym > 255 || probs)
    err(0);
  var sympos = 0;
  var sstep = (sz >> 1) + (sz >> 3) + 3;
  var smask = sz - 1;
  for (var s = 0; s <= sym; ++s) {
    var sf = freq[s];
    if (sf < 1) {
      dstate[s] = -sf;
      continue;
    }
    for (i = 0; i < sf; ++i) {
      syms[sympos] = s;
      do {
        sympos = sympos + sstep & smask;
      } while (sympos >= ht);
    }
  }
  if (sympos)
    err(0);
  for (i = 0; i < sz; ++i) {
    var ns = dstate[syms[i]]++;
    var nb = nbits[i] = al - msb(ns);
    nstate[i] = (ns << nb) - sz;
  }
  return [tpos + 7 >> 3, {
    b: al,
    s: syms,
    n: nbits,
    t: nstate
  }];
};
var rhu = function(dat, bt) {
  var i = 0, wc = -1;
  var buf = new u8(292), hb = dat[bt];
  var hw = buf.subarray(0, 256);
  var rc = buf.subarray(256, 268);
  var ri = new u16(buf.buffer, 268);
  if (hb < 128) {
    var _a = rfse(dat, bt + 1, 6), ebt = _a[0], fdt = _a[1];
    bt += hb;
    var epos = ebt << 3;
    var lb = dat[bt];
    if (!lb)
      err(0);
    var st1 = 0, st2 = 0, btr1 = fdt.b, btr2 = btr1;
    var fpos = (++bt << 3) - 8 + msb(lb);
    for (; ; ) {
      fpos -= btr1;
      if (fpos < epos)
        break;
      var cbt = fpos >> 3;
      st1 += (dat[cbt] | dat[cbt + 1] << 8) >> (fpos & 7) & (1 << btr1) - 1;
      hw[++wc] = fdt.s[st1];
      fpos -= btr2;
      if (fpos < epos)
        break;
      cbt = fpos >> 3;
      st2 += (dat[cbt] | dat[cbt + 1] << 8) >> (fpos & 7) & (1 << btr2) - 1;
      hw[++wc] = fdt.s[st2];
      btr1 = fdt.n[st1];
      st1 = fdt.t[st1];
      btr2 = fdt.n[st2];
      st2 = fdt.t[st2];
    }
    if (++wc > 255)
      err(0);
  } else {
    wc = hb - 127;
    for (; i < wc; i += 2) {
      var byte = dat[++bt];
      hw[i] = byte >> 4;
      hw[i + 1] = byte & 15;
    }
    ++bt;
  }
  var wes = 0;
  for (i = 0; i < wc; ++i) {
    var wt = hw[i];
    if (wt > 11)
      err(0);
    wes += wt && 1 << wt - 1;
  }
  var mb = msb(wes) + 1;
  var ts = 1 << mb;
  var rem = ts - wes;
  if (rem & rem - 1)
    err(0);
  hw[wc++] = msb(rem) + 1;
  for (i = 0; i < wc; ++i) {
    var wt = hw[i];
    ++rc[hw[i] = wt && mb + 1 - wt];
  }
  var hbuf = new u8(ts << 1);
  var syms = hbuf.subarray(0, ts), nb = hbuf.subarray(ts);
  ri[mb] = 0;
  for (i = mb; i > 0; --i) {
    var pv = ri[i];
    fill(nb, i, pv, ri[i - 1] = pv + rc[i] * (1 << mb - i));
  }
  if (ri[0] != ts)
    err(0);
  for (i = 0; i < wc; ++i) {
    var bits = hw[i];
    if (bits) {
      var code = ri[bits];
      fill(syms, i, code, ri[bits] = code + (1 << mb - bits));
    }
  }
  return [bt, {
    n: nb,
    b: mb,
    s: syms
  }];
};
var dllt = rfse(/* @__PURE__ */ new u8([
  81,
  16,
  99,
  140,
  49,
  198,
  24,
  99,
  12,
  33,
  196,
  24,
  99,
  102,
  102,
  134,
  70,
  146,
  4
]), 0, 6)[1];
var dmlt = rfse(/* @__PURE__ */ new u8([
  33,
  20,
  196,
  24,
  99,
  140,
  33,
  132,
  16,
  66,
  8,
  33,
  132,
  16,
  66,
  8,
  33,
  68,
  68,
  68,
  68,
  68,
  68,
  68,
  68,
  36,
  9
]), 0, 6)[1];
var doct = rfse(/* @__PURE__ */ new u8([
  32,
  132,
  16,
  66,
  102,
  70,
  68,
  68,
  68,
  68,
  36,
  73,
  2
]), 0, 5)[1];
var b2bl = function(b, s) {
  var len = b.length, bl = new i32(len);
  for (var i = 0; i < len; ++i) {
    bl[i] = s;
    s += 1 << b[i];
  }
  return bl;
};
var llb = /* @__PURE__ */ new u8((/* @__PURE__ */ new i32([
  0,
  0,
  0,
  0,
  16843009,
  50528770,
  134678020,
  202050057,
  269422093
])).buffer, 0, 36);
var llbl = /* @__PURE__ */ b2bl(llb, 0);
var mlb = /* @__PURE__ */ new u8((/* @__PURE__ */ new i32([
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  16843009,
  50528770,
  117769220,
  185207048,
  252579084,
  16
])).buffer, 0, 53);
var mlbl = /* @__PURE__ */ b2bl(mlb, 3);
var dhu = function(dat, out, hu) {
  var len = dat.length, ss = out.length, lb = dat[len - 1], msk = (1 << hu.b) - 1, eb = -hu.b;
  if (!lb)
    err(0);
  var st = 0, btr = hu.b, pos = (len << 3) - 8 + msb(lb) - btr, i = -1;
  for (; pos > eb && i < ss; ) {
    var cbt = pos >> 3;
    var val = (dat[cbt] | dat[cbt + 1] << 8 | dat[cbt + 2] << 16) >> (pos & 7);
    st = (st << btr | val) & msk;
    out[++i] = hu.s[st];
    pos -= btr = hu.n[st];
  }
  if (pos != eb || i + 1 != ss)
    err(0);
};
var dhu4 = function(dat, out, hu) {
  var bt = 6;
  var ss = out.length, sz1 = ss + 3 >> 2, sz2 = sz1 << 1, sz3 = sz1 + sz2;
  dhu(dat.subarray(bt, bt += dat[0] | dat[1] << 8), out.subarray(0, sz1), hu);
  dhu(dat.subarray(bt, bt += dat[2] | dat[3] << 8), out.subarray(sz1, sz2), hu);
  dhu(dat.subarray(bt, bt += dat[4] | dat[5] << 8), out.subarray(sz2, sz3), hu);
  dhu(dat.subarray(bt), out.subarray(sz3), hu);
};
var rzb = function(dat, st, out) {
  var _a;
  var bt = st.b;
  var b0 = dat[bt], btype = b0 >> 1 & 3;
  st.l = b0 & 1;
  var sz = b0 >> 3 | dat[bt + 1] << 5 | dat[bt + 2] << 13;
  var ebt = (bt += 3) + sz;
  if (btype == 1) {
    if (bt >= dat.length)
      return;
    st.b = bt + 1;
    if (out) {
      fill(out, dat[bt], st.y, st.y += sz);
      return out;
    }
    return fill(new u8(sz), dat[bt]);
  }
  if (ebt > dat.length)
    return;
  if (btype == 0) {
    st.b = ebt;
    if (out) {
      out.set(dat.subarray(bt, ebt), st.y);
      st.y += sz;
      return out;
    }
    return slc(dat, bt, ebt);
  }
  if (btype == 2) {
    var b3 = dat[bt], lbt = b3 & 3, sf = b3 >> 2 & 3;
    var lss = b3 >> 4, lcs = 0, s4 = 0;
    if (lbt < 2) {
      if (sf & 1)
        lss |= dat[++bt] << 4 | (sf & 2 && dat[++bt] << 12);
      else
        lss = b3 >> 3;
    } else {
      s4 = sf;
      if (sf < 2)
        lss |= (dat[++bt] & 63) << 4, lcs = dat[bt] >> 6 | dat[++bt] << 2;
      else if (sf == 2)
        lss |= dat[++bt] << 4 | (dat[++bt] & 3) << 12, lcs = dat[bt] >> 2 | dat[++bt] << 6;
      else
        lss |= dat[++bt] << 4 | (dat[++bt] & 63) << 12, lcs = dat[bt] >> 6 | dat[++bt] << 2 | dat[++bt] << 10;
    }
    ++bt;
    var buf = out ? out.subarray(st.y, st.y + st.m) : new u8(st.m);
    var spl = buf.length - lss;
    if (lbt == 0)
      buf.set(dat.subarray(bt, bt += lss), spl);
    else if (lbt == 1)
      fill(buf, dat[bt++], spl);
    else {
      var hu = st.h;
      if (lbt == 2) {
        var hud = rhu(dat, bt);
        lcs += bt - (bt = hud[0]);
        st.h = hu = hud[1];
      } else if (!hu)
        err(0);
      (s4 ? dhu4 : dhu)(dat.subarray(bt, bt += lcs), buf.subarray(spl), hu);
    }
    var ns = dat[bt++];
    if (ns) {
      if (ns == 255)
        ns = (dat[bt++] | dat[bt++] << 8) + 32512;
      else if (ns > 127)
        ns = ns - 128 << 8 | dat[bt++];
      var scm = dat[bt++];
      if (scm & 3)
        err(0);
      var dts = [dmlt, doct, dllt];
      for (var i = 2; i > -1; --i) {
        var md = scm >> (i << 1) + 2 & 3;
        if (md == 1) {
          var rbuf = new u8([0, 0, dat[bt++]]);
          dts[i] = {
            s: rbuf.subarray(2, 3),
            n: rbuf.subarray(0, 1),
            t: new u16(rbuf.buffer, 0, 1),
            b: 0
          };
        } else if (md == 2) {
          _a = rfse(dat, bt, 9 - (i & 1)), bt = _a[0], dts[i] = _a[1];
        } else if (md == 3) {
          if (!st.t)
            err(0);
          dts[i] = st.t[i];
        }
      }
      var _b = st.t = dts, mlt = _b[0], oct = _b[1], llt = _b[2];
      var lb = dat[ebt - 1];
      if (!lb)
        err(0);
      var spos = (ebt << 3) - 8 + msb(lb) - llt.b, cbt = spos >> 3, oubt = 0;
      var lst = (dat[cbt] | dat[cbt + 1] << 8) >> (spos & 7) & (1 << llt.b) - 1;
      cbt = (spos -= oct.b) >> 3;
      var ost = (dat[cbt] | dat[cbt + 1] << 8) >> (spos & 7) & (1 << oct.b) - 1;
      cbt = (spos -= mlt.b) >> 3;
      var mst = (dat[cbt] | dat[cbt + 1] << 8) >> (spos & 7) & (1 << mlt.b) - 1;
      for (++ns; --ns; ) {
        var llc = llt.s[lst];
        var lbtr = llt.n[lst];
        var mlc = mlt.s[mst];
        var mbtr = mlt.n[mst];
        var ofc = oct.s[ost];
        var obtr = oct.n[ost];
        cbt = (spos -= ofc) >> 3;
        var ofp = 1 << ofc;
        var off = ofp + ((dat[cbt] | dat[cbt + 1] << 8 | dat[cbt + 2] << 16 | dat[cbt + 3] << 24) >>> (spos & 7) & ofp - 1);
        cbt = (spos -= mlb[mlc]) >> 3;
        var ml = mlbl[mlc] + ((dat[cbt] | dat[cbt + 1] << 8 | dat[cbt + 2] << 16) >> (spos & 7) & (1 << mlb[mlc]) - 1);
        cbt = (spos -= llb[llc]) >> 3;
        var ll = llbl[llc] + ((dat[cbt] | dat[cbt + 1] << 8 | dat[cbt + 2] << 16) >> (spos & 7) & (1 << llb[llc]) - 1);
        cbt = (spos -= lbtr) >> 3;
        lst = llt.t[lst] + ((dat[cbt] | dat[cbt + 1] << 8) >> (spos & 7) & (1 << lbtr) - 1);
        cbt = (spos -= mbtr) >> 3;
        mst = mlt.t[mst] + ((dat[cbt] | dat[cbt + 1] << 8) >> (spos & 7) & (1 << mbtr) - 1);
        cbt = (spos -= obtr) >> 3;
        ost = oct.t[ost] + ((dat[cbt] | dat[cbt + 1] << 8) >> (spos & 7) & (1 << obtr) - 1);
        if (off > 3) {
          st.o[2] = st.o[1];
          st.o[1] = st.o[0];
          st.o[0] = off -= 3;
        } else {
          var idx = off - (ll != 0);
          if (idx) {
            off = idx == 3 ? st.o[0] - 1 : st.o[idx];
            if (idx > 1)
              st.o[2] = st.o[1];
            st.o[1] = st.o[0];
            st.o[0] = off;
          } else
            off = st.o[0];
        }
        for (var i = 0; i < ll; ++i) {
          buf[oubt + i] = buf[spl + i];
        }
        oubt += ll, spl += ll;
        var stin = oubt - off;
        if (stin < 0) {
          var len = -stin;
          var bs = st.e + stin;
          if (len > ml)
            len = ml;
          for (var i = 0; i < len; ++i) {
            buf[oubt + i] = st.w[bs + i];
          }
          oubt += len, ml -= len, stin = 0;
        }
        for (var i = 0; i < ml; ++i) {
          buf[oubt + i] = buf[stin + i];
        }
        oubt += ml;
      }
      if (oubt != spl) {
        while (spl < buf.length) {
          buf[oubt++] = buf[spl++];
        }
      } else
        oubt = buf.length;
      if (out)
        st.y += oubt;
      else
        buf = slc(buf, 0, oubt);
    } else if (out) {
      st.y += lss;
      if (spl) {
        for (var i = 0; i < lss; ++i) {
          buf[i] = buf[spl + i];
        }
      }
    } else if (spl)
      buf = slc(buf, spl);
    st.b = ebt;
    return buf;
  }
  err(2);
};
var cct = function(bufs, ol) {
  if (bufs.length == 1)
    return bufs[0];
  var buf = new u8(ol);
  for (var i = 0, b = 0; i < bufs.length; ++i) {
    var chk = bufs[i];
    buf.set(chk, b);
    b += chk.length;
  }
  return buf;
};
var Decompress = /* @__PURE__ */ (function() {
  function Decompress2(ondata) {
    this.ondata = ondata;
    this.c = [];
    this.l = 0;
    this.z = 0;
  }
  Decompress2.prototype.push = function(chunk, final) {
    if (typeof this.s == "number") {
      var sub = Math.min(chunk.length, this.s);
      chunk = chunk.subarray(sub);
      this.s -= sub;
    }
    var sl = chunk.length;
    var ncs = sl + this.l;
    if (!this.s) {
      if (final) {
        if (!ncs) {
          this.ondata(new u8(0), true);
          return;
        }
        if (ncs < 5)
          err(5);
      } else if (ncs < 18) {
        this.c.push(chunk);
        this.l = ncs;
        return;
      }
      if (this.l) {
        this.c.push(chunk);
        chunk = cct(this.c, ncs);
        this.c = [];
        this.l = 0;
      }
      if (typeof (this.s = rzfh(chunk)) == "number")
        return this.push(chunk, final);
    }
    if (typeof this.s != "number") {
      if (ncs < (this.z || 3)) {
        if (final)
          err(5);
        this.c.push(chunk);
        this.l = ncs;
        return;
      }
      if (this.l) {
        this.c.push(chunk);
        chunk = cct(this.c, ncs);
        this.c = [];
        this.l = 0;
      }
      if (!this.z && ncs < (this.z = chunk[this.s.b] & 2 ? 4 : 3 + (chunk[this.s.b] >> 3 | chunk[this.s.b + 1] << 5 | chunk[this.s.b + 2] << 13))) {
        if (final)
          err(5);
        this.c.push(chunk);
        this.l = ncs;
        return;
      } else
        this.z = 0;
      for (; ; ) {
        var blk = rzb(chunk, this.s);
        if (!blk) {
          if (final)
            err(5);
          var adc = chunk.subarray(this.s.b);
          this.s.b = 0;
          this.c.push(adc), this.l += adc.length;
          return;
        } else {
          this.ondata(blk, false);
          cpw(this.s.w, 0, blk.length);
          this.s.w.set(blk, this.s.w.length - blk.length);
        }
        if (this.s.l) {
          var rest = chunk.subarray(this.s.b);
          this.s = this.s.c * 4;
          this.push(rest, final);
          return;
        }
      }
    } else if (final)
      err(5);
  };
  return Decompress2;
})();

// late:xz-decompress
var xz_decompress_default = new Proxy({}, { get: (_, key) => __require("./xz-decompress.cjs")[key] });

// src/lib/decompress.ts
async function* decompress(source, compression, what) {
  const output = new PassThrough();
  const done = inflate(source, compression, output);
  done.catch(() => {
  });
  try {
    yield* output;
    await done;
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    const problem = isForeignXz(cause) ? `its xz stream has a check, a filter or a dictionary that is not understood. Compress it with xz's own settings` : `its ${compression} stream is damaged or cut off (${messageOf(cause)})`;
    throw new Failure(`Cannot read ${what}: ${problem}.`, { cause });
  }
}
async function* decompressBriefly(source, compression, what) {
  if (compression !== "gzip") return yield* decompress(source, compression, what);
  let last = new Uint8Array(0);
  for await (const chunk of decompress(source, compression, what)) {
    yield chunk;
    const isFull = chunk.byteOffset + chunk.length === chunk.buffer.byteLength;
    if (isFull) freeMemory(chunk);
    last = chunk;
  }
  freeMemory(last);
}
function inflate(source, compression, output) {
  if (compression === "gzip") return pipeline2(source, createGunzip({ chunkSize }), output);
  if (compression === "zstd") return pipeline2(inflateZstd(source), output);
  return pipeline2(new xz_decompress_default.XzReadableStream(ReadableStream.from(source)), output);
}
function isForeignXz(error) {
  return /^get_next_output failed with error code [2346]$/.test(messageOf(error));
}
var chunkSize = 1 << 17;
var sliceSize = 2048;
async function* inflateZstd(source) {
  let ready = [];
  let ended = false;
  const decoder = new Decompress((chunk, last) => {
    ready.push(chunk);
    ended = last ?? false;
  });
  for await (const chunk of source) {
    for (let at = 0; at < chunk.length; at += sliceSize) {
      decoder.push(Buffer.from(chunk.subarray(at, at + sliceSize)));
      yield* ready;
      ready = [];
    }
  }
  decoder.push(new Uint8Array(0), true);
  yield* ready;
  if (!ended) throw new Error("unexpected end of file");
}
function compressionOf(start) {
  const begins = (...magic) => magic.every((byte, i) => start[i] === byte);
  if (begins(31, 139)) return "gzip";
  if (begins(40, 181, 47, 253)) return "zstd";
  if (begins(253, 55, 122, 88, 90)) return "xz";
  if (begins(66, 90, 104)) return "bzip2";
  return void 0;
}

// src/nix/unpack.ts
async function unpackRelease(source, release, host) {
  const directory = await makeUnpackDirectory();
  const archive = readHashed(source);
  try {
    const problem = await extract(archive.chunks(), { directory, release, host });
    if (problem === void 0) for await (const _ of archive.chunks()) ;
    checkArchive(archive.digest(), problem, release);
    return directory;
  } catch (error) {
    await removeUnpacked(directory, host);
    throw error;
  } finally {
    await archive.close();
  }
}
function readHashed(source) {
  const iterator = source[Symbol.asyncIterator]();
  const hash = createHash("sha256");
  let isWhole = false;
  let broken;
  async function next() {
    try {
      return await iterator.next();
    } catch (error) {
      broken = { error };
      throw error;
    }
  }
  return {
    /** What is left. A reader may stop early: tar does, at the end of the archive. */
    async *chunks() {
      for (; ; ) {
        const { done, value } = await next();
        if (done) {
          isWhole = true;
          return;
        }
        hash.update(value);
        yield value;
      }
    },
    /** In hexadecimal; undefined where it was not read to its end. Throws what has ended the source. */
    digest() {
      if (broken !== void 0) throw broken.error;
      return isWhole ? hash.digest("hex") : void 0;
    },
    close: () => iterator.return?.()
  };
}
async function extract(chunks, { directory, release, host }) {
  const hasXz = findProgram("xz", host.env) !== void 0;
  const input = hasXz ? chunks : decompress(chunks, "xz", release.url);
  const args = [hasXz ? "-xJ" : "-x", "-f", "-", "-C", directory, "--strip-components=1", "--no-same-owner"];
  try {
    const { code, stderr } = await runProgram("tar", args, { env: host.env, input });
    return code === 0 ? void 0 : new Failure(`tar said: ${stderr.trim()} (exit code ${code})`);
  } catch (error) {
    return error;
  }
}
function checkArchive(sha256, problem, { version, url, ...release }) {
  if (sha256 !== void 0 && sha256 !== release.sha256) {
    throw new Failure(
      `Cannot install Nix ${version}: ${url} has the SHA-256 ${sha256}, expected ${release.sha256}. Check nix-sha256 and nix-url.`
    );
  }
  if (problem === void 0) return;
  throw new Failure(`Cannot unpack Nix ${version} from ${url}: ${messageOf(problem)}. Check nix-url.`, {
    cause: problem
  });
}

// src/nix/install.ts
var toolName = "nix-release";
async function installNix(inputs, host, restore) {
  const release = chooseRelease(inputs, installableSystem(process.platform, process.arch));
  await prepareNixDirectory(host);
  return await restore?.(release) ? ownProgram : installRelease(release, inputs, host);
}
async function installRelease(release, inputs, host) {
  if (findProgram("tar", host.env) === void 0) {
    throw new Failure("Cannot unpack Nix: there is no tar on PATH. Install the package tar.");
  }
  let unpacked;
  try {
    unpacked = await unpackKept(release, host) ?? await unpackDownload(release, host);
  } catch (error) {
    const asked = inputs.nixVersion !== void 0 || inputs.nixUrl !== void 0;
    if (!asked && isUnreachable(error) && await hasDebianPackages(host)) {
      return installFromDebian(`${release.url} cannot be reached (${messageOf(error)})`, host);
    }
    if (error instanceof Failure) throw error;
    throw new Failure(
      `Cannot download Nix ${release.version} from ${release.url}: ${messageOf(error)}. Check nix-version, set nix-url to a mirror that this machine reaches, or install Nix before this step.`,
      { cause: error }
    );
  }
  try {
    await adoptRelease(unpacked, release, host);
  } finally {
    await removeUnpacked(unpacked, host);
  }
  return ownProgram;
}
async function installUnpacked(unpack, release, host) {
  const directory = await makeUnpackDirectory();
  try {
    const holdsNix = await unpack(directory);
    if (holdsNix) await adoptRelease(directory, release, host);
    return holdsNix;
  } finally {
    await removeUnpacked(directory, host);
  }
}
async function unpackKept(release, host) {
  const file = await host.tools?.find(toolName, release.version);
  if (file === void 0) return void 0;
  try {
    const unpacked = await unpackRelease(createReadStream2(file), { ...release, url: file }, host);
    host.log.info(`Nix ${release.version} comes from the tool cache, ${file}`);
    return unpacked;
  } catch (error) {
    host.log.warning(`The tool cache is not used: ${messageOf(error)}`);
    return void 0;
  }
}
async function unpackDownload(release, host) {
  const { url, version } = release;
  host.log.info(`Downloading Nix ${version} from ${url}`);
  const onRetry = (error, wait) => host.log.info(`The download broke off (${messageOf(error)}), it goes on in ${wait} ms`);
  const chunks = download(url, { env: host.env, onRetry });
  const { tools } = host;
  if (tools === void 0) return unpackRelease(chunks, release, host);
  const file = join9(host.temporary, "nix-release.tar.xz");
  const unpacked = await unpackRelease(writeToo(chunks, file), release, host);
  try {
    await tools.keep(file, toolName, version);
  } catch (error) {
    host.log.warning(`Nix ${version} is not kept in the tool cache: ${messageOf(error)}`);
  }
  return unpacked;
}
async function* writeToo(chunks, file) {
  const handle = await open(file, "w");
  try {
    for await (const chunk of chunks) {
      await handle.writeFile(chunk);
      yield chunk;
    }
  } finally {
    await handle.close();
  }
}
async function hasDebianPackages(host) {
  return findProgram("apt-get", host.env) !== void 0 && await canBeRoot(host);
}
async function installFromDebian(reason, host) {
  const apt = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"];
  await runAsRoot([...apt, "update"], host);
  await runAsRoot([...apt, "install", "-y", "--no-install-recommends", "nix-bin"], host);
  const version = await readNixVersion(packagedProgram, host.env);
  host.log.warning(`${reason}: Nix ${version} comes from the machine's package nix-bin instead.`);
  return packagedProgram;
}

// src/nix/kvm.ts
import { access as access4, constants as constants4 } from "node:fs/promises";
var device = "/dev/kvm";
async function openKvm(host) {
  try {
    await access4(device, constants4.R_OK | constants4.W_OK);
  } catch (error) {
    if (hasCode(error, "ENOENT") || !host.isDisposable || !await canBeRoot(host)) return;
    try {
      await runAsRoot(["chmod", "666", device], host);
      host.log.info("Builds may use KVM");
    } catch (problem) {
      host.log.info(`Builds cannot use KVM: ${messageOf(problem)}`);
    }
  }
}

// src/nix/toolchain.ts
var oldestVersion = "2.8";
async function openNix(inputs, host, restore) {
  if (inputs.githubToken !== void 0) host.log.secret(inputs.githubToken);
  await openKvm(host);
  const found = await findInstalled(inputs, host);
  const installed = found === void 0;
  const program = found ?? await installNix(inputs, host, restore);
  const version = await readNixVersion(program, host.env);
  checkVersion({ program, version }, inputs, host);
  if (installed || await isOwnInstallation(program)) {
    await exportInstallation(program, inputs, host);
    await removeStale(host);
  }
  host.log.info(`Nix ${version} at ${program}${installed ? ", installed now" : ""}`);
  return { program, version, env: environmentOf(inputs, host), installed };
}
async function findInstalled({ nixVersion }, { env }) {
  const program = findProgramOfNix(env);
  const isWanted = program !== ownProgram || nixVersion === void 0 || (await readlink(ownRoot)).endsWith(`-nix-${nixVersion}`);
  return isWanted ? program : void 0;
}
async function releaseToInstall(inputs, host) {
  if (await findInstalled(inputs, host) !== void 0) return void 0;
  return chooseRelease(inputs, installableSystem(process.platform, process.arch));
}
async function installedPaths({ program, installed }) {
  if (!installed || program !== ownProgram) return [];
  const links = await isThere(ownCertificates) ? [ownRoot, ownCertificates] : [ownRoot];
  return [...new Set(await Promise.all(links.map((link) => readlink(link))))];
}
function environmentOf(settings, { env, context }) {
  const { apiUrl, repositoryUrl } = context;
  if (apiUrl === void 0 || repositoryUrl === void 0) return withNixConfig(env, settings);
  return withNixConfig(env, { ...settings, githubHost: new URL(repositoryUrl).host });
}
function findNix(settings, host) {
  const program = findProgramOfNix(host.env);
  return program === void 0 ? void 0 : { program, env: environmentOf(settings, host) };
}
function findProgramOfNix(env) {
  const onPath = findProgram("nix", env);
  if (onPath !== void 0) return onPath;
  const home = env.HOME || homedir2();
  const places = [
    "/nix/var/nix/profiles/default/bin",
    join10(home, ".nix-profile/bin"),
    "/run/current-system/sw/bin",
    join10(env.XDG_STATE_HOME || join10(home, ".local/state"), "nix/profile/bin"),
    dirname4(ownProgram)
  ];
  for (const place of places) {
    const candidate = join10(place, "nix");
    if (isExecutable(candidate)) return candidate;
  }
  return void 0;
}
function checkVersion({ version, program }, { nixVersion, nixVersionStrict }, host) {
  if (compareVersions(version, oldestVersion) < 0) {
    throw new Failure(
      `Cannot use Nix ${version} at ${program}: Nix ${oldestVersion} or newer is needed. Upgrade it, or take it away so that a new one is installed.`
    );
  }
  if (nixVersion === void 0 || nixVersion === version) return;
  if (nixVersionStrict) {
    throw new Failure(
      `Cannot use Nix ${version} at ${program}: nix-version-strict wants Nix ${nixVersion}. Take that Nix away so that the right one is installed, or leave out nix-version-strict.`
    );
  }
  host.log.warning(
    `Nix ${version} at ${program} is used, not Nix ${nixVersion}: nix-version counts where there is no Nix.`
  );
}

// src/cache/cache-key.ts
import { createHash as createHash2 } from "node:crypto";
import { createReadStream as createReadStream3 } from "node:fs";
import { readdir as readdir4 } from "node:fs/promises";
import { join as join11, matchesGlob } from "node:path";
import { pipeline as pipeline3 } from "node:stream/promises";
var lockFiles = [/(^|\/)flake\.lock$/, /(^|\/)npins\/sources\.json$/, /(^|\/)nix\/sources\.json$/];
async function cacheKey({ directory, patterns, system, spec, ...rest }) {
  const { extra, toolchain } = rest;
  const files = await findFiles(directory, patterns);
  const locks = createHash2("sha256");
  addField(locks, extra);
  for (const file of files) {
    addField(locks, file);
    addField(locks, await hashFile(join11(directory, file)));
  }
  const forSystem = `nix-image-${formatVersion}-${system}-`;
  const forSpec = `${forSystem}${createHash2("sha256").update(spec).digest("hex").slice(0, 12)}-`;
  const prefixes = [...toolchain === void 0 ? [] : [`${forSpec}${toolchain}-`], forSpec, forSystem];
  return { key: `${prefixes[0]}${locks.digest("hex").slice(0, 32)}`, prefixes, files };
}
function namesToolchain(key, toolchain) {
  return key.includes(`-${toolchain}-`);
}
function addField(hash, text) {
  const bytes = Buffer.from(text);
  hash.update(`${bytes.length}:`).update(bytes);
}
async function hashFile(path) {
  const hash = createHash2("sha256");
  await pipeline3(createReadStream3(path), hash);
  return hash.digest("hex");
}
async function findFiles(directory, patterns) {
  const isWanted = (file) => lockFiles.some((name) => name.test(file)) || patterns.some((pattern) => matchesGlob(file, pattern));
  const found = [];
  for (const rest = [""]; rest.length > 0; ) {
    const below = rest.pop();
    for (const entry of await readdir4(join11(directory, below), { withFileTypes: true })) {
      const path = below === "" ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory() && entry.name !== ".git" && entry.name !== "node_modules") rest.push(path);
      if (entry.isFile() && isWanted(path)) found.push(path);
    }
  }
  return found.sort();
}

// src/cache/directory-backend.ts
import { copyFile, mkdir as mkdir3, readdir as readdir5, rename as rename3, rm as rm2, stat as stat2 } from "node:fs/promises";
import { join as join12 } from "node:path";
var ending = ".nix-image-cache";
function openDirectoryBackend(directory) {
  const place = (key) => join12(directory, `${key}${ending}`);
  const find = async (key, prefixes) => {
    const keys = await listKeys(directory);
    return keys.includes(key) ? key : newest(directory, keys, prefixes);
  };
  return {
    find,
    async restore(file, key, prefixes) {
      const found = await find(key, prefixes);
      if (found !== void 0) await copyFile(place(found), file);
      return found;
    },
    async save(file, key) {
      await mkdir3(directory, { recursive: true });
      const temporary = join12(directory, `.${key}.${process.pid}`);
      try {
        await copyFile(file, temporary);
        await rename3(temporary, place(key));
      } finally {
        await rm2(temporary, { force: true });
      }
      return true;
    }
  };
}
async function listKeys(directory) {
  try {
    const names = await readdir5(directory);
    return names.filter((name) => name.endsWith(ending) && !name.startsWith(".")).map((name) => name.slice(0, -ending.length));
  } catch (error) {
    if (hasCode(error, "ENOENT")) return [];
    throw error;
  }
}
async function newest(directory, keys, prefixes) {
  for (const prefix2 of prefixes) {
    const dated = await Promise.all(
      keys.filter((key) => key.startsWith(prefix2)).map(async (key) => ({ key, time: (await stat2(join12(directory, `${key}${ending}`))).mtimeMs }))
    );
    const last = dated.sort((a, b) => b.time - a.time || (a.key < b.key ? -1 : 1))[0];
    if (last !== void 0) return last.key;
  }
  return void 0;
}

// src/cache/restore-entry.ts
import { chmodSync, closeSync, linkSync, lstatSync, openSync, readdirSync, renameSync, rmSync } from "node:fs";
import { mkdtemp as mkdtemp2, statfs } from "node:fs/promises";
import { basename, join as join13 } from "node:path";

// src/cache/export-stream.ts
var exportMagic = 1163413838;
async function* exportStream(file, parts, wanted) {
  let current;
  for (const part of parts) {
    for (const { path, piece } of piecesOf(file, part)) {
      if (!wanted.has(path.path)) continue;
      if (path !== current) {
        if (current !== void 0) yield trailerOf(current);
        yield number(1);
        current = path;
      }
      yield piece;
    }
  }
  if (current !== void 0) yield trailerOf(current);
  yield number(0);
}
function trailerOf({ path, references, deriver = "" }) {
  return Buffer.concat([
    number(exportMagic),
    narString(path),
    number(references.length),
    ...references.map(narString),
    narString(deriver),
    // No signature.
    number(0)
  ]);
}
function number(value) {
  const buffer = Buffer.alloc(8);
  buffer.writeUInt32LE(value);
  return buffer;
}

// src/cache/restore-entry.ts
async function restoreEntry(file, { store, system }) {
  const entry = openEntry(file);
  try {
    requireSystem(entry, system);
    const { paths, layers } = entry.manifest;
    const missing = paths.filter(({ path }) => !store.valid.has(path));
    await requireReferences(entry.manifest.paths, missing, store);
    const size = missing.reduce((sum, { narSize }) => sum + narSize, 0);
    await requireSpace(size, storeDirectory);
    if (missing.length > 0) {
      const found = { file, parts: entry.findParts() };
      if (store.isOwn) await unpackAndRegister(found, missing, store);
      else await checkAndImport(found, missing, store);
    }
    return { paths: missing.map(({ path }) => path), size, held: paths.map(({ path }) => path), layers };
  } finally {
    entry.close();
  }
}
async function readLayers(file, system) {
  const entry = openEntry(file);
  try {
    requireSystem(entry, system);
    return entry.manifest.layers;
  } finally {
    entry.close();
  }
}
function requireSystem({ manifest }, system) {
  if (manifest.system !== system) throw new Failure(`it is for ${manifest.system}, not ${system}`);
}
async function requireReferences(paths, missing, store) {
  const held = new Set(paths.map(({ path }) => path));
  const references = new Set(missing.flatMap((path) => path.references));
  const absent = [...references].filter((path) => !held.has(path) && !store.valid.has(path)).sort();
  if (absent.length === 0 || await store.substitute(absent)) return;
  throw new Failure(`it refers to ${absent[0]}, which is neither in it nor in the store`);
}
async function requireSpace(size, directory) {
  const { bavail, bsize } = await statfs(directory);
  if (size <= bavail * bsize) return;
  throw new Failure(`it claims ${size} bytes, and ${directory} has room for ${bavail * bsize}`);
}
async function unpackAndRegister(found, missing, store) {
  const temporary = await mkdtemp2(join13(storeDirectory, ".nix-image-"));
  const places = new Map(missing.map(({ path }) => [path, join13(temporary, basename(path))]));
  const moved = [];
  const unpack = async () => {
    await readParts({ ...found, places });
    for (const [path, place] of places) {
      moveIntoStore(place, path);
      moved.push(path);
    }
  };
  try {
    const unpacked = unpack();
    await settleAll([unpacked, store.register(registrationsAfter(unpacked, missing))]);
  } catch (error) {
    for (const path of await store.findInvalid(moved)) removeTree(path);
    throw error;
  } finally {
    removeTree(temporary);
  }
}
async function* registrationsAfter(unpacked, paths) {
  await unpacked;
  yield Buffer.from(paths.map(registrationOf).join(""));
}
function moveIntoStore(place, path) {
  try {
    if (!lstatSync(place).isDirectory()) return linkSync(place, path);
    renameSync(place, path);
    seal(path);
  } catch (error) {
    if (!hasCode(error, "ENOTEMPTY", "EEXIST", "ENOTDIR")) throw error;
    throw new Failure(`${path} is in its way: there, but not valid. Run nix-store --delete ${path}`, { cause: error });
  }
}
function removeTree(path) {
  const openUp = (directory) => {
    chmodSync(directory, 493);
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      if (entry.isDirectory()) openUp(join13(directory, entry.name));
    }
  };
  if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory()) openUp(path);
  rmSync(path, { recursive: true, force: true });
}
function registrationOf({ path, narHash, narSize, deriver = "", references }) {
  const lines = [path, narHash, narSize, deriver, references.length, ...references];
  return lines.map((line) => `${line}
`).join("");
}
async function checkAndImport({ file, parts }, missing, store) {
  await readParts({ file, parts, places: new Map(missing.map(({ path }) => [path, void 0])) });
  const handle = openSync(file, "r");
  try {
    await store.importPaths(exportStream(handle, parts, new Set(missing.map(({ path }) => path))));
  } finally {
    closeSync(handle);
  }
}

// src/stages/restore-store.ts
function fetchEntry(inputs, host, toolchain) {
  const backend = openBackend(inputs.cache.directory, host);
  const nothing = { entry: Promise.resolve(void 0), withNix: Promise.resolve(void 0) };
  if (backend === void 0 || inputs.cache.use === "off" || inputs.cache.binaryCache !== void 0) return nothing;
  if (!hasZstd) {
    host.log.warning(`The store cache needs Node 22.15 or newer, and this is ${process.version}: there is none.`);
    return nothing;
  }
  const computing = keyOf(inputs, host, toolchain);
  const entry = fetchFrom(backend, computing, host);
  const withNix = async (name) => {
    const isExpected = namesToolchain(await findKey(backend, computing) ?? "", name);
    const fetched = isExpected ? await entry : void 0;
    return namesToolchain(fetched?.matchedKey ?? "", name) ? fetched : void 0;
  };
  return { entry, withNix: toolchain === void 0 ? nothing.withNix : withNix(toolchain) };
}
async function findKey(backend, computing) {
  try {
    const { key, prefixes } = await computing;
    return await backend.find(key, prefixes);
  } catch {
    return void 0;
  }
}
async function fetchFrom(backend, computing, host) {
  try {
    const key = await computing;
    const file = `${host.temporary}/restored`;
    return { backend, key, file, matchedKey: await backend.restore(file, key.key, key.prefixes) };
  } catch (error) {
    host.log.warning(`The store cache is not used: ${messageOf(error)}`);
    return void 0;
  }
}
async function restoreStore(fetched, nix, { inputs, host }) {
  const isFetchedByBuild = inputs.cache.use !== "off" && inputs.cache.binaryCache !== void 0;
  if (fetched === void 0 && !isFetchedByBuild) return void 0;
  return orWithout(host, async () => {
    if (fetched === void 0) return { before: await listValidPaths(nix), result: void 0, vouched: /* @__PURE__ */ new Set() };
    const store = await openStore(nix);
    const restore = () => restoreFrom(fetched, { nix, store }, host);
    return { before: store.valid, ...await restoreFetched(fetched, host, restore) };
  });
}
async function restoreLayers(inputs, host) {
  if (inputs.reuse !== "verify" || !(inputs.push || inputs.dryRun)) return void 0;
  const fetched = await fetchEntry(inputs, host).entry;
  if (fetched === void 0) return void 0;
  return orWithout(host, async () => {
    const read = async () => ({
      layers: await readLayers(fetched.file, nixSystem),
      restoredPaths: 0,
      restoredBytes: 0
    });
    return { before: /* @__PURE__ */ new Set(), ...await restoreFetched(fetched, host, read) };
  });
}
function orWithout(host, restore) {
  return host.log.group("Cache", async () => {
    try {
      return await restore();
    } catch (error) {
      host.log.warning(`The store cache is not used: ${messageOf(error)}`);
      return void 0;
    }
  });
}
async function keyOf({ cache, variants, contents, buildArgs }, { directory }, toolchain) {
  const needsPaths = variants.every(({ spec }) => spec.kind !== "path");
  const found = await cacheKey({
    directory,
    patterns: cache.keyFiles,
    system: nixSystem,
    spec: JSON.stringify([variants.map(nameOfSpec), contents, buildArgs]),
    extra: cache.keyExtra,
    toolchain
  });
  return needsPaths ? found : { ...found, prefixes: found.prefixes.slice(0, 1) };
}
function nameOfSpec({ spec }) {
  return spec.kind === "path" ? { ...spec, path: spec.path.replace(/^\/nix\/store\/[^-/]+-/, "") } : spec;
}
function openBackend(directory, host) {
  return directory === void 0 ? host.cache : openDirectoryBackend(host.resolve(directory));
}
var mostReplacements = 3;
async function restoreFetched(fetched, host, restore) {
  const { backend, file, refusal } = fetched;
  const { key, files } = fetched.key;
  host.log.info(`Key ${key}, of ${files.join(", ") || "no lock files"}`);
  let { matchedKey } = fetched;
  for (let number2 = 1; ; number2++) {
    const numbered = number2 === 1 ? key : `${key}-${number2}`;
    if (number2 > 1) matchedKey = await backend.restore(file, numbered, []);
    host.log.info(matchedKey === void 0 ? "No entry" : `Entry ${matchedKey}`);
    try {
      if (number2 === 1 && refusal !== void 0) throw refusal;
      if (matchedKey !== void 0) {
        const { layers, ...restored } = await restore();
        host.log.info(`It vouches for ${layers.length} layers`);
        return { result: { key: numbered, matchedKey, ...restored }, vouched: claimsOf(layers) };
      }
    } catch (error) {
      host.log.warning(`The cache entry ${matchedKey} is refused, the store is as before: ${messageOf(error)}`);
      if (error instanceof DamagedEntry && matchedKey === numbered && number2 < mostReplacements) continue;
    }
    const result = { key: numbered, matchedKey: void 0, restoredPaths: 0, restoredBytes: 0 };
    return { result, vouched: /* @__PURE__ */ new Set() };
  }
}
async function restoreFrom({ file }, { nix, store }, { temporary, log }) {
  const { paths, size, held, layers } = await restoreEntry(file, { store, system: nixSystem });
  await keepPaths(nix, paths, temporary);
  log.info(`Restored ${paths.length} of ${held.length} store paths, ${formatSize(size)}`);
  return { layers, restoredPaths: paths.length, restoredBytes: size };
}
async function openStore(nix) {
  const [valid, isOwn] = await Promise.all([listValidPaths(nix), ownsStore(nix)]);
  return {
    isOwn,
    valid,
    findInvalid: (paths) => findInvalidPaths(nix, paths),
    substitute: (paths) => substitutePaths(nix, paths),
    register: (registration) => registerPaths(nix, registration),
    importPaths: (stream) => importPaths(nix, stream)
  };
}
var nixSystem = `${process.arch === "arm64" ? "aarch64" : "x86_64"}-${process.platform}`;

// src/stages/save-store.ts
async function planSave(cache, built, { nix, inputs, host }) {
  const task = planSaveOfLayers(cache, { inputs, host });
  if (task === void 0) return void 0;
  try {
    const { binaryCache, excludeSubstitutable, maxSize } = inputs.cache;
    const paths = await neededPaths(built, cache, { nix, inputs, host });
    const build2 = {
      ...binaryCache === void 0 ? {} : { url: binaryCache.url },
      excludeSubstitutable,
      ...maxSize === void 0 ? {} : { maxSize },
      program: nix.program,
      version: nix.version,
      nixConf: inputs.nix.nixConf,
      outputs: built.map(({ path }) => path),
      paths,
      toolchain: binaryCache === void 0 ? await installedPaths(nix) : []
    };
    return { ...task, build: build2 };
  } catch (error) {
    host.log.warning(`Cannot save the store cache: ${messageOf(error)}`);
    return void 0;
  }
}
function planSaveOfLayers({ result }, { inputs, host }) {
  const { key, matchedKey } = result ?? {};
  if (key !== void 0 && key === matchedKey || !isSaveWanted(inputs, host)) return void 0;
  const { directory } = inputs.cache;
  return { ...key === void 0 ? {} : { key }, ...directory === void 0 ? {} : { directory }, layers: [] };
}
async function savingStore(task, run, publish) {
  if (task === void 0) return publish();
  if (run.host.afterJob !== void 0) await leave(task, run);
  try {
    const images = await publish();
    await leave({ ...task, layers: certainLayers(images) }, run);
    return images;
  } catch (error) {
    if (run.host.afterJob === void 0) await leave(task, run);
    throw error;
  }
}
async function leave(task, { inputs, host }) {
  const text = JSON.stringify(task);
  try {
    await (host.afterJob?.(text) ?? saveStore(text, host, inputs.cache.binaryCache?.signingKey));
  } catch (error) {
    host.log.warning(`Cannot save the store cache: ${messageOf(error)}`);
  }
}
function certainLayers(images) {
  const layers = images.flatMap(({ variants }) => variants.flatMap((variant) => variant.layers));
  const certain = layers.filter(({ isCertain }) => isCertain).map(({ descriptor }) => descriptor);
  return [...new Map(certain.map((descriptor) => [JSON.stringify(descriptor), descriptor])).values()].slice(
    0,
    mostLayers
  );
}
function isSaveWanted({ cache }, { context, log }) {
  if (cache.use === "restore" || cache.save === "never") return false;
  if (cache.save === "always" || context.isTrusted === true) return true;
  log.info("Nothing is saved: this run is neither for the default branch nor for a pull request from the repository.");
  return false;
}
async function neededPaths(built, { before }, { nix, inputs, host }) {
  const written = [...await listValidPaths(nix)].filter((path) => path.endsWith(".drv") && !before.has(path));
  const outputs = built.flatMap(({ path, drvPath }) => drvPath === void 0 ? [path] : [path, drvPath]);
  const needed = await readRequisites(nix, [.../* @__PURE__ */ new Set([...outputs, ...written])]);
  const sources = await Promise.all(
    inputs.variants.map(
      ({ spec }) => spec.kind === "path" ? [] : readFlakeInputs(nix, { ...inputs, spec }, host.directory)
    )
  );
  return [.../* @__PURE__ */ new Set([...needed, ...sources.flat()])].filter((path) => !before.has(path)).sort();
}
async function saveStore(text, host, signingKey) {
  const { build: build2, ...entry } = JSON.parse(text);
  const chosen = build2 === void 0 ? { paths: [], toolchain: [] } : await chooseFor(build2, host);
  const { paths } = chosen;
  const isEntry = build2?.url === void 0;
  if (paths.length + chosen.toolchain.length === 0 && !(isEntry && entry.layers.length > 0)) {
    host.log.info("Nothing to save: this build added nothing to the store.");
  } else if (isEntry) {
    await saveEntry(chosen, entry, { named: build2?.toolchain ?? [], host });
  } else {
    await copyPaths(paths, build2, { host, signingKey });
  }
}
async function chooseFor(build2, host) {
  const nix = nixOf(build2, host);
  const held = await readCandidates(nix, [...await readRequisites(nix, build2.toolchain)]);
  const choice = { ...build2, maxSize: build2.maxSize, toolchain: held };
  const { paths, substitutable, evicted, toolchain } = choosePaths(await readCandidates(nix, build2.paths), choice);
  report("left out, since binary caches have them", substitutable, host);
  report("left out for cache-max-size: Nix itself", toolchain.length === 0 ? held : [], host);
  report("left out for cache-max-size, the least useful first", evicted, host);
  return { paths, toolchain };
}
function nixOf(build2, { env }) {
  const { program, version } = build2;
  return { program, version, env: withNixConfig(env, build2), installed: false };
}
async function copyPaths(paths, build2, { host, signingKey }) {
  const { url = "" } = build2;
  const copied = await copyToBinaryCache(
    paths.map(({ path }) => path),
    { url, signingKey },
    { nix: nixOf(build2, host), directory: host.temporary }
  );
  host.log.info(
    copied.size === 0 ? `Nothing to copy: ${url} has it all.` : `Copied ${copied.size} store paths to ${url}`
  );
}
async function saveEntry({ paths, toolchain }, { key = "", directory, layers }, { named: named2, host }) {
  const backend = openBackend(directory, host);
  if (backend === void 0) return;
  const file = `${host.temporary}/saved`;
  const all = [...toolchain, ...paths];
  const size = await writeEntry(file, {
    system: nixSystem,
    paths: sortByReferences(all),
    layers,
    toolchain: toolchain.length === 0 ? [] : named2
  });
  if (!await backend.save(file, key)) return;
  const nix = toolchain.length === 0 ? "" : ", Nix itself among them";
  const what = `${all.length} store paths, ${formatSize(totalSize(all))}${nix}, and what is known of ${layers.length} layers`;
  host.log.info(`Saved ${what}, as ${key}: ${formatSize(size)}`);
}
async function readCandidates(nix, paths) {
  const invalid = await findInvalidPaths(nix, paths);
  const registered = await readRegistrations(
    nix,
    paths.filter((path) => !invalid.has(path))
  );
  const kept = new Set([...registered.keys()].filter((path) => !path.endsWith(".drv")));
  for (const path of kept) {
    for (const reference of registered.get(path)?.references ?? []) if (registered.has(reference)) kept.add(reference);
  }
  return [...registered].filter(([path]) => kept.has(path)).map(([path, facts]) => ({ path, ...facts }));
}
var longestList = 10;
function report(why, paths, { log }) {
  if (paths.length === 0) return;
  const shown = paths.slice(0, longestList).map(({ path, narSize }) => `  ${path}  ${formatSize(narSize)}`);
  const more = paths.length > longestList ? [`  and ${paths.length - longestList} more`] : [];
  log.info([`${paths.length} store paths, ${formatSize(totalSize(paths))}, ${why}:`, ...shown, ...more].join("\n"));
}

export {
  isLoopback,
  redirectOf,
  openTransport,
  runProgram,
  findProgram,
  createBuildLog,
  readLogLine,
  build,
  features,
  specArguments,
  describeSpec,
  fetchingFrom,
  retry,
  isBrokenConnection,
  releaseName,
  decompress,
  decompressBriefly,
  compressionOf,
  installUnpacked,
  openNix,
  releaseToInstall,
  findNix,
  requireSystem,
  requireSpace,
  registrationOf,
  fetchEntry,
  restoreStore,
  restoreLayers,
  nixSystem,
  readClosure,
  readNarHashes,
  planSave,
  planSaveOfLayers,
  savingStore,
  saveStore
};
