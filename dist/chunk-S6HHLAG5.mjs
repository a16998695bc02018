const { createHash, createPublicKey, sign, verify } = globalThis.process.getBuiltinModule("node:crypto");
import {
  require_dist2 as require_dist
} from "./chunk-5M3UEZVC.mjs";
import {
  parseBundle,
  signedBytes,
  statementType
} from "./chunk-DOBU3S46.mjs";
import {
  __toESM
} from "./chunk-CEWVY5XM.mjs";

// src/attest/key-signer.ts
var import_bundle = __toESM(require_dist(), 1);
function createKeySigner(key) {
  const publicKey = createPublicKey(key);
  const fingerprint = createHash("sha256").update(publicKey.export({ type: "spki", format: "der" })).digest();
  return {
    name: `the key SHA256:${fingerprint.toString("base64")}`,
    identity: void 0,
    async sign(statement) {
      const signature = sign(hashFor(key), signedBytes(statement), key);
      const bundle = (0, import_bundle.toDSSEBundle)({ artifact: statement, artifactType: statementType, signature });
      const { content } = bundle.verificationMaterial;
      if (content.$case === "publicKey") content.publicKey.hint = fingerprint.toString("base64");
      return Buffer.from(JSON.stringify((0, import_bundle.bundleToJSON)(bundle)));
    },
    hasMade: async (bundle) => isSignedBy(publicKey, parseBundle(bundle))
  };
}
function isSignedBy(publicKey, { statement, signature }) {
  return verify(hashFor(publicKey), signedBytes(statement), publicKey, signature);
}
function hashFor({ asymmetricKeyType }) {
  return asymmetricKeyType === "ed25519" ? null : "sha256";
}

export {
  createKeySigner,
  isSignedBy
};
