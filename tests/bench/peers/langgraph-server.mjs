/**
 * LangGraph's own server around a graph of one node. Its arguments are the model's base URL, a port, and a folder for what
 * it keeps; it tells its URL over IPC.
 */
import { join } from 'node:path';
import { startServer } from '@langchain/langgraph-api/server';

const [modelUrl, port, cwd] = process.argv.slice(2);
process.env.MODEL_URL = modelUrl;
const graph = join(import.meta.dirname, 'langgraph-graph.mjs');
// As many workers as the bench starts streams: fewer would be measured as a queue.
await startServer({
  port: Number(port),
  host: '127.0.0.1',
  nWorkers: 256,
  cwd,
  graphs: { bench: `${graph}:graph` },
});
process.send({ url: `http://127.0.0.1:${port}` });
process.once('disconnect', () => process.exit(0));
