/**
 * Reads the part of the Dockerfile language that deploy/Dockerfile uses.
 * @param {string} text
 * @returns {Stage[]} in their order; the last one is the image
 * @typedef {{ instruction: string, words: string[], text: string, options: Record<string, string> }} Step
 * @typedef {{
 *   name: string, base: string, steps: Step[], environment: Record<string, string>, workdir: string,
 *   user: string | null, command: string[], healthCheck: string[], ports: string[],
 * }} Stage
 */
export function readDockerfile(text) {
  const stages = [];
  for (const line of logicalLines(text)) {
    const step = readStep(line);
    if (step.instruction === 'FROM') {
      stages.push(newStage(step.words, stages.length));
      continue;
    }
    const stage = stages.at(-1);
    if (stage === undefined) throw new Error(`${line} stands before the first FROM.`);
    stage.steps.push(step);
    take(stage, step);
  }
  return stages;
}

function logicalLines(text) {
  return text
    .replaceAll(/^\s*#.*$/gm, '')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function readStep(line) {
  const [instruction = '', ...rest] = line.split(/\s+/);
  const options = {};
  while (rest[0]?.startsWith('--')) {
    const [name, value] = rest.shift().slice(2).split('=');
    options[name] = value;
  }
  return { instruction, words: rest, text: rest.join(' '), options };
}

function newStage([base = '', as, name], index) {
  return {
    name: as === 'AS' ? name : `stage-${index}`,
    base,
    steps: [],
    environment: {},
    workdir: '/',
    user: null,
    command: [],
    healthCheck: [],
    ports: [],
  };
}

function take(stage, { instruction, words, text }) {
  if (instruction === 'WORKDIR') stage.workdir = text;
  if (instruction === 'USER') stage.user = text;
  if (instruction === 'EXPOSE') stage.ports = words;
  if (instruction === 'CMD') stage.command = JSON.parse(text);
  if (instruction === 'HEALTHCHECK') stage.healthCheck = JSON.parse(text.replace(/^CMD /, ''));
  if (instruction === 'ENV') {
    for (const word of words) {
      const at = word.indexOf('=');
      stage.environment[word.slice(0, at)] = word.slice(at + 1);
    }
  }
}
