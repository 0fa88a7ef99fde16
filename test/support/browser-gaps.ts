export type BrowserName = 'chromium' | 'firefox' | 'webkit';

/** Which engine the tests run in. */
export const browserName: BrowserName = navigator.userAgent.includes('Firefox/')
  ? 'firefox'
  : navigator.userAgent.includes('Chrome/')
    ? 'chromium'
    : 'webkit';

/** Skips the test in a browser that lacks what it needs. The value says what: Chromium lacks nothing. */
export function skipIn(test: Mocha.Context, gaps: Partial<Record<'firefox' | 'webkit', string>>): void {
  if (browserName !== 'chromium' && gaps[browserName] !== undefined) test.skip();
}

/** Where a track cannot be made to tell of its end or of being muted. */
export const NO_MADE_UP_EVENTS = { firefox: 'no listener of a track hears an event that a script made' };
