// Makes custom-elements.json from the source.
import { fail, run, tool } from './setup.js';

const code = await run(tool('cem'), ['analyze', '--config', 'custom-elements-manifest.config.js', '--quiet']);
if (code !== 0) fail('The manifest could not be made.');
