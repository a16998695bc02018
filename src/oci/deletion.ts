/** What became of a tag or a manifest that a clean-up deletes; `refused` has the reason, as a clause for people. */
export type Deletion = 'deleted' | 'gone' | { readonly refused: string };
