import adapter from '@sveltejs/adapter-node';
import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

/** @type {import('@sveltejs/kit').Config} */
export default {
  preprocess: vitePreprocess(),
  compilerOptions: {
    // Libraries decide for themselves; our own components are all written with runes.
    runes: ({ filename }) => (filename.includes('node_modules') ? undefined : true),
  },
  kit: {
    adapter: adapter({ out: 'build' }),
    // src/instrumentation.server.ts has to run before any module that it patches is loaded.
    experimental: { instrumentation: { server: true } },
    csp: {
      mode: 'nonce',
      // hooks.server.ts adds the channel's origin to connect-src: it is known only at run time.
      directives: {
        'default-src': ['self'],
        'script-src': ['self'],
        // Resizable panes, popovers and transitions set style attributes, which no nonce can cover.
        'style-src': ['self', 'unsafe-inline'],
        'img-src': ['self', 'data:', 'blob:'],
        'font-src': ['self'],
        'connect-src': ['self'],
        'object-src': ['none'],
        'base-uri': ['none'],
        'form-action': ['self'],
        'frame-ancestors': ['none'],
      },
    },
    typescript: {
      config(tsconfig) {
        tsconfig.include.push('../*.config.ts');
        return tsconfig;
      },
    },
  },
};
