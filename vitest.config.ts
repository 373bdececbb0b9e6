import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

// `npm run regress` adds the long runs, which live in files named *.regress.ts.
const long = process.env.SPINFIRE_REGRESS === '1';

// As in tsconfig.json: in the checkout the package is its source.
const alias = [
  { find: /^spinfire$/, replacement: fileURLToPath(new URL('src/index.ts', import.meta.url)) },
  { find: /^spinfire\/(\w+)$/, replacement: `${fileURLToPath(new URL('src', import.meta.url))}/$1/index.ts` },
];

/** The longest files begin, so that no worker is left alone with one of them. Those that run tools, longest first. */
const first = [
  'flow/place',
  'house/docs',
  'house/generated',
  'package/',
  'spikes/',
  'sim/',
  'cli/',
  'flow/',
  'golden/',
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const at = first.findIndex((name) => moduleId.includes(`/test/${name}`));
      return at < 0 ? first.length : at;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

const timeouts = { testTimeout: 240_000, hookTimeout: 240_000 };
const files = (rooms: string) => [`test/${rooms}/**/*.test.ts`, ...(long ? [`test/${rooms}/**/*.regress.ts`] : [])];
/** Rooms whose tests change nothing of their process: files that one worker runs share one module graph instead of loading it each. */
const shared = '{app,cli,core,device,estimate,flow,golden,hdl,host,link,network,plan,report,sim,spikes,store,zoo}';

export default defineConfig({
  resolve: { alias },
  test: {
    // One fewer is the rule, and would leave half of a small machine idle.
    maxWorkers: '100%',
    sequence: { sequencer: LongestFirst },
    projects: [
      { extends: true, test: { ...timeouts, name: 'shared', include: files(shared), isolate: false } },
      { extends: true, test: { ...timeouts, name: 'alone', include: files('*'), exclude: files(shared) } },
    ],
  },
});
