import type { RegistryAccess } from '../registry/access/client.ts';
import type { Runtime } from '../runtime.ts';

/** What a stage that speaks to registries has of the outside world. */
export interface StageContext {
  readonly runtime: Runtime;
  readonly access: RegistryAccess;
}
