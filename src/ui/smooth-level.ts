const RISE_MS = 40;
const FALL_MS = 160;

/**
 * The level that is drawn: quick to rise, slow to fall, as an eye expects of a meter.
 *
 * @param drawn what was drawn last, 0…1
 * @param level what is measured now, 0…1
 * @param elapsedMs since the last drawing
 */
export function smoothLevel(drawn: number, level: number, elapsedMs: number): number {
  const target = Math.min(1, Math.max(0, level));
  const timeMs = target > drawn ? RISE_MS : FALL_MS;
  const next = target + (drawn - target) * Math.exp(-elapsedMs / timeMs);
  return next < 0.005 ? 0 : next;
}
