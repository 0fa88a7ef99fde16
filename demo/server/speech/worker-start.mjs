// Where a worker thread starts, with the address of its module as the argument: Node 20 runs no TypeScript, and `--import tsx`
// does not reach the first module of a worker.
import { register } from 'tsx/esm/api';

register();
await import(String(process.argv[2]));
