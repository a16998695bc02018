/** Paths per command line, whose length the system limits: 2 MiB on Linux, 1 MiB on macOS. */
const batchSize = 1000;

/** The paths in batches, each short enough for one command line. */
export function inBatches(paths: readonly string[]): readonly (readonly string[])[] {
  const count = Math.ceil(paths.length / batchSize);
  return Array.from({ length: count }, (_, i) => paths.slice(i * batchSize, (i + 1) * batchSize));
}
