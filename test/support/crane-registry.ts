import { startDaemon } from './daemon.ts';
import { crane } from './go-program.ts';

/** Starts the registry of go-containerregistry, in memory: no Link between pages, and a tag is a manifest of its own. */
export async function startCraneRegistry() {
  const daemon = await startDaemon(
    [crane.path, 'registry', 'serve', '--address', '127.0.0.1:0'],
    /serving on port (\d+)/,
  );
  return { host: `127.0.0.1:${daemon.ready[1]}`, close: () => daemon.end() };
}
