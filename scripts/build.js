// npm run build: writes dist/.
import { build, installIfNeeded } from './setup.js';

await installIfNeeded();
await build();
