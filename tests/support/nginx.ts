import { join } from 'node:path';
import { installedAt, runProxy, shippedFor, type Listeners } from './proxy-process.ts';

/** Where Debian's nginx lies, or null. */
export const findNginx = () =>
  installedAt('/usr/sbin/nginx', '/usr/local/sbin/nginx', '/opt/homebrew/bin/nginx');

/** Runs nginx with the shipped file, in which only ports, the certificate and where logs go are changed. */
export const startNginx = (program: string, listeners: Listeners) =>
  runProxy(({ folder, certificate, httpPort, httpsPort }) => {
    const site = shippedFor(listeners, 'nginx.conf')
      .replace('listen 80;', `listen 127.0.0.1:${httpPort};`)
      .replace('listen 443 ', `listen 127.0.0.1:${httpsPort} `)
      .replaceAll('backlogue.example.com', 'localhost')
      .replace('/etc/ssl/backlogue/fullchain.pem', certificate.cert)
      .replace('/etc/ssl/backlogue/privkey.pem', certificate.key);
    const args = ['-p', folder, '-c', join(folder, 'nginx.conf')];
    return { program, args, files: { 'site.conf': site, 'nginx.conf': mainFile(folder) } };
  });

/** What Debian's own /etc/nginx/nginx.conf would be around the site. */
function mainFile(folder: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${folder}/temp/${name};`)
    .join(' ');
  return `daemon off; master_process off; pid ${folder}/pid; error_log stderr warn;
events { worker_connections 64; }
http { access_log off; ${temporary} include ${folder}/site.conf; }
`;
}
