import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lockedPackages } from './locked-packages.mjs';
import { projectRoot } from './project-root.mjs';

/**
 * `npm run sbom [-- FILE]`: what is in the product, as CycloneDX 1.6, from the lockfile. Development tools are left out. Goes to standard output unless a file is named.
 */
const { name, version, license } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'));

const bom = {
  $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  version: 1,
  metadata: {
    component: {
      type: 'application',
      'bom-ref': name,
      name,
      version,
      licenses: [{ license: { id: license } }],
    },
  },
  components: lockedPackages()
    .filter(({ development }) => !development)
    .map(component),
};
const text = `${JSON.stringify(bom, null, 2)}\n`;
const file = process.argv[2];
if (file) writeFileSync(file, text);
else process.stdout.write(text);

function component({ name, version, integrity, licence }) {
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
  return {
    type: 'library',
    'bom-ref': purl,
    name,
    version,
    purl,
    licenses: [{ expression: licence }],
    ...(integrity ? { hashes: [hashOf(integrity)] } : {}),
  };
}

/** npm writes the hash in base64, CycloneDX in hex. */
function hashOf(integrity) {
  const [algorithm = '', base64 = ''] = integrity.split(' ')[0].split('-');
  return { alg: algorithm.replace('sha', 'SHA-'), content: Buffer.from(base64, 'base64').toString('hex') };
}
