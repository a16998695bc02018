/** What a step does. Each mode except `build` has an action of its own in a folder at the root of the repository. */
export const modes = ['build', 'metadata', 'index', 'promote', 'push-layout', 'cleanup', 'verify'] as const;
export type Mode = (typeof modes)[number];

/** The modes that can build with Nix. */
export const buildingModes = ['build', 'verify'] as const satisfies readonly Mode[];
/** The modes that push an image. */
export const pushingModes = ['build', 'index', 'promote', 'push-layout'] as const satisfies readonly Mode[];
/** The modes that change a registry. */
export const changingModes = [...pushingModes, 'cleanup'] as const satisfies readonly Mode[];
/** The modes that talk to a registry. */
export const registryModes = [...changingModes, 'verify'] as const satisfies readonly Mode[];
/** The modes that compute tags, labels and annotations. */
export const describingModes = [...pushingModes, 'metadata'] as const satisfies readonly Mode[];
/** The modes that compute tags. */
export const taggingModes = [...describingModes, 'cleanup'] as const satisfies readonly Mode[];
/** The modes that can demand signatures of an image before they use it. */
export const demandingModes = ['build', 'promote', 'push-layout', 'verify'] as const satisfies readonly Mode[];
