import { createHash } from 'node:crypto';
import { isBzip2 } from './shape.ts';
import type { StreamLayer } from './store-layer/stream-layer.ts';
import type { Locate } from './store-layer/walk-files.ts';
import { parseStreamScript, readScript, readSettings } from './stream-script.ts';
import { keysOfSettings } from './stream-settings.ts';

/** The settings of a streamLayeredImage, or the reason why its script must be run. */
export type FoundSettings =
  | {
      readonly native: true;
      /** The `…-conf.json` on this machine. */
      readonly settingsPath: string;
      readonly nixMode: StreamLayer['nixMode'];
    }
  | {
      readonly native: false;
      /** A clause: `its script … is not a known version of nixpkgs'`. */
      readonly why: string;
    };

export interface StreamLocation {
  /** The build result: the script of a streamLayeredImage, or its attribute `conf` alone. Absolute path. */
  readonly path: string;
  readonly locate?: Locate;
  /**
   * Known scripts by `scriptDigest`, with the mode that each gives `/nix` and `/nix/store`; by default those of
   * nixpkgs.
   */
  readonly knownScripts?: ReadonlyMap<string, StreamLayer['nixMode']>;
}

/** nixpkgs' `pkgs/build-support/docker/stream_layered_image.py`. */
const nixpkgsScripts: NonNullable<StreamLocation['knownScripts']> = new Map([
  // Since July 2024 (24.11), including later changes of format and comments.
  ['f5c845f8121af4d9c0b1810b9a6059ad2bd5dc74c0e4d968dd4307f491e8dbdd', 0o755],
  // 24.05: owners, but no mtime and no --repo_tag. Assembled from the previous and the next version.
  ['4ba2f6384d044c990b5a0f14b07c33b840a3818397e3fe0a58e5c8f45f7e79e6', 0o755],
  // Up to 23.11: base images, but no owners. Two as found in forks, and one assembled from the later texts.
  ['1f97e83644908f6cda47a036408c78549ec8336ea7a8cdcc901cac523d0ffd21', 0o555],
  ['38cb7814cb13d0bc3a14eb60f399d95ccc212feefcabd79beb90c63c0327d140', 0o555],
  ['6b3ea683bfe69dd465e20929eb81e351e6bc2d5c5e22941e071cdb9b3f4a6ef5', 0o555],
]);

/**
 * Finds the settings that a built streamLayeredImage passes to its script, without running anything. They can be used
 * directly if the script's text is known and no key is unknown. Settings without a script are accepted if they have
 * `mtime`, because all scripts that read it make the same layers. A Failure if a file that they name is missing.
 */
export function findStreamSettings(location: StreamLocation): FoundSettings {
  const { path, locate = storePath => storePath, knownScripts = nixpkgsScripts } = location;
  const text = readScript(path);
  if (text.startsWith('{')) return judgeSettings(path, undefined, locate);
  if (!text.startsWith('#!')) return { native: false, why: `${path} is not a script` };
  const script = parseStreamScript(text);
  if (script === undefined) {
    return { native: false, why: `${path} does not name one …-stream and its …-conf.json` };
  }
  const { program, settings } = script;
  const nixMode = knownScripts.get(scriptDigest(readScript(locate(program))));
  if (nixMode === undefined) return { native: false, why: `its script ${program} is not a known version of nixpkgs'` };
  return judgeSettings(locate(settings), nixMode, locate);
}

/**
 * SHA-256 of the code of a Python script, in hex: without `#!`, comments, texts in triple quotes, and without white
 * space, brackets and commas, which formatters move.
 */
export function scriptDigest(text: string): string {
  return createHash('sha256')
    .update(text.replace(/"""[\s\S]*?"""|#.*$|[\s(),\\]/gm, ''))
    .digest('hex');
}

function judgeSettings(
  settingsPath: string,
  nixMode: StreamLayer['nixMode'] | undefined,
  locate: Locate,
): FoundSettings {
  const { keys, unknown, base } = keysOfSettings(readSettings(settingsPath), settingsPath);
  if (unknown.length > 0) {
    return { native: false, why: `"${unknown.join('", "')}" of its settings ${settingsPath} is unknown` };
  }
  if (base !== undefined && isBzip2(locate(base))) {
    return { native: false, why: `its base ${base} is compressed with bzip2, which only its script can read` };
  }
  if (nixMode !== undefined) return { native: true, settingsPath, nixMode };
  if (keys.includes('mtime')) return { native: true, settingsPath, nixMode: 0o755 };
  return {
    native: false,
    why: `the settings ${settingsPath} are older than July 2024 and do not state the mode of /nix`,
  };
}
