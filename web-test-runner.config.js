import { esbuildPlugin } from '@web/dev-server-esbuild';
import { defaultReporter } from '@web/test-runner';
import { chromeLauncher } from '@web/test-runner-chrome';
import { fileURLToPath } from 'node:url';
import { countBrowserTests } from './scripts/count-browser-tests.js';
import { browserFlags, findBrowser } from './scripts/find-browser.js';
import { workletForTestRunner } from './scripts/worklet-plugin.js';

const results = process.env.TEST_RESULTS;

export default {
  reporters: [defaultReporter(), ...(results ? [countBrowserTests(results)] : [])],
  files: ['test/**/*.test.ts', '!test/**/*.node.test.ts', '!test/journeys/**'],
  nodeResolve: { exportConditions: ['browser', 'production'] },
  concurrency: 2,
  browsers: [chromeLauncher({ launchOptions: { executablePath: await findBrowser(), args: browserFlags } })],
  plugins: [
    workletForTestRunner({ entry: 'src/audio/worklets/index.ts', fileName: 'ai-interview.worklet.js' }),
    esbuildPlugin({
      ts: true,
      target: 'es2022',
      tsconfig: fileURLToPath(new URL('./tsconfig.json', import.meta.url)),
    }),
  ],
  testFramework: { config: { timeout: 20000 } },
};
