import type { Host } from './host.ts';
import type { Inputs } from './inputs.ts';
import { openDestination } from './registry/destination.ts';
import { openTransport } from './registry/transport.ts';
import type { RunResult } from './report/result.ts';
import { buildImage } from './stages/build-image.ts';
import { labelImage } from './stages/label-image.ts';
import { openSource } from './stages/open-source.ts';
import { publishImage } from './stages/publish-image.ts';

/** The story of the action: from inputs to an image that is built, labelled and pushed. One line a stage. */
export async function run(inputs: Inputs, host: Host): Promise<RunResult> {
  const { log, env } = host;
  const transport = openTransport({ insecureHosts: inputs.insecureRegistries, env });
  const access = { ...inputs, transport, env, log };
  try {
    const destination = await openDestination({ ...inputs, references: inputs.push ? inputs.tags : [] }, access);
    const built = await buildImage(inputs, host);
    const image = await log.group('Image', async () => {
      const source = await openSource(built, { inputs, host, access });
      return labelImage(source, inputs, host);
    });
    const published = await log.group('Push', () => publishImage(image, destination, { inputs, host }));
    return { ...published, nixVersion: built.nixVersion };
  } finally {
    await transport.close();
  }
}
