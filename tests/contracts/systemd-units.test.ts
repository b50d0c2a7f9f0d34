import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, it, expect } from 'vitest';

const folder = fileURLToPath(new URL('../../deploy/', import.meta.url));
const units = readdirSync(folder).filter((name) => /[.](service|timer)$/.test(name));
/** Of 10, where 0 is a service that can do nothing. */
const mostExposed = 2;

const isThere = spawnSync('systemd-analyze', ['--version']).status === 0;

function analyze(...args: string[]): { status: number | null; said: string } {
  const { status, stdout, stderr } = spawnSync('systemd-analyze', args, { cwd: folder, encoding: 'utf8' });
  return { status, said: `${stdout}${stderr}` };
}

describe('The systemd units', () => {
  it.for(units)('%s is one that systemd takes without a word', (unit, { skip }) => {
    if (!isThere) skip('systemd-analyze is not on this machine');
    expect(analyze('verify', unit)).toEqual({ status: 0, said: '' });
  });

  it('leave the service little that it could do beside its work', ({ skip }) => {
    if (!isThere) skip('systemd-analyze is not on this machine');
    const { said } = analyze('security', '--offline=true', 'backlogue.service');
    const exposure = Number(/exposure level for backlogue[.]service: ([\d.]+)/.exec(said)?.[1]);
    expect(exposure, said).toBeLessThanOrEqual(mostExposed);
  });
});
