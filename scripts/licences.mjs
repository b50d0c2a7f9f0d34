import { lockedPackages } from './locked-packages.mjs';

/**
 * `npm run licences`: lists what every locked package is licensed under, and fails on a licence that was not agreed to.
 */
const AGREED = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'OFL-1.1',
  'Python-2.0',
  'Unlicense',
  'Zlib',
]);
/** Licences that ask something of us, and why they are fine here. */
const AGREED_FOR = {
  'caniuse-lite': 'CC-BY-4.0 data, used while building, not shipped',
  lightningcss: 'MPL-2.0, unchanged, used while building',
  '@axe-core/playwright': 'MPL-2.0, unchanged, used by tests',
  'axe-core': 'MPL-2.0, unchanged, used by tests',
};

const packages = lockedPackages();
const byLicence = Map.groupBy(packages, ({ licence }) => licence);
for (const [licence, members] of [...byLicence].sort((a, b) => b[1].length - a[1].length)) {
  process.stdout.write(`${String(members.length).padStart(4)}  ${licence}\n`);
}

const refused = packages.filter(({ name, licence }) => !isAgreed(licence) && !(family(name) in AGREED_FOR));
for (const { name, version, licence } of refused) {
  process.stderr.write(
    `${name} ${version} is under ${licence}, which is not on the list in scripts/licences.mjs.\n`,
  );
}
process.exitCode = refused.length > 0 ? 1 : 0;

/** Of "A OR B" one is enough, of "A AND B" both are needed. */
function isAgreed(licence) {
  const words = licence.replaceAll(/[()]/g, '');
  return words.split(' OR ').some((either) => either.split(' AND ').every((one) => AGREED.has(one.trim())));
}

/** The binaries of a package for each system carry its name. */
function family(name) {
  return name.startsWith('lightningcss-') ? 'lightningcss' : name;
}
