/** States that the main step sets if it leaves something: its directory or a task, and the record of the job. */
export const leftTemporary = 'temporary';
export const leftRecord = 'record';

/**
 * Whether the main step left something. docs.github.com, "Workflow commands", "Sending values to the pre and post
 * actions".
 */
export function isSomethingLeft(): boolean {
  return [leftTemporary, leftRecord].some(state => process.env[`STATE_${state}`]);
}
