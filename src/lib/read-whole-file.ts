import { Failure } from './failure.ts';
import { openRegularFile } from './open-file.ts';

/** The bytes of a file; a Failure that names `description` if it has more than `limit` or is not a regular file. */
export async function readWholeFile(path: string, limit: number, description: string): Promise<Buffer> {
  const file = await openRegularFile(path);
  try {
    const { size } = await file.stat();
    if (size <= limit) return await file.readFile();
    throw new Failure(`Cannot read ${description}: it has ${size} bytes, more than the limit of ${limit}.`);
  } finally {
    await file.close();
  }
}
