import { createServer } from 'node:net';
import { SetupError, exitCodes } from './setup-error.mjs';

/**
 * Makes sure that both listeners will find their port, before anything is started.
 * @param {{ host: string, ports: { variable: string, port: number }[] }} wanted
 * @throws {SetupError} that names the port and the variable that moves it
 */
export async function checkPorts({ host, ports }) {
  const [first, second] = ports;
  if (first && second && first.port === second.port && first.port !== 0) {
    throw new SetupError(
      exitCodes.portUnavailable,
      `${first.variable} and ${second.variable} are both ${first.port}; the pages and the channel need a port each.`,
    );
  }
  for (const { variable, port } of ports) {
    for (const address of addressesToCheck(host)) {
      const reason = await whyUnavailable(address, port);
      if (reason) {
        throw new SetupError(
          exitCodes.portUnavailable,
          `Port ${port} on ${address} ${reason}; stop what uses it, or choose another with ${variable}=<port>.`,
        );
      }
    }
  }
}

/**
 * Why a server could not listen there, or undefined if it could.
 * @param {string} host
 * @param {number} port
 * @returns {Promise<string | undefined>}
 */
export function whyUnavailable(host, port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve(reasonOf(error)));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

/**
 * A browser tries `localhost` as ::1 first: a stranger who listens there would get our visitors.
 * @param {string} host
 */
function addressesToCheck(host) {
  return host === '127.0.0.1' || host === 'localhost' ? ['127.0.0.1', '::1'] : [host];
}

function reasonOf(error) {
  if (error.code === 'EADDRINUSE') return 'is already in use';
  if (error.code === 'EACCES') return 'may not be opened by this user';
  // No IPv6 here: then no browser comes that way either. Any other address must exist.
  if (['EADDRNOTAVAIL', 'EAFNOSUPPORT'].includes(error.code) && error.address === '::1') return undefined;
  return `cannot be opened (${error.code})`;
}
