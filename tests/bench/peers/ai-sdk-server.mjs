/**
 * A minimal chat server on the AI SDK: what its documentation shows, with nothing stored. Its one argument is the model's
 * base URL; it tells its own over IPC.
 */
import { createServer } from 'node:http';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { streamText } from 'ai';

const [baseURL] = process.argv.slice(2);
const model = createOpenAICompatible({ name: 'bench', baseURL, apiKey: 'bench' })('bench');

const server = createServer(async (request, response) => {
  const pieces = [];
  for await (const piece of request) pieces.push(piece);
  const { prompt } = JSON.parse(Buffer.concat(pieces).toString('utf8'));
  streamText({ model, prompt }).pipeUIMessageStreamToResponse(response);
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.send({ url: `http://127.0.0.1:${server.address().port}` }));
process.once('disconnect', () => process.exit(0));
