import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vite';

export default defineConfig(({ command }) => ({
  plugins: [tailwindcss(), sveltekit()],
  ssr: {
    // What is built holds its packages, or a start would look for some two thousand files of theirs. In development Node
    // loads them as they are.
    ...(command === 'build' ? { noExternal: true as const } : {}),
    // Native add-ons, what starts threads from files of its own, and the SDK that is loaded only where traces are exported.
    external: [
      'better-sqlite3',
      'uWebSockets.js',
      'piscina',
      // The SDK and we must hold the same one.
      '@opentelemetry/api',
      '@opentelemetry/sdk-node',
      '@opentelemetry/exporter-trace-otlp-http',
      '@opentelemetry/resources',
    ],
  },
  server: { host: '127.0.0.1', watch: { ignored: ['**/data/**', '**/.runtime/**', '**/.test-output/**'] } },
}));
