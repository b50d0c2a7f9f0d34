import { MessagesAnnotation, START, StateGraph } from '@langchain/langgraph';
import { ChatOpenAI } from '@langchain/openai';

const model = new ChatOpenAI({
  model: 'bench',
  apiKey: 'bench',
  streaming: true,
  configuration: { baseURL: process.env.MODEL_URL },
});

/** One node that asks the model; the server adds its own checkpoints. */
export const graph = new StateGraph(MessagesAnnotation)
  .addNode('answer', async ({ messages }) => ({ messages: [await model.invoke(messages)] }))
  .addEdge(START, 'answer')
  .compile();
