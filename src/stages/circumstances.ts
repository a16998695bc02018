import type { Host } from '../host.ts';
import type { Access } from '../registry/client.ts';

/** What a stage that speaks to registries has of the outside world. */
export interface Circumstances {
  readonly host: Host;
  readonly access: Access;
}
