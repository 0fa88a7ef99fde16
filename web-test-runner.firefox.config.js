// npm run test:firefox: the browser tests in an installed Firefox, or the one that FIREFOX_PATH names.
import { chromeLauncher } from '@web/test-runner-chrome';
import puppeteer from 'puppeteer-core';
import { findFirefox } from './scripts/find-firefox.js';
import base from './web-test-runner.config.js';

// The launcher is Puppeteer's, whatever its name: Firefox is driven over WebDriver BiDi, without a driver of its own.
const firefox = chromeLauncher({
  puppeteer,
  launchOptions: {
    browser: 'firefox',
    executablePath: findFirefox(),
    extraPrefsFirefox: {
      'media.navigator.streams.fake': true,
      'media.navigator.permission.disabled': true,
      'media.autoplay.default': 0,
      'media.autoplay.blocking_policy': 0,
      // Without it no AudioContext starts on a machine that has no sound device.
      'media.cubeb.force_mock_context': true,
    },
  },
});

export default { ...base, browsers: [firefox], concurrency: 1 };
