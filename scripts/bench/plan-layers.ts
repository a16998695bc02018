/** Plans the stable layers of a generated closure of 5,000 paths; prints milliseconds and processor milliseconds as JSON. */
import { stableLayers } from '../../src/image/layering/stable.ts';

const count = 5000;
let state = 1;
const random = () => {
  state = (state * 48271) % 2147483647;
  return state / 2147483647;
};
const names = Array.from({ length: count }, (_, i) => `/nix/store/${String(i).padStart(32, '0')}-package-${i}`);
// Up to eight references each, as packages of Debian have, more often to the paths at the bottom; 3 kB to 9 MB.
const closure = new Map(
  names.map((path, i) => {
    const references = Array.from({ length: 1 + Math.floor(random() * 8) }, () => names[Math.floor(random() ** 2 * i)]);
    const narSize = Math.floor(Math.exp(8 + random() * 8));
    return [path, { references: [...new Set(references)].filter(name => name !== undefined), narSize }];
  }),
);

const before = process.cpuUsage();
const start = performance.now();
stableLayers(closure, 99);
const milliseconds = performance.now() - start;
const { user, system } = process.cpuUsage(before);
console.log(JSON.stringify({ milliseconds, processor: (user + system) / 1000 }));
