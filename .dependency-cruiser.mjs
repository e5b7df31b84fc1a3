/** Layers of src, each rule with its reason. test/layers.test.ts makes sure that the rules see the files. */
const pure = '^src/(model|parse|sources|health|trend|alert|text)/';

/** A package or core module that one place alone may use. */
function oneDoor(name, target, place, comment) {
  return { name, severity: 'error', comment, from: { path: '^src/', pathNot: place }, to: { path: target } };
}

export default {
  forbidden: [
    {
      name: 'pure-code-does-nothing',
      severity: 'error',
      comment: 'What turns values into values can be tested with strings, and cannot hang.',
      from: { path: pure },
      to: { dependencyTypes: ['core', 'npm'] },
    },
    {
      name: 'model-stands-alone',
      severity: 'error',
      comment: 'The vocabulary depends on nothing of ours, or every change would reach everything.',
      from: { path: '^src/model/' },
      to: { path: '^src/', pathNot: '^src/model/' },
    },
    {
      name: 'parse-knows-only-words',
      severity: 'error',
      comment:
        'A parser knows text and the model; it takes the type of a reading from the contract of sources.',
      from: { path: '^src/parse/' },
      to: { path: '^src/', pathNot: ['^src/(model|parse|text)/', '^src/sources/source\\.ts$'] },
    },
    {
      name: 'sources-are-strangers',
      severity: 'error',
      comment: 'A source asks about what another found through the known host, never through its code.',
      from: { path: '^src/sources/', pathNot: '^src/sources/index\\.ts$' },
      to: { path: '^src/sources/', pathNot: '^src/sources/source\\.ts$' },
    },
    {
      name: 'sources-are-data',
      severity: 'error',
      comment: 'A source says what to read and what it means; others do the reading, joining and showing.',
      from: { path: '^src/sources/' },
      to: { path: '^src/', pathNot: '^src/(model|parse|health|sources)/' },
    },
    {
      name: 'health-judges-the-model',
      severity: 'error',
      comment:
        'A judgement needs a host, not the way it was read or is shown. (parse/size knows how Docker rounds.)',
      from: { path: '^src/health/' },
      to: { path: '^src/', pathNot: ['^src/(model|health|text)/', '^src/parse/size\\.ts$'] },
    },
    {
      name: 'trends-follow-the-model',
      severity: 'error',
      comment: 'A history is folded from hosts, whoever read them. (health knows which floor holds.)',
      from: { path: '^src/trend/' },
      to: { path: '^src/', pathNot: '^src/(model|health|trend)/' },
    },
    {
      name: 'alerts-follow-the-judgement',
      severity: 'error',
      comment: 'Which alert a host raises follows from what was judged and remembered, whoever tells of it.',
      from: { path: '^src/alert/' },
      to: { path: '^src/', pathNot: '^src/(model|health|trend|text|alert)/' },
    },
    {
      name: 'data-flows-one-way',
      severity: 'error',
      comment: 'Reading and joining know nothing of what shows their result.',
      from: { path: '^src/(model|parse|text|sources|health|trend|alert|io|collect|metrics)/' },
      to: { path: '^src/(access|http|cli)/' },
    },
    {
      name: 'http-answers-from-memory',
      severity: 'error',
      comment: 'No request can reach the host.',
      from: { path: '^src/http/' },
      to: { path: '^src/(io|collect)/' },
    },
    oneDoor(
      'one-door-for-commands',
      '(^|/)(execa|child_process)($|/)',
      '^src/io/command\\.ts$',
      'Every child has a deadline, in one place.',
    ),
    oneDoor(
      'one-door-for-requests',
      '^(node:)?(http|https|http2|dns|undici)$',
      '^src/(http/|io/(engine-api|post)\\.ts$|access/web-fields\\.ts$)',
      'Every request of ours has a deadline, in one place; what the headers of an answer may be, node:http knows.',
    ),
    {
      name: 'direct-page-tells-and-shows-nothing-else',
      severity: 'error',
      comment: 'It tells what was judged, whoever reads the host; it cannot reach a reading and delay it.',
      from: { path: '^src/direct/' },
      to: { path: '^src/', pathNot: '^src/(model|alert|config|text|direct)/|^src/io/post\\.ts$' },
    },
    oneDoor('one-door-for-http', '(^|/)node_modules/(express)/', '^src/http/', 'The server is replaceable.'),
    {
      name: 'access-stands-apart',
      severity: 'error',
      comment: 'Who may ask does not depend on what is answered, and a change here is to be read alone.',
      from: { path: '^src/access/' },
      to: { path: '^src/', pathNot: '^src/(access|model|config|text)/' },
    },
    oneDoor(
      'one-door-for-bcrypt',
      '(^|/)node_modules/bcryptjs/',
      '^src/access/credentials\\.ts$',
      'What a hash may cost everybody else is bounded in one place.',
    ),
    oneDoor(
      'one-door-for-time',
      '(^|/)node_modules/node-cron/',
      '^src/collect/schedule\\.ts$',
      'One heartbeat.',
    ),
    oneDoor(
      'one-door-for-prom-client',
      '(^|/)node_modules/prom-client/',
      '^src/metrics/(event-loop-lag|family|page|self)\\.ts$',
      'It keeps old series; only these know how to keep it honest.',
    ),
    oneDoor(
      'one-door-for-logs',
      '(^|/)node_modules/pino/',
      '^src/log\\.ts$',
      'What may be logged is decided once.',
    ),
    {
      name: 'no-circular',
      severity: 'error',
      comment: 'A circle has no first thing to understand.',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      comment: 'What nobody imports is dead.',
      from: { orphan: true, pathNot: '^src/(main|model/units)\\.ts$' },
      to: {},
    },
    {
      name: 'no-development-in-src',
      severity: 'error',
      comment: 'What is shipped must not need what is not.',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-tests-in-src',
      severity: 'error',
      comment: 'The same.',
      from: { path: '^src/' },
      to: { path: '^(test|scripts|demo)/' },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
  },
};
