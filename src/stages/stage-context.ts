import type { RegistryAccess } from '../registry/access/client.ts';
import type { Runtime } from '../runtime.ts';

/** What the stages that use registries get from the outside world. */
export interface StageContext {
  readonly runtime: Runtime;
  readonly access: RegistryAccess;
}
