import type { Page } from '../page/render-page.ts';
import type { Runtime } from '../runtime.ts';
import type { Flag, Flags } from './command.ts';

/** `--html FILE` */
export const htmlFlag: Flag = {
  name: 'html',
  kind: 'text',
  group: 'Output',
  description: 'Also write the report to this file, as a page with a treemap to click through',
};

/** Writes the page if the flag is set. */
export async function writeHtml(flags: Flags, page: () => Page, { log, resolve }: Runtime): Promise<void> {
  if (typeof flags.html !== 'string') return;
  const { writePage } = await import('../page/write-page.ts');
  const path = resolve(flags.html);
  await writePage(page(), path);
  log.info(`Wrote ${path}`);
}
