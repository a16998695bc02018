import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { Failure, messageOf } from '../lib/failure.ts';
import { type Page, renderPage } from './render-page.ts';

/** Writes a page to `path` atomically, so that nobody reads half a page. */
export async function writePage(page: Page, path: string): Promise<void> {
  const draft = `${path}.${randomUUID()}.draft`;
  try {
    await writeFile(draft, renderPage(page));
    await rename(draft, path);
  } catch (cause) {
    throw new Failure(`Cannot write the page ${path}: ${messageOf(cause)}.`, { cause });
  } finally {
    await rm(draft, { force: true });
  }
}
