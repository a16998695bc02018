import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
import {
  BlockList,
  basicLogin,
  findProgram,
  formatSize,
  isExecutable,
  isIP,
  runProgram,
  semver_default,
  stripVTControlCharacters,
  withoutLogins
} from "./chunk-QJY2LTPM.mjs";
import {
  DamagedEntry,
  areStorePaths,
  claimsOf,
  formatVersion,
  hasZstd,
  isDescriptor,
  makeReadOnly,
  mostLayers,
  narString,
  openEntry,
  piecesOf,
  readParts,
  sortByReferences,
  storeDirectory,
  storeHash,
  storePathName,
  writeCacheEntry
} from "./chunk-C7A6GD7E.mjs";
import {
  zstdSlices,
  zstdWindowLog
} from "./chunk-NQMJJ5S4.mjs";
import {
  isObject
} from "./chunk-Z6I6B3TS.mjs";
import {
  freeMemory,
  settleAll
} from "./chunk-R6VUWMYB.mjs";
import {
  Failure,
  codeOf,
  hasCode,
  messageOf
} from "./chunk-32ADV6HS.mjs";
import {
  __require
} from "./chunk-MPN7ELPR.mjs";

// src/lib/http/transport.ts
import { existsSync, readFileSync } from "node:fs";

// src/lib/http/http-module.ts
function httpModuleFor({ protocol }) {
  return process.getBuiltinModule(protocol === "https:" ? "node:https" : "node:http");
}
function addressOf({ hostname, port }) {
  return { hostname: hostname.replaceAll(/[[\]]/g, ""), port };
}
function placeOf({ protocol, hostname, port }) {
  return `${hostname}:${port || (protocol === "https:" ? "443" : "80")}`;
}

// src/lib/http/is-loopback.ts
function isLoopback(host) {
  const name = host.replace(/:[0-9]+$/, "");
  return name === "localhost" || /^127(?:\.[0-9]{1,3}){3}$/.test(name) || name === "[::1]" || name.endsWith(".localhost");
}

// src/lib/http/local-network.ts
var machine = blockList([
  ["0.0.0.0", 8],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["::", 127],
  ["fe80::", 10],
  ["fd00:ec2::254", 128]
]);
var privateNetworks = blockList([
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["fc00::", 7]
]);
var localNames = /(?:^|\.)(?:local|localdomain|internal|home\.arpa)$/;
function isMachineAddress(address) {
  return isIn(machine, address);
}
function isLocalAddress(address) {
  return isMachineAddress(address) || isIn(privateNetworks, address);
}
function isLocalHost(hostname) {
  const host = hostname.toLowerCase().replaceAll(/^\[|\]$|\.$/g, "");
  if (isIP(host) !== 0) return isLocalAddress(host);
  return isLoopback(host) || !host.includes(".") || localNames.test(host);
}
function blockList(networks) {
  const list = new BlockList();
  for (const [network, bits] of networks) list.addSubnet(network, bits, network.includes(":") ? "ipv6" : "ipv4");
  return list;
}
function isIn(list, address) {
  return isIP(address) !== 0 && list.check(address, address.includes(":") ? "ipv6" : "ipv4");
}

// src/lib/one-line.ts
function oneLine(text, limit = 400) {
  return text.slice(0, limit * 2).replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\s]+/gu, " ").trim().slice(0, limit);
}

// src/lib/http/connection-fault.ts
var clock = "set the clock of this machine if it is wrong";
var rows = [
  {
    codes: /^ECONNREFUSED$/,
    failed: "Cannot reach",
    why: "nothing listens on SERVER",
    advice: "Check the host and the port, and that the server is running."
  },
  { codes: /^ENOTFOUND$/, failed: "Cannot find", why: "no such host", advice: "Check the host name." },
  {
    codes: /^CERT_HAS_EXPIRED$/,
    failed: "Cannot trust",
    why: "its certificate has expired",
    advice: `Renew the certificate on the server, or ${clock}.`
  },
  {
    codes: /^CERT_NOT_YET_VALID$/,
    failed: "Cannot trust",
    why: "its certificate is not valid yet",
    advice: `Wait until it is valid, or ${clock}.`
  },
  {
    codes: /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    failed: "Cannot trust",
    why: "its certificate is for another host (NAMES)",
    advice: "Use a name in the certificate, or install a certificate for this host on the server."
  },
  {
    codes: /SELF_SIGNED/,
    failed: "Cannot trust",
    why: "its certificate is self-signed, or signed by an unknown authority",
    advice: "Set SSL_CERT_FILE to a file with the certificate of that authority."
  },
  {
    codes: /^UNABLE_TO_|^CERT_UNTRUSTED$|^INVALID_CA$/,
    failed: "Cannot trust",
    why: "its certificate is signed by an unknown authority, or the server does not send an intermediate certificate",
    advice: "Set SSL_CERT_FILE to a file with the certificate of that authority."
  },
  { codes: /CERT|^CRL_|^HOSTNAME_MISMATCH$/, failed: "Cannot trust", why: "its certificate is not valid", advice: "" },
  {
    codes: /^(EPROTO|ERR_SSL_\w+)$/,
    failed: "Cannot speak TLS to",
    why: "it does not answer in TLS, or supports no secure version of it",
    advice: "Check the scheme and the port."
  },
  {
    codes: /^HPE_HEADER_OVERFLOW$/,
    failed: "Cannot use",
    why: "its answer has more than 16 KiB of headers",
    advice: ""
  }
];
function withServer(error, server) {
  const reason = error instanceof AggregateError ? error.errors[0] : error;
  return Object.assign(reason, { server });
}
function connectionFaultOf(error) {
  const { server } = error;
  const code = codeOf(error);
  const row = rows.find(({ codes }) => codes.test(code));
  if (row === void 0 || typeof server !== "string") return void 0;
  const why = row.why.replace("SERVER", () => server).replace("NAMES", () => namesIn(error));
  return { server, failed: row.failed, why: `${why} (${code})`, advice: row.advice };
}
function failureOf({ failed, server, why, advice }, cause) {
  return new Failure(`${failed} ${server}: ${why}. ${advice}`.trimEnd(), { cause });
}
function namesIn(error) {
  const { cert } = error;
  return oneLine(String(cert?.subjectaltname ?? cert?.subject?.CN ?? "it has no name"), 200);
}

// src/lib/http/timeout.ts
function timeoutError(what, limit, code = "ERR_TIMEOUT") {
  return Object.assign(new Error(`Timeout: ${what} after ${limit / 1e3} s`), { code });
}

// src/lib/http/proxy.ts
var proxyRefused = "ERR_PROXY_REFUSED";
function proxyFor({ protocol, host, hostname, port }, env) {
  const name = protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY";
  const value = named(name, env);
  const target = { hostname, port: port || String(portOf(protocol)) };
  if (value === "" || isLoopback(host) || isExcepted(target, named("NO_PROXY", env))) return void 0;
  const text = value.includes("://") ? value : `http://${value}`;
  const refuse = (why) => new Failure(`Cannot use ${name}: ${why}.`);
  if (!/^https?:/i.test(text) || !URL.canParse(text)) {
    throw refuse("it is not the URL of an HTTP proxy. Write http://HOST:PORT");
  }
  const url = new URL(text);
  try {
    proxyAuthorization(url);
  } catch {
    throw refuse('its user or password has a "%" that is not part of a %XX. Write "%" as "%25"');
  }
  return url;
}
function named(name, env) {
  return env[name.toLowerCase()] ?? env[name] ?? "";
}
function isExcepted({ hostname, port }, noProxy) {
  const target = { hostname: hostname.replaceAll(/^\[|\]$|\.$/g, ""), port };
  const entries = noProxy.toLowerCase().split(/[,\s]+/);
  return entries.some((entry) => entry === "*" || isNamed(target, entry));
}
function isNamed({ hostname, port }, entry) {
  const [, network = "", bits = ""] = /^([0-9a-f.:]+)\/(\d{1,3})$/.exec(entry) ?? [];
  if (isIP(network) !== 0) return isInNetwork(hostname, network, Number(bits));
  const [, host = "", named2 = port] = /^(\[.+\]|[^:]+|[^[]*:.*:.*)(?::(\d+))?$/.exec(entry) ?? [];
  const name = host.replaceAll(/^\[|\]$|^\*?\./g, "");
  if (name === "" || named2 !== port) return false;
  if (isIP(name) !== 0) return isInNetwork(hostname, name, isIP(name) === 4 ? 32 : 128);
  return isIP(hostname) === 0 && `.${hostname}`.endsWith(`.${name}`);
}
function isInNetwork(address, network, bits) {
  const [family, familyOfNetwork] = [isIP(address), isIP(network)];
  if (family === 0 || bits > (familyOfNetwork === 4 ? 32 : 128)) return false;
  const list = new BlockList();
  list.addSubnet(network, bits, familyOfNetwork === 4 ? "ipv4" : "ipv6");
  return list.check(address, family === 4 ? "ipv4" : "ipv6");
}
var longestTunnel = 6e4;
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
      const advice = statusCode === 407 ? " Check the login in HTTPS_PROXY." : "";
      const refusal = new Failure(
        `Cannot reach ${path}: the proxy ${proxy.host} answered HTTP ${statusCode}.${advice}`
      );
      reject(Object.assign(refusal, { code: proxyRefused }));
    });
    asked.on("error", (error) => reject(proxyError(error, proxy)));
    asked.setTimeout(longestTunnel, () => asked.destroy(timeoutError("no answer to CONNECT", longestTunnel)));
    asked.end();
  });
}
function proxyError(error, proxy) {
  const reason = withServer(error, placeOf(proxy));
  const fault = connectionFaultOf(reason);
  if (fault !== void 0) {
    const advice = `${fault.advice} HTTPS_PROXY or HTTP_PROXY names this proxy.`.trim();
    return failureOf({ ...fault, failed: `${fault.failed} the proxy`, advice }, reason);
  }
  const message = `the proxy ${proxy.host}: ${reason.message}`;
  return Object.assign(new Error(message, { cause: reason }), { code: codeOf(reason) });
}
function proxyAuthorization({ username, password }) {
  const login = [username, password].map(decodeURIComponent).join(":");
  return login === ":" ? {} : { "proxy-authorization": `Basic ${Buffer.from(login).toString("base64")}` };
}

// src/lib/http/agent.ts
var longestConnecting = 1e4;
function openAgent(protocol, { insecure, ca, isPublicOnly, tunnel }) {
  const isTls = protocol === "https:";
  const { Agent } = httpModuleFor({ protocol });
  const agent = new Agent({
    keepAlive: true,
    ...isTls ? { rejectUnauthorized: !insecure } : {},
    ...ca === void 0 ? {} : { ca: [...ca] },
    ...isPublicOnly ? { lookup: lookupPublic } : {}
  });
  const connect = agent.createConnection;
  const open3 = (options) => limitConnecting(connect.call(agent, options), isTls);
  agent.createConnection = (options, callback) => {
    if (tunnel === void 0) return open3(options);
    const target = { host: String(options.host), port: Number(options.port) };
    const give = callback;
    openTunnel(tunnel.proxy, target, tunnel.agent).then((socket) => give(null, isTls ? open3({ ...options, socket }) : socket)).catch(give);
    return void 0;
  };
  return agent;
}
var lookupPublic = (hostname, options, done) => {
  const { lookup } = process.getBuiltinModule("node:dns");
  lookup(hostname, options, (error, found, family) => {
    const addresses = error !== null ? [] : typeof found === "string" ? [found] : found.map(({ address }) => address);
    const refused = addresses.find(isMachineAddress);
    const refusal = `Cannot follow a redirect to ${hostname}: it resolves to ${refused}, which is not a public address.`;
    done(refused === void 0 ? error : new Failure(refusal), found, family);
  });
};
function limitConnecting(socket, isTls) {
  const giveUp = () => socket.destroy(timeoutError("not connected", longestConnecting, "ETIMEDOUT"));
  const timer = setTimeout(giveUp, longestConnecting);
  for (const end of [isTls ? "secureConnect" : "connect", "close"]) socket.once(end, () => clearTimeout(timer));
  return socket;
}

// src/lib/http/exchange.ts
function exchange(request, route, timeouts2) {
  const { url, body, method } = request;
  const isQuick = method !== "PUT" && method !== "PATCH";
  const limit = isQuick ? timeouts2.quickAnswer ?? timeouts2.answer : timeouts2.answer;
  return new Promise((resolve, reject) => {
    const sent = openRequest(request, route);
    const giveUp = () => sent.destroy(timeoutError(`no answer of ${url.host}`, limit));
    const timer = setTimeout(giveUp, limit);
    let hasAnswer = false;
    let bodyError;
    sent.once("response", (answer) => {
      hasAnswer = true;
      clearTimeout(timer);
      answer.once("close", () => sent.writableFinished || sent.destroy());
      resolve(answer);
    });
    sent.once("error", (error) => {
      const wasIdle = sent.reusedSocket && hasCode(error, "ECONNRESET", "EPIPE");
      if (!wasIdle || hasAnswer || (body?.size ?? 0) > 0)
        return reject(error === bodyError ? error : connectionError(error, request, route));
      for (const idle of Object.values(route.agent.freeSockets).flat()) idle?.destroy();
      resolve(exchange(request, route, timeouts2));
    });
    sent.on("error", () => {
    });
    sent.once("close", () => clearTimeout(timer));
    sendBody(sent, body, () => timer.refresh()).catch((error) => {
      bodyError = error;
      sent.destroy(error);
    });
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
function connectionError(error, { url }, { proxy }) {
  return proxy === void 0 ? withServer(error, placeOf(url)) : proxyError(error, proxy);
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
  if (left !== 0) throw new Error(`a body of ${body.size} bytes provided ${body.size - left}`);
}

// src/lib/http/names-host.ts
function namesHost(hosts, host) {
  const wanted = placesOf(host);
  return hosts.flatMap(placesOf).some((place) => wanted.includes(place));
}
function placesOf(host) {
  const name = host.toLowerCase();
  return /:\d+$/.test(name) ? [name] : [`${name}:80`, `${name}:443`];
}

// src/lib/http/response.ts
function openResponse(answer, { url, address }, timeouts2) {
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
    address,
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

// src/lib/http/transport.ts
var usualTimeouts = { answer: 3e5, quickAnswer: 6e4, body: 6e4 };
function openTransport({ insecureHosts, env, timeouts: timeouts2 = usualTimeouts }) {
  const agents = /* @__PURE__ */ new Map();
  let isClosed = false;
  const agentTo = ({ protocol }, { insecure = false, isPublicOnly = false, proxy } = {}) => {
    const kind = [protocol, insecure, isPublicOnly, proxy ?? ""].join(" ");
    const known = agents.get(kind);
    if (known !== void 0) return known;
    const ca = protocol === "https:" ? readAuthorities(env) : void 0;
    const tunnel = proxy === void 0 ? void 0 : { proxy, agent: agentTo(proxy) };
    const agent = openAgent(protocol, { insecure, isPublicOnly, ca, tunnel });
    agents.set(kind, agent);
    return agent;
  };
  return {
    async send(request) {
      if (isClosed) throw new Error("The transport is closed.");
      const { url, isPublicOnly = false } = request;
      const proxy = proxyFor(url, env);
      const insecure = namesHost(insecureHosts, placeOf(url));
      const asked = url.protocol === "http:" ? proxy : void 0;
      const agent = asked === void 0 ? agentTo(url, { insecure, isPublicOnly, proxy }) : agentTo(asked);
      const answer = await exchange(request, { agent, proxy: asked }, timeouts2);
      const address = proxy === void 0 ? answer.socket.remoteAddress : void 0;
      return openResponse(answer, { url, address }, timeouts2);
    },
    async close() {
      isClosed = true;
      for (const agent of agents.values()) agent.destroy();
    }
  };
}
function readAuthorities({ SSL_CERT_FILE: file = "", NODE_EXTRA_CA_CERTS: extra = "" }) {
  if (file === "") return void 0;
  const tls = process.getBuiltinModule("node:tls");
  const extras = extra !== "" && existsSync(extra) ? [readFileSync(extra, "utf8")] : [];
  try {
    return [...tls.getCACertificates?.() ?? tls.rootCertificates, ...extras, readFileSync(file, "utf8")];
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

// src/nix/build.ts
import { randomUUID } from "node:crypto";
import { existsSync as existsSync2 } from "node:fs";
import { join } from "node:path";

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
      const machine2 = fieldOf(event, 1);
      return { level: "info", text: `building ${storePathName(path)}${machine2 === "" ? "" : ` on ${machine2}`}` };
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
async function build(nix, inputs, runtime) {
  const log = createBuildLog();
  const { code, stdout } = await nix.exec(
    nix.program,
    buildArguments(inputs, join(runtime.temporary, `result-${randomUUID()}`)),
    {
      env: nix.env,
      cwd: runtime.directory,
      onErrorLine: (line) => {
        const said = readLogLine(log, line);
        if (said !== void 0) runtime.log[said.level](said.text);
      }
    }
  );
  const name = describeTarget(inputs.target);
  if (code !== 0)
    throw new Failure(`Cannot build ${name}: ${explainFailure(log, { code, directory: runtime.directory })}`);
  return { ...parseBuilt(stdout, name), work: log.work };
}
function buildArguments(inputs, link) {
  const output = ["--log-format", "internal-json", "--json", "--out-link", link];
  return ["build", ...features, ...output, ...targetArguments(inputs)];
}
var features = ["--extra-experimental-features", "nix-command flakes"];
function targetArguments({ target, buildArgs, impure }) {
  return [
    ...impure ? ["--impure"] : [],
    ...target.kind === "file" ? ["--file", target.file] : [],
    ...buildArgs,
    "--",
    ...target.kind === "installable" ? [target.installable] : target.attr === void 0 ? [] : [target.attr]
  ];
}
function describeTarget(target) {
  if (target.kind === "installable") return target.installable;
  return target.attr === void 0 ? target.file : `${target.attr} of ${target.file}`;
}
function explainFailure(log, { code, directory }) {
  const failed = findFailedBuild(log);
  if (failed !== void 0) {
    const { derivation, reason, tail } = failed;
    return [
      `builder of '${storePathName(derivation)}' (${derivation}) ${reason}.`,
      ...tail.map((line) => `  ${line}`),
      `The full log is above; or run, on the machine that built it: nix log ${derivation}`
    ].join("\n");
  }
  const words = log.errors.length > 0 ? log.errors : log.plain;
  if (words.length === 0) return `nix exited with code ${code} and printed no error.`;
  const text = withoutMiddle(words.join("\n"));
  const untracked = findUntracked(text, directory);
  if (untracked === void 0) return text;
  return `${text}
The file ${untracked} exists, but Git does not track it, and a flake contains only tracked files. Run: git add ${untracked}`;
}
function findUntracked(text, directory) {
  const [, file] = new RegExp(`getting status of '${storeDirectory}/${storeHash}-source/([^']+)': No such file`).exec(text) ?? [];
  return file !== void 0 && existsSync2(join(directory, file)) ? file : void 0;
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
    throw new Failure(
      `Cannot build ${name}: it evaluates to ${results2.length} derivations, and an image is one derivation. Name one of them.`
    );
  }
  if (typeof result === "string") return { path: result };
  const { path, drvPath, outputs = {} } = result;
  const output = path ?? outputs.out ?? Object.values(outputs)[0];
  if (output === void 0) throw new Failure(`Cannot build ${name}: Nix reported no output path in ${json.trim()}.`);
  return { path: output, ...drvPath === void 0 ? {} : { drvPath } };
}

// src/nix/in-batches.ts
var batchSize = 1e3;
function inBatches(paths) {
  const count = Math.ceil(paths.length / batchSize);
  return Array.from({ length: count }, (_, i) => paths.slice(i * batchSize, (i + 1) * batchSize));
}

// src/nix/store.ts
import { realpathSync } from "node:fs";
import { access, constants } from "node:fs/promises";
import { dirname, join as join2 } from "node:path";
async function listValidPaths(nix) {
  const { code, stdout, stderr } = await nix.exec(nix.program, ["path-info", ...features, "--all"], { env: nix.env });
  if (code !== 0) throw new Failure(`Cannot list the store: ${stderr.trim()}`);
  return new Set(linesOf(stdout));
}
async function findInvalidPaths(nix, paths) {
  return new Set(await askStore(nix, ["--check-validity", "--print-invalid"], paths));
}
async function readRequisites(nix, paths) {
  return new Set(await askStore(nix, ["--query", "--requisites", "--include-outputs"], paths));
}
async function readFlakeInputs(nix, { target }, directory) {
  if (target.kind === "file") return [];
  const flake = target.installable.split("#")[0] || ".";
  const args = ["flake", "archive", ...features, "--json", "--dry-run", "--no-write-lock-file", "--", flake];
  const { code, stdout, stderr } = await nix.exec(nix.program, args, { env: nix.env, cwd: directory });
  if (code !== 0) throw new Failure(`Cannot list the inputs of ${describeTarget(target)}: ${stderr.trim()}`);
  return inputsBelow(JSON.parse(stdout)).flatMap(({ path }) => path === void 0 ? [] : [path]);
}
function inputsBelow({ inputs = {} }) {
  return Object.values(inputs).flatMap((input) => [input, ...inputsBelow(input)]);
}
async function ownsStore(nix) {
  if (!["auto", "local"].includes(await readStoreSetting(nix))) return false;
  try {
    for (const path of [storeDirectory, "/nix/var/nix", "/nix/var/nix/db"]) await access(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
async function readStoreSetting({ program, env, exec }) {
  for (const command of [["show-config"], ["config", "show"]]) {
    const { code, stdout } = await exec(program, [...command, ...features, "--json"], { env });
    if (code === 0) return JSON.parse(stdout).store.value;
  }
  throw new Failure('Cannot find out which store Nix uses: both "nix config show" and "nix show-config" failed.');
}
async function registerPaths(nix, registration) {
  await feedStore(nix, "--load-db", registration);
}
async function importPaths(nix, stream) {
  try {
    await feedStore(nix, "--import", stream);
  } catch (cause) {
    if (!/lacks a (valid )?signature/.test(messageOf(cause))) throw cause;
    throw new Failure("the Nix daemon accepts them only from trusted users. Add this user to its trusted-users", {
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
  for (const [i, batch] of inBatches(paths).entries()) {
    const root = join2(directory, `kept-${i}`);
    await askStore(nix, ["--realise", "--add-root", root, "--indirect"], batch);
  }
}
async function feedStore(nix, command, input) {
  const { code, stderr } = await runProgram(storeProgram(nix), [command], { env: nix.env, input });
  if (code !== 0) throw new Failure(`nix-store ${command} failed: ${stderr.trim()}`);
}
async function askStore(nix, command, paths) {
  const answers = [];
  for (const batch of inBatches(paths)) {
    const args = [...command, ...batch];
    const { code, stdout, stderr } = await nix.exec(storeProgram(nix), args, { env: nix.env });
    if (code !== 0) throw new Failure(`nix-store ${command[0]} failed: ${stderr.trim()}`);
    answers.push(...linesOf(stdout));
  }
  return answers;
}
function storeProgram({ program, env }) {
  const places = [dirname(program), dirname(realpathSync(program))];
  const found = places.map((place) => join2(place, "nix-store")).find(isExecutable) ?? findProgram("nix-store", env);
  if (found !== void 0) return found;
  throw new Failure(`Cannot query the store: there is no nix-store next to ${program} or on PATH. Reinstall Nix.`);
}
function linesOf(text) {
  return text.split("\n").filter((line) => line !== "");
}

// src/nix/binary-cache.ts
function fetchingFrom(settings, { url, signingKey }) {
  const isTrusted = signingKey === void 0 && url.startsWith("file://");
  const nixConf = [
    // After the user's own lines, which may replace substituters.
    ...settings.nixConf,
    `extra-substituters = ${isTrusted ? withParameter(url, "trusted", "true") : url}`,
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
  const { env, direction } = await aimAt(target, nix);
  const copied = /* @__PURE__ */ new Set();
  for (const batch of inBatches(paths)) {
    const args = ["copy", ...features, ...direction, "--", ...batch];
    const { code, stderr } = await nix.exec(nix.program, args, { env });
    if (code !== 0) throw new Failure(withoutLogins(`nix copy --to ${url} failed: ${reasonIn(stderr)}`));
    for (const [, path = ""] of stderr.matchAll(/^copying path '(.+?)' to /gm)) copied.add(path);
  }
  return copied;
}
async function aimAt(target, nix) {
  if (withoutLogins(target) === target) return { env: nix.env, direction: ["--to", target] };
  const { env } = nix;
  const config = [...env.NIX_CONFIG ? [env.NIX_CONFIG] : [], `store = ${target}`].join("\n");
  return { env: { ...env, NIX_CONFIG: config }, direction: ["--from", await readStoreSetting(nix)] };
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

// src/nix/closure.ts
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
    throw new Failure(`Cannot query the store paths of the image: ${messageOf(cause)}`, { cause });
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
    for (const batch of inBatches(some)) {
      const json = await pathInfo(nix, [...more, "--", ...batch]);
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
  throw new Failure(`Cannot query the store paths of the image: ${result.stderr.trim()}`);
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
  throw new Failure(`Cannot use ${path}: its NAR hash "${text}" is not a SHA-256 in a known format.`);
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

// src/nix/system.ts
var processors = [
  { nix: "x86_64", go: "amd64", node: "x64" },
  { nix: "aarch64", go: "arm64", node: "arm64" },
  { nix: "i686", go: "386", node: "ia32" },
  { nix: "armv7l", go: "arm", node: "arm" },
  { nix: "armv6l", go: "arm" },
  { nix: "riscv64", go: "riscv64", node: "riscv64" },
  { nix: "powerpc64le", go: "ppc64le", node: "ppc64" },
  { nix: "s390x", go: "s390x", node: "s390x" }
];
var installableSystems = ["x86_64-linux", "aarch64-linux"];
function systemOf(platform, arch) {
  return `${processors.find(({ node }) => node === arch)?.nix ?? arch}-${platform}`;
}
var nixSystem = systemOf(process.platform, process.arch);
function imageArchitecture(system) {
  const [name = "", kernel] = system.split("-");
  const processor = processors.find(({ nix }) => nix === name);
  if (processor !== void 0 && kernel === "linux") return processor.go;
  throw new Failure(
    `Cannot make an image of a package for ${system}: containers run Linux. Build it for a Linux system, such as x86_64-linux.`
  );
}
var hostArchitecture = processors.find(({ node }) => node === process.arch)?.go ?? process.arch;
function installableSystem(platform, arch) {
  const system = systemOf(platform, arch);
  if (installableSystems.includes(system)) return system;
  throw new Failure(`Cannot install Nix on ${platform} (${arch}). ${adviceFor(platform)}`);
}
function adviceFor(platform) {
  if (platform === "win32") return "Nix does not run on Windows: use a Linux runner, or run the command in WSL.";
  if (platform === "darwin") {
    return "On macOS, install Nix before this step and set builders that build for Linux. Or use a Linux runner.";
  }
  return "This action installs Nix on Linux on x86_64 and aarch64 only. Install Nix 2.8 or newer before this step.";
}

// src/nix/toolchain.ts
import { readlink as readlink2 } from "node:fs/promises";
import { homedir as homedir2 } from "node:os";
import { dirname as dirname4, join as join9 } from "node:path";

// src/nix/install.ts
import { createReadStream as createReadStream2 } from "node:fs";
import { open } from "node:fs/promises";
import { join as join8 } from "node:path";

// src/nix/adopt.ts
import { randomUUID as randomUUID3 } from "node:crypto";
import { createReadStream } from "node:fs";
import { chmod, lstat as lstat2, mkdir as mkdir2, readdir as readdir3, rename as rename2, symlink } from "node:fs/promises";
import { dirname as dirname3, join as join7 } from "node:path";

// src/nix/nix-directory.ts
import { access as access3, constants as constants2, lstat, readdir, readlink } from "node:fs/promises";

// src/nix/as-root.ts
async function canBeRoot(runtime) {
  if (process.getuid?.() === 0) return true;
  const sudo = findProgram("sudo", runtime.env);
  return sudo !== void 0 && (await runtime.exec(sudo, ["-n", "true"], { env: runtime.env })).code === 0;
}
async function runAsRoot(command, runtime) {
  const [program = "", ...args] = process.getuid?.() === 0 ? command : ["sudo", "-n", ...command];
  const { code, stderr } = await runtime.exec(program, args, { env: runtime.env });
  if (code === 0) return;
  throw new Failure(`Cannot run "${command.join(" ")}" as root: ${stderr.trim()} (exit code ${code}).`);
}

// src/nix/path-exists.ts
import { access as access2 } from "node:fs/promises";
async function pathExists(path) {
  try {
    await access2(path);
    return true;
  } catch {
    return false;
  }
}

// src/nix/nix-directory.ts
var nixDirectory = "/nix";
var stateDirectory = "/nix/var/nix";
async function prepareNixDirectory(runtime) {
  const owner = `${process.getuid?.()}:${process.getgid?.()}`;
  for (const path of [nixDirectory, storeDirectory]) await requireDirectory(path);
  if (!await pathExists(nixDirectory)) return createNixDirectory(owner, runtime);
  const refused = await findUnwritable();
  if (refused === void 0) return;
  if (refused.isEmpty && await canBeRoot(runtime)) return runAsRoot(["chown", owner, nixDirectory], runtime);
  const advice = hasCode(refused.cause, "EROFS") ? `${refused.path} is on a read-only file system. Before this step, mount a writable one at /nix, or put a working Nix on PATH` : `${refused.path} exists but is not writable. Before this step, run as root: chown -R ${owner} /nix`;
  throw new Failure(`Cannot install Nix: ${advice}`, { cause: refused.cause });
}
async function requireDirectory(path) {
  const stats = await lstat(path).catch(() => void 0);
  if (stats === void 0 || stats.isDirectory()) return;
  if (!stats.isSymbolicLink()) throw new Failure(`Cannot install Nix: ${path} is not a directory. Remove it.`);
  const target = await readlink(path);
  throw new Failure(
    `Cannot install Nix: ${path} is a symlink to ${target}, and Nix does not allow symlinks in the path of its store. Before this step, run as root: rm ${path} && mkdir ${path} && mount --bind ${target} ${path}`
  );
}
async function createNixDirectory(owner, runtime) {
  if (!await canBeRoot(runtime)) {
    throw new Failure(
      `Cannot create /nix: this user is not root and has no passwordless sudo. Before this step, run as root: mkdir /nix && chown ${owner} /nix`
    );
  }
  try {
    await runAsRoot(["mkdir", "-p", nixDirectory], runtime);
    await runAsRoot(["chown", owner, nixDirectory], runtime);
  } catch (cause) {
    throw new Failure(
      `Cannot create /nix: ${messageOf(cause)} If / is read-only, mount a writable file system at /nix before this step (in a container: a volume)`,
      { cause }
    );
  }
}
var isOfFileSystem = (name) => name === "lost+found";
async function findUnwritable() {
  for (const path of [nixDirectory, storeDirectory, "/nix/var", stateDirectory]) {
    const cause = await findRefusal(path);
    if (cause === void 0) continue;
    const mayBeEmpty = hasCode(cause, "EACCES") && path === nixDirectory;
    return { path, cause, isEmpty: mayBeEmpty && (await readdir(path)).every(isOfFileSystem) };
  }
  return void 0;
}
async function findRefusal(path) {
  try {
    await access3(path, constants2.W_OK);
    return void 0;
  } catch (error) {
    return hasCode(error, "ENOENT") ? void 0 : error;
  }
}

// src/nix/nix-version.ts
function parseNixVersion(output) {
  return /^nix \(.+\) (\d+\.\d\S*)$/m.exec(output)?.[1];
}
function compareVersions(a, b) {
  return semver_default.compare(coerced(a), coerced(b));
}
function coerced(version) {
  return semver_default.coerce(version) ?? new semver_default.SemVer("0.0.0");
}
async function readNixVersion(program, { exec, env }) {
  const { code, stdout, stderr } = await exec(program, ["--version"], { env });
  const version = code === 0 ? parseNixVersion(stdout) : void 0;
  if (version !== void 0) return version;
  throw new Failure(
    `Cannot use ${program}: its --version printed "${(stdout + stderr).trim().slice(0, 500)}" (exit code ${code}). Reinstall that Nix or remove it from PATH.`
  );
}

// src/nix/settings.ts
import { randomUUID as randomUUID2 } from "node:crypto";
import { mkdir, rename, writeFile as writeFile2 } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname as dirname2, join as join5 } from "node:path";

// src/nix/sandbox.ts
var namespaces = ["--user", "--map-root-user", "--mount", "--pid", "--fork", "--mount-proc"];
async function openSandbox(runtime) {
  const unshare = findProgram("unshare", runtime.env);
  if (unshare === void 0) return void 0;
  const isAllowed = async () => (await runtime.exec(unshare, [...namespaces, "true"], { env: runtime.env })).code === 0;
  if (await isAllowed()) return true;
  if (!runtime.isDisposable || !await canBeRoot(runtime)) return false;
  try {
    await runAsRoot(["sysctl", "-w", "kernel.apparmor_restrict_unprivileged_userns=0"], runtime);
  } catch {
    return false;
  }
  return isAllowed();
}

// src/nix/settings.ts
var ownDirectory = "/nix/var/nix-image-action";
var ownRoot = "/nix/var/nix/gcroots/nix-image-action";
var ownProgram = join5(ownRoot, "bin/nix");
var packagedProgram = "/usr/bin/nix";
var ownCertificates = "/nix/var/nix/gcroots/nix-image-action-certificates";
var ownSettings = join5(ownDirectory, "nix.conf");
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
  return [ownProgram, packagedProgram].includes(program) && await pathExists(ownSettings);
}
async function exportInstallation(program, settings, runtime) {
  const lines = ["build-users-group =", ...await sandboxLines(settings, runtime), ...linesOf2(settings), ""];
  await replaceFile(ownSettings, lines.join("\n"));
  const files = userSettings(runtime.env).filter((file) => file !== ownSettings);
  runtime.exportVariable("NIX_USER_CONF_FILES", [ownSettings, ...files].join(":"));
  const bundle = join5(ownCertificates, "etc/ssl/certs/ca-bundle.crt");
  if (!runtime.env.NIX_SSL_CERT_FILE && !await pathExists("/etc/ssl/certs/ca-certificates.crt") && await pathExists(bundle)) {
    runtime.exportVariable("NIX_SSL_CERT_FILE", bundle);
  }
  if (program === ownProgram && findProgram("nix", runtime.env) !== ownProgram) runtime.addPath(dirname2(ownProgram));
}
async function sandboxLines({ nixConf }, runtime) {
  if (nixConf.some((line) => /^sandbox\s*=/.test(line))) return [];
  const isAllowed = await openSandbox(runtime);
  if (isAllowed === void 0) return [];
  if (!isAllowed) {
    runtime.log.notice(
      "Builds run without a sandbox: the kernel does not allow this user to create namespaces. They can read the files of this machine and use its network; see docs/toolchain.md."
    );
  }
  return [`sandbox = ${isAllowed}`];
}
function userSettings(env) {
  if (env.NIX_USER_CONF_FILES) return env.NIX_USER_CONF_FILES.split(":");
  const home = env.XDG_CONFIG_HOME || join5(env.HOME || homedir(), ".config");
  return [home, ...(env.XDG_CONFIG_DIRS || "/etc/xdg").split(":")].map((directory) => join5(directory, "nix/nix.conf"));
}
async function replaceFile(path, text) {
  await mkdir(dirname2(path), { recursive: true });
  const temporary = `${path}.${randomUUID2()}`;
  await writeFile2(temporary, text, { mode: 384 });
  await rename(temporary, path);
}

// src/nix/unpack-directory.ts
import { mkdtemp, readdir as readdir2, rm, stat } from "node:fs/promises";
import { join as join6 } from "node:path";
var prefix = ".nix-image-action-";
var staleAge = 24 * 60 * 60 * 1e3;
function makeUnpackDirectory() {
  return mkdtemp(join6(nixDirectory, prefix));
}
async function removeUnpacked(directory, runtime) {
  await runtime.exec("chmod", ["-R", "u+w", directory], { env: runtime.env });
  await rm(directory, { recursive: true, force: true });
}
async function removeStale(runtime) {
  try {
    for (const name of await readdir2(nixDirectory)) {
      const path = join6(nixDirectory, name);
      if (!name.startsWith(prefix) || runtime.now() - (await stat(path)).mtimeMs < staleAge) continue;
      await removeUnpacked(path, runtime);
      runtime.log.info(`Removed ${path}, left behind by an interrupted run`);
    }
  } catch (error) {
    runtime.log.debug(`Cannot remove stale directories in ${nixDirectory}: ${messageOf(error)}`);
  }
}

// src/nix/adopt.ts
async function adoptRelease(directory, release, runtime) {
  const store = join7(directory, "store");
  const names = (await readdir3(store)).sort();
  const candidates = names.filter((name) => name.endsWith(`-nix-${release.version}`));
  if (candidates.length === 0) throw withoutNix(release);
  await makeReadOnly2(
    names.map((name) => join7(store, name)),
    runtime
  );
  await mkdir2(storeDirectory, { recursive: true });
  await mkdir2(stateDirectory, { recursive: true });
  const moved = [];
  let nix;
  try {
    for (const name of names) {
      const to = join7(storeDirectory, name);
      if (await moveStorePath(join7(store, name), to)) moved.push(to);
    }
    nix = await findNixPath(candidates);
    if (nix === void 0) throw withoutNix(release);
    await requireVersion(nix, release, runtime);
    await register(nix, join7(directory, ".reginfo"), runtime);
  } catch (error) {
    for (const path of moved) await removeUnpacked(path, runtime);
    throw error;
  }
  await linkCertificates(names);
  await replaceLink(nix, ownRoot);
}
async function makeReadOnly2(paths, runtime) {
  const { code, stderr } = await runtime.exec("chmod", ["-R", "a-w", ...paths], { env: runtime.env });
  if (code !== 0) throw new Failure(`Cannot install Nix: chmod failed: ${stderr.trim()} (exit code ${code}).`);
}
async function moveStorePath(from, to) {
  const isDirectory = (await lstat2(from)).isDirectory();
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
    const path = join7(storeDirectory, name);
    if (isExecutable(join7(path, "bin/nix"))) return path;
  }
  return void 0;
}
function withoutNix({ version, url }) {
  return new Failure(`Cannot install Nix ${version}: ${url} contains no store path with bin/nix.`);
}
async function requireVersion(nix, { version }, runtime) {
  const found = await readNixVersion(join7(nix, "bin/nix"), runtime);
  if (found !== version) throw new Failure(`Cannot install Nix ${version}: ${nix} reports that it is Nix ${found}.`);
}
async function register(nix, registration, runtime) {
  const program = join7(nix, "bin/nix-store");
  const { code, stderr } = await runProgram(program, ["--load-db"], {
    env: runtime.env,
    input: createReadStream(registration)
  });
  if (code !== 0) throw new Failure(`Cannot register Nix in ${storeDirectory}: ${stderr.trim()} (exit code ${code}).`);
}
async function linkCertificates(names) {
  for (const name of names) {
    const path = join7(storeDirectory, name);
    if (await pathExists(join7(path, "etc/ssl/certs/ca-bundle.crt"))) return replaceLink(path, ownCertificates);
  }
}
async function replaceLink(target, link) {
  await mkdir2(dirname3(link), { recursive: true });
  const temporary = `${link}.${randomUUID3()}`;
  await symlink(target, temporary);
  await rename2(temporary, link);
}

// src/lib/http/resolve-location.ts
function resolveLocation(location, source) {
  const { url: base } = source;
  const refuse = (why) => new Failure(`Cannot follow ${base.host} to ${shown(location)}: ${why}.`);
  if (!URL.canParse(location, base.href)) throw refuse("it is not a URL");
  const url = new URL(location, base);
  if (url.protocol !== "https:" && url.protocol !== "http:") throw refuse("its scheme is neither https nor http");
  if (base.protocol === "https:" && url.protocol === "http:") {
    if (url.hostname !== base.hostname) throw refuse("https must not lead to http");
    url.protocol = "https:";
    url.port = base.port;
  }
  if (isLocalHost(url.hostname) && url.hostname !== base.hostname && !isLocal(source)) {
    throw refuse("a server on the internet must not lead into a local network");
  }
  return url;
}
function isLocal({ url, address }) {
  return isLocalHost(url.hostname) || address !== void 0 && isLocalAddress(address);
}
function shown(location) {
  return location.replace(/[?#].*/s, "").slice(0, 200);
}

// src/lib/http/follow-redirects.ts
var mostRedirects = 5;
async function followRedirects(request, { send, resolve }) {
  let next = request;
  for (let hops = 0; hops <= mostRedirects; hops++) {
    const response = await send(next);
    const location = redirectOf(response);
    if (location === void 0) return response;
    await response.discard();
    const url = resolve(location, response);
    const isLedAway = url.origin !== response.url.origin && !isLocal(response);
    const isPublicOnly = next.isPublicOnly === true || isLedAway;
    next = { ...response.status === 303 ? withoutContent(next) : next, url, isPublicOnly };
  }
  throw new Failure(`Cannot reach ${request.url.host}: it redirects more than ${mostRedirects} times.`);
}
function redirectOf({ status, header }) {
  return [301, 302, 303, 307, 308].includes(status) ? header("location") : void 0;
}
function withoutContent({ method, body: _, ...request }) {
  return { ...request, method: method === "HEAD" ? "HEAD" : "GET" };
}

// src/lib/http/retry.ts
import { setTimeout as sleep } from "node:timers/promises";
var tries = 5;
var silentTries = 2;
var usualWaits = { first: 500, longest: 6e4 };
async function retry(body, options) {
  const { waitFor, onRetry, waits = usualWaits } = options;
  let silent = 0;
  for (let tried = 1; ; tried++) {
    try {
      return await body();
    } catch (error) {
      if (hasCode(error, "ERR_TIMEOUT")) silent += 1;
      const asked = tried < tries && silent < silentTries ? waitFor(error) : void 0;
      if (asked === void 0) throw error;
      const ours = waits.first * 2 ** (tried - 1) * (0.5 + Math.random());
      const wait = Math.round(Math.min(Math.max(asked, ours), waits.longest));
      onRetry(error, wait);
      await sleep(wait);
    }
  }
}
var brokenConnection = /^(ECONNRESET|ECONNREFUSED|ECONNABORTED|EPIPE|ETIMEDOUT|ERR_TIMEOUT|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN|HPE_(?!HEADER_OVERFLOW)\w+)$/;
function isBrokenConnection(error) {
  if (!(error instanceof Error)) return false;
  const { code } = error;
  return code !== void 0 && brokenConnection.test(code);
}

// src/nix/download.ts
var timeouts = { answer: 3e4, body: 3e4 };
var HttpError = class extends Error {
  name = "HttpError";
  status;
  constructor(status) {
    super(`the server answered HTTP ${status}`);
    this.status = status;
  }
};
async function* download(url, { env, firstAnswer, ...options }) {
  const transport = openTransport({
    ...{ insecureHosts: [], env },
    timeouts: { ...timeouts, answer: firstAnswer ?? timeouts.answer }
  });
  let received = 0;
  let chunks;
  const next = async () => {
    try {
      chunks ??= await openFrom(url, received, transport);
      return await chunks.next();
    } catch (error) {
      chunks = void 0;
      throw firstAnswer !== void 0 && received === 0 && hasCode(error, "ERR_TIMEOUT") ? withoutAnswer(error) : error;
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
var unreachable = ["ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "ETIMEDOUT"];
function isUnreachable(error) {
  return hasCode(error, ...unreachable, proxyRefused);
}
function withoutAnswer(cause) {
  return Object.assign(new Error(messageOf(cause), { cause }), { code: "ETIMEDOUT" });
}
function mayPass(error) {
  if (error instanceof HttpError) return error.status >= 500 || [408, 429].includes(error.status);
  return isBrokenConnection(error);
}
async function openFrom(url, start, transport) {
  const headers = start === 0 ? {} : { range: `bytes=${start}-` };
  const first = new URL(url);
  const authorization = basicLogin(first);
  const send = (request) => authorization === void 0 || request.url.origin !== first.origin ? transport.send(request) : transport.send({ ...request, headers: { ...request.headers, authorization } });
  const redirects = { send, resolve: resolveLocation };
  const response = await followRedirects({ method: "GET", url: first, headers }, redirects);
  const { status, body } = response;
  if (status === 206 && response.header("content-range")?.startsWith(`bytes ${start}-`)) {
    return body[Symbol.asyncIterator]();
  }
  if (status === 200) return withoutStart(body, start);
  await response.discard();
  throw new HttpError(status);
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
  return Object.keys(checksums).reduce((newest, version) => compareVersions(newest, version) < 0 ? version : newest);
}
function parseBase(url) {
  const protocol = URL.canParse(url) ? new URL(url).protocol : "";
  if (protocol === "https:" || protocol === "http:") return url.replace(/\/+$/, "");
  throw new Failure(`Cannot install Nix from "${withoutLogins(url)}": nix-url has to be an http or https URL.`);
}
function chooseChecksum(given, version, system) {
  if (given !== void 0 && !/^[0-9a-fA-F]{64}$/.test(given)) {
    throw new Failure(`Cannot check Nix ${version} against "${given}": nix-sha256 has to be 64 hexadecimal digits.`);
  }
  const sha256 = given ?? checksums[version]?.[system];
  if (sha256 !== void 0) return sha256.toLowerCase();
  throw new Failure(
    `Cannot install Nix ${version} for ${system}: this action does not know its checksum. Set nix-sha256 to the SHA-256 of nix-${version}-${system}.tar.xz, or nix-version to one of ${Object.keys(checksums).join(", ")}.`
  );
}

// src/nix/unpack.ts
import { createHash } from "node:crypto";

// src/lib/compress/decompress.ts
import { PassThrough } from "node:stream";
import { pipeline } from "node:stream/promises";
import zlib from "node:zlib";

// late:xz-decompress
var xz_decompress_default = new Proxy({}, { get: (_, key) => __require("./xz-decompress.cjs")[key] });

// src/lib/compress/decompress.ts
async function* decompress(source, compression, what) {
  const output = new PassThrough();
  const done = inflate(source, { compression, what, output });
  done.catch(() => {
  });
  try {
    yield* output;
    await done;
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    const problem = isForeignXz(cause) ? `its xz stream uses a check, filter or dictionary that is not supported. Compress it with the default settings of xz` : `its ${compression} stream is damaged or cut off (${messageOf(cause)})`;
    throw new Failure(`Cannot read ${what}: ${problem}.`, { cause });
  }
}
async function* decompressReusing(source, compression, what) {
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
function inflate(source, {
  compression,
  what,
  output
}) {
  if (compression === "gzip") return pipeline(source, zlib.createGunzip({ chunkSize }), output);
  if (compression === "zstd") return inflateZstd(source, what, output);
  return pipeline(new xz_decompress_default.XzReadableStream(ReadableStream.from(source)), output);
}
function isForeignXz(error) {
  return /^get_next_output failed with error code [2346]$/.test(messageOf(error));
}
var chunkSize = 1 << 17;
async function inflateZstd(source, what, output) {
  if (!("createZstdDecompress" in zlib)) {
    const fallback = await import("./chunk-K4OAXXW3.mjs");
    return pipeline(fallback.inflateZstd(source, what), output);
  }
  const params = { [zlib.constants.ZSTD_d_windowLogMax]: zstdWindowLog };
  return pipeline(zstdSlices(source, what), zlib.createZstdDecompress({ params, chunkSize }), output);
}
function compressedFormatOf(start) {
  const begins = (...magic) => magic.every((byte, i) => start[i] === byte);
  if (begins(31, 139)) return "gzip";
  if (begins(40, 181, 47, 253)) return "zstd";
  if (begins(253, 55, 122, 88, 90)) return "xz";
  if (begins(66, 90, 104)) return "bzip2";
  return void 0;
}

// src/nix/unpack.ts
async function unpackRelease(source, release, runtime) {
  const directory = await makeUnpackDirectory();
  const archive = readHashed(source);
  try {
    const problem = await extract(archive.chunks(), { directory, release, runtime });
    if (problem === void 0) for await (const _ of archive.chunks()) ;
    checkArchive(archive.digest(), problem, release);
    return directory;
  } catch (error) {
    await removeUnpacked(directory, runtime);
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
    /** Reads the rest. A reader may stop early, as tar does at the end of the archive. */
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
    /** In hexadecimal; undefined if it was not read to its end. Throws the error that ended the source. */
    digest() {
      if (broken !== void 0) throw broken.error;
      return isWhole ? hash.digest("hex") : void 0;
    },
    close: () => iterator.return?.()
  };
}
async function extract(chunks, { directory, release, runtime }) {
  const hasXz = findProgram("xz", runtime.env) !== void 0;
  const input = hasXz ? chunks : decompress(chunks, "xz", release.url);
  const args = [hasXz ? "-xJ" : "-x", "-f", "-", "-C", directory, "--strip-components=1", "--no-same-owner"];
  try {
    const { code, stderr } = await runProgram("tar", args, { env: runtime.env, input });
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
var longestSilence = 1e4;
async function installNix(inputs, runtime, restore) {
  const release = chooseRelease(inputs, installableSystem(process.platform, process.arch));
  await prepareNixDirectory(runtime);
  return await restore?.(release) ? ownProgram : installRelease(release, inputs, runtime);
}
async function installRelease(release, inputs, runtime) {
  if (findProgram("tar", runtime.env) === void 0) {
    throw new Failure("Cannot unpack Nix: there is no tar on PATH. Install the package tar before this step.");
  }
  const asked = inputs.nixVersion !== void 0 || inputs.nixUrl !== void 0;
  const canFallBack = !asked && await hasDebianPackages(runtime);
  let unpacked;
  try {
    unpacked = await unpackKept(release, runtime) ?? await unpackDownload(release, canFallBack, runtime);
  } catch (error) {
    if (canFallBack && isUnreachable(error)) {
      return installFromDebian(`${release.url} cannot be reached (${messageOf(error)})`, runtime);
    }
    if (error instanceof Failure) throw error;
    throw new Failure(
      `Cannot download Nix ${release.version} from ${release.url}: ${messageOf(error)}. Check nix-version, set nix-url to a mirror that this machine can reach, or install Nix before this step.`,
      { cause: error }
    );
  }
  try {
    await adoptRelease(unpacked, release, runtime);
  } finally {
    await removeUnpacked(unpacked, runtime);
  }
  return ownProgram;
}
async function installUnpacked(unpack, release, runtime) {
  const directory = await makeUnpackDirectory();
  try {
    const holdsNix = await unpack(directory);
    if (holdsNix) await adoptRelease(directory, release, runtime);
    return holdsNix;
  } finally {
    await removeUnpacked(directory, runtime);
  }
}
async function unpackKept(release, runtime) {
  const file = await runtime.tools?.find(toolName, release.version);
  if (file === void 0) return void 0;
  try {
    const unpacked = await unpackRelease(createReadStream2(file), { ...release, url: file }, runtime);
    runtime.log.info(`Nix ${release.version} unpacked from the tool cache, ${file}`);
    return unpacked;
  } catch (error) {
    runtime.log.warning(`Cannot use the tool cache: ${messageOf(error)}`);
    return void 0;
  }
}
async function unpackDownload(release, canFallBack, runtime) {
  const { url, version } = release;
  const otherwise = `; if it does not answer within ${longestSilence / 1e3} s, the package nix-bin is installed instead`;
  runtime.log.info(`Downloading Nix ${version} from ${url}${canFallBack ? otherwise : ""}`);
  const onRetry = (error, wait) => runtime.log.info(`The download was interrupted (${messageOf(error)}) and resumes in ${wait} ms`);
  const chunks = download(url, { env: runtime.env, onRetry, ...canFallBack ? { firstAnswer: longestSilence } : {} });
  const { tools } = runtime;
  if (tools === void 0) return unpackRelease(chunks, release, runtime);
  const file = join8(runtime.temporary, "nix-release.tar.xz");
  const unpacked = await unpackRelease(writeToo(chunks, file), release, runtime);
  try {
    await tools.keep(file, toolName, version);
  } catch (error) {
    runtime.log.warning(`Cannot keep Nix ${version} in the tool cache: ${messageOf(error)}`);
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
async function hasDebianPackages(runtime) {
  return findProgram("apt-get", runtime.env) !== void 0 && await canBeRoot(runtime);
}
function debianPackages() {
  return process.getuid?.() === 0 ? ["nix-bin", "nix-setup-systemd"] : ["nix-bin"];
}
async function installFromDebian(reason, runtime) {
  const apt = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"];
  await runAsRoot([...apt, "update"], runtime);
  await runAsRoot([...apt, "install", "-y", "--no-install-recommends", ...debianPackages()], runtime);
  const version = await readNixVersion(packagedProgram, runtime);
  runtime.log.warning(`${reason}: installed Nix ${version} from the package nix-bin instead.`);
  return packagedProgram;
}

// src/nix/kvm.ts
import { access as access4, constants as constants3 } from "node:fs/promises";
var device = "/dev/kvm";
async function openKvm(runtime) {
  try {
    await access4(device, constants3.R_OK | constants3.W_OK);
  } catch (error) {
    if (hasCode(error, "ENOENT") || !runtime.isDisposable || !await canBeRoot(runtime)) return;
    try {
      await runAsRoot(["chmod", "666", device], runtime);
      runtime.log.info("Builds may use KVM");
    } catch (problem) {
      runtime.log.info(`Builds cannot use KVM: ${messageOf(problem)}`);
    }
  }
}

// src/nix/toolchain.ts
var oldestVersion = "2.8";
async function openNix(inputs, runtime, restore) {
  if (inputs.githubToken !== void 0) runtime.log.secret(inputs.githubToken);
  await openKvm(runtime);
  const found = await findInstalled(inputs, runtime);
  const installed = found === void 0;
  if (found !== void 0 && await isOwnInstallation(found)) await requireOwner(found);
  const program = found ?? await installNix(inputs, runtime, restore);
  const version = await readNixVersion(program, runtime);
  checkVersion({ program, version }, inputs, runtime);
  if (installed || await isOwnInstallation(program)) {
    await exportInstallation(program, inputs, runtime);
    await removeStale(runtime);
  }
  runtime.log.info(`Nix ${version} at ${program}${installed ? ", installed now" : ""}`);
  return { program, version, env: environmentOf(inputs, runtime), exec: runtime.exec, installed };
}
async function requireOwner(program) {
  for (const path of [storeDirectory, stateDirectory, ownDirectory]) {
    const cause = await findRefusal(path);
    if (cause === void 0) continue;
    const owner = `${process.getuid?.()}:${process.getgid?.()}`;
    throw new Failure(
      `Cannot use the Nix at ${program}: an earlier run installed it as another user, and this user, ${owner}, may not write to ${path}. Run all steps as the same user, or change its owner before this step, as root: chown -R ${owner} /nix`,
      { cause }
    );
  }
}
async function findInstalled({ nixVersion }, { env }) {
  const program = findProgramOfNix(env);
  const isWanted = program !== ownProgram || nixVersion === void 0 || (await readlink2(ownRoot)).endsWith(`-nix-${nixVersion}`);
  return isWanted ? program : void 0;
}
async function releaseToInstall(inputs, runtime) {
  if (await findInstalled(inputs, runtime) !== void 0) return void 0;
  return chooseRelease(inputs, installableSystem(process.platform, process.arch));
}
async function installedPaths({ program, installed }) {
  if (!installed || program !== ownProgram) return [];
  const links = await pathExists(ownCertificates) ? [ownRoot, ownCertificates] : [ownRoot];
  return [...new Set(await Promise.all(links.map((link) => readlink2(link))))];
}
function environmentOf(settings, runtime) {
  const { apiUrl, repositoryUrl } = runtime.context;
  const env = { ...runtime.env, ...runtime.gitEnv };
  if (apiUrl === void 0 || repositoryUrl === void 0) return withNixConfig(env, settings);
  return withNixConfig(env, { ...settings, githubHost: new URL(repositoryUrl).host });
}
function findNix(settings, runtime) {
  const program = findProgramOfNix(runtime.env);
  return program === void 0 ? void 0 : { program, env: environmentOf(settings, runtime), exec: runtime.exec };
}
function findProgramOfNix(env) {
  const onPath = findProgram("nix", env);
  if (onPath !== void 0) return onPath;
  const home = env.HOME || homedir2();
  const places = [
    "/nix/var/nix/profiles/default/bin",
    join9(home, ".nix-profile/bin"),
    "/run/current-system/sw/bin",
    join9(env.XDG_STATE_HOME || join9(home, ".local/state"), "nix/profile/bin"),
    dirname4(ownProgram)
  ];
  for (const place of places) {
    const candidate = join9(place, "nix");
    if (isExecutable(candidate)) return candidate;
  }
  return void 0;
}
function checkVersion({ version, program }, { nixVersion, nixVersionStrict }, runtime) {
  if (compareVersions(version, oldestVersion) < 0) {
    throw new Failure(
      `Cannot use Nix ${version} at ${program}: Nix ${oldestVersion} or newer is needed. Upgrade it, or remove it so that this step installs a newer one.`
    );
  }
  if (nixVersion === void 0 || nixVersion === version) return;
  if (nixVersionStrict) {
    throw new Failure(
      `Cannot use Nix ${version} at ${program}: nix-version-strict requires Nix ${nixVersion}. Remove that Nix so that this step installs the right one, or leave out nix-version-strict.`
    );
  }
  runtime.log.warning(
    `Using Nix ${version} at ${program}, not Nix ${nixVersion}: nix-version applies only if no Nix is installed.`
  );
}

// src/stages/build/job-notes.ts
var nothing = { built: {} };
async function readJobNotes({ job, log }) {
  try {
    const text = await job?.read();
    return text === void 0 ? nothing : parseNotes(JSON.parse(text));
  } catch (error) {
    log.warning(`Ignoring what earlier steps of this job recorded for the store cache: ${messageOf(error)}`);
    return nothing;
  }
}
async function addJobNotes(runtime, { built, ...notes }) {
  if (runtime.job === void 0) return;
  const known = await readJobNotes(runtime);
  try {
    await runtime.job.write(JSON.stringify({ ...known, ...notes, built: { ...known.built, ...built } }));
  } catch (error) {
    runtime.log.warning(`Later steps of this job may save less to the store cache: ${messageOf(error)}`);
  }
}
function parseNotes(json) {
  const { before, installed, built } = isObject(json) ? json : {};
  const isRelease = installed === void 0 || typeof installed === "string" && /^nix[\w.]{1,40}-[0-9a-f]{8}$/.test(installed);
  if (!isRelease || !(before === void 0 || areStorePaths(before)) || !isObject(built)) throw notOurs();
  return {
    ...before === void 0 ? {} : { before },
    ...installed === void 0 ? {} : { installed },
    built: Object.fromEntries(Object.entries(built).map(([key, paths]) => [key, areStorePaths(paths) ? paths : []]))
  };
}
function notOurs() {
  return new Failure("the record is malformed");
}

// src/cache/cache-key.ts
import { createHash as createHash2 } from "node:crypto";
import { createReadStream as createReadStream3 } from "node:fs";
import { readdir as readdir4 } from "node:fs/promises";
import { join as join10, matchesGlob } from "node:path";
import { pipeline as pipeline2 } from "node:stream/promises";
var lockFiles = [/(^|\/)flake\.lock$/, /(^|\/)npins\/sources\.json$/, /(^|\/)nix\/sources\.json$/];
async function cacheKey({ directory, patterns, system, spec, ...rest }) {
  const { extra, toolchain } = rest;
  const { files, unreadable } = await findFiles(directory, patterns);
  const locks = createHash2("sha256");
  addField(locks, extra);
  for (const file of files) {
    const hash = await orUnreadable(file, unreadable, () => hashFile(join10(directory, file)));
    addField(locks, file);
    addField(locks, hash ?? "unreadable");
  }
  const forSystem = `nix-image-${formatVersion}-${system}-`;
  const forSpec = `${forSystem}${createHash2("sha256").update(spec).digest("hex").slice(0, 12)}-`;
  const prefixes = [...toolchain === void 0 ? [] : [`${forSpec}${toolchain}-`], forSpec, forSystem];
  return { key: `${prefixes[0]}${locks.digest("hex").slice(0, 32)}`, prefixes, files, unreadable };
}
function keyIncludesToolchain(key, toolchain) {
  return key.includes(`-${toolchain}-`);
}
function addField(hash, text) {
  const bytes = Buffer.from(text);
  hash.update(`${bytes.length}:`).update(bytes);
}
async function hashFile(path) {
  const hash = createHash2("sha256");
  await pipeline2(createReadStream3(path), hash);
  return hash.digest("hex");
}
async function findFiles(directory, patterns) {
  const isWanted = (file) => lockFiles.some((name) => name.test(file)) || patterns.some((pattern) => matchesGlob(file, pattern));
  const files = [];
  const unreadable = [];
  for (const rest = [""]; rest.length > 0; ) {
    const below = rest.pop();
    const list = () => readdir4(join10(directory, below), { withFileTypes: true });
    for (const entry of await orUnreadable(below || ".", unreadable, list) ?? []) {
      const path = below === "" ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory() && entry.name !== ".git" && entry.name !== "node_modules") rest.push(path);
      if (entry.isFile() && isWanted(path)) files.push(path);
    }
  }
  return { files: files.sort(), unreadable };
}
async function orUnreadable(path, unreadable, read) {
  try {
    return await read();
  } catch {
    unreadable.push(path);
    return void 0;
  }
}

// src/cache/directory-backend.ts
import { randomUUID as randomUUID4 } from "node:crypto";
import { constants as constants4 } from "node:fs";
import { copyFile, lstat as lstat3, mkdir as mkdir3, open as open2, readdir as readdir5, rename as rename3, rm as rm2 } from "node:fs/promises";
import { join as join11 } from "node:path";
import { pipeline as pipeline3 } from "node:stream/promises";
var ending = ".nix-image-cache";
var temporaryEnding = `${ending}.tmp`;
var staleAge2 = 24 * 60 * 60 * 1e3;
var pieceSize = 1 << 20;
function openDirectoryBackend(directory) {
  const place = (key) => join11(directory, `${key}${ending}`);
  return {
    async find(key, prefixes) {
      const found = await openFirst(directory, key, prefixes);
      await found?.handle.close();
      return found?.key;
    },
    async restore(file, key, prefixes) {
      const found = await openFirst(directory, key, prefixes);
      if (found === void 0) return void 0;
      const target = await open2(file, "w", 384);
      await pipeline3(found.handle.createReadStream({ highWaterMark: pieceSize }), target.createWriteStream());
      return found.key;
    },
    async save(file, key) {
      await mkdir3(directory, { recursive: true });
      await removeStale2(directory);
      const temporary = join11(directory, `.${key}.${randomUUID4()}${temporaryEnding}`);
      try {
        await copyFile(file, temporary, constants4.COPYFILE_EXCL);
        await rename3(temporary, place(key));
      } finally {
        await rm2(temporary, { force: true });
      }
      return true;
    }
  };
}
async function openFirst(directory, key, prefixes) {
  const entries = await listEntries(directory);
  const nearest = prefixes.flatMap(
    (prefix2) => entries.filter((entry) => entry.key.startsWith(prefix2)).sort((a, b) => b.time - a.time || (a.key < b.key ? -1 : 1))
  );
  for (const entry of [...entries.filter((entry2) => entry2.key === key), ...nearest]) {
    const handle = await openEntryFile(join11(directory, `${entry.key}${ending}`));
    if (handle !== void 0) return { key: entry.key, handle };
  }
  return void 0;
}
async function listEntries(directory) {
  const names = (await listNames(directory)).filter((name) => name.endsWith(ending) && !name.startsWith("."));
  const entries = await Promise.all(
    names.map(async (name) => {
      const stats = await lookAt(join11(directory, name));
      return stats?.isFile() ? [{ key: name.slice(0, -ending.length), time: stats.mtimeMs }] : [];
    })
  );
  return entries.flat();
}
async function listNames(directory) {
  try {
    return await readdir5(directory);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return [];
    throw error;
  }
}
function lookAt(path) {
  return lstat3(path).catch(() => void 0);
}
async function openEntryFile(path) {
  let handle;
  try {
    handle = await open2(path, constants4.O_RDONLY | constants4.O_NOFOLLOW | constants4.O_NONBLOCK);
  } catch {
    return void 0;
  }
  if ((await handle.stat()).isFile()) return handle;
  await handle.close();
  return void 0;
}
async function removeStale2(directory) {
  for (const name of await listNames(directory)) {
    if (!name.startsWith(".") || !name.endsWith(temporaryEnding)) continue;
    const path = join11(directory, name);
    const stats = await lookAt(path);
    if (stats?.isFile() && Date.now() - stats.mtimeMs > staleAge2) await rm2(path, { force: true }).catch(() => {
    });
  }
}

// src/cache/restore-entry.ts
import { chmodSync, closeSync, linkSync, lstatSync, openSync, readdirSync, renameSync, rmSync } from "node:fs";
import { mkdtemp as mkdtemp2, statfs } from "node:fs/promises";
import { basename, join as join12 } from "node:path";

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
    const found = { file, parts: entry.findParts() };
    await requireSpace(size, storeDirectory);
    if (missing.length > 0) {
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
  throw new DamagedEntry(`it refers to ${absent[0]}, which is neither in it nor in the store`);
}
async function requireSpace(size, directory) {
  const { bavail, bsize } = await statfs(directory);
  if (size <= bavail * bsize) return;
  throw new Failure(`it claims ${size} bytes, but ${directory} has only ${bavail * bsize} free`);
}
async function unpackAndRegister(found, missing, store) {
  const temporary = await mkdtemp2(join12(storeDirectory, ".nix-image-"));
  const places = new Map(missing.map(({ path }) => [path, join12(temporary, basename(path))]));
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
    makeReadOnly(path);
  } catch (error) {
    if (!hasCode(error, "ENOTEMPTY", "EEXIST", "ENOTDIR")) throw error;
    throw new Failure(`${path} exists but is not valid. Run nix-store --delete ${path}`, { cause: error });
  }
}
function removeTree(path) {
  const openUp = (directory) => {
    chmodSync(directory, 493);
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      if (entry.isDirectory()) openUp(join12(directory, entry.name));
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

// src/stages/build/restore-store.ts
function fetchEntry(inputs, runtime, toolchain) {
  const backend = openBackend(inputs.cache.directory, runtime);
  const nothing3 = { entry: Promise.resolve(void 0), withNix: Promise.resolve(void 0) };
  if (backend === void 0 || inputs.cache.use === "off" || inputs.cache.binaryCache !== void 0) return nothing3;
  if (!hasZstd) {
    runtime.log.warning(
      `Running without the store cache: it needs Node 22.15 or newer, and this is ${process.version}.`
    );
    return nothing3;
  }
  const computing = keyOf(inputs, runtime, toolchain);
  const finding = computing.then(({ key, prefixes }) => backend.find(key, prefixes));
  const entry = fetchFromBackend(backend, { computing, finding }, runtime);
  const withNix = async (name) => {
    const isExpected = keyIncludesToolchain(await finding.catch(() => void 0) ?? "", name);
    const fetched = isExpected ? await entry : void 0;
    return keyIncludesToolchain(fetched?.matchedKey ?? "", name) ? fetched : void 0;
  };
  return { entry, withNix: toolchain === void 0 ? nothing3.withNix : withNix(toolchain) };
}
async function fetchFromBackend(backend, { computing, finding }, runtime) {
  try {
    const [key, found] = [await computing, await finding];
    const file = `${runtime.temporary}/restored`;
    return { backend, key, file, ...await fetchFound(found, file, { backend, ...key }) };
  } catch (error) {
    runtime.log.warning(`Running without the store cache: ${messageOf(error)}`);
    return void 0;
  }
}
async function fetchFound(found, file, { backend, key, prefixes }) {
  if (found === void 0) return { matchedKey: void 0 };
  try {
    const matchedKey = await backend.restore(file, key, prefixes);
    if (matchedKey !== void 0) return { matchedKey };
    return { matchedKey: found, refusal: new DamagedEntry("the cache did not deliver all of it") };
  } catch (cause) {
    return { matchedKey: found, refusal: new DamagedEntry(messageOf(cause), { cause }) };
  }
}
async function restoreStore(fetched, nix, { inputs, runtime }) {
  const isFetchedByBuild = inputs.cache.use !== "off" && inputs.cache.binaryCache !== void 0;
  const isUsed = fetched !== void 0 || isFetchedByBuild;
  if (!isUsed) {
    const record = runtime.job === void 0 ? void 0 : recordValidPaths(nix, runtime);
    await record?.catch((error) => runtime.log.debug(messageOf(error)));
    return void 0;
  }
  return continueWithoutCache(runtime, async () => {
    const before = await recordValidPaths(nix, runtime);
    if (fetched === void 0) return { before, result: void 0, confirmed: /* @__PURE__ */ new Set() };
    const store = await openStore(nix);
    const restore = () => restoreFrom(fetched, { nix, store }, runtime);
    return { before, ...await restoreFetched(fetched, runtime, restore) };
  });
}
async function recordValidPaths(nix, runtime) {
  const { before } = await readJobNotes(runtime);
  if (before !== void 0) return new Set(before);
  const valid = await listValidPaths(nix);
  await addJobNotes(runtime, { before: [...valid] });
  return valid;
}
async function restoreLayers(inputs, runtime) {
  if (inputs.reuse !== "verify" || !(inputs.push || inputs.dryRun)) return void 0;
  const fetched = await fetchEntry(inputs, runtime).entry;
  if (fetched === void 0) return void 0;
  return continueWithoutCache(runtime, async () => {
    const read = async () => ({
      layers: await readLayers(fetched.file, nixSystem),
      restoredPaths: 0,
      restoredBytes: 0
    });
    return { before: /* @__PURE__ */ new Set(), ...await restoreFetched(fetched, runtime, read) };
  });
}
function continueWithoutCache(runtime, restore) {
  return runtime.log.group("Cache", async () => {
    try {
      return await restore();
    } catch (error) {
      runtime.log.warning(`Running without the store cache: ${messageOf(error)}`);
      return void 0;
    }
  });
}
async function keyOf({ cache, builds, contents, buildArgs }, { directory }, toolchain) {
  const needsPaths = builds.every(({ source }) => source.kind !== "path");
  const found = await cacheKey({
    directory,
    patterns: cache.keyFiles,
    system: nixSystem,
    spec: JSON.stringify([builds.map(sourceInKey), contents, buildArgs]),
    extra: cache.keyExtra,
    toolchain
  });
  return needsPaths ? found : { ...found, prefixes: found.prefixes.slice(0, 1) };
}
function sourceInKey({ source }) {
  return source.kind === "path" ? { ...source, path: source.path.replace(/^\/nix\/store\/[^-/]+-/, "") } : source;
}
function openBackend(directory, runtime) {
  return directory === void 0 ? runtime.cache : openDirectoryBackend(runtime.resolve(directory));
}
var mostReplacements = 3;
async function restoreFetched(fetched, runtime, restore) {
  const { backend, file } = fetched;
  const { key, files, unreadable } = fetched.key;
  runtime.log.info(`Key ${key}, computed from ${files.join(", ") || "no lock files"}`);
  if (unreadable.length > 0) runtime.log.info(`Cannot read, so not searched for lock files: ${listOf(unreadable)}`);
  let found = fetched;
  for (let number2 = 1; ; number2++) {
    const numbered = number2 === 1 ? key : `${key}-${number2}`;
    if (number2 > 1) {
      found = await fetchFound(await backend.find(numbered, []), file, { backend, key: numbered, prefixes: [] });
    }
    const { matchedKey, refusal } = found;
    runtime.log.info(matchedKey === void 0 ? "No entry" : `Entry ${matchedKey}`);
    try {
      if (refusal !== void 0) throw refusal;
      if (matchedKey !== void 0) {
        const { layers, ...restored } = await restore();
        runtime.log.info(`It confirms ${layers.length} layers`);
        return { result: { key: numbered, matchedKey, ...restored }, confirmed: claimsOf(layers) };
      }
    } catch (error) {
      runtime.log.warning(`Rejected the cache entry ${matchedKey}, leaving the store unchanged: ${messageOf(error)}`);
      if (error instanceof DamagedEntry && matchedKey === numbered && number2 < mostReplacements) continue;
    }
    const result = { key: numbered, matchedKey: void 0, restoredPaths: 0, restoredBytes: 0 };
    return { result, confirmed: /* @__PURE__ */ new Set() };
  }
}
var longestList = 10;
function listOf(paths) {
  const more = paths.length > longestList ? [`and ${paths.length - longestList} more`] : [];
  return [...paths.slice(0, longestList), ...more].join(", ");
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

// src/stages/build/save-task.ts
var longestKey = 512;
function parseSaveTask(text) {
  const json = JSON.parse(text);
  const { key, build: build2, layers } = isObject(json) ? json : {};
  const isKey = key === void 0 || typeof key === "string" && key.length <= longestKey;
  if (!isKey || !Array.isArray(layers) || layers.length > mostLayers || !layers.every(isDescriptor)) {
    throw new Failure("the main step left a malformed task.");
  }
  return {
    ...key === void 0 ? {} : { key },
    layers,
    ...build2 === void 0 ? {} : { build: parseBuild(build2) }
  };
}
function parseBuild(value) {
  const { outputs, paths, toolchain } = isObject(value) ? value : {};
  if (areStorePaths(outputs) && areStorePaths(paths) && areStorePaths(toolchain)) return { outputs, paths, toolchain };
  throw new Failure("the main step left a task with an invalid store path.");
}

// src/stages/build/save-store.ts
async function planSave(cache, built, { nix, inputs, runtime }) {
  const task = planSaveOfLayers(cache, { inputs, runtime });
  if (task === void 0) return void 0;
  try {
    const roots = await rootsOf(built, task, runtime);
    const build2 = {
      outputs: roots.filter((path) => !path.endsWith(".drv")),
      paths: await neededPaths(roots, cache, { nix, inputs, runtime }),
      toolchain: inputs.cache.binaryCache === void 0 ? await installedPaths(nix) : []
    };
    return { ...task, build: build2 };
  } catch (error) {
    runtime.log.warning(`Cannot save the store cache: ${messageOf(error)}`);
    return void 0;
  }
}
async function rootsOf(built, { key }, runtime) {
  const own = built.flatMap(({ path, drvPath }) => drvPath === void 0 ? [path] : [path, drvPath]);
  if (key === void 0) return [...new Set(own)];
  const roots = [.../* @__PURE__ */ new Set([...(await readJobNotes(runtime)).built[key] ?? [], ...own])];
  await addJobNotes(runtime, { built: { [key]: roots } });
  return roots;
}
function planSaveOfLayers({ result }, { inputs, runtime }) {
  const { key, matchedKey } = result ?? {};
  if (key !== void 0 && key === matchedKey || !isSaveWanted(inputs, runtime)) return void 0;
  return { ...key === void 0 ? {} : { key }, layers: [] };
}
async function saveStoreAfter(task, run, publish) {
  if (task === void 0) return publish();
  if (run.runtime.afterJob !== void 0) await saveAfterJob(task, run);
  try {
    const images = await publish();
    await saveAfterJob({ ...task, layers: certainLayers(images) }, run);
    return images;
  } catch (error) {
    if (run.runtime.afterJob === void 0) await saveAfterJob(task, run);
    throw error;
  }
}
async function saveAfterJob(task, run) {
  const text = JSON.stringify(task);
  try {
    await (run.runtime.afterJob?.(text) ?? saveStore(text, run));
  } catch (error) {
    run.runtime.log.warning(`Cannot save the store cache: ${messageOf(error)}`);
  }
}
function certainLayers(images) {
  const layers = images.flatMap(({ platforms }) => platforms.flatMap(({ layers: layers2 }) => layers2));
  const certain = layers.filter(({ isCertain }) => isCertain).map(({ descriptor }) => descriptor);
  return [...new Map(certain.map((descriptor) => [JSON.stringify(descriptor), descriptor])).values()].slice(
    0,
    mostLayers
  );
}
function isSaveWanted({ cache }, { context, log }) {
  if (cache.use === "restore" || cache.save === "never") return false;
  if (cache.save === "always" || context.isTrusted === true) return true;
  log.info("Not saving: this run is neither for the default branch nor for a pull request from the repository itself.");
  return false;
}
async function neededPaths(roots, { before }, { nix, inputs, runtime }) {
  const valid = await listValidPaths(nix);
  const written = [...valid].filter((path) => path.endsWith(".drv") && !before.has(path));
  const needed = await readRequisites(nix, [.../* @__PURE__ */ new Set([...roots.filter((path) => valid.has(path)), ...written])]);
  const sources = await Promise.all(
    inputs.builds.map(
      ({ source }) => source.kind === "path" ? [] : readFlakeInputs(nix, { ...inputs, target: source }, runtime.directory)
    )
  );
  return [.../* @__PURE__ */ new Set([...needed, ...sources.flat()])].filter((path) => !before.has(path)).sort();
}
async function saveStore(text, run) {
  const { build: build2, ...entry } = parseSaveTask(text);
  const { runtime, inputs } = run;
  const { binaryCache } = inputs.cache;
  const backend = binaryCache === void 0 ? openBackend(inputs.cache.directory, runtime) : void 0;
  if (backend !== void 0 && entry.key !== void 0 && await backend.find(entry.key, []) === entry.key) {
    runtime.log.info(`Nothing to save: another step or job already saved the entry ${entry.key}.`);
    return;
  }
  const added = (build2?.paths.length ?? 0) + (build2?.toolchain.length ?? 0);
  if (added === 0 && (backend === void 0 || entry.layers.length === 0)) {
    runtime.log.info("Nothing to save: this build added nothing to the store.");
    return;
  }
  const nix = build2 === void 0 ? void 0 : nixFor(run);
  const chosen = build2 === void 0 || nix === void 0 ? nothing2 : await chooseFor(build2, nix, run);
  if (chosen === void 0) return;
  if (chosen.paths.length + chosen.toolchain.length === 0 && !(backend !== void 0 && entry.layers.length > 0)) {
    runtime.log.info("Nothing to save: this build added nothing to the store.");
  } else if (backend !== void 0) {
    await saveEntry(chosen, entry, { build: build2, backend, runtime });
  } else if (nix !== void 0 && binaryCache !== void 0) {
    await copyPaths(chosen.paths, binaryCache, { nix, runtime });
  }
}
var nothing2 = { paths: [], toolchain: [] };
function nixFor({ inputs, runtime }) {
  const nix = findNix(inputs.nix, runtime);
  if (nix === void 0) throw new Failure("Nix is no longer installed.");
  return nix;
}
async function chooseFor(build2, nix, { inputs: { cache }, runtime }) {
  const listed = [.../* @__PURE__ */ new Set([...build2.outputs, ...build2.paths])];
  const invalid = await findInvalidPaths(nix, listed);
  const gone = build2.outputs.find((path) => invalid.has(path));
  if (gone !== void 0) {
    runtime.log.info(`Not saving: the output ${gone} is no longer in the store.`);
    return void 0;
  }
  const left = listed.filter((path) => !invalid.has(path));
  const closure = await readRequisites(
    nix,
    left.filter((path) => !path.endsWith(".drv"))
  );
  const candidates = await readCandidates(nix, [.../* @__PURE__ */ new Set([...closure, ...left])]);
  const held = await readCandidates(nix, [...await readRequisites(nix, build2.toolchain)]);
  const { excludeSubstitutable, maxSize } = cache;
  const choice = { outputs: build2.outputs, excludeSubstitutable, maxSize, toolchain: held };
  const { paths, substitutable, evicted, toolchain } = choosePaths(candidates, choice);
  report("left out because binary caches have them", substitutable, runtime);
  report("left out for cache-max-size: Nix itself", toolchain.length === 0 ? held : [], runtime);
  report("left out for cache-max-size, the least useful first", evicted, runtime);
  const lost = evicted.find(({ path, isSubstitutable }) => build2.outputs.includes(path) && !isSubstitutable);
  if (lost === void 0) return { paths, toolchain };
  runtime.log.warning(`Not saving the store cache: cache-max-size leaves no room for the output ${lost.path}.`);
  return void 0;
}
async function copyPaths(paths, binaryCache, { nix, runtime }) {
  const url = withoutLogins(binaryCache.url);
  const copied = await copyToBinaryCache(
    paths.map(({ path }) => path),
    binaryCache,
    { nix, directory: runtime.temporary }
  );
  runtime.log.info(
    copied.size === 0 ? `Nothing to copy: ${url} already has everything.` : `Copied ${copied.size} store paths to ${url}`
  );
}
async function saveEntry({ paths, toolchain }, { key = "", layers }, { build: build2, backend, runtime }) {
  const file = `${runtime.temporary}/saved`;
  const held = new Map([...toolchain, ...paths].map((path) => [path.path, path]));
  const all = [...held.values()];
  const size = await writeCacheEntry(file, {
    system: nixSystem,
    paths: sortByReferences(all),
    layers,
    outputs: (build2?.outputs ?? []).filter((path) => held.has(path)),
    toolchain: toolchain.length === 0 ? [] : build2?.toolchain ?? []
  });
  if (!await backend.save(file, key)) return;
  const nix = toolchain.length === 0 ? "" : ", including Nix itself";
  const what = `${all.length} store paths, ${formatSize(totalSize(all))}${nix}, and the digests of ${layers.length} layers`;
  runtime.log.info(`Saved ${what}, as ${key}: ${formatSize(size)}`);
}
async function readCandidates(nix, paths) {
  const registered = await readRegistrations(nix, paths);
  const kept = new Set([...registered.keys()].filter((path) => !path.endsWith(".drv")));
  for (const path of kept) {
    for (const reference of registered.get(path)?.references ?? []) if (registered.has(reference)) kept.add(reference);
  }
  return [...registered].filter(([path]) => kept.has(path)).map(([path, facts]) => ({ path, ...facts }));
}
var longestList2 = 10;
function report(why, paths, { log }) {
  if (paths.length === 0) return;
  const shown2 = paths.slice(0, longestList2).map(({ path, narSize }) => `  ${path}  ${formatSize(narSize)}`);
  const more = paths.length > longestList2 ? [`  and ${paths.length - longestList2} more`] : [];
  log.info([`${paths.length} store paths, ${formatSize(totalSize(paths))}, ${why}:`, ...shown2, ...more].join("\n"));
}

export {
  isLoopback,
  isLocalHost,
  oneLine,
  connectionFaultOf,
  failureOf,
  namesHost,
  openTransport,
  decompress,
  decompressReusing,
  compressedFormatOf,
  createBuildLog,
  readLogLine,
  build,
  features,
  targetArguments,
  describeTarget,
  fetchingFrom,
  isOwnInstallation,
  resolveLocation,
  isLocal,
  followRedirects,
  retry,
  isBrokenConnection,
  releaseName,
  nixSystem,
  imageArchitecture,
  hostArchitecture,
  installUnpacked,
  openNix,
  releaseToInstall,
  findNix,
  requireSystem,
  requireSpace,
  registrationOf,
  readJobNotes,
  addJobNotes,
  fetchEntry,
  restoreStore,
  restoreLayers,
  readClosure,
  readNarHashes,
  planSave,
  planSaveOfLayers,
  saveStoreAfter,
  saveStore
};
