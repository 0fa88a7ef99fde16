// npm run test:webkit: the browser tests in WebKitGTK.
import { webdriverLauncher } from '@web/test-runner-webdriver';
import { startWebKitDriver } from './scripts/webkit-driver.js';
import base from './web-test-runner.config.js';

const { port, browserPath } = await startWebKitDriver();
const features = [
  '+MockCaptureDevices',
  '-MockCaptureDevicesPrompt',
  '-GetUserMediaRequiresFocus',
  '-MediaCaptureRequiresSecureConnection',
];
const webkit = webdriverLauncher({
  hostname: '127.0.0.1',
  port,
  capabilities: {
    browserName: 'MiniBrowser',
    'wdio:enforceWebDriverClassic': true,
    'webkitgtk:browserOptions': {
      binary: browserPath,
      args: ['--automation', '--autoplay-policy=allow', `--features=${features.join()}`],
    },
  },
});

export default { ...base, browsers: [webkit], concurrency: 1 };
