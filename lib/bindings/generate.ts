import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { loadGenerator } from './generator';
import { PINNED_SCHEMA, PROVIDER_CONSTRAINT, PROVIDER_SOURCE } from './pinned';

const SOURCES = join(__dirname, 'src');
const COMPILED = join(__dirname, 'lib');
const STAMP = join(COMPILED, '.stamp');

/**
 * Generates the CDKTF bindings of the pinned schema and compiles them to JavaScript, offline.
 * Does nothing when what is there was made from the same schema by the same generator.
 */
async function generate(): Promise<void> {
  const schema = readFileSync(PINNED_SCHEMA, 'utf8');
  const stamp = createHash('sha256')
    .update(schema)
    .update(readFileSync(__filename))
    .update(PROVIDER_CONSTRAINT)
    .update(readFileSync(require.resolve('@cdktf/provider-generator/package.json')))
    .update(ts.version)
    .digest('hex');
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === stamp) return;

  rmSync(SOURCES, { recursive: true, force: true });
  rmSync(COMPILED, { recursive: true, force: true });
  // Loaded only when needed, as it is slow.
  const {
    CodeMaker,
    ConstructsMakerProviderTarget,
    Language,
    TerraformProviderConstraint,
    TerraformProviderGenerator,
  } = await loadGenerator();
  const code = new CodeMaker({ indentationLevel: 2 });
  const provider = new TerraformProviderConstraint(`${PROVIDER_SOURCE}@${PROVIDER_CONSTRAINT}`);
  new TerraformProviderGenerator(code, JSON.parse(schema)).generate(
    new ConstructsMakerProviderTarget(provider, Language.TYPESCRIPT),
  );
  await code.save(SOURCES);
  compile(join(SOURCES, 'providers', 'keycloak'));
  writeFileSync(STAMP, stamp);
  console.log(`bindings generated from ${PINNED_SCHEMA.slice(__dirname.length + 1)}`);
}

function compile(root: string): void {
  const program = ts.createProgram([join(root, 'index.ts'), join(root, 'lazy-index.ts')], {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.Node20,
    declaration: true,
    skipLibCheck: true,
    strict: true,
    types: ['node'],
    rootDir: root,
    outDir: COMPILED,
  });
  const { diagnostics } = program.emit();
  const problems = [...ts.getPreEmitDiagnostics(program), ...diagnostics];
  if (problems.length > 0) {
    throw new Error(
      ts.formatDiagnostics(problems, {
        getCanonicalFileName: (name) => name,
        getCurrentDirectory: () => root,
        getNewLine: () => '\n',
      }),
    );
  }
}

generate().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
});
