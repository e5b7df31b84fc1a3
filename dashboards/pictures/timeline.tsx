import { type DataFrame, FieldType, type GrafanaTheme2 } from '@grafana/data';

interface Props {
  readonly frames: readonly DataFrame[];
  readonly from: number;
  readonly to: number;
  readonly height: number;
  readonly theme: GrafanaTheme2;
}

/** A stand-in for Grafana's state timeline, which is not published: words and colours are those of the fields. */
export function Timeline({ frames, from, to, height, theme }: Props) {
  const row = Math.min(30, height / Math.max(1, frames.length));
  return (
    <div>
      {frames.map((frame) => (
        <div key={frame.name} style={{ display: 'flex', height: row, alignItems: 'center' }}>
          <div
            style={{
              width: 200,
              paddingRight: 8,
              textAlign: 'right',
              fontSize: 12,
              overflow: 'hidden',
              whiteSpace: 'nowrap',
            }}
          >
            {frame.name}
          </div>
          <div style={{ position: 'relative', flex: 1, height: row * 0.85 }}>
            {stretches(frame).map(({ start, end, value }) => {
              const shown = frame.fields.find(({ type }) => type === FieldType.number)?.display?.(value);
              const share = (time: number): number => (100 * (time - from)) / (to - from);
              return (
                <div
                  key={start}
                  style={{
                    position: 'absolute',
                    left: `${share(start)}%`,
                    width: `${share(end) - share(start)}%`,
                    height: '100%',
                    background: shown?.color,
                    color: theme.colors.getContrastText(shown?.color ?? '#fff'),
                    fontSize: 11,
                    lineHeight: `${row * 0.85}px`,
                    paddingLeft: 4,
                    overflow: 'hidden',
                    whiteSpace: 'nowrap',
                  }}
                >
                  {shown?.text}
                </div>
              );
            })}
          </div>
        </div>
      ))}
    </div>
  );
}

/** Neighbours of the same value, together. */
function stretches(frame: DataFrame): { start: number; end: number; value: number }[] {
  const [times, values] = frame.fields.map((field) => field.values as number[]);
  const found: { start: number; end: number; value: number }[] = [];
  (times ?? []).forEach((time, at) => {
    const value = values?.[at] ?? Number.NaN;
    const last = found.at(-1);
    if (last !== undefined) last.end = time;
    if (last?.value !== value) found.push({ start: time, end: time, value });
  });
  return found;
}
