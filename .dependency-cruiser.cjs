/**
 * Which way imports point. docs/architecture.md gives the reasons in prose; every rule's comment
 * says what to do instead. tests/contracts/import-boundaries.test.ts shows that each rule bites.
 */

/** Unit tests sit beside their source and may reach for whatever they need to check. */
const TESTS = '[.]test[.]ts$';
const SERVER = '^src/lib/server';

/** @param {...string} rooms folders of src/lib/server */
const rooms = (...rooms) => `${SERVER}/(${rooms.join('|')})/`;
/** @param {...string} names packages, whole or as a scope */
const packages = (...names) => `(^|/)node_modules/(${names.join('|')})(/|$)`;

const DATABASE_PACKAGES = packages('drizzle-orm', 'better-sqlite3', '@lucia-auth/adapter-drizzle');
const MCP_PACKAGES = packages('@modelcontextprotocol');
const LANGGRAPH_PACKAGES = packages('@langchain', 'langchain');
const SOCKET_PACKAGES = packages('socket[.]io', 'uWebSockets[.]js');
const WEB_PACKAGES = packages('@sveltejs', 'svelte', 'undici');
const NETWORK_MODULES = '^(node:)?(http|https|http2|net|tls|child_process)$';

/** @type {import('dependency-cruiser').IForbiddenRuleType[]} */
const forbidden = [
  {
    name: 'no-value-cycles',
    comment:
      'Two modules that need each other at run time are one module, or hide a third. Move what both need into a file of its own, or pass the value in through `deps`. Type-only imports may point back; a component may show itself within itself.',
    severity: 'error',
    from: { path: '(.+)' },
    to: { circular: true, pathNot: '^$1$', viaOnly: { dependencyTypesNot: ['type-only'] } },
  },
  {
    name: 'contracts-import-zod-only',
    comment:
      'Contracts run in the browser, on the server and in workers. Keep them to zod and each other; behaviour that needs more belongs to the server, the agent or a component.',
    severity: 'error',
    from: { path: '^src/lib/contracts/', pathNot: TESTS },
    to: { pathNot: ['^src/lib/contracts/', packages('zod')] },
  },
  {
    name: 'components-stay-in-the-browser',
    comment:
      'A component gets its values as props from a page, or over the channel. Load them in +page.server.ts, and share shapes through src/lib/contracts.',
    severity: 'error',
    from: { path: '^src/lib/components/', pathNot: TESTS },
    to: { path: ['^src/lib/(server|agent|sandbox)/', '^src/routes/', '^src/[^/]+[.]ts$'] },
  },
  {
    name: 'controllers-ask-services',
    comment:
      'Routes and socket handlers parse, authorise through a service, and answer. Put the work into a service, and call it from locals.services or the handler’s deps.',
    severity: 'error',
    from: { path: ['^src/routes/', rooms('realtime')], pathNot: TESTS },
    to: {
      path: [
        rooms('db', 'repositories', 'adapters', 'mcp-server', 'jobs', 'workers', 'commands'),
        '^src/lib/(agent|sandbox)/',
        DATABASE_PACKAGES,
        MCP_PACKAGES,
        LANGGRAPH_PACKAGES,
      ],
    },
  },
  {
    name: 'routes-and-realtime-do-not-know-each-other',
    comment:
      'Pages and the channel are two ways in to the same services. Share through a service or a contract.',
    severity: 'error',
    from: { path: '^src/(routes|lib/server/realtime)/', pathNot: TESTS },
    to: { path: '^src/(routes|lib/server/realtime)/', pathNot: '^src/$1/' },
  },
  {
    name: 'services-work-through-repositories',
    comment:
      'A service decides, a repository reads and writes. Add a repository method; what must be atomic is one method.',
    severity: 'error',
    from: { path: rooms('services', 'jobs'), pathNot: TESTS },
    to: { path: [rooms('db'), DATABASE_PACKAGES] },
  },
  {
    name: 'nothing-below-knows-the-controllers',
    comment:
      'Services and jobs are called by routes and handlers, never the other way round. To reach a browser, append a run event or take a publisher through deps.',
    severity: 'error',
    from: { path: '^src/lib/', pathNot: [TESTS, rooms('realtime', 'commands'), `${SERVER}/app[.]ts$`] },
    to: { path: ['^src/routes/', rooms('realtime')] },
  },
  {
    name: 'repositories-only-store',
    comment:
      'A repository knows tables. Whatever decides, calls a remote system or publishes goes into a service.',
    severity: 'error',
    from: { path: rooms('repositories', 'db'), pathNot: TESTS },
    to: {
      path: [
        rooms('services', 'adapters', 'mcp-server', 'jobs', 'workers', 'commands'),
        '^src/lib/(agent|sandbox|components)/',
      ],
    },
  },
  {
    name: 'db-is-the-ground',
    comment:
      'The connection and the tables know nothing of the queries above them. Put queries into repositories.',
    severity: 'error',
    from: { path: rooms('db'), pathNot: TESTS },
    to: { path: rooms('repositories') },
  },
  {
    name: 'sql-lives-in-db-and-repositories',
    comment:
      'A move to another database must touch db/ and repositories/ only. Add a repository method, or an opener in db/. The sandbox keeps a store of its own.',
    severity: 'error',
    from: { path: '^src/', pathNot: [TESTS, rooms('db', 'repositories'), '^src/lib/sandbox/'] },
    to: { path: packages('drizzle-orm', 'better-sqlite3') },
  },
  {
    name: 'adapters-know-ports-not-callers',
    comment:
      'An adapter turns a port into calls to a remote system. Credentials and records come in as arguments; a service fetches them.',
    severity: 'error',
    from: { path: rooms('adapters', 'mcp-server'), pathNot: TESTS },
    to: { path: rooms('services', 'repositories', 'db', 'jobs', 'workers', 'commands') },
  },
  {
    name: 'foundations-stay-low',
    comment:
      'Settings, security, observability and errors are used everywhere, so they import nothing above themselves. Take what is missing as an argument.',
    severity: 'error',
    from: { path: rooms('settings', 'security', 'observability', 'errors'), pathNot: TESTS },
    to: {
      path: [
        rooms('services', 'repositories', 'db', 'adapters', 'mcp-server', 'jobs', 'workers', 'commands'),
        '^src/lib/(agent|sandbox|components)/',
      ],
    },
  },
  {
    name: 'agent-knows-ports-only',
    comment:
      'The agent runs without web, database or MCP (LangGraph keeps its own checkpoints). Name what it needs in src/lib/agent/ports.ts and implement that in src/lib/server/adapters.',
    severity: 'error',
    from: { path: '^src/lib/agent/', pathNot: TESTS },
    to: {
      path: [
        '^src/lib/(server|sandbox|components)/',
        '^src/routes/',
        DATABASE_PACKAGES,
        MCP_PACKAGES,
        SOCKET_PACKAGES,
        WEB_PACKAGES,
        NETWORK_MODULES,
      ],
    },
  },
  {
    name: 'agent-has-one-door',
    comment:
      'Outside the agent only story-agent.ts (to drive it) and ports.ts (to implement) are known, so that the graph can change freely. Offer what is missing through story-agent.ts.',
    severity: 'error',
    from: { path: '^src/', pathNot: [TESTS, '^src/lib/agent/'] },
    to: { path: '^src/lib/agent/', pathNot: '^src/lib/agent/(story-agent|ports)[.]ts$' },
  },
  {
    name: 'mcp-sdk-stays-behind-its-adapter',
    comment:
      'The MCP SDK is about to be replaced by its successor. Only adapters and the built-in server may name it; pass plain data on.',
    severity: 'error',
    from: { path: '^src/', pathNot: [TESTS, rooms('adapters', 'mcp-server')] },
    to: { path: MCP_PACKAGES },
  },
  {
    name: 'sandbox-is-a-remote-system',
    comment:
      'The practice Jira, Confluence and LLM know the product’s wire shapes at most. Copy nothing from the product; speak the real protocols.',
    severity: 'error',
    from: { path: '^src/lib/sandbox/', pathNot: TESTS },
    to: { path: ['^src/lib/(server|agent|components)/', '^src/routes/'] },
  },
  {
    name: 'product-does-not-know-the-sandbox',
    comment:
      'To the product the sandbox is a system at a URL. Only app.ts starts it, in practice mode, and commands/sandbox.ts, which runs it alone.',
    severity: 'error',
    from: {
      path: '^src/',
      pathNot: [TESTS, '^src/lib/sandbox/', `${SERVER}/app[.]ts$`, `${SERVER}/commands/sandbox[.]ts$`],
    },
    to: { path: '^src/lib/sandbox/' },
  },
  {
    name: 'app-is-the-composition-root',
    comment:
      'Only hooks.server.ts, commands and tests make the app. A module names the few things it needs in its deps and gets them from createApp. (app.d.ts takes its types.)',
    severity: 'error',
    from: {
      path: '^src/',
      pathNot: [TESTS, '^src/hooks[.]server[.]ts$', '^src/app[.]d[.]ts$', rooms('commands')],
    },
    to: { path: `${SERVER}/app[.]ts$` },
  },
  {
    name: 'workers-take-and-give-plain-data',
    comment:
      'A worker is a thread with its own module graph: no services, no repositories, no app. Hand it what it needs and store what it returns.',
    severity: 'error',
    from: { path: rooms('workers'), pathNot: TESTS },
    to: { path: rooms('services', 'repositories', 'jobs', 'commands') },
  },
  {
    name: 'shipped-code-uses-shipped-packages',
    comment:
      'Commands, workers and the server load packages at run time. Move the package from devDependencies to dependencies.',
    severity: 'error',
    from: { path: '^src/lib/(server|agent|sandbox|contracts)/', pathNot: TESTS },
    to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: packages('@types') },
  },
  {
    name: 'sources-do-not-import-tests',
    comment: 'Test support must not ship. Move what both need into src/.',
    severity: 'error',
    from: { path: '^src/', pathNot: TESTS },
    to: { path: ['^tests/', TESTS] },
  },
];

module.exports = {
  forbidden,
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(build|[.]svelte-kit|[.]runtime)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'svelte', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.svelte', '.d.ts'],
    },
  },
};
