import {
  commonFlags
} from "./chunk-QG475AWI.mjs";
import "./chunk-UH7NESJ6.mjs";
import "./chunk-UJB6MNXN.mjs";
import "./chunk-CEWVY5XM.mjs";

// src/commands/completion-scripts.ts
function completionScript(shell, commands) {
  const lines = { bash: bashScript, zsh: zshScript, fish: fishScript }[shell](commands);
  return lines.join("\n");
}
var program = "nix-image";
function wordsAfter(commands) {
  const after = /* @__PURE__ */ new Map();
  for (const { name, topic, summary } of commands) {
    const words = name.split(" ");
    words.forEach((word, i) => {
      const before = words.slice(0, i).join(" ");
      const known = after.get(before) ?? [];
      if (known.some((one) => one.word === word)) return;
      after.set(before, [...known, { word, summary: i === words.length - 1 ? summary : topic }]);
    });
  }
  return after;
}
function flagsOf({ flags }) {
  const help = { name: "help", kind: "flag", group: "Common", description: "Print the help of this command" };
  return [...flags.filter(({ isHidden }) => isHidden !== true), ...commonFlags, help];
}
var choicesOf = ({ parameters = [] }) => parameters.flatMap(({ choices = [] }) => choices);
function bashScript(commands) {
  const groups = [...wordsAfter(commands)].map(
    ([before, words]) => `    ${quote(before)}) words=${quote(words.map(({ word }) => word).join(" "))} ;;`
  );
  const own = commands.map((command) => {
    const words = [...choicesOf(command), ...flagsOf(command).map(({ name }) => `--${name}`)];
    return `    ${quote(command.name)} | ${quote(`${command.name} `)}*) words=${quote(words.join(" "))} ;;`;
  });
  return [
    "_nix_image() {",
    "  local words=",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: bash reads it.
    '  case "${COMP_WORDS[*]:1:COMP_CWORD-1}" in',
    ...groups,
    ...own,
    "  esac",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: bash reads it.
    '  COMPREPLY=($(compgen -W "$words" -- "${COMP_WORDS[COMP_CWORD]}"))',
    "}",
    `complete -o default -F _nix_image ${program}`
  ];
}
function zshScript(commands) {
  const describe = ([before, words]) => [
    `    ${quote(before)})`,
    `      local -a commands=(${words.map(({ word, summary }) => quote(`${word}:${summary}`)).join(" ")})`,
    "      _describe command commands ;;"
  ];
  const own = (command) => [
    `    ${quote(command.name)} | ${quote(`${command.name} `)}*)`,
    "      _arguments \\",
    ...flagsOf(command).map((flag) => `        ${quote(zshFlag(flag))} \\`),
    `        ${quote(`*:value:${zshValues(choicesOf(command))}`)} ;;`
  ];
  return [
    "_nix_image() {",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: zsh reads it.
    '  case "${words[2,CURRENT-1]}" in',
    ...[...wordsAfter(commands)].flatMap(describe),
    ...commands.flatMap(own),
    "  esac",
    "}",
    `compdef _nix_image ${program}`
  ];
}
function zshFlag({ name, kind, description }) {
  const text = description.replaceAll(/[[\]\\]/g, "\\$&");
  return `*--${name}[${text}]${kind === "flag" ? "" : `:${kind}:_files`}`;
}
var zshValues = (choices) => choices.length === 0 ? "_files" : `(${choices.join(" ")})`;
function fishScript(commands) {
  const complete = (condition, ...args) => [`complete -c ${program} -n ${quote(condition)}`, ...args].join(" ");
  const groups = [...wordsAfter(commands)].flatMap(
    ([before, words]) => words.map(
      ({ word, summary }) => complete(`__nix_image_is_after ${before}`.trimEnd(), "-f", "-a", word, "-d", quote(summary))
    )
  );
  const own = commands.flatMap((command) => {
    const condition = `__nix_image_is_in ${command.name}`;
    const values = choicesOf(command).map((choice) => complete(condition, "-f", "-a", choice));
    const flags = flagsOf(command).map(
      ({ name, kind, description }) => complete(condition, "-l", name, ...kind === "flag" ? [] : ["-r"], "-d", quote(description))
    );
    return [...values, ...flags];
  });
  return [
    "function __nix_image_is_after",
    "  set -l words (string join ' ' -- (commandline -opc)[2..])",
    '  test "$words" = "$argv"',
    "end",
    "function __nix_image_is_in",
    "  set -l words (string join ' ' -- (commandline -opc)[2..])",
    '  string match -q -- "$argv *" "$words "',
    "end",
    ...groups,
    ...own
  ];
}
function quote(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
export {
  completionScript
};
