// The server process of `npm start`: starts the demo, tells what it is doing, and ends it on Ctrl-C.
import { startDemo } from './demo.js';
import type { Demo } from './demo.js';

const port = Number(process.env['PORT'] ?? 5_173);
if (!Number.isInteger(port) || port < 0 || port > 65_535) {
  console.error(`Expected PORT to be a number from 0 to 65535, got "${process.env['PORT'] ?? ''}"`);
  process.exit(1);
}

let demo: Demo;
try {
  demo = await startDemo({
    port,
    env: process.env,
    onError: (error) => {
      console.error(error);
    },
  });
} catch (error) {
  const isTaken = (error as { code?: unknown }).code === 'EADDRINUSE';
  console.error(isTaken ? `Port ${port} is in use. Choose another one: PORT=5174 npm start` : error);
  process.exit(1);
}

const leave = (): void => {
  void demo.close().then(() => process.exit(0));
};
process.on('SIGINT', leave);
process.on('SIGTERM', leave);
process.on('SIGHUP', leave);

if (demo.speech) {
  demo.speech.onProgress(({ part, state, detail }) => {
    console.log(`${part}: ${state}${detail === undefined ? '' : ` (${detail})`}`);
  });
  const { hears, speaks, reason } = await demo.speech.ready;
  if (!hears) console.log(`Spoken answers cannot be understood, typed ones can. ${reason ?? ''}`);
  if (!speaks) console.log(`The interviewer has no voice and answers in writing only. ${reason ?? ''}`);
} else {
  console.log('OPENAI_API_KEY is set: the interview runs on the provider, and what it costs is yours.');
}
console.log(`The demo is at ${demo.url}`);
