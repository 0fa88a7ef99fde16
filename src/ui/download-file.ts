import { systemClock } from '../async/clock.js';

/** Some browsers read the file only after the click: its address lives a little longer. */
const ADDRESS_LIVES_MS = 40_000;

/** Hands a file to the person, as if they had followed a link to it. */
export function downloadFile(file: File): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = file.name;
  link.click();
  systemClock.setTimeout(() => {
    URL.revokeObjectURL(url);
  }, ADDRESS_LIVES_MS);
}
