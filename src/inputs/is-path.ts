/** Whether a value that may be a path or something else is a path: it begins with `/`, `./` or `../`. */
export function isPath(text: string): boolean {
  return /^\.{0,2}\//.test(text);
}
