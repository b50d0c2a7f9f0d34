import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [tailwindcss(), sveltekit()],
  // Native add-ons and the packages that patch modules must be loaded by Node itself.
  ssr: { external: ['better-sqlite3', 'uWebSockets.js', 'piscina', '@opentelemetry/sdk-node'] },
  server: { host: '127.0.0.1', watch: { ignored: ['**/data/**', '**/.runtime/**', '**/.test-output/**'] } },
});
