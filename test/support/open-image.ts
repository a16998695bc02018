import { type ImageLocation, type OpenedImage, openImage } from '../../src/image/open-image.ts';

/** Opens an image as a run does that has no Nix; `directory` takes what must be unpacked. */
export function open(path: string, directory: string, location: Partial<ImageLocation> = {}): Promise<OpenedImage> {
  const log = { info() {}, warning() {} };
  return openImage({ path, directory, env: process.env, log, now: 0, native: 'auto', ...location });
}
