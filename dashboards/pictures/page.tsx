import {
  applyFieldOverrides,
  cacheFieldDisplayNames,
  createTheme,
  type DataFrame,
  dateTime,
  FieldConfigOptionsRegistry,
  FieldType,
  getDisplayProcessor,
  standardTransformers,
  standardTransformersRegistry,
  ThemeContext,
  toDataFrame,
  transformDataFrame,
} from '@grafana/data';
import 'uplot/dist/uPlot.min.css';
import { BigValue, TimeSeries } from '@grafana/ui';
import { TableNG } from '@grafana/ui/unstable';
import { useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { firstValueFrom } from 'rxjs';
import type { Dashboard, Panel, Target } from '../../test/artifacts/dashboards/dashboard.ts';
import type { Answer } from '../../test/artifacts/dashboards/prometheus.ts';
import type { Recorded } from './record.ts';
import { Timeline } from './timeline.tsx';

declare global {
  interface Window {
    drawing: Recorded & { readonly dashboard: Dashboard };
  }
}

const theme = createTheme({ colors: { mode: 'light' } });
const { dashboard, answers, from, to } = window.drawing;
const width = 1440;
const cellHeight = 38;
const gap = 8;
/** As the queries were made. */
const stepSeconds = 1;

standardTransformersRegistry.setInit(
  () =>
    Object.values(standardTransformers)
      // Two exported keys share an id.
      .filter((one, at, all) => all.findIndex(({ id }) => id === one.id) === at)
      .map((info) => ({ id: info.id, name: info.name, transformation: async () => info })) as never,
);

/** Grafana's core registers the properties of fields: those are not among the published components. */
const standard = ['unit', 'min', 'max', 'decimals', 'noValue', 'mappings', 'thresholds', 'links', 'color'];
const custom = new Set(
  dashboard.panels.flatMap(({ fieldConfig }) => [
    ...Object.keys((fieldConfig?.defaults as { custom?: object } | undefined)?.custom ?? {}),
    ...(fieldConfig?.overrides ?? []).flatMap(({ properties }) =>
      properties.filter(({ id }) => id.startsWith('custom.')).map(({ id }) => id.slice('custom.'.length)),
    ),
  ]),
);
const registry = new FieldConfigOptionsRegistry(
  () =>
    [
      ...standard.map((id) => ({ id, path: id })),
      ...[...custom].map((path) => ({ id: `custom.${path}`, path, isCustom: true })),
    ].map((item) => ({
      ...item,
      name: item.id,
      process: (value: unknown) => value,
      shouldApply: () => true,
    })) as never,
);

function legendOf({ legendFormat = '', expr }: Target, { labels }: Answer): string {
  return legendFormat === ''
    ? Object.values(labels).join(' ') || expr
    : legendFormat.replaceAll(/\{\{(\w+)\}\}/g, (_, label: string) => labels[label] ?? '');
}

/** As the Prometheus data source makes them. */
function framesOf(panel: Panel): DataFrame[] {
  const targets = panel.targets ?? [];
  return targets.flatMap((target) => {
    const series =
      answers.find(({ panel: id, refId }) => id === panel.id && refId === target.refId)?.series ?? [];
    return target.format === 'table'
      ? [tableFrame(target, series, targets.length > 1)]
      : series.map((one) => seriesFrame(target, one));
  });
}

/** Where a step is missing, the line has a gap. */
function withGaps({ points }: Answer): readonly (readonly [time: number, value: number | null])[] {
  return points.flatMap(([time, value], at) => {
    const before = points[at - 1]?.[0] ?? time;
    const isMissing = time - before > 1.5 * stepSeconds;
    return isMissing
      ? [[before + stepSeconds, null] as const, [time, value] as const]
      : [[time, value] as const];
  });
}

function seriesFrame(target: Target, answer: Answer): DataFrame {
  const points = withGaps(answer);
  return toDataFrame({
    refId: target.refId,
    name: legendOf(target, answer),
    fields: [
      { name: 'Time', type: FieldType.time, values: points.map(([time]) => time * 1000), config: {} },
      {
        name: 'Value',
        type: FieldType.number,
        labels: answer.labels,
        values: points.map(([, value]) => value),
        config: { displayNameFromDS: legendOf(target, answer) },
      },
    ],
  });
}

function tableFrame({ refId }: Target, series: readonly Answer[], isOneOfMany: boolean): DataFrame {
  const labels = [...new Set(series.flatMap((one) => Object.keys(one.labels)))];
  return toDataFrame({
    refId,
    fields: [
      { name: 'Time', type: FieldType.time, values: series.map(() => to * 1000), config: {} },
      ...labels.map((label) => ({
        name: label,
        type: FieldType.string,
        values: series.map((one) => one.labels[label] ?? ''),
        config: {},
      })),
      {
        name: isOneOfMany ? `Value #${refId}` : 'Value',
        type: FieldType.number,
        values: series.map(({ points }) => points.at(-1)?.[1]),
        config: {},
      },
    ],
  });
}

async function prepare(panel: Panel): Promise<DataFrame[]> {
  const transformed = await firstValueFrom(
    transformDataFrame([...(panel.transformations ?? [])] as never, framesOf(panel), {
      interpolate: (text: string) => text,
    } as never),
  );
  const frames = applyFieldOverrides({
    data: transformed,
    fieldConfig: panel.fieldConfig as never,
    fieldConfigRegistry: registry,
    replaceVariables: (text) => text,
    theme,
    timeZone: 'utc',
  });
  cacheFieldDisplayNames(frames);
  for (const frame of frames)
    for (const field of frame.fields) field.display = getDisplayProcessor({ field, theme, timeZone: 'utc' });
  return frames;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

function Content({ panel, frames, size }: { panel: Panel; frames: DataFrame[]; size: Size }) {
  const options = (panel.options ?? {}) as never;
  const hasData = frames.some(({ length }) => length > 0);
  if (!hasData)
    return (
      <div
        style={{ color: theme.colors.text.secondary, textAlign: 'center', paddingTop: size.height / 2 - 10 }}
      >
        {panel.fieldConfig?.defaults.noValue}
      </div>
    );
  switch (panel.type) {
    case 'stat': {
      const field = frames[0]?.fields.find(({ type }) => type === FieldType.number);
      const value = field?.display?.(field.values.at(-1));
      if (value === undefined) return null;
      return (
        <BigValue {...size} theme={theme} value={value} {...(options as object)} disableWideLayout={false} />
      );
    }
    case 'timeseries': {
      const range = { from: dateTime(from * 1000), to: dateTime(to * 1000) };
      return (
        <TimeSeries
          {...size}
          frames={frames}
          timeRange={{ ...range, raw: range }}
          timeZone="utc"
          legend={(options as { legend: never }).legend}
        />
      );
    }
    case 'state-timeline':
      return (
        <Timeline frames={frames} from={from * 1000} to={to * 1000} height={size.height} theme={theme} />
      );
    case 'table':
      return (
        <TableNG
          {...size}
          data={frames[0] as DataFrame}
          {...(options as { sortBy: never; cellHeight: never })}
          noHeader={false}
          fieldConfig={panel.fieldConfig as never}
        />
      );
    default:
      throw new Error(`${panel.type} cannot be drawn`);
  }
}

function Shown({ panel, frames }: { panel: Panel; frames: DataFrame[] }) {
  const { x, y, w, h } = panel.gridPos;
  const column = width / 24;
  const box = {
    position: 'absolute',
    left: x * column + gap / 2,
    top: y * cellHeight + gap / 2,
    width: w * column - gap,
    height: h * cellHeight - gap,
  } as const;
  if (panel.type === 'row')
    return <div style={{ ...box, fontSize: 16, fontWeight: 500, paddingTop: 4 }}>{panel.title}</div>;
  const padding = 8;
  const title = 30;
  return (
    <div
      style={{
        ...box,
        background: theme.colors.background.primary,
        border: `1px solid ${theme.colors.border.weak}`,
        borderRadius: 2,
        overflow: 'hidden',
      }}
    >
      <div style={{ padding: '6px 8px', height: title, fontSize: 14, fontWeight: 500, whiteSpace: 'nowrap' }}>
        {panel.title}
      </div>
      <div style={{ padding: `0 ${padding}px` }}>
        <Content
          panel={panel}
          frames={frames}
          size={{ width: box.width - 2 * padding - 2, height: box.height - title - padding - 2 }}
        />
      </div>
    </div>
  );
}

function Page() {
  const [frames, setFrames] = useState<ReadonlyMap<number, DataFrame[]>>();
  useEffect(() => {
    Promise.all(dashboard.panels.map(async (panel) => [panel.id, await prepare(panel)] as const)).then(
      (all) => setFrames(new Map(all)),
    );
  }, []);
  if (frames === undefined) return null;
  const height = Math.max(...dashboard.panels.map(({ gridPos }) => gridPos.y + gridPos.h)) * cellHeight;
  return (
    <ThemeContext.Provider value={theme}>
      <div
        data-drawn
        style={{
          position: 'relative',
          width,
          height: height + gap,
          background: theme.colors.background.canvas,
          color: theme.colors.text.primary,
          fontFamily: 'Liberation Sans, DejaVu Sans, sans-serif',
          fontSize: 14,
        }}
      >
        {dashboard.panels.map((panel) => (
          <Shown key={panel.id} panel={panel} frames={frames.get(panel.id) ?? []} />
        ))}
      </div>
    </ThemeContext.Provider>
  );
}

const style = document.createElement('style');
style.textContent = `*{box-sizing:border-box} table{border-collapse:collapse} ul{list-style:none;margin:0;padding:0} button{background:none;border:0;font:inherit;color:inherit;padding:0} a{color:inherit} .sr-only{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}`;
document.head.append(style);
const root = document.getElementById('root');
if (root) createRoot(root).render(<Page />);
