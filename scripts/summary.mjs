/**
 * What the app reports once it is ready, laid out for a terminal.
 * @typedef {{ name: string, employeeId: string, role: string, jiraToken: string, confluenceToken: string, llmCookie: string }} PracticePerson
 * @typedef {{ url: string, socketUrl: string, mode: string, engine: string, engineReason: string, dataDir: string, practicePeople: PracticePerson[], notConfigured: string[] }} Summary
 * @param {Summary} summary
 */
export function renderSummary(summary) {
  const { practicePeople = [], notConfigured = [] } = summary;
  const facts = [
    ['Open', summary.url],
    ['Mode', summary.mode],
    ['Channel', `${summary.socketUrl}  (${engineText(summary)})`],
    ['Data', summary.dataDir],
    ...notConfigured.map((text, index) => [index === 0 ? 'Still to do' : '', text]),
  ];
  const sections = [['Backlogue is ready', '', ...alignColumns(facts)]];
  if (practicePeople.length > 0) sections.push(practiceSection(practicePeople));
  sections.push(['Stop with Ctrl+C.']);
  return `\n${sections.map((lines) => lines.map((line) => `  ${line}`.trimEnd()).join('\n')).join('\n\n')}\n\n`;
}

function engineText({ engine, engineReason }) {
  return engineReason ? `${engine}: ${engineReason}` : engine;
}

/** Tokens are shown on purpose: they open nothing but the practice systems on this machine. */
function practiceSection(people) {
  const rows = people.map((person) => [
    person.name,
    person.employeeId,
    person.role,
    person.jiraToken,
    person.confluenceToken,
    person.llmCookie,
  ]);
  return [
    'Practice people: register with a Jira token, then enter the others under Configurations',
    '',
    ...alignColumns([['Name', 'Employee', 'Role', 'Jira token', 'Confluence token', 'LLM cookie'], ...rows]),
  ];
}

/** @param {string[][]} rows */
function alignColumns(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]))
      .join('  ')
      .trimEnd(),
  );
}
