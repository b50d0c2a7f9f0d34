import type { SettingVariable } from '../settings/setting-variables.ts';
import { settingVariables } from '../settings/setting-variables.ts';

const TABLE_START = '<!-- settings: made by `npm run docs:settings` -->';
const TABLE_END = '<!-- end of settings -->';

/** Every environment variable as a Markdown table. */
export function settingsTable(): string {
  const rows = Object.entries<SettingVariable<unknown>>(settingVariables).map(
    ([name, { description, expected, defaultText, secret }]) =>
      `| \`${name}\` | ${cell(description)}${secret ? ' Secret.' : ''} | ${cell(expected)} | ${cell(defaultText)} |`,
  );
  return ['| Variable | What it sets | Value | Default |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

/** The page with the table as it is now between its marks. Throws when a mark is missing. */
export function withSettingsTable(page: string): string {
  const start = page.indexOf(TABLE_START);
  const end = page.indexOf(TABLE_END);
  if (start < 0 || end < start) throw new Error(`The page must hold "${TABLE_START}" and "${TABLE_END}".`);
  // Prettier would widen the columns, and the two would never agree.
  const table = `<!-- prettier-ignore-start -->\n${settingsTable()}\n<!-- prettier-ignore-end -->`;
  return `${page.slice(0, start)}${TABLE_START}\n\n${table}\n\n${page.slice(end)}`;
}

/** `<` would begin an element, and a bar would end the cell. */
function cell(text: string): string {
  return text.replaceAll('<', '\\<').replaceAll('|', '\\|');
}
