/** Signs statements, with a key or with the identity of the run. */
export interface Signer {
  /** Who signs, for the log: the fingerprint of a key, or an identity. */
  readonly name: string;
  /** The identity that certificates name, as a URL or an e-mail address; undefined for a key. */
  readonly identity: string | undefined;
  /** The JSON of a Sigstore bundle with a statement. */
  sign(statement: Buffer): Promise<Buffer>;
  /** Whether verification would accept the JSON of a bundle as made by this signer; false or an error if not. */
  hasMade(bundle: Buffer): Promise<boolean>;
}
