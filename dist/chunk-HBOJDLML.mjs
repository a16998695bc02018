import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);

// src/commands/command.ts
var commonFlags = [
  ["json", "Print the result as JSON"],
  ["quiet", "Print only the result, warnings and errors"],
  ["verbose", "Print also what helps to find an error"]
].map(([name = "", description = ""]) => ({ name, kind: "flag", group: "Common", description }));

export {
  commonFlags
};
