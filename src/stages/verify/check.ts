/** The outcome of one check of an image: what was found, or what is wrong. Texts are on one line. */
export type Check = { readonly name: string } & (
  | { readonly detail: string; readonly fault?: never }
  | { readonly fault: string; readonly detail?: never }
);
