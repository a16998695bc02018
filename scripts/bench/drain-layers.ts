/** Makes every layer of the settings given as argument, and its diffID. */

import { openImage } from '../../src/image/open-image.ts';
import { reuseBuffer } from '../../src/lib/read-options.ts';
import { createMeter, drain } from '../../src/pack/meter.ts';

const [path = ''] = process.argv.slice(2);
const log = { info() {}, warning() {} };
const { image } = await openImage({ path, directory: '.', env: process.env, log, now: 0, native: 'require' });
for (const layer of image.layers) {
  const meter = createMeter();
  await drain(meter.through(layer.open(reuseBuffer)));
  meter.digest();
}
