import type { Host } from './host.ts';
import type { Inputs } from './inputs.ts';
import { openDestination } from './registry/destination.ts';
import { openTransport } from './registry/transport.ts';
import type { MetadataResult, RunResult } from './report/result.ts';
import { buildImage } from './stages/build-image.ts';
import { describeRun } from './stages/describe-run.ts';
import { labelImage } from './stages/label-image.ts';
import { openSource } from './stages/open-source.ts';
import { publishImage } from './stages/publish-image.ts';

/** The story of the action: from inputs to an image that is built, labelled and pushed. One line a stage. */
export async function run(inputs: Inputs, host: Host): Promise<RunResult> {
  const { log, env } = host;
  const { metadata } = await describe(inputs, host);
  const transport = openTransport({ insecureHosts: inputs.insecureRegistries, env });
  const access = { ...inputs, transport, env, log };
  try {
    const references = inputs.push || inputs.dryRun ? metadata.references : [];
    const destination = await openDestination({ ...inputs, references }, access);
    const built = await buildImage(inputs, host);
    const image = await log.group('Image', async () => {
      const source = await openSource(built, { inputs, host, access });
      return labelImage(source, metadata, { inputs, facts: built.facts, host });
    });
    const published = await log.group('Push', () => publishImage(image, destination, { inputs, metadata, host }));
    return { ...published, metadata, nixVersion: built.nixVersion, cache: built.cache };
  } finally {
    await transport.close();
  }
}

/** The story of `mode: metadata`: tags, labels and annotations, with no Nix and no image. */
export async function describe(inputs: Inputs, host: Host): Promise<MetadataResult> {
  return { metadata: await host.log.group('Metadata', () => describeRun(inputs, host)) };
}
