/** What a step does. Each mode except `build` has an action of its own in a folder at the root of the repository. */
export const modes = ['build', 'metadata', 'index', 'promote', 'push-layout', 'cleanup'] as const;
export type Mode = (typeof modes)[number];

/** The modes that push an image. */
export const pushingModes = ['build', 'index', 'promote', 'push-layout'] as const satisfies readonly Mode[];
/** The modes that talk to a registry. */
export const registryModes = [...pushingModes, 'cleanup'] as const satisfies readonly Mode[];
/** The modes that compute tags, labels and annotations. */
export const describingModes = [...pushingModes, 'metadata'] as const satisfies readonly Mode[];
