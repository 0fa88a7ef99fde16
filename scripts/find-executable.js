// Finds programs that are installed on this machine.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

export const isExecutable = (path) => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/**
 * @param {string[]} names looked for in PATH
 * @param {string[]} places whole paths, looked at after that
 * @returns {string | undefined}
 */
export function findExecutable(names, places = []) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  return [...folders.flatMap((folder) => names.map((name) => join(folder, name))), ...places].find(
    isExecutable,
  );
}
