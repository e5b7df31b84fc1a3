import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PodMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PodMonitor';
import { PrometheusRule } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PrometheusRule';
import { DaemonSet } from 'kubernetes-models/apps/v1/DaemonSet';
import { ConfigMap } from 'kubernetes-models/v1/ConfigMap';
import { Namespace } from 'kubernetes-models/v1/Namespace';
import ts from 'typescript';
import type { Manifest } from './render.ts';

const operator = '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1';

/** Models with the JSON schemas of Kubernetes and of the operator's resources, and the module of each one's type. */
const kinds = {
  DaemonSet: { model: DaemonSet, module: 'kubernetes-models/apps/v1/DaemonSet' },
  ConfigMap: { model: ConfigMap, module: 'kubernetes-models/v1/ConfigMap' },
  Namespace: { model: Namespace, module: 'kubernetes-models/v1/Namespace' },
  PodMonitor: { model: PodMonitor, module: `${operator}/PodMonitor` },
  PrometheusRule: { model: PrometheusRule, module: `${operator}/PrometheusRule` },
} as const;

function kindOf({ kind }: Manifest) {
  const known = kinds[kind as keyof typeof kinds];
  if (known === undefined) throw new Error(`no schema for ${kind}`);
  return known;
}

/** What the schemas have against it: a place and a sentence each. */
export function wrongValues(manifest: Manifest): string[] {
  const { model: Model } = kindOf(manifest);
  const instance = new (Model as new (data: unknown) => { validate(): void; apiVersion: string })(manifest);
  if (instance.apiVersion !== manifest.apiVersion) return [`apiVersion ${manifest.apiVersion}`];
  try {
    instance.validate();
    return [];
  } catch (error) {
    const { errors } = error as { errors?: { instancePath: string; message: string }[] };
    if (errors === undefined) throw error;
    return errors.map(({ instancePath, message }) => `${instancePath} ${message}`);
  }
}

const project = join(import.meta.dirname, '..', '..', '..');

/**
 * Fields that Kubernetes does not know. Its schemas let them pass, its server does not: the compiler refuses them, which
 * checks the object as a literal of its type.
 */
export function unknownFields(manifests: readonly Manifest[]): string[] {
  // Inside the project, or the types would not be found.
  mkdirSync(join(project, '.cache'), { recursive: true });
  const folder = mkdtempSync(join(project, '.cache', 'fields-'));
  try {
    const files = manifests.map((manifest, at) => {
      const { kind, apiVersion, ...rest } = manifest;
      const file = join(folder, `${at}.ts`);
      const literal = JSON.stringify({ apiVersion, kind, ...rest }, null, 1);
      writeFileSync(
        file,
        `import type { I${kind} } from '${kindOf(manifest).module}';\nexport const it: I${kind} = ${literal};\n`,
      );
      return file;
    });
    const program = ts.createProgram(files, {
      noEmit: true,
      strict: true,
      skipLibCheck: true,
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      target: ts.ScriptTarget.ES2022,
      types: [],
    });
    return ts
      .getPreEmitDiagnostics(program)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
