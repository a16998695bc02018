import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { temporaryDirectory } from './temporary-directory.ts';

/** A page in a headless Chromium. */
export interface OpenPage {
  /** The value of a JavaScript expression in the page. */
  evaluate(expression: string): Promise<unknown>;
  /** Presses and releases a key: `Enter`, `Escape`, `Tab`. */
  press(key: string): Promise<void>;
}

const keyCodes: Readonly<Record<string, number>> = { Enter: 13, Escape: 27, Tab: 9 };

/** Opens a page by the DevTools protocol. https://chromedevtools.github.io/devtools-protocol/ */
export async function openPage(t: TestContext, url: string): Promise<OpenPage> {
  const profile = await temporaryDirectory(t);
  const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--remote-debugging-port=0'];
  const browser = spawn('chromium', [...flags, `--user-data-dir=${profile}`, url], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: process.env.PATH, HOME: profile },
  });
  t.after(async () => {
    browser.kill('SIGKILL');
    await once(browser, 'close');
  });
  const origin = await addressOf(browser.stderr);
  const pages = (await (await fetch(`${origin}/json/list`)).json()) as { type: string; webSocketDebuggerUrl: string }[];
  const page = pages.find(({ type }) => type === 'page');
  if (page === undefined) throw new Error('Chromium has no page.');
  const socket = new WebSocket(page.webSocketDebuggerUrl);
  await once(socket, 'open');
  t.after(() => socket.close());
  let last = 0;
  const call = async (method: string, params: object): Promise<{ result?: { value?: unknown } }> => {
    const id = ++last;
    const answered = new Promise<{ result: { result?: { value?: unknown } } }>(resolve => {
      const listen = ({ data }: MessageEvent) => {
        const message = JSON.parse(String(data));
        if (message.id !== id) return;
        socket.removeEventListener('message', listen);
        resolve(message);
      };
      socket.addEventListener('message', listen);
    });
    socket.send(JSON.stringify({ id, method, params }));
    return (await answered).result;
  };
  const evaluate = async (expression: string) => {
    const { result } = await call('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
    return result?.value;
  };
  await evaluate("new Promise(done => document.readyState === 'complete' ? done() : addEventListener('load', done))");
  return {
    evaluate,
    async press(key) {
      const event = {
        key,
        code: key,
        windowsVirtualKeyCode: keyCodes[key],
        ...(key === 'Enter' ? { text: '\r' } : {}),
      };
      await call('Input.dispatchKeyEvent', { type: 'keyDown', ...event });
      await call('Input.dispatchKeyEvent', { type: 'keyUp', ...event });
    },
  };
}

async function addressOf(stderr: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: stderr })) {
    const [, address] = /^DevTools listening on ws:\/\/([^/]+)\//.exec(line) ?? [];
    if (address !== undefined) return `http://${address}`;
  }
  throw new Error('Chromium ended before it listened.');
}
