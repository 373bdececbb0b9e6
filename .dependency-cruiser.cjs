// The rooms of src/ and the arrows between them. A room's door is its index.ts.
const room = (...names) => `^src/(${names.join('|')})/`;

/** Which rooms each room may import; every room may import itself, errors, lazy, parallel and store. */
const arrows = {
  errors: [],
  lazy: [],
  parallel: [],
  store: [],
  plan: ['network', 'device'],
  device: [],
  network: [],
  hdl: [],
  link: [],
  host: ['link'],
  golden: ['plan', 'network', 'device'],
  core: ['hdl', 'link', 'plan', 'network', 'device'],
  sim: ['link', 'core', 'golden', 'hdl', 'flow', 'plan', 'network', 'device'],
  flow: ['link', 'core', 'hdl', 'plan', 'network', 'device'],
  estimate: ['link', 'core', 'hdl', 'flow', 'sim', 'golden', 'plan', 'network', 'device'],
  report: [],
  testing: ['app', 'sim', 'flow', 'core', 'hdl', 'plan'],
  app: ['link', 'host', 'core', 'hdl', 'flow', 'sim', 'estimate', 'report', 'golden', 'plan', 'network', 'device'],
};

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'only-through-the-door',
      comment: 'Other rooms are entered through their index.ts.',
      severity: 'error',
      from: { path: '^src/([^/]+)/' },
      to: { path: '^src/([^/]+)/', pathNot: ['^src/$1/', '^src/[^/]+/index\\.ts$', '^src/plan/schema/index\\.ts$'] },
    },
    ...Object.entries(arrows).map(([name, allowed]) => ({
      name: `arrows-of-${name}`,
      comment: `src/${name} may import ${['errors', 'lazy', 'parallel', 'store', ...allowed].join(', ')}.`,
      severity: 'error',
      from: { path: room(name) },
      to: { path: '^src/', pathNot: room(name, 'errors', 'lazy', 'parallel', 'store', ...allowed) },
    })),
    {
      name: 'golden-and-core-share-plain-data-only',
      comment: 'If both sides call the same function, the check between them checks nothing.',
      severity: 'error',
      from: { path: room('golden') },
      to: { path: room('core', 'hdl'), reachable: true },
    },
    {
      name: 'golden-knows-the-schema-of-plans-only',
      comment: 'Not how they are made: what the maker gets wrong, the reference must not take over.',
      severity: 'error',
      from: { path: room('golden') },
      to: { path: room('plan'), pathNot: '^src/plan/schema/', reachable: true },
    },
    {
      name: 'the-schema-is-plain-data',
      severity: 'error',
      from: { path: '^src/plan/schema/' },
      to: { path: '^src/', pathNot: '^src/plan/schema/' },
    },
    {
      name: 'products-do-not-import-tests-or-scripts',
      severity: 'error',
      from: { path: '^(src|bin)/' },
      to: { path: '^(test|scripts|bench|examples)/' },
    },
    {
      name: 'no-development-packages-in-the-product',
      severity: 'error',
      from: { path: '^(src|bin)/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.mjs', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
    },
  },
};
