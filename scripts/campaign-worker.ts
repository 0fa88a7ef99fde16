// One thread of the campaign: plays the batches that it is given, one after another.
import { parentPort } from 'node:worker_threads';
import { runBatch, type Batch } from '../test/realtime/lock-campaign/campaign.js';

const port = parentPort;
if (!port) throw new Error('Expected to run as a worker thread');
port.on('message', (batch: Batch) => {
  void runBatch(batch).then((result) => {
    port.postMessage(result);
  });
});
